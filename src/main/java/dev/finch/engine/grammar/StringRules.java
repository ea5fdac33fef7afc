package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Strings of a schema. */
record StringRules(JsonRules json) {

  /** llama.cpp writes repetitions out, so that a longer string would cost more than it is worth. */
  private static final int LONGEST = 2_000;

  String body(ObjectNode schema, String path) {
    JsonNode pattern = schema.get("pattern");
    JsonNode format = schema.get("format");
    boolean bounded = schema.has("minLength") || schema.has("maxLength");
    if (pattern != null && format != null) {
      throw SchemaFault.keyword(path, "format' beside 'pattern");
    }
    if (pattern != null || format != null) {
      if (bounded) {
        throw SchemaFault.keyword(
            path,
            (schema.has("minLength") ? "minLength" : "maxLength")
                + "' beside '"
                + (pattern != null ? "pattern" : "format"));
      }
      return quoted(
          pattern != null
              ? RegexGrammar.of(pattern.asText(), json.character(), path)
              : format(format.asText(), path));
    }
    return bounded ? quoted(json.character() + bounds(schema, path)) : json.string();
  }

  private static String quoted(String body) {
    return "\"\\\"\" " + body + " \"\\\"\"";
  }

  private static String format(String format, String path) {
    String body = StringFormats.of(format);
    if (body == null) {
      throw SchemaFault.keyword(path, "format: " + format);
    }
    return "(" + body + ")";
  }

  private static String bounds(ObjectNode schema, String path) {
    long min = schema.path("minLength").asLong(0);
    long max = schema.has("maxLength") ? schema.get("maxLength").asLong() : Long.MAX_VALUE;
    if (min > LONGEST) {
      throw SchemaFault.wrong(
          path, "minLength is %d (expected: at most %d)".formatted(min, LONGEST));
    }
    if (max < min) {
      throw SchemaFault.wrong(path, "maxLength is below minLength");
    }
    return max == Long.MAX_VALUE
        ? "{" + min + ",}"
        : "{" + min + "," + Math.min(max, LONGEST) + "}";
  }
}
