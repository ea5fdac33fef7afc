package dev.finch.engine.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The decimal texts of a number's multiples: what is left of a division, digit by digit. */
final class Multiples {

  private static final int SIGN = 0;
  private static final int POINT = 2;
  private static final int DIGITS = 3;
  private static final int[] STARTS = {
    0, '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':'
  };
  private static final int OTHER = 1;
  private static final int[] CLASSES = {
    OTHER, SIGN, POINT, OTHER, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, OTHER
  };
  private static final int COUNT = 13;

  /**
   * Where a number stands.
   *
   * @param left of the digits so far
   * @param places behind the point, or -1 before it
   */
  private record At(BigInteger left, int places) {}

  private final BigInteger unit;
  private final int scale;
  private final Map<At, Integer> numbers = new HashMap<>();
  private final List<At> states = new ArrayList<>();

  private Multiples(BigDecimal step) {
    BigDecimal stripped = step.stripTrailingZeros();
    scale = Math.max(0, stripped.scale());
    unit = stripped.setScale(scale).unscaledValue();
  }

  /**
   * Texts of digits, a sign and a point that are a multiple; others may be accepted, too, that are
   * no numbers.
   */
  static Automaton of(BigDecimal step) {
    return new Multiples(step).automaton();
  }

  private Automaton automaton() {
    number(new At(BigInteger.ZERO, -1));
    List<int[]> rows = new ArrayList<>();
    BitSet ends = new BitSet();
    for (int i = 0; i < states.size(); i++) {
      At at = states.get(i);
      ends.set(i, isMultiple(at));
      int[] row = new int[COUNT];
      for (int c = 0; c < COUNT; c++) {
        row[c] = after(at, i, c);
      }
      rows.add(row);
    }
    return new Automaton(STARTS, CLASSES, rows.toArray(int[][]::new), ends).live();
  }

  private int after(At at, int state, int character) {
    return switch (character) {
      case SIGN -> state == 0 ? 0 : Automaton.DEAD;
      case OTHER -> Automaton.DEAD;
      case POINT -> at.places() < 0 ? number(new At(at.left(), 0)) : Automaton.DEAD;
      default -> {
        int digit = character - DIGITS;
        if (at.places() >= scale) {
          yield digit == 0 ? state : Automaton.DEAD;
        }
        BigInteger left =
            at.left().multiply(BigInteger.TEN).add(BigInteger.valueOf(digit)).mod(unit);
        yield number(new At(left, at.places() < 0 ? -1 : at.places() + 1));
      }
    };
  }

  private boolean isMultiple(At at) {
    int missing = scale - Math.max(0, at.places());
    return at.left().multiply(BigInteger.TEN.pow(missing)).mod(unit).signum() == 0;
  }

  private int number(At at) {
    return numbers.computeIfAbsent(
        at,
        _ -> {
          if (states.size() >= Automaton.MAX_STATES) {
            throw new Automaton.TooLargeException();
          }
          states.add(at);
          return states.size() - 1;
        });
  }
}
