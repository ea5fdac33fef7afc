package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What several schemas demand of one value together. What leaves a choice ({@code anyOf} and the
 * like) is kept apart until one of its ways is taken. Confined to the one who writes it.
 */
final class Conjunction {

  private static final int MAX_DEPTH = 60;

  /** A keyword that can be met in several ways. */
  record Open(String keyword, JsonNode value, String path) {}

  /** Members that one schema describes: those that it names, by pattern, and all others. */
  record Members(JsonNode properties, JsonNode patterns, @Nullable JsonNode others, String path) {

    /**
     * What a member must meet that is listed by its name or not, and whose name these patterns
     * match.
     */
    void collect(boolean listed, Predicate<String> matches, List<JsonNode> into) {
      boolean known = listed;
      for (var pattern : patterns.properties()) {
        if (matches.test(pattern.getKey())) {
          known = true;
          into.add(pattern.getValue());
        }
      }
      if (!known && others != null) {
        into.add(others);
      }
    }
  }

  /** Items that one schema describes: the first ones and all others. */
  record Items(List<JsonNode> first, @Nullable JsonNode others, String path) {
    public Items {
      first = List.copyOf(first);
    }
  }

  /** Items of which there must be some, or not too many. */
  record Contained(JsonNode schema, Bounds count, String path) {}

  private final References references;
  final String path;

  /** The schemas themselves, for values that can be looked at. */
  final List<JsonNode> sources = new ArrayList<>();

  final List<Open> open = new ArrayList<>();
  @Nullable Set<String> types;
  boolean nullable;
  @Nullable List<JsonNode> values;
  final List<JsonNode> excluded = new ArrayList<>();
  final NumberBounds numbers = new NumberBounds();
  Bounds length = Bounds.ANY;
  final Set<String> patterns = new LinkedHashSet<>();
  final Set<String> notPatterns = new LinkedHashSet<>();
  final Set<String> formats = new LinkedHashSet<>();
  Bounds itemCount = Bounds.ANY;
  boolean unique;
  boolean noOtherItems;
  final List<Items> items = new ArrayList<>();
  final List<Contained> contained = new ArrayList<>();
  Bounds memberCount = Bounds.ANY;
  boolean noOtherMembers;
  final Set<String> required = new LinkedHashSet<>();
  final List<Members> members = new ArrayList<>();
  final List<JsonNode> names = new ArrayList<>();

  Conjunction(References references, String path) {
    this.references = references;
    this.path = path;
  }

  Conjunction copy() {
    references.budget().spend(20 + open.size() + sources.size());
    Conjunction copy = new Conjunction(references, path);
    copy.sources.addAll(sources);
    copy.open.addAll(open);
    copy.types = types == null ? null : new LinkedHashSet<>(types);
    copy.nullable = nullable;
    copy.values = values;
    copy.excluded.addAll(excluded);
    copy.numbers.add(numbers);
    copy.length = length;
    copy.patterns.addAll(patterns);
    copy.notPatterns.addAll(notPatterns);
    copy.formats.addAll(formats);
    copy.itemCount = itemCount;
    copy.unique = unique;
    copy.noOtherItems = noOtherItems;
    copy.items.addAll(items);
    copy.contained.addAll(contained);
    copy.memberCount = memberCount;
    copy.noOtherMembers = noOtherMembers;
    copy.required.addAll(required);
    copy.members.addAll(members);
    copy.names.addAll(names);
    return copy;
  }

  /** Demands this schema, too. */
  Conjunction add(JsonNode schema, String where) {
    references.budget().spend(10);
    sources.add(schema);
    add(schema, where, 0);
    return this;
  }

