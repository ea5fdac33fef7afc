package dev.finch.gguf;

import java.util.Optional;

/** The vocabulary of a header: what llama.cpp reads without looking at lengths and types. */
final class TokenizerCheck {

  private TokenizerCheck() {}

  static void require(GgufFile header) {
    Optional<MetadataValue.Array> tokens = array(header, "tokens", ValueType.STRING);
    int count = tokens.map(MetadataValue.Array::count).orElse(0);
    if (tokens.isPresent() && count == 0) {
      throw Damaged.file(header.file(), "an empty vocabulary", "at least one token");
    }
    requireLength(header, "token_type", ValueType.INT32, count);
    requireLength(header, "scores", ValueType.FLOAT32, count);
    array(header, "merges", ValueType.STRING);
  }

  private static void requireLength(GgufFile header, String key, ValueType type, int tokens) {
    array(header, key, type)
        .filter(array -> array.count() != tokens)
        .ifPresent(
            array -> {
              throw Damaged.file(
                  header.file(),
                  "tokenizer.ggml." + key + " has " + array.count() + " entries",
                  tokens + ", one for each token");
            });
  }

  private static Optional<MetadataValue.Array> array(GgufFile header, String key, ValueType type) {
    String name = "tokenizer.ggml." + key;
    return switch (header.metadata().get(name)) {
      case null -> Optional.empty();
      case MetadataValue.Array array when array.elementType() == type -> Optional.of(array);
      case MetadataValue other ->
          throw Damaged.file(
              header.file(), name + " is of type " + described(other), "an array of " + type);
    };
  }

  private static String described(MetadataValue value) {
    return value instanceof MetadataValue.Array array
        ? "array of " + array.elementType()
        : value.type().toString();
  }
}
