package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of an object that its schema does not list by name. */
record OtherMembers(SchemaReader reader, Rules rules, JsonRules json, Conjunction all) {

  /** Up to so many patterns it is looked at which of them a name matches together. */
  private static final int FEW_PATTERNS = 3;

  /** What it takes at least to look at a pattern. */
  private static final long A_PATTERN = 500;

  /** Names are written without escapes, so that no listed one hides behind one. */
  private static final CharacterSet PLAIN =
      CharacterSet.of('"', '"').and(CharacterSet.of('\\', '\\')).inverse();

  /**
   * A body that derives one such member, or null where there are none.
   *
   * @param members where names that are few are added as properties
   */
  @Nullable String body(Map<String, ObjectRules.Member> members, ObjectRules object, String hint) {
    Automaton names = object.nameLanguage();
    List<String> patterns = patterns();
    List<String> ways = new ArrayList<>();
    for (Set<String> matched : subsets(patterns)) {
      List<JsonNode> schemas = schemas(matched);
      boolean closed = matched.isEmpty() && all.noOtherMembers;
      if (closed || schemas.stream().anyMatch(ObjectRules::isFalse)) {
        continue;
      }
      String name = name(names, matched, patterns, members, object, hint);
      if (name != null) {
        String value = reader.after(schemas, hint + "-value", all.path + where(matched));
        if (!value.equals(rules.none())) {
          ways.add("\"\\\"\" %s \"\\\"\" \":\" %s %s".formatted(name, json.space(), value));
        }
      }
    }
    return ways.isEmpty() ? null : rules.define(hint + "-other", Rules.choice(ways));
  }

  private static String where(Set<String> matched) {
    return matched.isEmpty()
        ? "/additionalProperties"
        : "/patternProperties/" + References.token(matched.iterator().next());
  }

  private @Nullable String name(
      @Nullable Automaton names,
      Set<String> matched,
      List<String> patterns,
      Map<String, ObjectRules.Member> members,
      ObjectRules object,
      String hint) {
    Set<String> listed = ObjectRules.all(all);
    if (names == null && patterns.isEmpty()) {
      return OtherNames.body(listed);
    }
    try {
      Automaton language = names == null ? Automaton.manyOf(PLAIN) : names;
      language = language.and(Automaton.manyOf(PLAIN));
      for (String pattern : patterns) {
        Automaton one = all.references().pattern(pattern, all.path + "/patternProperties");
        language = matched.contains(pattern) ? language.and(one) : language.minus(one);
        all.references().budget().spend(A_PATTERN + 10L * language.size());
      }
      language =
          AutomatonRules.writable(language.minus(Automaton.of(listed, all.references().budget())));
      if (language.isEmpty() || object.addFew(language, members, hint)) {
        return null;
      }
      return AutomatonRules.body(language, rules, hint + "-name");
    } catch (Automaton.TooLargeException e) {
      throw SchemaFault.tooLarge(all.path + "/patternProperties");
    }
  }

  private List<String> patterns() {
    Set<String> patterns = new LinkedHashSet<>();
    all.members.forEach(each -> each.patterns().fieldNames().forEachRemaining(patterns::add));
    return List.copyOf(patterns);
  }

  /** Which patterns a name may match: few of them in every combination, many each alone. */
  private List<Set<String>> subsets(List<String> patterns) {
    List<Set<String>> subsets = new ArrayList<>();
    if (patterns.size() > FEW_PATTERNS) {
      patterns.forEach(pattern -> subsets.add(Set.of(pattern)));
    } else {
      for (int mask = 1; mask < 1 << patterns.size(); mask++) {
        Set<String> subset = new LinkedHashSet<>();
        for (int i = 0; i < patterns.size(); i++) {
          if ((mask >> i & 1) != 0) {
            subset.add(patterns.get(i));
          }
        }
        subsets.add(subset);
      }
    }
    boolean described =
        all.members.stream()
            .map(Conjunction.Members::others)
            .anyMatch(others -> others != null && !others.isBoolean());
    if (described || patterns.isEmpty()) {
      subsets.add(Set.of());
    }
    return subsets;
  }

  private List<JsonNode> schemas(Set<String> matched) {
    List<JsonNode> schemas = new ArrayList<>();
    for (Conjunction.Members each : all.members) {
      each.collect(false, matched::contains, schemas);
    }
    return schemas;
  }
}
