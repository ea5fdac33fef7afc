package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rules of one schema document. Equal schemas share a rule, so that what refers to
 * itself comes to an end. Not thread-safe.
 */
final class SchemaReader {

  private static final int MAX_DEPTH = 60;

  /** Conjunctions that choices beside each other multiply to. */
  private static final int MOST_WAYS = 20_000;

  private final Rules rules;
  private final JsonRules json;
  private final References references;
  private final boolean hint;
  private final Map<JsonNode, String> known = new HashMap<>();

  /** What is being written without that a character was. */
  private Set<JsonNode> begun = new HashSet<>();

  private SchemaFault.@Nullable UnsatisfiableException unmet;
  private int depth;
  private int ways;

  /**
   * @param hint whether what cannot be derived may be derived too widely
   */
  SchemaReader(
      Rules rules, JsonRules json, JsonNode document, boolean hint, AutomatonBudget budget) {
    this.rules = rules;
    this.json = json;
    this.hint = hint;
    this.references = new References(document, budget);
  }

  /** A body that derives values of the whole document. */
  String document(String name) {
    return body(references.document(), name, "");
  }

  /** A body that derives objects of the whole document. */
  String object(String name) {
    JsonNode object = JsonNodeFactory.instance.objectNode().put("type", "object").put("$ref", "#");
    return body(object, name, "");
  }

  /** Why the first part that nothing can meet is none, or null where there is none. */
  SchemaFault.@Nullable UnsatisfiableException unmet() {
    return unmet;
  }

  /**
   * A body that derives values of this schema; {@link Rules#none()} where there are none.
   *
   * @param name what its rule is called after
   * @param path where the schema stands, for messages
   */
  String body(JsonNode schema, String name, String path) {
    if (ObjectRules.isFalse(schema)) {
      return none(SchemaFault.unsatisfiable(path, "no value can meet 'false'"));
    }
    if (depth >= MAX_DEPTH) {
      return failed(
          SchemaFault.wrong(path, "it nests more than " + MAX_DEPTH + " schemas"), schema);
    }
    depth++;
    String outer = rules.at(path);
    try {
      return remembered(SchemaKeywords.of(schema, path), name, path);
    } catch (Automaton.TooLargeException e) {
      throw SchemaFault.wrong(path, "it takes too many steps to make a grammar of it");
    } catch (SchemaFault.UnsatisfiableException e) {
      return none(e);
    } catch (FinchException e) {
      return failed(e, schema);
    } finally {
      rules.at(outer);
      depth--;
    }
  }

  /** As {@link #body}, where a character stands before it. */
  String after(List<JsonNode> schemas, String name, String path) {
    Set<JsonNode> outer = begun;
    begun = new HashSet<>();
    try {
      return body(all(schemas), name, path);
    } finally {
      begun = outer;
    }
  }

  private String none(SchemaFault.UnsatisfiableException why) {
    unmet = unmet == null ? why : unmet;
    return rules.none();
  }

  private String failed(FinchException why, JsonNode schema) {
    if (!hint) {
      throw why;
    }
    return schema.path("type").asText().equals("object") ? json.object() : json.value();
  }

