package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object in a row.
 *
 * @param others derives one that is not listed, or null
 */
record MemberRules(
    Rules rules,
    JsonRules json,
    List<ObjectRules.Member> members,
    @Nullable String others,
    Bounds count,
    String path) {

  /** What may be chosen from at one place, so that an answer can still be followed. */
  private static final int MOST_OPTIONAL = 4_000;

  private static final int MOST_COUNTED = 20_000;
  private static final int LONGEST = 1_000;

  String body(String name) {
    long required = members.stream().filter(ObjectRules.Member::required).count();
    boolean few = others == null && members.size() < count.min();
    if (few || count.isEmpty() || (count.max() >= 0 && required > count.max())) {
      throw SchemaFault.unsatisfiable(path, "no object has as many properties as it must");
    }
    if (members.size() - required > MOST_OPTIONAL) {
      throw SchemaFault.wrong(
          path,
          "%,d optional properties (expected: at most %,d)"
              .formatted(members.size() - required, MOST_OPTIONAL));
    }
    boolean free =
        count.min() <= required
            && (count.max() < 0 || (others == null && members.size() <= count.max()));
    String inside = inside(name, free);
    boolean distinct = others != null && count.min() > 1;
    String body = "\"{\" %s %s %s \"}\"".formatted(json.space(), inside, json.space());
    return distinct
        ? rules.defineDistinct(name + "-object", body)
        : rules.define(name + "-object", body);
  }

  private String comma() {
    return "\",\" " + json.space() + " ";
  }

  /**
   * For each member from the last to the first, and for each count of what stands there already:
   * what may come from here on. The comma stands before the choice, not in each of its ways.
   *
   * @param free whether nothing need be counted
   */
  private String inside(String name, boolean free) {
    int most = free ? 0 : count.max() < 0 ? count.min() : Math.min(count.max(), LONGEST);
    if ((members.size() + 1L) * (most + 1L) > MOST_COUNTED) {
      throw SchemaFault.wrong(
          path,
          "minProperties or maxProperties of %,d beside %,d properties (expected: fewer)"
              .formatted(most, members.size()));
    }
    boolean open = true; // whether nothing that is required follows
    List<String> next = new ArrayList<>();
    for (int c = 0; c <= most; c++) {
      next.add(tail(c, most, free));
    }
    for (int i = members.size() - 1; i >= 0; i--) {
      ObjectRules.Member member = members.get(i);
      List<String> before = new ArrayList<>();
      for (int c = 0; c <= most; c++) {
        List<String> ways = new ArrayList<>();
        int more = free || (count.max() < 0 && c == most) ? c : c + 1;
        String after = more > most ? rules.none() : after(next.get(more), mayEnd(more, open, free));
        if (!after.equals(rules.none())) {
          ways.add((member.body() + " " + after).strip());
        }
        if (!member.required() && !next.get(c).equals(rules.none())) {
          ways.add(next.get(c));
        }
        before.add(
            ways.isEmpty() ? rules.none() : rules.define(name + "-next", String.join(" | ", ways)));
      }
      next = before;
      open &= !member.required();
    }
    String first = next.getFirst();
    boolean mayBeEmpty = mayEnd(0, open, free);
    return first.equals(rules.none()) && mayBeEmpty ? "\"\"" : mayBeEmpty ? first + "?" : first;
  }

  private boolean mayEnd(int already, boolean open, boolean free) {
    return open && (free || already >= count.min());
  }

  private String after(String next, boolean mayEnd) {
    if (next.equals(rules.none())) {
      return mayEnd ? "" : next;
    }
    String more = comma() + next;
    return mayEnd ? "(" + more + ")?" : more;
  }

  /** Members that are not listed, at least one. */
  private String tail(int already, int most, boolean free) {
    int left = free || count.max() < 0 ? Bounds.UNBOUNDED : most - already;
    if (others == null || left == 0) {
      return rules.none();
    }
    int least = free ? 0 : Math.max(0, count.min() - already - 1);
    return left == 1
        ? others
        : "%s (%s%s){%d,%s}"
            .formatted(others, comma(), others, least, left < 0 ? "" : String.valueOf(left - 1));
  }
}
