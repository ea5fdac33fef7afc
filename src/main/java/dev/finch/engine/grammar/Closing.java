package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code additionalProperties} of one schema means for the properties of another when both
 * must hold: it does not know them, so it rules them.
 */
final class Closing {

  private Closing() {}

  /** Changes both schemas so that their properties can be united. */
  static void apply(ObjectNode first, ObjectNode second, String path) {
    rule(first, second, path);
    rule(second, first, path);
  }

  private static void rule(ObjectNode ruler, ObjectNode ruled, String path) {
    JsonNode additional = ruler.get("additionalProperties");
    if (additional == null || !(ruled.get("properties") instanceof ObjectNode properties)) {
      return;
    }
    JsonNode known = ruler.path("properties");
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (var entry : properties.properties()) {
      String name = entry.getKey();
      if (known.has(name)) {
        kept.set(name, entry.getValue());
      } else if (!additional.isBoolean() || additional.booleanValue()) {
        kept.set(name, Schemas.conjunction(entry.getValue(), additional));
      } else if (required(ruled).contains(name)) {
        throw SchemaFault.wrong(
            path, "the property '" + name + "' is required and not allowed at once");
      }
    }
    ruled.set("properties", kept);
  }

  static List<String> required(JsonNode schema) {
    List<String> names = new ArrayList<>();
    schema.path("required").forEach(name -> names.add(name.asText()));
    return names;
  }
}
