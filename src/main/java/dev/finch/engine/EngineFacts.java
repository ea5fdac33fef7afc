package dev.finch.engine;

import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelSpec;
import org.jspecify.annotations.Nullable;

/**
 * What an engine loaded.
 *
 * @param library the native library and its release
 * @param architecture llama.cpp's name, for example {@code qwen2}
 * @param name the model's own name, empty where its file has none
 * @param parameters weights, counted
 * @param quantization the file's type, for example {@code Q8_0}
 * @param weightBytes bytes of weights
 * @param kvCacheBytes bytes of the KV cache
 * @param trainedContext tokens that the model was trained for
 * @param contextLength tokens that one conversation may hold
 * @param cells tokens that the cache can hold, of all sequences together
 * @param sequences how many sequences there are
 * @param batchTokens the most tokens of one step
 * @param vocabularySize tokens that there are
 * @param threads CPU threads of one step
 * @param device what computes
 * @param memoryMapped whether the weights are mapped from the file
 * @param addsBeginning whether texts get a beginning-of-text token
 * @param chatTemplate the model's own Jinja template, or null
 * @param beginningText the text of its beginning-of-text token, empty where it has none
 * @param endText the text of its end-of-text token, empty where it has none
 * @param sharesPrefixes whether sequences can share cells and forget parts of themselves
 * @param poolsByMean whether its embeddings are the mean over all tokens, not the last one's
 */
public record EngineFacts(
    String library,
    String architecture,
    String name,
    long parameters,
    String quantization,
    long weightBytes,
    long kvCacheBytes,
    int trainedContext,
    int contextLength,
    int cells,
    int sequences,
    int batchTokens,
    int vocabularySize,
    int threads,
    String device,
    boolean memoryMapped,
    boolean addsBeginning,
    @Nullable String chatTemplate,
    String beginningText,
    String endText,
    boolean sharesPrefixes,
    boolean poolsByMean) {

  EngineFacts withThreads(int others) {
    return new EngineFacts(
        library,
        architecture,
        name,
        parameters,
        quantization,
        weightBytes,
        kvCacheBytes,
        trainedContext,
        contextLength,
        cells,
        sequences,
        batchTokens,
        vocabularySize,
        others,
        device,
        memoryMapped,
        addsBeginning,
        chatTemplate,
        beginningText,
        endText,
        sharesPrefixes,
        poolsByMean);
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
        true,
        origin instanceof ModelSpec.Origin.BuiltIn || origin instanceof ModelSpec.Origin.Random);
  }
}
