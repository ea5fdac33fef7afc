package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the rules of one schema document. Not thread-safe. */
final class SchemaReader {

  private static final int MAX_DEPTH = 60;

  private final Rules rules;
  private final JsonRules json;
  private final Schemas schemas;
  private final Map<String, String> references = new HashMap<>();
  private int depth;

  SchemaReader(Rules rules, JsonRules json, JsonNode document) {
    this.rules = rules;
    this.json = json;
    this.schemas = new Schemas(document);
  }

  /**
   * A body that derives values of this schema.
   *
   * @param hint what the rule is called after
   * @param path where the schema stands, for messages
   */
  String body(JsonNode schema, String hint, String path) {
    if (++depth > MAX_DEPTH) {
      throw SchemaFault.wrong(path, "it nests more than " + MAX_DEPTH + " schemas");
    }
    try {
      ObjectNode all = Schemas.assertions(schema, path);
      if (all.size() == 1 && all.has("$ref")) {
        return reference(all.get("$ref").asText(), path);
      }
      ObjectNode flat = schemas.flat(all, path);
      SchemaTypes.checkKeywords(flat, path);
      return flat(flat, hint, path);
    } finally {
      depth--;
    }
  }

  private String reference(String reference, String path) {
    String known = references.get(reference);
    if (known != null) {
      return known;
    }
    JsonNode target = schemas.resolve(reference, path);
    String hint = reference.substring(reference.lastIndexOf('/') + 1);
    String name = rules.reserve(hint.equals("#") ? "document" : hint);
    references.put(reference, name);
    rules.fill(name, body(target, hint, reference));
    return name;
  }

  private String flat(ObjectNode schema, String hint, String path) {
    for (String choice : List.of("anyOf", "oneOf")) {
      if (schema.has(choice)) {
        return choice(schema, choice, hint, path);
      }
    }
    if (schema.has("enum") || schema.has("const")) {
      return values(schema, path);
    }
    List<String> ways = new ArrayList<>();
    for (String type : SchemaTypes.of(schema)) {
      ways.add(typed(schema, type, hint, path));
    }
    return ways.size() == 1 ? ways.getFirst() : Rules.choice(ways);
  }

  private String choice(ObjectNode schema, String keyword, String hint, String path) {
    ObjectNode rest = schema.deepCopy();
    JsonNode branches = rest.remove(keyword);
    List<String> ways = new ArrayList<>();
    List<JsonNode> kept = new ArrayList<>();
    String where = path + "/" + keyword;
    for (JsonNode branch : branches) {
      if (rest.isEmpty()) {
        ways.add(body(branch, hint, where));
        kept.add(branch);
      } else {
        ObjectNode both = schemas.merged(rest, schemas.flat(branch, where), where);
        SchemaTypes.checkKeywords(both, where);
        ways.add(flat(both, hint, where));
        kept.add(both);
      }
    }
    if (ways.isEmpty()) {
      throw SchemaFault.wrong(path, keyword + " lists nothing");
    }
    if (keyword.equals("oneOf")) {
      checkExclusive(kept, where);
    }
    return Rules.choice(ways);
  }

  private void checkExclusive(List<JsonNode> branches, String path) {
    Overlap overlap = new Overlap(schemas, path);
    for (int i = 0; i < branches.size(); i++) {
      for (int j = i + 1; j < branches.size(); j++) {
        if (overlap.possible(branches.get(i), branches.get(j))) {
          throw SchemaFault.refused(
              path,
              "a value could match branch %d and branch %d of oneOf".formatted(i + 1, j + 1),
              "Use anyOf, or tell the branches apart by a required property with a const.");
        }
      }
    }
  }

  private static String values(ObjectNode schema, String path) {
    List<JsonNode> values = new ArrayList<>();
    schema.path("enum").forEach(values::add);
    JsonNode only = schema.get("const");
    if (only != null) {
      boolean listed = values.isEmpty() || values.contains(only);
      values = listed ? new ArrayList<>(List.of(only)) : new ArrayList<>();
    }
    schema
        .fieldNames()
        .forEachRemaining(
            keyword -> {
              if (!Set.of("enum", "const", "type", "nullable").contains(keyword)) {
                throw SchemaFault.keyword(path, keyword + "' beside 'enum");
              }
            });
    if (schema.has("type")) {
      List<String> types = SchemaTypes.of(schema);
      values.removeIf(value -> types.stream().noneMatch(type -> SchemaTypes.matches(value, type)));
    }
    if (values.isEmpty()) {
      throw SchemaFault.wrong(path, "no value is left of enum, const and type");
    }
    return Rules.choice(
        values.stream().map(value -> Rules.literal(JsonText.of(value))).distinct().toList());
  }

  private String typed(ObjectNode schema, String type, String hint, String path) {
    return switch (type) {
      case "object" ->
          SchemaTypes.isAbout(schema, type)
              ? new ObjectRules(this, rules, json).body(schema, hint, path)
              : json.object();
      case "array" ->
          SchemaTypes.isAbout(schema, type)
              ? new ArrayRules(this, rules, json).body(schema, hint, path)
              : json.array();
      case "string" -> new StringRules(json).body(schema, path);
      case "integer" -> new NumberRules(json).integer(schema, path);
      case "number" -> new NumberRules(json).number(schema, path);
      case "boolean" -> json.truth();
      case "null" -> "\"null\"";
      default -> throw SchemaFault.wrong(path, "'" + type + "' is no type of JSON");
    };
  }
}
