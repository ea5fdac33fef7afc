package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The types of JSON and the keywords that belong to each. */
final class SchemaTypes {

  private static final List<String> ALL =
      List.of("object", "array", "string", "number", "boolean", "null");

  private static final Map<String, Set<String>> KEYWORDS =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "prefixItems", "additionalItems", "minItems", "maxItems"),
          "string", Set.of("minLength", "maxLength", "pattern", "format"),
          "number",
              Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"));

  /** Keywords that no type owns. */
  private static final Set<String> GENERAL =
      Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "nullable");

  private SchemaTypes() {}

  /**
   * Refuses what is not known, by name.
   *
   * @param schema without annotations
   */
  static void checkKeywords(ObjectNode schema, String path) {
    schema
        .fieldNames()
        .forEachRemaining(
            keyword -> {
              boolean harmless =
                  keyword.equals("uniqueItems") && !schema.get(keyword).booleanValue();
              if (!GENERAL.contains(keyword)
                  && !harmless
                  && KEYWORDS.values().stream().noneMatch(known -> known.contains(keyword))) {
                throw SchemaFault.keyword(path, keyword);
              }
            });
  }

  /** The types that a schema allows, or is about where it does not say. */
  static List<String> of(ObjectNode schema) {
    Set<String> types = new LinkedHashSet<>();
    if (schema.has("type")) {
      types.addAll(Schemas.names(schema.get("type")));
    } else {
      ALL.stream().filter(type -> isAbout(schema, type)).forEach(types::add);
    }
    if (types.isEmpty()) {
      types.addAll(ALL);
    }
    if (schema.path("nullable").asBoolean(false)) {
      types.add("null");
    }
    return new ArrayList<>(types);
  }

  static boolean isAbout(ObjectNode schema, String type) {
    return KEYWORDS.getOrDefault(type, Set.of()).stream().anyMatch(schema::has);
  }

  static boolean matches(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "number" -> value.isNumber();
      case "integer" -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
      case "boolean" -> value.isBoolean();
      default -> value.isNull();
    };
  }
}
