package dev.finch.engine.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/** JSON in arguments, bounded in depth. */
final class JsonValues {

  /** Not before there is a call: making one is slow in a cold JVM. */
  private static final class Json {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    static {
      MAPPER
          .getFactory()
          .setStreamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(JsonScanner.MOST_DEPTH).build());
    }
  }

  /** No value at all. */
  static final JsonNode NOTHING = MissingNode.getInstance();

  private JsonValues() {}

  /** The value, or null where this is no JSON. */
  static @Nullable JsonNode parse(CharSequence json) {
    try {
      JsonNode node = Json.MAPPER.readTree(json.toString());
      return node.isMissingNode() ? null : node;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** The text that a JSON string stands for, or null. */
  static @Nullable String unquoted(CharSequence string) {
    JsonNode node = parse(string);
    return node == null ? null : node.textValue();
  }

  /**
   * Arguments as an object: an object is one as it stands, none is an empty one, and a text that
   * holds one is meant so.
   *
   * @return JSON, or null where these are no arguments
   */
  static @Nullable String arguments(CharSequence value) {
    JsonNode node = parse(value);
    if (node == null) {
      return null;
    }
    return switch (node.getNodeType()) {
      case OBJECT -> safe(value).strip();
      case NULL -> "{}";
      case STRING -> {
        String text = node.textValue().strip();
        JsonNode inner = text.isEmpty() ? null : parse(text);
        yield text.isEmpty() ? "{}" : inner != null && inner.isObject() ? safe(text) : null;
      }
      default -> null;
    };
  }

  /** JSON whose texts do not run over a line's end any more. */
  static String safe(CharSequence json) {
    StringBuilder safe = new StringBuilder(json.length());
    boolean text = false;
    boolean escaped = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (text && c < ' ') {
        escape(c, safe);
      } else {
        safe.append(c);
      }
      boolean quote = c == '"' && !escaped;
      text = quote != text;
      escaped = text && !escaped && c == '\\';
    }
    return safe.toString();
  }

  /** Text as it stands in a JSON string, without the quotes. */
  static void escape(char c, StringBuilder to) {
    switch (c) {
      case '"' -> to.append("\\\"");
      case '\\' -> to.append("\\\\");
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        if (c < ' ') {
          to.append(String.format("\\u%04x", (int) c));
        } else {
          to.append(c);
        }
      }
    }
  }

  /** Text as a JSON string. */
  static String quoted(CharSequence text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i), quoted);
    }
    return quoted.append('"').toString();
  }
}