  /** One schema of several that must all be met. */
  static JsonNode all(List<JsonNode> schemas) {
    Set<JsonNode> parts = new LinkedHashSet<>();
    schemas.forEach(schema -> collect(schema, parts));
    if (parts.size() == 1) {
      return parts.iterator().next();
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    parts.forEach(all::add);
    return all.isEmpty()
        ? JsonNodeFactory.instance.objectNode()
        : JsonNodeFactory.instance.objectNode().set("allOf", all);
  }

  private static void collect(JsonNode schema, Set<JsonNode> parts) {
    JsonNode inner = schema.size() == 1 ? schema.path("allOf") : null;
    if (inner != null && inner.isArray()) {
      inner.forEach(each -> collect(each, parts));
    } else if (!schema.isBoolean() || !schema.booleanValue()) {
      parts.add(schema);
    }
  }

  private String remembered(ObjectNode schema, String name, String path) {
    if (schema.isEmpty()) {
      return json.value();
    }
    if (begun.contains(schema)) {
      throw SchemaFault.unsatisfiable(path, "it refers to itself without end");
    }
    String before = known.get(schema);
    if (before != null) {
      return before;
    }
    String rule = rules.reserve(ruleName(schema, name));
    known.put(schema, rule);
    begun.add(schema);
    String body = rules.none();
    try {
      body = written(schema, name, path);
    } catch (SchemaFault.UnsatisfiableException e) {
      none(e);
    } catch (FinchException e) {
      body = failed(e, schema);
    } finally {
      begun.remove(schema);
    }
    rules.fill(rule, body);
    return rule;
  }

  private static String ruleName(ObjectNode schema, String name) {
    String reference = schema.path("$ref").asText();
    return reference.startsWith("#/") ? reference.substring(reference.lastIndexOf('/') + 1) : name;
  }

  private String written(ObjectNode schema, String name, String path) {
    JsonNode reference = schema.size() == 1 ? schema.get("$ref") : null;
    if (reference != null) {
      JsonNode target = references.resolve(reference.textValue(), path);
      return body(target, name, reference.textValue().substring(1));
    }
    List<String> all = new ArrayList<>();
    write(new Conjunction(references, path).add(schema, path), name, all);
    if (all.isEmpty()) {
      throw unmet == null ? SchemaFault.unsatisfiable(path, "no value meets it") : unmet;
    }
    return Rules.choice(all.stream().distinct().toList());
  }

  private void write(Conjunction all, String name, List<String> bodies) {
    ways++;
    if (ways > MOST_WAYS) {
      throw SchemaFault.wrong(
          all.path, "its choices make more than %,d combinations".formatted(MOST_WAYS));
    }
    List<JsonNode> listed = all.listed();
    if (listed != null) {
      values(listed, all.path, bodies);
      return;
    }
    if (all.open.isEmpty()) {
      typed(all, name, bodies);
      return;
    }
    Conjunction.Open open = all.open.removeFirst();
    boolean alone = all.isBlank() && all.open.isEmpty() && open.keyword().equals("anyOf");
    if (alone) {
      for (int i = 0; i < open.value().size(); i++) {
        bodies.add(body(open.value().get(i), name, open.path() + "/" + i));
      }
      return;
    }
    SchemaFault.UnsatisfiableException outer = unmet;
    int before = bodies.size();
    List<Choices.Way> choices = new Choices(all, open).ways();
    for (Choices.Way way : choices) {
      try {
        write(way.taken(all), name, bodies);
      } catch (SchemaFault.UnsatisfiableException e) {
        none(e);
      }
    }
    boolean overlap =
        bodies.size() == before
            && open.keyword().equals("oneOf")
            && choices.stream().filter(way -> way.isPossible(all)).count() > 1;
    if (overlap) {
      unmet = outer;
      throw SchemaFault.unsatisfiable(
          open.path(), "every value that meets one of its parts meets another, too");
    }
  }

  private void values(List<JsonNode> values, String path, List<String> bodies) {
    if (values.isEmpty()) {
      throw SchemaFault.unsatisfiable(path, "no value is left of enum, const and type");
    }
    values.forEach(value -> bodies.add(Rules.literal(JsonLiterals.of(value))));
  }

  private void typed(Conjunction all, String name, List<String> bodies) {
    for (String type : all.types()) {
      try {
        bodies.add(typed(all, type, name));
      } catch (SchemaFault.UnsatisfiableException e) {
        none(e);
      } catch (FinchException e) {
        if (!hint) {
          throw e;
        }
        bodies.add(any(type));
      }
    }
  }

  private String any(String type) {
    return switch (type) {
      case "object" -> json.object();
      case "array" -> json.array();
      case "string" -> json.string();
      case "integer" -> json.integer();
      case "number" -> json.number();
      default -> throw new IllegalArgumentException("type: " + type);
    };
  }

  private String typed(Conjunction all, String type, String name) {
    List<JsonNode> excluded =
        all.excluded.stream().filter(value -> SchemaTypes.matches(value, type)).toList();
    return switch (type) {
      case "object" ->
          all.isAbout(type) || !excluded.isEmpty()
              ? new ObjectRules(this, rules, json, all).body(excluded, name)
              : json.object();
      case "array" ->
          all.isAbout(type) || !excluded.isEmpty()
              ? new ArrayRules(this, rules, json, all).body(excluded, name)
              : json.array();
      case "string" -> new StringRules(json, rules).body(all, excluded, name);
      case "integer", "number" -> new NumberRules(json, rules).body(all, type, excluded, name);
      case "boolean" -> truth(excluded, all.path);
      default -> {
        if (!excluded.isEmpty()) {
          throw SchemaFault.unsatisfiable(all.path, "null is excluded");
        }
        yield "\"null\"";
      }
    };
  }

  private String truth(List<JsonNode> excluded, String path) {
    List<String> left = new ArrayList<>(List.of("true", "false"));
    excluded.forEach(value -> left.remove(value.asText()));
    if (left.isEmpty()) {
      throw SchemaFault.unsatisfiable(path, "true and false are excluded");
    }
    return left.size() == 2 ? json.truth() : Rules.literal(left.getFirst());
  }
}
