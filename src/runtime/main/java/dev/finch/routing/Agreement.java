package dev.finch.routing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How far two answers to one prompt agree.
 *
 * @param likeness of the texts, from 0 to 1: Dice's coefficient over pairs of neighbouring
 *     characters, case and blanks aside; it knows no language and no meaning
 * @param sameEnd whether both ended for the same reason
 * @param sameTools whether both want the same tools called, in the same order
 */
record Agreement(double likeness, boolean sameEnd, boolean sameTools) {

  static Agreement of(ComparedAnswer one, ComparedAnswer other) {
    return new Agreement(
        likeness(one.text(), other.text()),
        one.reason() == other.reason(),
        one.tools().equals(other.tools()));
  }

  static double likeness(String one, String other) {
    String a = normal(one);
    String b = normal(other);
    if (a.equals(b)) {
      return 1;
    }
    Map<Integer, Integer> pairs = pairs(a);
    int common = 0;
    for (int i = 1; i < b.length(); i++) {
      Integer left = pairs.computeIfPresent(pair(b, i), (_, count) -> count - 1);
      common += left != null && left >= 0 ? 1 : 0;
    }
    int all = Math.max(0, a.length() - 1) + Math.max(0, b.length() - 1);
    return all == 0 ? 0 : 2.0 * common / all;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "likeness %.2f, %s end, %s tools",
        likeness,
        sameEnd ? "same" : "different",
        sameTools ? "same" : "different");
  }

  private static Map<Integer, Integer> pairs(String text) {
    Map<Integer, Integer> pairs = new HashMap<>();
    for (int i = 1; i < text.length(); i++) {
      pairs.merge(pair(text, i), 1, Integer::sum);
    }
    return pairs;
  }

  private static int pair(String text, int last) {
    return text.charAt(last - 1) << 16 | text.charAt(last);
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
  }
}
