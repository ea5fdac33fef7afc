package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Adapts JSON schemas to what Claude's structured outputs take. */
final class Schemas {

  private Schemas() {}

  /**
   * A copy in which every object that says nothing about other properties forbids them: structured
   * outputs demand it.
   */
  static ObjectNode closed(ObjectNode schema) {
    ObjectNode copy = schema.deepCopy();
    close(copy);
    return copy;
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object && describesObject(object)) {
      object.put("additionalProperties", false);
    }
    node.forEach(Schemas::close);
  }

  private static boolean describesObject(ObjectNode node) {
    return "object".equals(Json.text(node, "type")) && !node.has("additionalProperties");
  }
}
