package dev.finch.gguf;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The vocabulary of a header: what llama.cpp reads without looking at lengths and types, and what
 * it ends the process over when it is missing.
 */
final class TokenizerCheck {

  /** Kinds of tokenizer that decoders of these architectures are made with; two where none says. */
  private static final Map<String, Set<String>> KINDS =
      Map.ofEntries(
          only("gpt2", "qwen", "qwen2", "qwen2moe", "qwen2vl", "arwkv7", "rwkv6qwen2"),
          only("gpt2", "bloom", "codeshell", "command-r", "cohere2", "dbrx", "exaone", "falcon"),
          only("gpt2", "gpt2", "gptj", "gptneox", "jais", "mpt", "olmo", "olmo2", "olmoe", "phi2"),
          only("gpt2", "refact", "starcoder", "starcoder2"),
          only("llama", "gemma", "gemma2", "gemma3"),
          only("rwkv", "rwkv6", "rwkv7"));

  private static final Set<String> USUAL = Set.of("llama", "gpt2");

  /**
   * What b4916 knows under {@code tokenizer.ggml.pre}, from the strings of its library and its
   * source.
   */
  private static final Set<String> PRE_TOKENIZERS =
      Set.of(
          "bloom",
          "chameleon",
          "chatglm-bpe",
          "codeshell",
          "command-r",
          "dbrx",
          "deepseek-coder",
          "deepseek-llm",
          "deepseek-r1-qwen",
          "deepseek-v3",
          "default",
          "exaone",
          "falcon",
          "falcon3",
          "gigachat",
          "glm4",
          "gpt-2",
          "gpt-4o",
          "gpt3-finnish",
          "jais",
          "jina-de",
          "jina-es",
          "jina-v1-en",
          "jina-v2-code",
          "jina-v2-de",
          "jina-v2-es",
          "llama-bpe",
          "llama-v3",
          "llama3",
          "megrez",
          "minerva-7b",
          "mpt",
          "olmo",
          "phi-2",
          "pixtral",
          "poro-chat",
          "qwen2",
          "refact",
          "roberta-bpe",
          "smaug-bpe",
          "smollm",
          "stablelm2",
          "starcoder",
          "tekken",
          "viking");

  /** The ids that llama.cpp takes for the special tokens of a kind where the file names none. */
  private static final Map<String, Integer> LARGEST_DEFAULT = Map.of("llama", 2, "gpt2", 11);

  private static final int BYTE = 6;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final GgufFile header;

  private TokenizerCheck(GgufFile header) {
    this.header = header;
  }

  static void require(GgufFile header) {
    TokenizerCheck check = new TokenizerCheck(header);
    String kind = check.kind();
    check.requirePreTokenizer(kind);
    List<String> tokens = check.tokens();
    check.requireLength("token_type", ValueType.INT32, tokens.size());
    check.requireLength("scores", ValueType.FLOAT32, tokens.size());
    check.requireDefaults(kind, tokens.size());
    switch (kind) {
      case "llama" -> {
        check.requireText("tokens", tokens);
        check.requireBytes(Set.copyOf(tokens));
        check.requireByteTypes(tokens);
      }
      case "gpt2" -> {
        check.requireText("tokens", tokens);
        check.requireMerges();
      }
      default -> check.requireEscapes(tokens);
    }
  }

  private String kind() {
    String kind = header.text("tokenizer.ggml.model").orElse("");
    String architecture = header.text("general.architecture").orElse("");
    Set<String> kinds =
        KINDS.entrySet().stream()
            .filter(entry -> List.of(entry.getKey().split(" ")).contains(architecture))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(USUAL);
    if (!kinds.contains(kind)) {
      throw GgufFailures.unsupported(
          header.file()
              + " has the tokenizer '"
              + kind
              + "' (expected of a model of architecture '"
              + architecture
              + "': one of "
              + new TreeSet<>(kinds)
              + ").",
          "Finch needs a model that brings the tokenizer it was trained with.");
    }
    return kind;
  }

  private static Map.Entry<String, Set<String>> only(String kind, String... architectures) {
    return Map.entry(String.join(" ", architectures), Set.of(kind));
  }

  private void requirePreTokenizer(String kind) {
    String name = header.text("tokenizer.ggml.pre").orElse("default");
    if (kind.equals("gpt2") && !PRE_TOKENIZERS.contains(name)) {
      throw GgufFailures.unsupported(
          header.file()
              + " has the pre-tokenizer '"
              + name
              + "', which this llama.cpp does not know.",
          "Choose a model that was made for a release of March 2025 or before.");
    }
  }

  private void requireDefaults(String kind, int tokens) {
    int largest = LARGEST_DEFAULT.getOrDefault(kind, -1);
    if (tokens <= largest) {
      throw GgufFailures.file(
          header.file(),
          "a vocabulary of " + tokens + " tokens",
          "more than "
              + largest
              + ", the last id that the tokenizer '"
              + kind
              + "' takes for granted");
    }
  }

