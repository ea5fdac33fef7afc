package dev.finch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Cases drawn at random, the same ones in every run; a failure names the seed of its case. */
public final class RandomCases {

  /** What must hold of each case. */
  @FunctionalInterface
  public interface Property {
    void check(Random random) throws Exception;
  }

  private RandomCases() {}

  /** Checks {@code count} cases, each drawn from a source of its own. */
  public static void check(int count, Property property) {
    Random seeds = new Random(count);
    for (int i = 0; i < count; i++) {
      long seed = seeds.nextLong();
      try {
        property.check(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "case " + i + " of " + count + ", new Random(" + seed + "L): " + e.getMessage(), e);
      }
    }
  }

  /** A number from {@code low} to {@code high}, both included and more frequent than the others. */
  public static int between(Random random, int low, int high) {
    return switch (random.nextInt(10)) {
      case 0 -> low;
      case 1 -> high;
      default -> random.nextInt(low, high + 1);
    };
  }

  public static <T> T oneOf(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  public static <T> List<T> list(Random random, int least, int most, Function<Random, T> element) {
    int size = between(random, least, most);
    List<T> list = new ArrayList<>();
    while (list.size() < size) {
      list.add(element.apply(random));
    }
    return list;
  }

  /** From 1 to {@code most} sizes of pieces, each from 1 to {@code largest}. */
  public static List<Integer> sizes(Random random, int most, int largest) {
    return list(random, 1, most, r -> between(r, 1, largest));
  }

  /** Up to {@code longest} chars of any kind: control characters, emoji, halves of pairs. */
  public static String text(Random random, int longest) {
    int length = between(random, 0, longest);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      switch (random.nextInt(8)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1, 2 -> text.append((char) random.nextInt(0x20, 0x80));
        case 3 -> text.append((char) random.nextInt(0x80, 0x800));
        case 4 -> text.append((char) random.nextInt(0x10000));
        case 5 -> text.append((char) random.nextInt(0xD800, 0xE000));
        default -> {
          if (text.length() + 2 <= length) {
            text.appendCodePoint(random.nextInt(0x10000, 0x110000));
          }
        }
      }
    }
    return text.toString();
  }
}
