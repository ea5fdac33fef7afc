package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A set of code points. Immutable; its ranges are sorted and apart. */
record CharacterSet(List<Symbol.Range> ranges) {

  static final CharacterSet NONE = new CharacterSet(List.of());
  static final CharacterSet DIGITS = of('0', '9');
  static final CharacterSet WORD =
      of('0', '9').and(of('A', 'Z')).and(of('a', 'z')).and(of('_', '_'));
  static final CharacterSet SPACE =
      of(' ', ' ')
          .and(of('\t', '\r'))
          .and(of(0x85, 0x85))
          .and(of(0xA0, 0xA0))
          .and(of(0x1680, 0x1680))
          .and(of(0x2000, 0x200A))
          .and(of(0x2028, 0x2029))
          .and(of(0x202F, 0x202F))
          .and(of(0x205F, 0x205F))
          .and(of(0x3000, 0x3000))
          .and(of(0xFEFF, 0xFEFF));

  /** White space that some regular expressions take for such and others do not. */
  private static final CharacterSet RARE_SPACE = SPACE.without(of(' ', ' ').and(of('\t', '\r')));

  /** What stands in a JSON string without an escape, line ends aside. */
  static final CharacterSet PLAIN =
      of(' ', '!')
          .and(of('#', '['))
          .and(of(']', '~'))
          .and(of(0xA0, 0x2027))
          .and(of(0x202A, 0xD7FF))
          .and(of(0xE000, 0x10FFFF));

  /** What a grammar writes in a JSON string, plainly or with a short escape. */
  static final CharacterSet WRITABLE =
      PLAIN
          .and(of('"', '"'))
          .and(of('\\', '\\'))
          .and(of('\n', '\n'))
          .and(of('\t', '\t'))
          .and(of('\r', '\r'));

  CharacterSet {
    ranges = List.copyOf(ranges);
  }

  /** Of ranges in any order, which may overlap. */
  static CharacterSet of(List<Symbol.Range> ranges) {
    return NONE.and(new CharacterSet(ranges));
  }

  static CharacterSet of(int first, int last) {
    return new CharacterSet(List.of(new Symbol.Range(first, last)));
  }

  CharacterSet and(CharacterSet other) {
    List<Symbol.Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    all.sort(Comparator.comparingInt(Symbol.Range::first));
    List<Symbol.Range> joined = new ArrayList<>();
    for (Symbol.Range range : all) {
      if (!joined.isEmpty() && range.first() <= joined.getLast().last() + 1) {
        Symbol.Range last = joined.removeLast();
        joined.add(new Symbol.Range(last.first(), Math.max(last.last(), range.last())));
      } else {
        joined.add(range);
      }
    }
    return new CharacterSet(joined);
  }

  /** All other code points. */
  CharacterSet inverse() {
    List<Symbol.Range> gaps = new ArrayList<>();
    int next = 0;
    for (Symbol.Range range : ranges) {
      if (range.first() > next) {
        gaps.add(new Symbol.Range(next, range.first() - 1));
      }
      next = range.last() + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps.add(new Symbol.Range(next, Character.MAX_CODE_POINT));
    }
    return new CharacterSet(gaps);
  }

  private CharacterSet without(CharacterSet other) {
    return inverse().and(other).inverse();
  }

  boolean isSingle() {
    return ranges.size() == 1 && ranges.getFirst().first() == ranges.getFirst().last();
  }

  /** The lowest code point; there is one. */
  int first() {
    return ranges.getFirst().first();
  }

  boolean holds(int codePoint) {
    for (Symbol.Range range : ranges) {
      if (codePoint <= range.last()) {
        return range.first() <= codePoint;
      }
    }
    return false;
  }

  /** GBNF of one of these code points in a JSON string; empty where none can be written. */
  String inJson() {
    if (isSingle() && first() >= ' ' && first() < 0x7F) {
      return Rules.literal(JsonLiterals.escaped(first()));
    }
    CharacterSet plain = without(PLAIN.inverse());
    CharacterSet common = plain.without(RARE_SPACE);
    if (!common.ranges.isEmpty()) {
      plain = common;
    }
    List<String> ways = new ArrayList<>();
    if (!plain.ranges.isEmpty()) {
      ways.add(Rules.oneOf(plain.ranges));
    }
    boolean few = ranges.stream().mapToLong(range -> range.last() - range.first() + 1L).sum() < 300;
    IntStream.of('"', '\\', '\n', '\t', '\r')
        .filter(codePoint -> holds(codePoint) && (few || codePoint == '"' || codePoint == '\\'))
        .forEach(codePoint -> ways.add(Rules.literal(JsonLiterals.escaped(codePoint))));
    return ways.isEmpty() ? "" : Rules.choice(ways);
  }
}
