package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A schema document: its references, and the conjunction of schemas. Immutable. */
final class Schemas {

  /** Keywords that say nothing about which values are valid. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "example",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "discriminator",
          "externalDocs",
          "xml",
          "strict");

  private static final int MAX_DEPTH = 60;

  private final JsonNode document;

  Schemas(JsonNode document) {
    this.document = document;
  }

  static boolean isAnnotation(String keyword) {
    return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
  }

  /** The keywords of a schema that bear on validity. */
  static ObjectNode assertions(JsonNode schema, String path) {
    if (schema instanceof BooleanNode all && all.booleanValue()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!schema.isObject()) {
      throw SchemaFault.wrong(
          path, schema.isBoolean() ? "no value can meet 'false'" : "expected an object or true");
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    schema
        .properties()
        .forEach(
            entry -> {
              if (!isAnnotation(entry.getKey())) {
                kept.set(entry.getKey(), entry.getValue());
              }
            });
    return kept;
  }

  /** The schema that a reference inside the document points at. */
  JsonNode resolve(String reference, String path) {
    if (!reference.startsWith("#") || (reference.length() > 1 && reference.charAt(1) != '/')) {
      throw SchemaFault.refused(
          path,
          "the $ref '" + reference + "' points outside the schema or at an anchor",
          "Put the schema under $defs and refer to it as #/$defs/name.");
    }
    String pointer =
        URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
    JsonNode target = document.at(pointer);
    if (target.isMissingNode()) {
      throw SchemaFault.wrong(path, "the $ref '" + reference + "' points at nothing");
    }
    return target;
  }

  /** A schema with its own references and {@code allOf} merged into it. */
  ObjectNode flat(JsonNode schema, String path) {
    return flat(schema, path, 0);
  }

  private ObjectNode flat(JsonNode schema, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw SchemaFault.wrong(path, "references or allOf nest without end");
    }
    ObjectNode all = assertions(schema, path);
    JsonNode reference = all.remove("$ref");
    JsonNode parts = all.remove("allOf");
    if (reference != null) {
      all = merged(flat(resolve(reference.asText(), path), path, depth + 1), all, path);
    }
    if (parts != null) {
      for (JsonNode part : parts) {
        all = merged(all, flat(part, path + "/allOf", depth + 1), path);
      }
    }
    return all;
  }

  /** A schema that takes what both take; neither has references or {@code allOf} of its own. */
  ObjectNode merged(ObjectNode first, ObjectNode second, String path) {
    ObjectNode both = first.deepCopy();
    Closing.apply(both, second, path);
    for (var entry : second.properties()) {
      String keyword = entry.getKey();
      JsonNode mine = both.get(keyword);
      JsonNode theirs = entry.getValue();
      both.set(
          keyword,
          mine == null || mine.equals(theirs) ? theirs : joined(keyword, mine, theirs, path));
    }
    return both;
  }

  private JsonNode joined(String keyword, JsonNode mine, JsonNode theirs, String path) {
    return switch (keyword) {
      case "properties" -> properties((ObjectNode) mine, (ObjectNode) theirs);
      case "required" -> union(mine, theirs);
      case "type" -> types(mine, theirs, path);
      case "enum" -> common(mine, theirs, path);
      case "minimum", "exclusiveMinimum", "minLength", "minItems" ->
          mine.decimalValue().compareTo(theirs.decimalValue()) >= 0 ? mine : theirs;
      case "maximum", "exclusiveMaximum", "maxLength", "maxItems" ->
          mine.decimalValue().compareTo(theirs.decimalValue()) <= 0 ? mine : theirs;
      case "items", "additionalProperties" -> conjunction(mine, theirs);
      case "nullable" -> BooleanNode.valueOf(mine.booleanValue() && theirs.booleanValue());
      default -> throw SchemaFault.keyword(path, keyword + "' twice in allOf or $ref '");
    };
  }

  static JsonNode conjunction(JsonNode mine, JsonNode theirs) {
    if (mine.isBoolean()) {
      return mine.booleanValue() ? theirs : mine;
    }
    if (theirs.isBoolean()) {
      return theirs.booleanValue() ? mine : theirs;
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode().add(mine).add(theirs);
    return JsonNodeFactory.instance.objectNode().set("allOf", parts);
  }

  private static JsonNode properties(ObjectNode mine, ObjectNode theirs) {
    ObjectNode all = mine.deepCopy();
    for (var entry : theirs.properties()) {
      JsonNode known = all.get(entry.getKey());
      all.set(
          entry.getKey(),
          known == null || known.equals(entry.getValue())
              ? entry.getValue()
              : conjunction(known, entry.getValue()));
    }
    return all;
  }

  private static JsonNode union(JsonNode mine, JsonNode theirs) {
    Set<JsonNode> names = new LinkedHashSet<>();
    mine.forEach(names::add);
    theirs.forEach(names::add);
    return JsonNodeFactory.instance.arrayNode().addAll(names);
  }

  private static JsonNode types(JsonNode mine, JsonNode theirs, String path) {
    List<String> other = names(theirs);
    Set<String> kept = new LinkedHashSet<>();
    for (String type : names(mine)) {
      if (other.contains(type) || (type.equals("integer") && other.contains("number"))) {
        kept.add(type);
      } else if (type.equals("number") && other.contains("integer")) {
        kept.add("integer");
      }
    }
    if (kept.isEmpty()) {
      throw SchemaFault.wrong(path, "no value is both " + mine + " and " + theirs);
    }
    ArrayNode types = JsonNodeFactory.instance.arrayNode();
    kept.forEach(types::add);
    return types;
  }

  /** The one or more types that the keyword names. */
  static List<String> names(JsonNode types) {
    List<String> names = new ArrayList<>();
    if (types.isArray()) {
      types.forEach(type -> names.add(type.asText()));
    } else {
      names.add(types.asText());
    }
    return names;
  }

  private static JsonNode common(JsonNode mine, JsonNode theirs, String path) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode value : mine) {
      for (JsonNode other : theirs) {
        if (value.equals(other)) {
          kept.add(value);
          break;
        }
      }
    }
    if (kept.isEmpty()) {
      throw SchemaFault.wrong(path, "no value is in both enums");
    }
    return kept;
  }
}