  private void add(JsonNode schema, String where, int depth) {
    if (depth > MAX_DEPTH) {
      throw SchemaFault.unsatisfiable(where, "references or allOf nest without end");
    }
    if (ObjectRules.isFalse(schema)) {
      throw SchemaFault.unsatisfiable(where, "no value can meet 'false'");
    }
    ObjectNode all = SchemaKeywords.of(schema, where);
    for (var entry : all.properties()) {
      add(entry.getKey(), entry.getValue(), all, where, depth);
    }
    if (all.has("properties") || all.has("patternProperties") || all.has("additionalProperties")) {
      members.add(
          new Members(
              all.path("properties"),
              all.path("patternProperties"),
              all.get("additionalProperties"),
              where));
    }
    if (all.has("items") || all.has("prefixItems")) {
      items.add(items(all, where));
    }
    require(where);
  }

  private static Items items(ObjectNode all, String where) {
    boolean tuple = all.path("items").isArray(); // as drafts before 2020 write prefixItems
    List<JsonNode> first = new ArrayList<>();
    (tuple ? all.get("items") : all.path("prefixItems")).forEach(first::add);
    return new Items(first, tuple ? all.get("additionalItems") : all.get("items"), where);
  }

  private void add(String keyword, JsonNode value, ObjectNode all, String where, int depth) {
    String at = where + "/" + keyword;
    switch (keyword) {
      case "$ref", "$dynamicRef", "$recursiveRef" ->
          add(
              references.resolve(value.textValue(), where),
              value.textValue().substring(1),
              depth + 1);
      case "allOf" -> {
        for (int i = 0; i < value.size(); i++) {
          add(value.get(i), at + "/" + i, depth + 1);
        }
      }
      case "anyOf", "oneOf", "not", "dependentRequired", "dependentSchemas", "dependencies" ->
          open.add(new Open(keyword, value, at));
      case "if" -> {
        if (all.has("then") || all.has("else")) {
          open.add(new Open("if", all.deepCopy().retain("if", "then", "else"), where));
        }
      }
      case "type" -> restrict(SchemaTypes.names(value), where);
      case "nullable" -> nullable |= value.booleanValue();
      case "enum" -> keep(list(value));
      case "const" -> keep(List.of(value));
      case SchemaKeywords.NOT_ENUM -> excluded.addAll(list(value));
      case "minLength", "maxLength" -> length = length.and(keyword, value);
      case "pattern" -> patterns.add(value.textValue());
      case SchemaKeywords.NOT_PATTERN -> notPatterns.add(value.textValue());
      case "format" -> formats.add(value.textValue());
      case "contentEncoding" -> formats.add(StringFormats.BASE64);
      case "minItems", "maxItems" -> itemCount = itemCount.and(keyword, value);
      case "uniqueItems" -> unique |= value.booleanValue();
      case "unevaluatedItems" -> noOtherItems |= value.isBoolean() && !value.booleanValue();
      case "contains" -> contained.add(contained(value, all, at));
      case "required" -> value.forEach(name -> required.add(name.textValue()));
      case "minProperties", "maxProperties" -> memberCount = memberCount.and(keyword, value);
      case "propertyNames" -> names.add(value);
      // What is not described is not derived, so that it need not be looked for.
      case "unevaluatedProperties" -> noOtherMembers |= !value.isBoolean() || !value.booleanValue();
      default -> numbers.add(keyword, value, at);
    }
  }

  private static Contained contained(JsonNode schema, ObjectNode all, String where) {
    Bounds count = new Bounds(1, Bounds.UNBOUNDED);
    if (all.has("minContains")) {
      count = new Bounds(Bounds.clamped(all.get("minContains")), Bounds.UNBOUNDED);
    }
    if (all.has("maxContains")) {
      count = new Bounds(count.min(), Bounds.clamped(all.get("maxContains")));
    }
    return new Contained(schema, count, where);
  }

  private static List<JsonNode> list(JsonNode values) {
    List<JsonNode> list = new ArrayList<>();
    values.forEach(list::add);
    return list;
  }

  private void keep(List<JsonNode> only) {
    List<JsonNode> before = values;
    if (before == null) {
      values = only;
      return;
    }
    Set<String> texts = new HashSet<>();
    only.forEach(each -> texts.add(JsonLiterals.canonical(each)));
    values = before.stream().filter(each -> texts.contains(JsonLiterals.canonical(each))).toList();
  }

