package dev.finch.engine;

import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an engine loaded, and how. */
public record EngineFacts(Weights weights, Room room, Compute compute, ChatTexts chat) {

  /**
   * The model itself.
   *
   * @param architecture llama.cpp's name, for example {@code qwen2}
   * @param parameters weights, counted
   * @param quantization the file's type, for example {@code Q8_0}
   * @param bytes of weights
   * @param memoryMapped whether they are mapped from the file
   * @param vocabularySize tokens that there are
   * @param sharesPrefixes whether sequences can share cells and forget parts of themselves
   * @param poolsByMean whether its embeddings are the mean over all tokens, not the last one's
   */
  public record Weights(
      String architecture,
      long parameters,
      String quantization,
      long bytes,
      boolean memoryMapped,
      int vocabularySize,
      boolean sharesPrefixes,
      boolean poolsByMean) {}

  /**
   * How much it can hold.
   *
   * @param contextLength tokens that one conversation may hold
   * @param cells tokens that the KV cache can hold, of all sequences together
   * @param sequences how many sequences there are
   * @param batchTokens the most tokens of one step
   * @param kvCacheBytes bytes of the KV cache
   */
  public record Room(
      int contextLength, int cells, int sequences, int batchTokens, long kvCacheBytes) {}

  /**
   * What computes.
   *
   * @param library the native library and its release
   * @param device the processor or the GPU
   * @param threads CPU threads of one step
   */
  public record Compute(String library, String device, int threads) {}

  /**
   * How it wants to be spoken to.
   *
   * @param template the model's own Jinja template, or null
   * @param toolTemplate its template for conversations with tools, or null
   * @param beginning the text of its beginning-of-text token, empty where it has none
   * @param end the text of its end-of-text token, empty where it has none
   */
  public record ChatTexts(
      @Nullable String template, @Nullable String toolTemplate, String beginning, String end) {}

  EngineFacts withThreads(int threads) {
    return new EngineFacts(
        weights, room, new Compute(compute.library(), compute.device(), threads), chat);
  }

  /**
   * What people and programs are told of it.
   *
   * @param slots answers that are decoded at once
   */
  ModelInfo describe(LocalModel model, int slots) {
    ModelSpec.Origin origin = model.spec().origin();
    return new ModelInfo(
        model.spec().reference(),
        model.spec().name(),
        weights.architecture(),
        weights.parameters(),
        weights.quantization(),
        room.contextLength(),
        slots,
        compute.threads(),
        compute.device(),
        weights.bytes(),
        room.kvCacheBytes(),
        weights.memoryMapped(),
        compute.library(),
        true,
        origin instanceof ModelSpec.Origin.BuiltIn || origin instanceof ModelSpec.Origin.Random,
        List.of());
  }
}
