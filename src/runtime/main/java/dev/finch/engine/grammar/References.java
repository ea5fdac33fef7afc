package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A schema document whose references are all pointers into it: those by name ({@code $id}, {@code
 * $anchor}) are replaced by where they lead. Nothing is ever fetched. It keeps the automata of the
 * document's patterns, too. Confined to the one who writes its grammar.
 */
final class References {

  /** Their values are data, in which {@code $ref} is a word like any other. */
  private static final Set<String> DATA = Set.of("enum", "const", "default", "example", "examples");

  private static final Set<String> BY_NAME =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  private static final List<String> REFERENCES = List.of("$ref", "$dynamicRef", "$recursiveRef");

  /** The document's own name where it says none. */
  private static final String HERE = "finch:/schema";

  private final Map<String, String> places = new HashMap<>();
  private final Map<String, Automaton> patterns = new HashMap<>();
  private final AutomatonBudget budget;
  private final JsonNode document;
  private final String base;

  References(JsonNode schema, AutomatonBudget budget) {
    this.budget = budget;
    base = named(schema, HERE);
    places.put(HERE, "");
    index(schema, HERE, "");
    document = canonical(schema, HERE);
  }

  /** The schema with every reference a pointer, where it leads somewhere. */
  JsonNode document() {
    return document;
  }

  /** What a reference of {@link #document()} points at. */
  JsonNode resolve(String reference, String path) {
    JsonNode target =
        reference.startsWith("#") && (reference.length() == 1 || reference.charAt(1) == '/')
            ? document.at(reference.substring(1))
            : document.at("/\0");
    if (!target.isMissingNode()) {
      return target;
    }
    String where = reference.startsWith("#") ? "at nothing" : "outside the schema";
    throw SchemaFault.refused(
        path,
        "the $ref '%s' points %s".formatted(reference, where),
        "Put the schema under $defs and refer to it as #/$defs/name; nothing is fetched.");
  }

  /** What may be spent on automata. */
  AutomatonBudget budget() {
    return budget;
  }

  /**
   * The texts in which a match of the pattern is found.
   *
   * @param path where it stands, for messages
   */
  Automaton pattern(String pattern, String path) {
    Automaton known = patterns.get(pattern);
    if (known == null) {
      try {
        known = Determinizer.containing(RegexParser.parse(pattern, path), budget);
      } catch (Automaton.TooLargeException e) {
        throw SchemaFault.tooLarge(path);
      }
      patterns.put(pattern, known);
    }
    return known;
  }

  boolean matches(String pattern, String text, String path) {
    return pattern(pattern, path).accepts(text);
  }

  /** A token of a JSON pointer (RFC 6901). */
  static String token(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void index(JsonNode node, String outer, String pointer) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        index(node.get(i), outer, pointer + "/" + i);
      }
    }
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    String inner = named(schema, outer);
    if (!inner.equals(outer)) {
      places.putIfAbsent(inner, pointer);
    }
    for (String anchor : List.of("$anchor", "$dynamicAnchor")) {
      if (schema.path(anchor).isTextual()) {
        places.putIfAbsent(inner + "#" + schema.get(anchor).textValue(), pointer);
      }
    }
    for (var entry : schema.properties()) {
      String at = pointer + "/" + token(entry.getKey());
      if (BY_NAME.contains(entry.getKey()) && entry.getValue().isObject()) {
        for (var each : entry.getValue().properties()) {
          index(each.getValue(), inner, at + "/" + token(each.getKey()));
        }
      } else if (!DATA.contains(entry.getKey())) {
        index(entry.getValue(), inner, at);
      }
    }
  }

  private JsonNode canonical(JsonNode node, String outer) {
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(node.size());
      node.forEach(each -> copy.add(canonical(each, outer)));
      return copy;
    }
    if (!(node instanceof ObjectNode schema)) {
      return node;
    }
    String inner = named(schema, outer);
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (var entry : schema.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      if (BY_NAME.contains(key) && value.isObject()) {
        ObjectNode all = copy.putObject(key);
        value.properties().forEach(e -> all.set(e.getKey(), canonical(e.getValue(), inner)));
      } else if (REFERENCES.contains(key) && value.isTextual()) {
        copy.put(key, pointer(value.textValue(), inner));
      } else {
        copy.set(key, DATA.contains(key) ? value : canonical(value, inner));
      }
    }
    return copy;
  }

  /** The reference as a pointer, or as it is where it leads out of the document. */
  private String pointer(String reference, String from) {
    int hash = reference.indexOf('#');
    String name = hash < 0 ? reference : reference.substring(0, hash);
    String fragment = hash < 0 ? "" : decoded(reference.substring(hash + 1));
    String whole = name.isEmpty() ? from : resolved(from, name);
    String place = whole.equals(base) ? "" : places.get(whole);
    if (place == null) {
      return reference;
    }
    if (fragment.isEmpty() || fragment.startsWith("/")) {
      return "#" + place + fragment;
    }
    String anchored = places.get(whole + "#" + fragment);
    return anchored == null ? reference : "#" + anchored;
  }

  private static String decoded(String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return fragment;
    }
  }

  private static String named(JsonNode schema, String outer) {
    JsonNode id = schema.path("$id").isTextual() ? schema.get("$id") : schema.path("id");
    String name = id.isTextual() ? id.textValue() : "";
    int hash = name.indexOf('#');
    String own = hash < 0 ? name : name.substring(0, hash);
    return own.isEmpty() ? outer : resolved(outer, own);
  }

  private static String resolved(String base, String name) {
    @Nullable URI uri;
    try {
      uri = new URI(base).resolve(new URI(name));
    } catch (URISyntaxException e) {
      uri = null;
    }
    return uri == null ? name : uri.toString();
  }
}
