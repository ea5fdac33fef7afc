package dev.finch.gguf;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The vocabulary of a header: what llama.cpp reads without looking at lengths and types, and what
 * it ends the process over when it is missing.
 */
final class TokenizerCheck {

  private static final Set<String> KINDS = Set.of("llama", "gpt2", "bert", "t5", "rwkv");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final GgufFile header;

  private TokenizerCheck(GgufFile header) {
    this.header = header;
  }

  static void require(GgufFile header) {
    TokenizerCheck check = new TokenizerCheck(header);
    String kind = check.kind();
    List<String> tokens = check.tokens();
    check.requireLength("token_type", ValueType.INT32, tokens.size());
    check.requireLength("scores", ValueType.FLOAT32, tokens.size());
    check.array("merges", ValueType.STRING);
    if (kind.equals("llama")) {
      check.requireBytes(Set.copyOf(tokens));
    }
  }

  private String kind() {
    String kind = header.text("tokenizer.ggml.model").orElse("");
    if (!KINDS.contains(kind)) {
      throw Damaged.unsupported(
          header.file() + " has the tokenizer '" + kind + "' (expected: one of " + KINDS + ").",
          "Finch needs a model that brings its tokenizer.");
    }
    return kind;
  }

  /** Each token once; empty ones get names of their own. */
  private List<String> tokens() {
    List<String> tokens =
        array("tokens", ValueType.STRING)
            .map(array -> array.texts(StandardCharsets.ISO_8859_1))
            .orElse(List.of());
    if (tokens.isEmpty()) {
      throw Damaged.file(header.file(), "an empty vocabulary", "at least one token");
    }
    Set<String> known = new HashSet<>(2 * tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      String seen = asSeen(tokens.get(i));
      if (!seen.isEmpty() && !known.add(seen)) {
        throw Damaged.file(
            header.file(), "token " + i + ", which an earlier one equals", "each token once");
      }
    }
    return tokens;
  }

  /** llama.cpp reads a token up to its first zero byte. */
  private static String asSeen(String token) {
    int end = token.indexOf(0);
    return end < 0 ? token : token.substring(0, end);
  }

  /** Bytes outside the vocabulary are spelled by tokens of their own, which have to be there. */
  private void requireBytes(Set<String> tokens) {
    for (int value = 0; value <= 0xFF; value++) {
      String token = "<0x" + HEX.toHexDigits((byte) value) + ">";
      if (!tokens.contains(token)
          && (value > 0x7F || !tokens.contains(Character.toString(value)))) {
        throw Damaged.file(header.file(), "no token " + token, "one for each byte");
      }
    }
  }

  private void requireLength(String key, ValueType type, int tokens) {
    array(key, type)
        .filter(array -> array.count() != tokens)
        .ifPresent(
            array -> {
              throw Damaged.file(
                  header.file(),
                  "tokenizer.ggml." + key + " has " + array.count() + " entries",
                  tokens + ", one for each token");
            });
  }

  private Optional<MetadataValue.Array> array(String key, ValueType type) {
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
