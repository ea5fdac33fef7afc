package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** JSON values as text. */
final class JsonText {

  private JsonText() {}

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
}
