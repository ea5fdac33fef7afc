package dev.finch.gguf;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Decides whether native code may see a file. llama.cpp ends the process on some damaged headers,
 * so nothing that this class refuses is ever given to it.
 *
 * <p>It reads headers only: wrong bytes inside the tensor data are found by a file's SHA-256 and
 * harm no process. Throws {@link FinchException} with {@link FailureCode#MODEL_FILE_INVALID}, or
 * with {@link FailureCode#UNSUPPORTED_MODEL} where the file is well formed but made for something
 * else.
 */
public final class GgufValidator {

  private GgufValidator() {}

  /**
   * Checks a model that lies on this machine. Blocking.
   *
   * @param files the model's file, or all parts of its split set in order
   * @param architectures what the native library can load
   */
  public static GgufModel check(List<Path> files, Set<String> architectures) {
    return check(new GgufModel(files.stream().map(GgufReader::read).toList()), architectures);
  }

  /** Checks headers that were read already. */
  public static GgufModel check(GgufModel model, Set<String> architectures) {
    requireModel(model);
    requireArchitecture(model, architectures);
    SetCheck.require(model);
    model.parts().forEach(LayoutCheck::require);
    GraphCheck.require(model);
    TokenizerCheck.require(model.header());
    return model;
  }

  /**
   * Checks a LoRA adapter in GGUF form. Blocking.
   *
   * @param file the adapter
   * @param architecture that of the model it is for
   */
  public static GgufModel checkAdapter(Path file, String architecture) {
    GgufFile header = GgufReader.read(file);
    String type = header.text("general.type").orElse("model");
    if (!type.equals("adapter") || !header.text("adapter.type").orElse("").equals("lora")) {
      throw GgufFailures.unsupported(
          file + " is of type '" + type + "' (expected: a LoRA adapter).",
          "Convert a PEFT adapter with llama.cpp's convert_lora_to_gguf.py.");
    }
    GgufModel adapter = new GgufModel(List.of(header));
    if (!adapter.architecture().equals(architecture)) {
      throw GgufFailures.unsupported(
          file
              + " adapts a model of architecture '"
              + adapter.architecture()
              + "' (expected: '"
              + architecture
              + "', the model that is loaded).",
          "Use an adapter that was trained on this model.");
    }
    LayoutCheck.require(header);
    GraphCheck.requireTypes(adapter);
    return adapter;
  }

  private static void requireModel(GgufModel model) {
    GgufFile header = model.header();
    String type = header.text("general.type").orElse("model");
    if (!type.equals("model")) {
      throw GgufFailures.unsupported(
          header.file() + " is of type '" + type + "' (expected: a model).",
          type.equals("adapter")
              ? "Name adapters under finch.adapters."
              : "Choose the repository's model file.");
    }
  }

  private static void requireArchitecture(GgufModel model, Set<String> known) {
    String architecture = model.architecture();
    GgufFile header = model.header();
    if (architecture.isEmpty()) {
      throw header.whole("split.no").orElse(0) > 0
          ? GgufFailures.set(
              header.file() + " is not the first part of its split set.", "Name the first part.")
          : GgufFailures.file(header.file(), "no general.architecture", "the model's architecture");
    }
    if (!known.contains(architecture)) {
      throw GgufFailures.unsupported(
          header.file()
              + " has the architecture '"
              + architecture
              + "', which this release of llama.cpp cannot generate text with.",
          "Choose a model of another family, for example Qwen2.5; `finch models` lists some.");
    }
  }
}
