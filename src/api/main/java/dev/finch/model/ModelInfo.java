package dev.finch.model;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.util.List;

/**
 * The facts of a loaded model and of the engine that runs it.
 *
 * @param reference how it was named
 * @param name for people
 * @param architecture llama.cpp's name, for example {@code qwen2}
 * @param parameters weights, counted
 * @param quantization the file's type, for example {@code Q4_K_M}
 * @param contextLength tokens that one conversation may hold here
 * @param slots conversations that can be decoded at once
 * @param threads CPU threads that one decode step uses
 * @param device what computes, for example {@code CPU} or {@code Metal}
 * @param weightBytes bytes of weights
 * @param kvCacheBytes bytes of the KV cache
 * @param memoryMapped whether the weights are mapped from the file
 * @param library the native library and its release, for example {@code llama.cpp b4916}
 * @param embeddings whether it can embed text
 * @param demonstration whether it is the built-in or a random model, whose answers are not useful
 * @param notes what its user has to know of it, in sentences, such as that its chat template cannot
 *     be rendered
 */
public record ModelInfo(
    ModelReference reference,
    String name,
    String architecture,
    long parameters,
    String quantization,
    int contextLength,
    int slots,
    int threads,
    String device,
    long weightBytes,
    long kvCacheBytes,
    boolean memoryMapped,
    String library,
    boolean embeddings,
    boolean demonstration,
    List<String> notes) {
  public ModelInfo {
    notes = List.copyOf(requireNonNullElse(notes, List.of())); // earlier servers tell of none
    requireNonNull(reference, "reference");
    requireNonNull(name, "name");
    requireNonNull(architecture, "architecture");
    requireNonNull(quantization, "quantization");
    requireNonNull(device, "device");
    requireNonNull(library, "library");
  }

  /** The same with these notes. */
  public ModelInfo withNotes(List<String> notes) {
    return new ModelInfo(
        reference,
        name,
        architecture,
        parameters,
        quantization,
        contextLength,
        slots,
        threads,
        device,
        weightBytes,
        kvCacheBytes,
        memoryMapped,
        library,
        embeddings,
        demonstration,
        notes);
  }
}
