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
    String inside = free ? chained(name) : counted(name);
    boolean distinct = others != null && count.min() > 1;
    String body = "\"{\" %s %s %s \"}\"".formatted(json.space(), inside, json.space());
    return distinct
        ? rules.defineDistinct(name + "-object", body)
        : rules.define(name + "-object", body);
  }

  private String comma() {
    return "\",\" " + json.space() + " ";
  }

  /** Each member but the required ones may be left out. */
  private String chained(String name) {
    String many = others == null ? "" : " (" + comma() + others + ")*";
    // What may follow once something stands there, and what may stand there alone.
    String after = many;
    String alone = others == null ? "" : "(" + others + many + ")?";
    for (ObjectRules.Member member : members.reversed()) {
      String rest = after.isBlank() ? "" : " " + rules.define(name + "-rest", after.strip());
      String here = member.body() + rest;
      if (member.required()) {
        after = " " + comma() + here;
        alone = here;
      } else {
        after = " (" + comma() + member.body() + ")?" + rest;
        alone =
            alone.isBlank()
                ? "(" + here + ")?"
                : here + " | " + rules.define(name + "-first", alone);
        alone = rules.define(name + "-first", alone);
      }
    }
    return alone.isBlank() ? "\"\"" : alone;
  }

  /** As {@link #chained}, with a count of what stands there already. */
  private String counted(String name) {
    int most = count.max() < 0 ? count.min() : Math.min(count.max(), LONGEST);
    if ((members.size() + 1L) * (most + 1L) > MOST_COUNTED) {
      throw SchemaFault.wrong(
          path,
          "minProperties or maxProperties of %,d beside %,d properties (expected: fewer)"
              .formatted(most, members.size()));
    }
    List<String> after = new ArrayList<>();
    for (int c = 0; c <= most; c++) {
      after.add(tail(c, most));
    }
    for (int i = members.size() - 1; i >= 0; i--) {
      ObjectRules.Member member = members.get(i);
      List<String> before = new ArrayList<>();
      for (int c = 0; c <= most; c++) {
        List<String> ways = new ArrayList<>();
        int next = count.max() < 0 ? Math.min(most, c + 1) : c + 1;
        if (next <= most) {
          // Where counts stop at the least number, the first of all is the one without a comma.
          add(ways, (c == 0 ? "" : comma()) + member.body(), after.get(next));
        }
        if (!member.required()) {
          add(ways, "", after.get(c));
        }
        before.add(
            ways.isEmpty() ? rules.none() : rules.define(name + "-left", Rules.choice(ways)));
      }
      after = before;
    }
    return after.getFirst();
  }

  private void add(List<String> ways, String first, String rest) {
    if (!rest.equals(rules.none())) {
      ways.add((first + " " + rest).strip());
    }
  }

  private String tail(int already, int most) {
    int least = Math.max(0, count.min() - already);
    if (others == null) {
      return least == 0 ? "\"\"" : rules.none();
    }
    int left = count.max() < 0 ? Bounds.UNBOUNDED : most - already;
    if (left == 0) {
      return "\"\"";
    }
    if (already > 0) {
      return repeated(least, left);
    }
    String some = others + " " + repeated(Math.max(0, least - 1), left < 0 ? left : left - 1);
    return least > 0 ? some : "(" + some + ")?";
  }

  private String repeated(int min, int max) {
    return max == 0
        ? "\"\""
        : "(%s%s){%d,%s}".formatted(comma(), others, min, max < 0 ? "" : String.valueOf(max));
  }
}