  private void restrict(List<String> other, String where) {
    other.stream()
        .filter(type -> !SchemaTypes.ALL.contains(type) && !type.equals("integer"))
        .findFirst()
        .ifPresent(
            type -> {
              throw SchemaFault.wrong(
                  where + "/type",
                  "'%s' is no type of JSON (expected: %s or integer)"
                      .formatted(type, String.join(", ", SchemaTypes.ALL)));
            });
    Set<String> before = types;
    types = before == null ? new LinkedHashSet<>(other) : SchemaTypes.common(before, other);
  }

  /** Refuses at once what can be seen to have no value. */
  private void require(String where) {
    Set<String> left = types;
    if (left != null && left.isEmpty() && !nullable) {
      throw SchemaFault.unsatisfiable(where, "no value has all of its types");
    }
    if (values != null && values.isEmpty()) {
      throw SchemaFault.unsatisfiable(where, "no value is left of enum, const and type");
    }
  }

  /** The types that a value may have, or that the schemas are about where they do not say. */
  List<String> types() {
    Set<String> all = new LinkedHashSet<>();
    if (types != null) {
      all.addAll(types);
    } else {
      SchemaTypes.ALL.stream().filter(this::isAbout).forEach(all::add);
      if (all.isEmpty()) {
        all.addAll(SchemaTypes.ALL);
      }
    }
    if (nullable) {
      all.add("null");
    }
    return List.copyOf(all);
  }

  /** Whether something is said about values of a type beyond that they may be. */
  boolean isAbout(String type) {
    return switch (type) {
      case "object" ->
          !members.isEmpty()
              || !required.isEmpty()
              || !names.isEmpty()
              || noOtherMembers
              || !memberCount.equals(Bounds.ANY);
      case "array" ->
          !items.isEmpty()
              || !contained.isEmpty()
              || unique
              || noOtherItems
              || !itemCount.equals(Bounds.ANY);
      case "string" ->
          !patterns.isEmpty()
              || !notPatterns.isEmpty()
              || formats.stream().anyMatch(StringFormats::isKnown)
              || !length.equals(Bounds.ANY);
      case "number", "integer" -> !numbers.isFree();
      default -> false;
    };
  }

  /** Whether nothing is demanded but what is open. */
  boolean isBlank() {
    return types == null
        && values == null
        && !numbers.plain
        && excluded.isEmpty()
        && SchemaTypes.ALL.stream().noneMatch(this::isAbout);
  }

  /** The values that are listed and that all schemas take, or null where none are listed. */
  @Nullable List<JsonNode> listed() {
    List<JsonNode> all = values;
    if (all == null) {
      return null;
    }
    SchemaCheck check = new SchemaCheck(references);
    List<JsonNode> kept = new ArrayList<>();
    for (JsonNode value : all) {
      if (sources.stream().allMatch(source -> check.accepts(source, value, path))) {
        kept.add(value);
      }
    }
    return kept;
  }

  /** What a member of this name must meet; a schema that is false where it must not be. */
  List<JsonNode> memberSchemas(String name) {
    List<JsonNode> all = new ArrayList<>();
    for (Members each : members) {
      JsonNode listed = each.properties().get(name);
      if (listed != null) {
        all.add(listed);
      }
      each.collect(listed != null, pattern -> references.matches(pattern, name, each.path()), all);
    }
    return all;
  }

  /** What an item must meet. */
  List<JsonNode> itemSchemas(int index) {
    List<JsonNode> all = new ArrayList<>();
    for (Items each : items) {
      JsonNode others = each.others();
      if (index < each.first().size()) {
        all.add(each.first().get(index));
      } else if (others != null) {
        all.add(others);
      }
    }
    return all;
  }

  References references() {
    return references;
  }

  /** A way of an open keyword that cannot be told apart from another. */
  static FinchException undecided(String path, String what) {
    return SchemaFault.refused(
        path, what, "Say it with type, enum, const, required or bounds, or check it yourself.");
  }
}
