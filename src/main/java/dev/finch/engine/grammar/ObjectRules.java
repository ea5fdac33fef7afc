package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a schema: the properties in the order in which the schema lists them, the optional
 * ones left out or not, then additional ones where the schema describes these.
 */
record ObjectRules(SchemaReader reader, Rules rules, JsonRules json) {

  private record Member(String body, boolean required) {}

  String body(ObjectNode schema, String hint, String path) {
    JsonNode additional = schema.get("additionalProperties");
    Map<String, JsonNode> properties = properties(schema, additional, path);
    List<String> required = Closing.required(schema);
    List<Member> members = new ArrayList<>();
    properties.forEach(
        (name, value) -> {
          if (!isFalse(value)) {
            members.add(new Member(member(name, value, hint, path), required.contains(name)));
          } else if (required.contains(name)) {
            throw SchemaFault.wrong(path, "the property '" + name + "' is required and false");
          }
        });
    String others = additional(schema, additional, properties.keySet(), hint, path);
    String inside = inside(members, others, hint);
    return rules.define(
        hint + "-object",
        "\"{\" %s %s \"}\"".formatted(json.space(), inside.isEmpty() ? "\"\"" : inside));
  }

  private static boolean isFalse(@Nullable JsonNode schema) {
    return schema != null && schema.isBoolean() && !schema.booleanValue();
  }

  /** What is listed, and what is required without being listed. */
  private static Map<String, JsonNode> properties(
      ObjectNode schema, @Nullable JsonNode additional, String path) {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
    for (String name : Closing.required(schema)) {
      if (!properties.containsKey(name) && isFalse(additional)) {
        throw SchemaFault.wrong(
            path, "the property '" + name + "' is required and not allowed at once");
      }
      properties.putIfAbsent(name, additional == null ? BooleanNode.TRUE : additional);
    }
    return properties;
  }

  private String member(String name, JsonNode schema, String hint, String path) {
    String rule = hint.equals("value") ? name : hint + "-" + name;
    String value = reader.body(schema, rule, path + "/properties/" + name);
    return rules.define(
        rule + "-member",
        "%s \":\" %s %s".formatted(Rules.literal(JsonText.quoted(name)), json.space(), value));
  }

  /** A member that the schema does not list, or null where it describes none. */
  private @Nullable String additional(
      ObjectNode schema,
      @Nullable JsonNode additional,
      Iterable<String> names,
      String hint,
      String path) {
    boolean described = additional != null && !additional.isBoolean();
    boolean open = !schema.has("properties") && !isFalse(additional);
    if (!described && !open) {
      return null;
    }
    JsonNode value = additional == null ? BooleanNode.TRUE : additional;
    String body = reader.body(value, hint + "-value", path + "/additionalProperties");
    return rules.define(
        hint + "-other",
        "\"\\\"\" %s \"\\\"\" \":\" %s %s".formatted(OtherNames.body(names), json.space(), body));
  }

  private String inside(List<Member> members, @Nullable String others, String hint) {
    String comma = "\",\" " + json.space() + " ";
    String many = others == null ? "" : " (" + comma + others + ")*";
    // What may follow once something stands there, and what may stand there alone.
    String after = many;
    String alone = others == null ? "" : "(" + others + many + ")?";
    for (Member member : members.reversed()) {
      String rest = after.isBlank() ? "" : " " + shared(hint + "-rest", after);
      String here = member.body() + rest;
      if (member.required()) {
        after = " " + comma + here;
        alone = here;
      } else {
        after = " (" + comma + member.body() + ")?" + rest;
        alone = alone.isBlank() ? "(" + here + ")?" : "(" + here + " | " + alone + ")";
      }
    }
    return alone.isBlank() ? "" : alone + " " + json.space();
  }

  private String shared(String hint, String body) {
    return rules.define(hint, body.strip());
  }
}
