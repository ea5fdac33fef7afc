package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a schema: the properties in the order in which the schema lists them, the optional
 * ones left out or not, then others where the schema describes these.
 */
record ObjectRules(SchemaReader reader, Rules rules, JsonRules json, Conjunction all) {

  /** What may be written as a name of its own rather than as a pattern. */
  private static final int FEW_NAMES = 64;

  /** Whether no object that is derived for the first can meet both. */
  static boolean areApart(Conjunction all, Conjunction both) {
    boolean closed = !derivesOthers(all) && all.memberCount.min() == 0;
    Set<String> listed = listed(all);
    for (String name : both.required) {
      if (closed && !listed.contains(name)) {
        return true;
      }
      if (Choices.isNever(both.references(), both.memberSchemas(name))) {
        return true;
      }
    }
    return false;
  }

  String body(List<JsonNode> excluded, String name) {
    Bounds count = all.memberCount;
    for (JsonNode value : excluded) {
      if (!value.isEmpty()) {
        throw Conjunction.undecided(all.path, "an object is excluded, which cannot be kept");
      }
      count = count.and(new Bounds(1, Bounds.UNBOUNDED));
    }
    Map<String, Member> members = new LinkedHashMap<>();
    for (String each : listed(all)) {
      add(each, members, name);
    }
    String others = null;
    if (derivesOthers(all) || members.size() < count.min()) {
      others = new OtherMembers(reader, rules, json, all).body(members, this, name);
    }
    return new MemberRules(rules, json, List.copyOf(members.values()), others, count, all.path)
        .body(name);
  }

  /**
   * A property.
   *
   * @param body derives its name and its value
   */
  record Member(String body, boolean required) {}

  /** Adds a property where it may be there at all. */
  void add(String name, Map<String, Member> members, String hint) {
    boolean required = all.required.contains(name);
    String body = isAllowed(name) ? member(name, hint) : rules.none();
    if (!body.equals(rules.none())) {
      members.put(name, new Member(body, required));
    } else if (required) {
      throw SchemaFault.unsatisfiable(
          all.path, "the property '" + name + "' is required and not allowed at once");
    }
  }

  private boolean isAllowed(String name) {
    List<JsonNode> schemas = all.memberSchemas(name);
    boolean described =
        all.members.stream().anyMatch(each -> each.properties().has(name)) || !schemas.isEmpty();
    SchemaCheck check = new SchemaCheck(all.references());
    return (described || !all.noOtherMembers)
        && schemas.stream().noneMatch(ObjectRules::isFalse)
        && all.names.stream()
            .allMatch(names -> check.accepts(names, TextNode.valueOf(name), all.path));
  }

  static boolean isFalse(@Nullable JsonNode schema) {
    return schema != null && schema.isBoolean() && !schema.booleanValue();
  }

  private String member(String name, String hint) {
    String rule = hint.equals("value") ? name : hint + "-" + name;
    String where = all.path;
    for (Conjunction.Members each : all.members) {
      if (each.properties().has(name)) {
        where = each.path() + "/properties/" + References.token(name);
        break;
      }
    }
    String value = reader.after(all.memberSchemas(name), rule, where);
    return value.equals(rules.none())
        ? value
        : rules.define(
            rule + "-member",
            "%s \":\" %s %s"
                .formatted(Rules.literal(JsonLiterals.quoted(name)), json.space(), value));
  }

  /** Names that are listed or required, in their order. */
  private static Set<String> listed(Conjunction all) {
    Set<String> names = new LinkedHashSet<>();
    all.members.forEach(each -> each.properties().fieldNames().forEachRemaining(names::add));
    names.addAll(all.required);
    return names;
  }

  /** Whether members that are not listed are derived: they are where the schema says of them. */
  static boolean derivesOthers(Conjunction all) {
    boolean described = false;
    boolean listed = false;
    for (Conjunction.Members each : all.members) {
      JsonNode others = each.others();
      described |= !each.patterns().isEmpty() || (others != null && !others.isBoolean());
      List<JsonNode> properties = new ArrayList<>();
      each.properties().forEach(properties::add);
      boolean only = !properties.isEmpty() && properties.stream().allMatch(ObjectRules::isFalse);
      listed |= each.properties().isObject() && !only;
    }
    return described || !listed;
  }

  /** The texts that names may be, or null for any. */
  @Nullable Automaton nameLanguage() {
    Automaton language = null;
    for (JsonNode names : all.names) {
      Automaton one = StringRules.language(all.references(), names, all.path + "/propertyNames");
      language = language == null ? one : one == null ? language : language.and(one);
    }
    return language;
  }

  /** Few names that a language has, each a property of its own; false where they are many. */
  boolean addFew(Automaton language, Map<String, Member> members, String hint) {
    List<String> few = language.texts(FEW_NAMES);
    if (few == null) {
      return false;
    }
    few.forEach(each -> add(each, members, hint));
    return true;
  }

  /** Names as a set that {@link OtherMembers} must not derive. */
  static Set<String> all(Conjunction all) {
    return listed(all);
  }
}
