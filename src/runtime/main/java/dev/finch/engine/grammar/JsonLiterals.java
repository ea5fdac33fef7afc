package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeMap;

/** JSON values as text. */
final class JsonLiterals {

  private JsonLiterals() {}

  /** A code point as it stands in a JSON string. */
  static String escaped(int codePoint) {
    String quoted = quoted(Character.toString(codePoint));
    return quoted.substring(1, quoted.length() - 1);
  }

  static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  /** A value without white space, its keys in the given order. */
  static String of(JsonNode value) {
    return value.toString();
  }

  /** The same text for equal values: keys in order, numbers in one form. */
  static String canonical(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(JsonNode value, StringBuilder text) {
    if (value.isNumber()) {
      text.append(value.decimalValue().stripTrailingZeros());
    } else if (value.isArray()) {
      text.append('[');
      value.forEach(
          each -> {
            write(each, text);
            text.append(',');
          });
      text.append(']');
    } else if (value.isObject()) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      text.append('{');
      sorted.forEach(
          (key, each) -> {
            text.append(quoted(key)).append(':');
            write(each, text);
            text.append(',');
          });
      text.append('}');
    } else {
      text.append(value);
    }
  }
}
