package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Whether a value meets a schema: for what {@code enum} and {@code const} list. Formats of listed
 * values are taken for annotations, as JSON Schema does by default (validation 2020-12, 7.2.1).
 */
final class SchemaCheck {

  private static final int MAX_DEPTH = 200;
  private static final int MOST_DIGITS = 1_000;

  private final References references;

  /** The values that each enum lists. */
  private final IdentityHashMap<JsonNode, Set<String>> listed = new IdentityHashMap<>();

  private int depth;

  SchemaCheck(References references) {
    this.references = references;
  }

  /** Whether two values are equal as JSON Schema has it: 1 and 1.0 are. */
  static boolean equal(JsonNode a, JsonNode b) {
    return JsonLiterals.canonical(a).equals(JsonLiterals.canonical(b));
  }

  /** Whether the value meets the schema. */
  boolean accepts(JsonNode schema, JsonNode value, String path) {
    if (depth >= MAX_DEPTH) {
      throw SchemaFault.unsatisfiable(path, "references nest without end");
    }
    references.budget().spend(5);
    depth++;
    try {
      ObjectNode all = SchemaKeywords.of(schema, path);
      return all.properties().stream()
              .allMatch(entry -> meets(entry.getKey(), entry.getValue(), all, value, path))
          && (!value.isObject() || members(all, value, path))
          && (!value.isArray() || items(all, value, path))
          && (!value.isNumber() || number(all, value, path));
    } finally {
      depth--;
    }
  }

  private boolean meets(
      String keyword, JsonNode bound, ObjectNode all, JsonNode value, String path) {
    return switch (keyword) {
      case "$ref", "$dynamicRef", "$recursiveRef" ->
          accepts(references.resolve(bound.textValue(), path), value, path);
      case "type" ->
          SchemaTypes.names(bound).stream().anyMatch(type -> SchemaTypes.matches(value, type))
              || (value.isNull() && all.path("nullable").asBoolean());
      case "enum" -> lists(bound, value);
      case "const" -> equal(bound, value);
      case SchemaKeywords.NOT_ENUM -> !lists(bound, value);
      case "allOf" -> !any(bound, each -> !accepts(each, value, path));
      case "anyOf" -> any(bound, each -> accepts(each, value, path));
      case "oneOf" -> count(bound, each -> accepts(each, value, path)) == 1;
      case "not" -> !accepts(bound, value, path);
      case "if" -> {
        JsonNode then = all.get(accepts(bound, value, path) ? "then" : "else");
        yield then == null || accepts(then, value, path);
      }
      case "minLength", "maxLength" ->
          !value.isTextual() || holds(keyword, bound, length(value.textValue()));
      case "pattern" ->
          !value.isTextual() || references.matches(bound.textValue(), value.textValue(), path);
      case SchemaKeywords.NOT_PATTERN ->
          value.isTextual() && !references.matches(bound.textValue(), value.textValue(), path);
      case "minItems", "maxItems" -> !value.isArray() || holds(keyword, bound, value.size());
      case "minProperties", "maxProperties" ->
          !value.isObject() || holds(keyword, bound, value.size());
      default -> true;
    };
  }

  private boolean lists(JsonNode values, JsonNode value) {
    return listed
        .computeIfAbsent(
            values,
            all -> {
              Set<String> texts = new HashSet<>();
              all.forEach(each -> texts.add(JsonLiterals.canonical(each)));
              return texts;
            })
        .contains(JsonLiterals.canonical(value));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean holds(String keyword, JsonNode bound, int count) {
    return Bounds.ANY.and(keyword, bound).hold(count);
  }

  private interface Test {
    boolean holds(JsonNode each);
  }

  private static boolean any(JsonNode all, Test test) {
    return count(all, test) > 0;
  }

  private static int count(JsonNode all, Test test) {
    int count = 0;
    for (JsonNode each : all) {
      count += test.holds(each) ? 1 : 0;
    }
    return count;
  }

  private static boolean number(ObjectNode all, JsonNode value, String path) {
    BigDecimal number = value.decimalValue();
    if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS
        || Math.abs((long) number.scale()) > MOST_DIGITS) {
      return false;
    }
    NumberBounds bounds = new NumberBounds();
    all.properties().forEach(entry -> bounds.add(entry.getKey(), entry.getValue(), path));
    return bounds.hold(number);
  }

  private boolean members(ObjectNode all, JsonNode value, String path) {
    if (any(all.path("required"), name -> !value.has(name.textValue()))) {
      return false;
    }
    for (var member : value.properties()) {
      String name = member.getKey();
      JsonNode names = all.get("propertyNames");
      if (names != null
          && !accepts(names, com.fasterxml.jackson.databind.node.TextNode.valueOf(name), path)) {
        return false;
      }
      if (!member(all, name, member.getValue(), path)) {
        return false;
      }
    }
    return dependent(all, value, path);
  }

  private boolean member(ObjectNode all, String name, JsonNode value, String path) {
    boolean known = all.path("properties").has(name);
    if (known && !accepts(all.get("properties").get(name), value, path)) {
      return false;
    }
    for (var pattern : all.path("patternProperties").properties()) {
      if (references.matches(pattern.getKey(), name, path)) {
        known = true;
        if (!accepts(pattern.getValue(), value, path)) {
          return false;
        }
      }
    }
    JsonNode others = all.get("additionalProperties");
    return known || others == null || accepts(others, value, path);
  }

  private boolean dependent(ObjectNode all, JsonNode value, String path) {
    for (String keyword : new String[] {"dependentRequired", "dependentSchemas", "dependencies"}) {
      for (var entry : all.path(keyword).properties()) {
        JsonNode then = entry.getValue();
        boolean kept =
            then.isArray()
                ? !any(then, name -> !value.has(name.asText()))
                : accepts(then, value, path);
        if (value.has(entry.getKey()) && !kept) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean items(ObjectNode all, JsonNode value, String path) {
    boolean tuple = all.path("items").isArray();
    JsonNode first = tuple ? all.get("items") : all.path("prefixItems");
    JsonNode others = tuple ? all.get("additionalItems") : all.get("items");
    for (int i = 0; i < value.size(); i++) {
      JsonNode schema = i < first.size() ? first.get(i) : others;
      if (schema != null && !accepts(schema, value.get(i), path)) {
        return false;
      }
    }
    if (all.has("contains")) {
      int found = count(value, each -> accepts(all.get("contains"), each, path));
      JsonNode least = all.get("minContains");
      JsonNode most = all.get("maxContains");
      if (found < (least == null ? 1 : Bounds.clamped(least))
          || (most != null && found > Bounds.clamped(most))) {
        return false;
      }
    }
    return !all.path("uniqueItems").asBoolean() || areDistinct(value);
  }

  private static boolean areDistinct(JsonNode array) {
    Set<String> seen = new HashSet<>();
    for (JsonNode each : array) {
      if (!seen.add(JsonLiterals.canonical(each))) {
        return false;
      }
    }
    return true;
  }
}
