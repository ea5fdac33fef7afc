package dev.finch.gguf;

import dev.finch.model.ModelConfig;
import java.util.List;

/** The architecture's numbers in a header, range-checked. */
final class Hyperparameters {

  /** llama.cpp's own limit; its arrays per layer are that long. */
  private static final int MAX_LAYERS = 512;

  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_VOCABULARY = 1 << 24;

  private final GgufModel model;
  private final String prefix;

  private Hyperparameters(GgufModel model) {
    this.model = model;
    this.prefix = model.architecture() + ".";
  }

  static Hyperparameters of(GgufModel model) {
    return new Hyperparameters(model);
  }

  /** The shape; throws {@code MODEL_FILE_INVALID} where a number is missing or out of range. */
  ModelConfig config() {
    int layers = required("block_count", MAX_LAYERS);
    int embeddingLength = required("embedding_length", MAX_WIDTH);
    // Recurrent architectures have no heads; one head of full width is what they cost at most.
    int heads = optional("attention.head_count", MAX_WIDTH, 1);
    int kvHeads = optional("attention.head_count_kv", MAX_WIDTH, heads);
    if (kvHeads > heads) {
      throw invalid("attention.head_count_kv", kvHeads, "at most " + heads + ", the heads");
    }
    int headDimension =
        Math.max(
            optional("attention.key_length", MAX_WIDTH, Math.max(1, embeddingLength / heads)),
            optional("attention.value_length", MAX_WIDTH, 1));
    requireRotationFits(headDimension);
    return new ModelConfig(
        model.architecture(),
        layers,
        embeddingLength,
        optional("feed_forward_length", MAX_WIDTH * 16, 4 * embeddingLength),
        heads,
        kvHeads,
        headDimension,
        vocabulary(),
        required("context_length", 1 << 30),
        model.tensors().stream().noneMatch(tensor -> tensor.name().equals("output.weight")));
  }

  /** ggml ends the process where more of a head is to be rotated than there is. */
  private void requireRotationFits(int headDimension) {
    int rotated = optional("rope.dimension_count", MAX_WIDTH, headDimension);
    if (rotated > headDimension) {
      throw invalid("rope.dimension_count", rotated, "at most " + headDimension + ", one head");
    }
  }

  private int vocabulary() {
    int listed =
        model.header().array("tokenizer.ggml.tokens").map(MetadataValue.Array::count).orElse(0);
    return listed > 0 ? listed : optional("vocab_size", MAX_VOCABULARY, 1);
  }

  private int required(String key, int most) {
    if (!model.header().metadata().containsKey(prefix + key)) {
      throw GgufFailures.file(model.header().file(), "no " + prefix + key, "the model's shape");
    }
    return optional(key, most, 1);
  }

  private int optional(String key, int most, int otherwise) {
    return switch (model.header().metadata().get(prefix + key)) {
      case null -> otherwise;
      case MetadataValue.Whole(ValueType _, long value) -> inRange(key, value, most);
      case MetadataValue.Array array when array.elementType() != ValueType.STRING ->
          largest(key, array, most);
      case MetadataValue other -> throw invalid(key, other.type(), "a whole number");
    };
  }

  /** A number per layer; some layers may have none of the thing counted, but not all. */
  private int largest(String key, MetadataValue.Array array, int most) {
    if (array.count() > MAX_LAYERS
        || List.of(ValueType.FLOAT32, ValueType.FLOAT64).contains(array.elementType())) {
      throw invalid(key, array.count() + " values", "whole numbers, one per layer");
    }
    long largest = 0;
    for (long value : array.wholes()) {
      if (value != 0) {
        largest = Math.max(largest, inRange(key, value, most));
      }
    }
    return inRange(key, largest, most);
  }

  private int inRange(String key, long value, int most) {
    if (value < 1 || value > most) {
      throw invalid(key, value, "1 to " + most);
    }
    return (int) value;
  }

  private RuntimeException invalid(String key, Object value, String expected) {
    return GgufFailures.file(model.header().file(), prefix + key + " is " + value, expected);
  }
}
