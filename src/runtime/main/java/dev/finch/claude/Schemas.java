package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.StringJoiner;

/**
 * Adapts JSON schemas to what Claude's structured outputs take, as Anthropic's own SDKs do: objects
 * are closed, and constraints that the decoder cannot enforce are told to the model instead.
 */
final class Schemas {

  private static final List<String> BY_NAME =
      List.of("properties", "patternProperties", "$defs", "definitions");
  private static final List<String> NESTED =
      List.of("items", "prefixItems", "anyOf", "allOf", "oneOf", "not");
  private static final List<String> TOLD =
      List.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties");

  private Schemas() {}

  /**
   * A copy in which every object that says nothing about other properties forbids them, and
   * numerical bounds stand in the descriptions.
   */
  static ObjectNode adapted(ObjectNode schema) {
    ObjectNode copy = schema.deepCopy();
    adapt(copy);
    return copy;
  }

  private static void adapt(JsonNode node) {
    if (node.isArray()) {
      node.forEach(Schemas::adapt);
    }
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    if ("object".equals(ClaudeJson.text(schema, "type")) && !schema.has("additionalProperties")) {
      schema.put("additionalProperties", false);
    }
    tellConstraints(schema);
    BY_NAME.forEach(key -> schema.path(key).forEach(Schemas::adapt));
    NESTED.forEach(key -> adapt(schema.path(key)));
  }

  private static void tellConstraints(ObjectNode schema) {
    StringJoiner told = new StringJoiner(", ", "(", ")").setEmptyValue("");
    for (String key : TOLD) {
      JsonNode value = schema.remove(key);
      if (value != null) {
        told.add(key + ": " + value);
      }
    }
    // Arrays that may be empty or not are enforced; longer least lengths are not.
    if (schema.path("minItems").asInt() > 1) {
      told.add("minItems: " + schema.remove("minItems"));
    }
    if (told.length() > 0) {
      String description = schema.path("description").asText();
      schema.put("description", description.isEmpty() ? told.toString() : description + " " + told);
    }
  }
}