  private void requireText(String key, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      if (!isUtf8(values.get(i))) {
        throw GgufFailures.file(
            header.file(), "tokenizer.ggml." + key + " is no UTF-8 at " + i, "texts in UTF-8");
      }
    }
  }

  /** Whether these bytes, one a character, are whole code points. */
  private static boolean isUtf8(String bytes) {
    int missing = 0;
    for (int i = 0; i < bytes.length(); i++) {
      int value = bytes.charAt(i);
      if (missing > 0) {
        if ((value & 0xC0) != 0x80) {
          return false;
        }
        missing--;
      } else if (value >= 0x80) {
        if (value < 0xC2 || value > 0xF4) {
          return false;
        }
        missing = value >= 0xF0 ? 3 : value >= 0xE0 ? 2 : 1;
      }
    }
    return missing == 0;
  }

  private void requireMerges() {
    List<String> merges =
        array("merges", ValueType.STRING)
            .map(array -> array.texts(StandardCharsets.ISO_8859_1))
            .orElse(List.of());
    requireText("merges", merges);
    for (String merge : merges) {
      int blank = merge.indexOf(' ', 1);
      if (blank < 0 || blank == merge.length() - 1) {
        throw GgufFailures.file(
            header.file(), "the merge '" + merge + "'", "two texts with a blank between them");
      }
    }
  }

  /** A token of type byte is read as {@code <0xNN>} without a look at its length. */
  private void requireByteTypes(List<String> tokens) {
    long[] types =
        array("token_type", ValueType.INT32).map(MetadataValue.Array::wholes).orElse(new long[0]);
    for (int i = 0; i < types.length; i++) {
      if (types[i] == BYTE && !tokens.get(i).matches("<0x[0-9A-F]{2}>")) {
        throw GgufFailures.file(
            header.file(), "token " + i + " of type byte is no byte", "<0x00> to <0xFF>");
      }
    }
  }

  /** What is no escape ends the process, and a byte that no token spells becomes token -1. */
  private void requireEscapes(List<String> tokens) {
    Set<String> bytes = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (!isEscaped(tokens.get(i))) {
        throw GgufFailures.file(
            header.file(), "token " + i + " is badly escaped", "\\t, \\n, \\r or \\xNN");
      }
      bytes.add(tokens.get(i));
    }
    for (int value = 0; value <= 0xFF; value++) {
      String escaped = "\\x" + HEX.toHexDigits((byte) value).toLowerCase(Locale.ROOT);
      String plain = Character.toString(value);
      String named =
          value == '\t'
              ? "\\t"
              : value == '\n' ? "\\n" : value == '\r' ? "\\r" : value == '\\' ? "\\\\" : plain;
      if (!bytes.contains(escaped) && !bytes.contains(plain) && !bytes.contains(named)) {
        throw GgufFailures.file(
            header.file(), "no token for the byte " + value, "one for each byte");
      }
    }
  }

  /** By hand: a pattern of choices recurses for each character. */
  private static boolean isEscaped(String token) {
    int i = token.indexOf('\\');
    while (i >= 0) {
      if (i + 1 >= token.length()) {
        return false;
      }
      boolean byteOf = token.charAt(i + 1) == 'x';
      if (byteOf && !(isHex(token, i + 2) && isHex(token, i + 3))) {
        return false;
      }
      i = token.indexOf('\\', i + (byteOf ? 4 : 2));
    }
    return true;
  }

  private static boolean isHex(String token, int at) {
    return at < token.length() && "0123456789abcdef".indexOf(token.charAt(at)) >= 0;
  }

  /** Each token once; empty ones get names of their own. */
  private List<String> tokens() {
    List<String> tokens =
        array("tokens", ValueType.STRING)
            .map(array -> array.texts(StandardCharsets.ISO_8859_1))
            .orElse(List.of());
    if (tokens.isEmpty()) {
      throw GgufFailures.file(header.file(), "an empty vocabulary", "at least one token");
    }
    if (tokens.stream().allMatch(token -> asSeen(token).isEmpty())) {
      throw GgufFailures.file(
          header.file(), "a vocabulary of " + tokens.size() + " empty tokens", "tokens with text");
    }
    Set<String> known = new HashSet<>(2 * tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      String seen = asSeen(tokens.get(i));
      if (!known.add(seen.isEmpty() ? "[EMPTY_" + i + "]" : seen)) {
        throw GgufFailures.file(
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
        throw GgufFailures.file(header.file(), "no token " + token, "one for each byte");
      }
    }
  }

  private void requireLength(String key, ValueType type, int tokens) {
    array(key, type)
        .filter(array -> array.count() != tokens)
        .ifPresent(
            array -> {
              throw GgufFailures.file(
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
          throw GgufFailures.file(
              header.file(), name + " is of type " + described(other), "an array of " + type);
    };
  }

  private static String described(MetadataValue value) {
    return value instanceof MetadataValue.Array array
        ? "array of " + array.elementType()
        : value.type().toString();
  }
}
