package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Items that are all different, of few values: in any order where these are very few, else in the
 * order in which the schema lists them.
 */
record DistinctItems(Rules rules, JsonRules json, List<String> values, Bounds count, String path) {

  private static final int ANY_ORDER = 7;
  private static final int MOST_RULES = 20_000;

  String body(String name) {
    int most = Math.min(values.size(), count.max() < 0 ? values.size() : count.max());
    if (count.min() > most) {
      throw SchemaFault.unsatisfiable(
          path,
          "%d different items are asked for of %d values".formatted(count.min(), values.size()));
    }
    if (values.size() <= ANY_ORDER) {
      return anyOrder(0, name, most, new HashMap<>());
    }
    if ((long) values.size() * (most + 1) > MOST_RULES) {
      throw SchemaFault.wrong(path, "uniqueItems of more than %,d ways".formatted(MOST_RULES));
    }
    return inOrder(name, most);
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
      if ((used >> i & 1) == 0) {
        String rest = anyOrder(used | 1 << i, name, most, known);
        ways.add(comma(already) + Rules.literal(values.get(i)) + " " + rest);
      }
    }
    if (already >= count.min()) {
      ways.add("\"\"");
    }
    String rule = rules.define(name + "-left", Rules.choice(ways));
    known.put(used, rule);
    return rule;
  }

  private String inOrder(String name, int most) {
    List<String> after = new ArrayList<>();
    for (int c = 0; c <= most; c++) {
      after.add(c >= count.min() ? "\"\"" : rules.none());
    }
    for (String value : values.reversed()) {
      List<String> before = new ArrayList<>();
      for (int c = 0; c <= most; c++) {
        List<String> ways = new ArrayList<>();
        if (c < most && !after.get(c + 1).equals(rules.none())) {
          ways.add(comma(c) + Rules.literal(value) + " " + after.get(c + 1));
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
