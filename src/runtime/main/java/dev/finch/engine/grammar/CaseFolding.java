package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Letters of the other case, as patterns that ignore it take them. Dialects of regular expressions
 * differ about a few: Python folds U+212A to {@code k} and ECMA-262 does not. So there is a fold
 * that all of them know, and one that is as wide as any.
 */
final class CaseFolding {

  /** Letters that only some dialects take for letters of ASCII, with those. */
  private static final int[][] DISPUTED = {
    {0x212A, 'k'}, {0x017F, 's'}, {0x0130, 'i'}, {0x0131, 'i'}
  };

  /** The last letter that has cases stands before it. */
  private static final int END = 0x1E944;

  private record Pair(int one, int other) {}

  /** Not before a pattern ignores cases. */
  private static final class Table {
    static final List<Pair> PAIRS = pairs();

    private static List<Pair> pairs() {
      List<Pair> pairs = new ArrayList<>();
      for (int point = 0; point < END; point++) {
        int lower = Character.toLowerCase(point);
        boolean both = lower != point && Character.toUpperCase(lower) == point;
        if (both && (lower < 0x80) == (point < 0x80)) {
          pairs.add(new Pair(point, lower));
        }
      }
      return List.copyOf(pairs);
    }
  }

  private CaseFolding() {}

  /** With the letters that every dialect takes for the same. */
  static CharacterSet agreed(CharacterSet set) {
    List<Symbol.Range> all = new ArrayList<>(set.ranges());
    for (Pair pair : Table.PAIRS) {
      boolean one = set.holds(pair.one());
      if (one != set.holds(pair.other())) {
        int missing = one ? pair.other() : pair.one();
        all.add(new Symbol.Range(missing, missing));
      }
    }
    return CharacterSet.of(all);
  }

  /** With the letters that any dialect takes for the same. */
  static CharacterSet widest(CharacterSet set) {
    CharacterSet all = agreed(set);
    for (int[] pair : DISPUTED) {
      boolean either = all.holds(pair[0]) || all.holds(pair[1]);
      if (either) {
        all =
            all.and(
                agreed(CharacterSet.of(pair[0], pair[0]).and(CharacterSet.of(pair[1], pair[1]))));
      }
    }
    return all;
  }
}
