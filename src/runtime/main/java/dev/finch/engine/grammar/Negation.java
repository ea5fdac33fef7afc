package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Schemas whose values do not meet another: one for each way of breaking a keyword. Where a way
 * cannot be said as a schema it is left out, so that there may be fewer values than do not meet it,
 * but never others.
 */
final class Negation {

  private static final int MAX_DEPTH = 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final References references;
  private final String path;
  private final List<JsonNode> ways = new ArrayList<>();
  private boolean incomplete;
  private final int depth;

  private Negation(References references, String path, int depth) {
    this.references = references;
    this.path = path;
    this.depth = depth;
  }

  /**
   * The schemas of which a value must meet one.
   *
   * @throws dev.finch.failure.FinchException where none can be said
   * @throws SchemaFault.UnsatisfiableException where every value meets the schema
   */
  static List<JsonNode> of(References references, JsonNode schema, String path) {
    Negation negation = new Negation(references, path, 0);
    negation.negate(schema);
    if (!negation.ways.isEmpty()) {
      return negation.ways;
    }
    if (negation.incomplete) {
      throw Conjunction.undecided(path, "values that do not meet the schema cannot be derived");
    }
    throw SchemaFault.unsatisfiable(path, "every value meets what must not be met");
  }

  private void negate(JsonNode schema) {
    if (depth > MAX_DEPTH) {
      incomplete = true;
      return;
    }
    ObjectNode all = SchemaKeywords.of(schema, path);
    for (var entry : all.properties()) {
      String keyword = entry.getKey();
      boolean bound =
          (keyword.equals("items") && all.has("prefixItems"))
              || (keyword.equals("contains") && all.has("minContains"));
      if (bound) {
        incomplete = true;
      } else {
        negate(keyword, entry.getValue());
      }
    }
  }

  /** The ways of not meeting another schema. */
  private List<JsonNode> inner(JsonNode schema) {
    Negation inner = new Negation(references, path, depth + 1);
    inner.negate(schema);
    incomplete |= inner.incomplete;
    return inner.ways;
  }

  private void negate(String keyword, JsonNode value) {
    switch (keyword) {
      case "$ref", "$dynamicRef", "$recursiveRef" ->
          ways.addAll(inner(references.resolve(value.textValue(), path)));
      case "allOf" -> value.forEach(each -> ways.addAll(inner(each)));
      case "anyOf", "oneOf" -> none(value);
      case "not" -> ways.add(value);
      case "type" -> types(value);
      case "enum" -> ways.add(single(SchemaKeywords.NOT_ENUM, value));
      case "const" -> ways.add(single(SchemaKeywords.NOT_ENUM, NODES.arrayNode().add(value)));
      case SchemaKeywords.NOT_ENUM -> ways.add(single("enum", value));
      case "minimum" -> way("number", "exclusiveMaximum", value);
      case "exclusiveMinimum" -> way("number", "maximum", value);
      case "maximum" -> way("number", "exclusiveMinimum", value);
      case "exclusiveMaximum" -> way("number", "minimum", value);
      case "multipleOf" -> way("number", SchemaKeywords.NOT_MULTIPLE, value);
      case SchemaKeywords.NOT_MULTIPLE -> way("number", "multipleOf", value);
      case "pattern" -> way("string", SchemaKeywords.NOT_PATTERN, value);
      case SchemaKeywords.NOT_PATTERN -> way("string", "pattern", value);
      case "minLength" -> fewer("string", "maxLength", value);
      case "maxLength" -> way("string", "minLength", plus(value, 1));
      case "minItems" -> fewer("array", "maxItems", value);
      case "maxItems" -> way("array", "minItems", plus(value, 1));
      case "minProperties" -> fewer("object", "maxProperties", value);
      case "maxProperties" -> way("object", "minProperties", plus(value, 1));
      case "required" -> value.forEach(name -> ways.add(without(name.textValue())));
      case "properties" -> value.properties().forEach(e -> member(e.getKey(), e.getValue()));
      case "items" -> each("contains", value);
      case "contains" -> each("items", value);
      case "format" -> incomplete |= StringFormats.isKnown(value.textValue());
      case "nullable", "then", "else" -> {}
      default -> incomplete = true;
    }
  }

  /** A value that meets no branch. */
  private void none(JsonNode branches) {
    ArrayNode all = NODES.arrayNode();
    for (JsonNode branch : branches) {
      List<JsonNode> no = inner(branch);
      if (no.isEmpty()) {
        return;
      }
      all.add(one(no));
    }
    ways.add(single("allOf", all));
  }

  private void types(JsonNode types) {
    Set<String> others = new LinkedHashSet<>(SchemaTypes.ALL);
    List<String> names = SchemaTypes.names(types);
    for (String type : names) {
      others.remove(type.equals("integer") ? "number" : type);
    }
    if (names.contains("integer") && !names.contains("number")) {
      way("number", SchemaKeywords.NOT_MULTIPLE, DecimalNode.valueOf(BigDecimal.ONE));
    }
    if (!others.isEmpty()) {
      ArrayNode left = NODES.arrayNode();
      others.forEach(left::add);
      ways.add(single("type", left));
    }
  }

  private void member(String name, JsonNode schema) {
    List<JsonNode> no = inner(schema);
    if (!no.isEmpty()) {
      ObjectNode way = typed("object");
      way.putArray("required").add(name);
      way.putObject("properties").set(name, one(no));
      ways.add(way);
    }
  }

  private static ObjectNode without(String name) {
    ObjectNode way = typed("object");
    way.putObject("properties").set(name, BooleanNode.FALSE);
    return way;
  }

  private void each(String keyword, JsonNode schema) {
    List<JsonNode> no = schema.isArray() ? List.of() : inner(schema);
    incomplete |= schema.isArray();
    if (!no.isEmpty()) {
      way("array", keyword, one(no));
    }
  }

  private void fewer(String type, String keyword, JsonNode least) {
    if (least.decimalValue().signum() > 0) {
      way(type, keyword, plus(least, -1));
    }
  }

  private void way(String type, String keyword, JsonNode value) {
    ways.add(typed(type).set(keyword, value));
  }

  private static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }

  private static JsonNode plus(JsonNode count, int more) {
    return DecimalNode.valueOf(count.decimalValue().add(BigDecimal.valueOf(more)));
  }

  private static JsonNode one(List<JsonNode> ways) {
    return ways.size() == 1 ? ways.getFirst() : single("anyOf", NODES.arrayNode().addAll(ways));
  }

  private static JsonNode single(String keyword, JsonNode value) {
    return NODES.objectNode().set(keyword, value);
  }
}
