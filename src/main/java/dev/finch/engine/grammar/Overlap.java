package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a value that one schema's grammar derives may also meet another schema. */
final class Overlap {

  private static final int MAX_DEPTH = 10;

  private final Schemas schemas;
  private final String path;

  Overlap(Schemas schemas, String path) {
    this.schemas = schemas;
    this.path = path;
  }

  /** Whether some derived value may meet both; true where that is not known. */
  boolean possible(JsonNode first, JsonNode second) {
    return possible(schemas.flat(first, path), schemas.flat(second, path), 0);
  }

  private boolean possible(ObjectNode first, ObjectNode second, int depth) {
    List<JsonNode> mine = values(first);
    List<JsonNode> theirs = values(second);
    if (mine != null && theirs != null) {
      return mine.stream().anyMatch(theirs::contains);
    }
    Set<String> common = new LinkedHashSet<>(kinds(first));
    common.retainAll(kinds(second));
    return !common.isEmpty()
        && !(common.equals(Set.of("object")) && depth < MAX_DEPTH && apart(first, second, depth));
  }

  /** Whether two schemas of objects exclude each other, as far as what is derived goes. */
  private boolean apart(ObjectNode first, ObjectNode second, int depth) {
    if (differ(first, second, depth)) {
      return true;
    }
    return lacks(first, second) && lacks(second, first);
  }

  private boolean differ(ObjectNode first, ObjectNode second, int depth) {
    List<String> shared = Closing.required(first);
    shared.retainAll(Closing.required(second));
    for (String name : shared) {
      JsonNode mine = first.path("properties").get(name);
      JsonNode theirs = second.path("properties").get(name);
      if (mine != null
          && theirs != null
          && !possible(schemas.flat(mine, path), schemas.flat(theirs, path), depth + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Whether no object derived from {@code derived} has all that {@code other} requires. */
  private static boolean lacks(ObjectNode derived, ObjectNode other) {
    JsonNode additional = derived.path("additionalProperties");
    boolean closed =
        derived.has("properties") && (additional.isMissingNode() || isFalse(additional));
    return closed
        && Closing.required(other).stream()
            .anyMatch(
                name ->
                    !derived.path("properties").has(name)
                        && !Closing.required(derived).contains(name));
  }

  private static boolean isFalse(JsonNode node) {
    return node.isBoolean() && !node.booleanValue();
  }

  private static @Nullable List<JsonNode> values(ObjectNode schema) {
    if (schema.has("const")) {
      return List.of(schema.get("const"));
    }
    if (!schema.has("enum")) {
      return null;
    }
    List<JsonNode> values = new ArrayList<>();
    schema.get("enum").forEach(values::add);
    return values;
  }

  /** The kinds of values that a schema may take; an integer is a number. */
  private static Set<String> kinds(ObjectNode schema) {
    Set<String> kinds = new LinkedHashSet<>();
    List<JsonNode> values = values(schema);
    if (values != null) {
      values.forEach(value -> kinds.add(kind(value)));
      return kinds;
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        return Set.of("object", "array", "string", "number", "boolean", "null");
      }
    }
    SchemaTypes.of(schema).forEach(type -> kinds.add(type.equals("integer") ? "number" : type));
    return kinds;
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      default -> "null";
    };
  }
}
