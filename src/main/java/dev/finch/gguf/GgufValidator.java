package dev.finch.gguf;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
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
    requireCompleteSet(model);
    model.parts().forEach(GgufValidator::requireDataInside);
    model.config();
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
      throw Damaged.unsupported(
          file + " is of type '" + type + "' (expected: a LoRA adapter).",
          "Convert a PEFT adapter with llama.cpp's convert_lora_to_gguf.py.");
    }
    GgufModel adapter = new GgufModel(List.of(header));
    if (!adapter.architecture().equals(architecture)) {
      throw Damaged.unsupported(
          file
              + " adapts a model of architecture '"
              + adapter.architecture()
              + "' (expected: '"
              + architecture
              + "', the model that is loaded).",
          "Use an adapter that was trained on this model.");
    }
    requireDataInside(header);
    return adapter;
  }

  private static void requireModel(GgufModel model) {
    GgufFile header = model.header();
    String type = header.text("general.type").orElse("model");
    if (!type.equals("model")) {
      throw Damaged.unsupported(
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
          ? Damaged.set(
              header.file() + " is not the first part of its split set.", "Name the first part.")
          : Damaged.file(header.file(), "no general.architecture", "the model's architecture");
    }
    if (!known.contains(architecture)) {
      throw Damaged.unsupported(
          header.file()
              + " has the architecture '"
              + architecture
              + "', which this release of llama.cpp does not know.",
          "Choose a model of another family, for example Qwen2.5; `finch models` lists some.");
    }
  }

  private static void requireCompleteSet(GgufModel model) {
    int count = model.parts().size();
    long named = model.header().whole("split.count").orElse(1);
    if (Math.max(1, named) != count) {
      throw Damaged.set(
          model.header().file() + " is part of a set of " + named + ", given: " + count + ".",
          "Give all parts of the split set, in order.");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      GgufFile part = model.parts().get(i);
      if (count > 1
          && (part.whole("split.no").orElse(-1) != i
              || part.whole("split.count").orElse(-1) != count)) {
        throw Damaged.file(
            part.file(),
            "it calls itself part " + part.whole("split.no").orElse(-1) + ", counted from 0",
            "part " + i + " of " + count);
      }
      part.tensors().forEach(tensor -> requireNew(part, tensor, names));
    }
    if (names.isEmpty()) {
      throw Damaged.file(model.header().file(), "no tensors", "at least one");
    }
    long tensors = model.header().whole("split.tensors.count").orElse(names.size());
    if (count > 1 && tensors != names.size()) {
      throw Damaged.set(
          model.header().file() + " names " + tensors + " tensors, found: " + names.size() + ".",
          "The parts are from different models: fetch all of them again.");
    }
  }

  private static void requireNew(GgufFile part, TensorInfo tensor, Set<String> names) {
    if (!names.add(tensor.name())) {
      throw Damaged.file(
          part.file(),
          "the tensor '" + tensor.name() + "', which an earlier part has",
          "each tensor once");
    }
  }

  /** Every tensor aligned, inside the file, and none over another. */
  private static void requireDataInside(GgufFile file) {
    long available = file.fileBytes() - file.dataOffset();
    long end = 0;
    List<TensorInfo> byOffset =
        file.tensors().stream().sorted(Comparator.comparingLong(TensorInfo::offset)).toList();
    for (TensorInfo tensor : byOffset) {
      String what = "the data of tensor '" + tensor.name() + "'";
      if (tensor.offset() < 0 || tensor.offset() % file.alignment() != 0) {
        throw Damaged.file(
            file.file(),
            what + " at offset " + Long.toUnsignedString(tensor.offset()),
            "a multiple of " + file.alignment());
      }
      if (tensor.offset() < end) {
        throw Damaged.file(
            file.file(), what + " over that of another tensor", "tensors one after the other");
      }
      if (tensor.bytes() > available - tensor.offset()) {
        throw Damaged.file(
            file.file(),
            what + " would need " + tensor.bytes() + " bytes from offset " + tensor.offset(),
            "no more than the " + Math.max(0, available) + " bytes of data that the file has");
      }
      end = tensor.offset() + tensor.bytes();
    }
  }
}
