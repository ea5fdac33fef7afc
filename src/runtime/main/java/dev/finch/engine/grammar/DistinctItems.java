package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items that are all different, of few values: in any order where these are very few, else in the
 * order in which the schema lists them.
 *
 * @param first the values of each of the first items, which may be others than those of the rest
 * @param rest the values of all other items
 * @param values all of them
 */
record DistinctItems(
    Rules rules,
    JsonRules json,
    List<Set<String>> first,
    Set<String> rest,
    List<String> values,
    Bounds count,
    String path) {

  private static final int ANY_ORDER = 7;
  private static final int MOST_LISTED = 200;
  private static final int MOST_RULES = 20_000;

  /** Where there are more values than are listed in any case, a rule is longer. */
  private static final int MOST_LONG_RULES = 6_000;

  private static final int LONG = 20;

  /** Items of these schemas, or null where they may have many values. */
  static @Nullable DistinctItems of(
      ArrayRules array, List<List<JsonNode>> first, @Nullable List<JsonNode> others, Bounds count) {
    Conjunction all = array.all();
    Map<String, String> values = new LinkedHashMap<>();
    List<Set<String>> each = new ArrayList<>();
    for (List<JsonNode> schemas : first) {
      List<JsonNode> few = FiniteValues.of(all.references(), schemas, all.path);
      if (few == null) {
        return null;
      }
      each.add(collected(few, values));
    }
    List<JsonNode> few =
        others == null ? List.of() : FiniteValues.of(all.references(), others, all.path);
    if (few == null) {
      return null;
    }
    Set<String> rest = collected(few, values);
    DistinctItems items =
        new DistinctItems(
            array.rules(), array.json(), each, rest, List.copyOf(values.values()), count, all.path);
    if (count.min() > items.most()) {
      throw SchemaFault.unsatisfiable(
          all.path,
          "%d different items are asked for of %d values".formatted(count.min(), values.size()));
    }
    return items;
  }

  /** Adds the values by what they are equal by; gives them as they are written. */
  private static Set<String> collected(List<JsonNode> few, Map<String, String> values) {
    Set<String> own = new HashSet<>();
    for (JsonNode value : few) {
      String text = JsonLiterals.of(value);
      String before = values.putIfAbsent(JsonLiterals.canonical(value), text);
      own.add(before == null ? text : before);
    }
    return own;
  }

  /** How many items there are at most. */
  int most() {
    int most = rest.isEmpty() ? Math.min(first.size(), values.size()) : values.size();
    return count.max() < 0 ? most : Math.min(most, count.max());
  }

  /**
   * Whether the values are written out, since they are few, or since it would be seen too late that
   * one of them is coming again.
   */
  boolean isWritten() {
    if (!first.isEmpty() || values.size() <= MOST_LISTED) {
      return values.size() <= (first.isEmpty() ? MOST_LISTED : ANY_ORDER);
    }
    boolean seenInTime =
        values.stream().allMatch(value -> value.length() <= GrammarCursor.LOOK_AHEAD);
    if (!seenInTime && count.min() > room()) {
      throw SchemaFault.wrong(
          path,
          "%,d different items are asked for of %,d values, which is more than can be kept apart"
                  .formatted(count.min(), values.size())
              + " (expected: minItems of at most %,d)".formatted(room()));
    }
    return !seenInTime;
  }

  /** How many items can be counted in all values. */
  private int room() {
    return (values.size() > MOST_LISTED ? MOST_LONG_RULES : MOST_RULES) / values.size() - 1;
  }

  String body(String name) {
    if (values.size() <= ANY_ORDER) {
      return anyOrder(0, name, most(), new HashMap<>());
    }
    return inOrder(name, Math.max(count.min(), Math.min(most(), room())));
  }

  private String comma(int already) {
    return already == 0 ? "" : "\",\" " + json.space() + " ";
  }

  /** Which values are left, as bits of those that are used. */
  private String anyOrder(int used, String name, int most, Map<Integer, String> known) {
    String before = known.get(used);
    if (before != null) {
      return before;
    }
    int already = Integer.bitCount(used);
    List<String> ways = new ArrayList<>();
    for (int i = 0; i < values.size() && already < most; i++) {
      Set<String> here = already < first.size() ? first.get(already) : rest;
      if ((used >> i & 1) == 0 && here.contains(values.get(i))) {
        String left = anyOrder(used | 1 << i, name, most, known);
        if (!left.equals(rules.none())) {
          ways.add(comma(already) + Rules.literal(values.get(i)) + " " + left);
        }
      }
    }
    if (already >= count.min()) {
      ways.add("\"\"");
    }
    String rule = ways.isEmpty() ? rules.none() : rules.define(name + "-left", Rules.choice(ways));
    known.put(used, rule);
    return rule;
  }

  private String inOrder(String name, int most) {
    List<String> after = new ArrayList<>();
    for (int c = 0; c <= most; c++) {
      after.add(c >= count.min() ? "\"\"" : rules.none());
    }
    for (String value : values.reversed()) {
      String literal = Rules.literal(value);
      String written = literal.length() > LONG ? rules.define(name + "-value", literal) : literal;
      List<String> before = new ArrayList<>();
      for (int c = 0; c <= most; c++) {
        List<String> ways = new ArrayList<>();
        if (c < most && !after.get(c + 1).equals(rules.none())) {
          ways.add(comma(c) + written + " " + after.get(c + 1));
        }
        if (!after.get(c).equals(rules.none())) {
          ways.add(after.get(c));
        }
        before.add(
            ways.isEmpty() ? rules.none() : rules.define(name + "-left", Rules.choice(ways)));
      }
      after = before;
    }
    return after.getFirst();
  }
}
