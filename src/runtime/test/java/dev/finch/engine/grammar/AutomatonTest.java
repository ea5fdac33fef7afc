package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Automata of patterns say what Java's regular expressions say, where the two mean the same. */
final class AutomatonTest {

  private static final String LETTERS = "ab1_ -";

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(9); i > 0; i--) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  /** A pattern of everything that both know, look-arounds and boundaries included. */
  private static String pattern(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 14 : 6);
    return switch (kind) {
      case 0 -> "a";
      case 1 -> "b";
      case 2 -> "[ab]";
      case 3 -> "\\w";
      case 4 -> "[^a1]";
      case 5 -> ".";
      case 6 -> "(?:" + pattern(random, depth - 1) + "|" + pattern(random, depth - 1) + ")";
      case 7 -> "(?:" + pattern(random, depth - 1) + ")*";
      case 8 -> "(?:" + pattern(random, depth - 1) + "){1,2}";
      case 9 -> "(?=" + pattern(random, depth - 1) + ")";
      case 10 -> "(?!" + pattern(random, depth - 1) + ")";
      case 11 -> List.of("^", "\\z", "\\b", "\\B").get(random.nextInt(4));
      default -> pattern(random, depth - 1) + pattern(random, depth - 1);
    };
  }

  /** The automaton, or null where it would be too large. */
  private static @Nullable Automaton automaton(String pattern) {
    try {
      return Determinizer.containing(
          RegexParser.parse(pattern.replace("\\z", "$"), ""), new AutomatonBudget());
    } catch (Automaton.TooLargeException e) {
      return null;
    }
  }

  @Test
  void randomPatternsAreFoundWhereJavaFindsThem() {
    Random random = new Random(77);
    int compared = 0;
    for (int i = 0; i < 1_500; i++) {
      String pattern = pattern(random, 4);
      Automaton automaton = automaton(pattern);
      if (automaton != null) {
        compared++;
        compare(Pattern.compile(pattern), automaton, random);
      }
    }
    int count = compared;
    assertTrue(count > 1_400, () -> count + " patterns");
  }

  private static void compare(Pattern java, Automaton automaton, Random random) {
    Automaton smallest = automaton.smallest();
    for (int j = 0; j < 40; j++) {
      String text = text(random);
      boolean found = java.matcher(text).find();
      assertEquals(found, automaton.accepts(text), java + " in '" + text + "'");
      assertEquals(found, smallest.accepts(text), java + " in '" + text + "'");
    }
  }

  @Test
  void setsOfTextsAreCombinedAsSets() {
    Random random = new Random(78);
    for (int i = 0; i < 300; i++) {
      Automaton a = automaton(pattern(random, 2));
      Automaton b = automaton(pattern(random, 2));
      if (a != null && b != null) {
        compare(a, b, random);
      }
    }
  }

  private static void compare(Automaton a, Automaton b, Random random) {
    Automaton both = a.and(b);
    Automaton either = a.or(b);
    Automaton first = a.minus(b);
    Automaton counted = a.within(2, 4);
    for (int j = 0; j < 40; j++) {
      String text = text(random);
      boolean inA = a.accepts(text);
      boolean inB = b.accepts(text);
      assertEquals(inA && inB, both.accepts(text));
      assertEquals(inA || inB, either.accepts(text));
      assertEquals(inA && !inB, first.accepts(text));
      assertEquals(inA && text.length() >= 2 && text.length() <= 4, counted.accepts(text));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "^\\d+$; 12; 1x",
        "(?<=a)b; ab; bb",
        "(?<!a)b; bb; ab",
        "^\\p{Lu}\\p{L}*$; Émile; émile",
        "^\\p{Script=Greek}+$; αβγ; abc",
        "^\\p{Letter}$; ж; 1",
        "^[\\u{1F300}-\\u{1F5FF}]$; 🌍; x",
        "^\\ud83c\\udf0d$; 🌍; x",
        "^(?<year>\\d{4})$; 2026; 26",
        "^(?P<year>\\d{4})$; 2026; 26",
        "^{a}$; {a}; a",
        "^a{,2}$; a{,2}; aa",
        "^[a-\\d]$; -; b",
        "^\\x41\\t?$; A; B",
        "^[\\]\\[\\\\^-]$; ^; a",
        "^[^]$; x; xy"
      })
  void readsPatternsAsJsonSchemaHasThem(String pattern, String in, String out) {
    assertTrue(matches(pattern, in), in);
    assertFalse(matches(pattern, out), out);
  }

  private static boolean matches(String pattern, String text) {
    return Determinizer.containing(RegexParser.parse(pattern, ""), new AutomatonBudget())
        .accepts(text);
  }

  @Test
  void countsItsTexts() {
    Automaton few =
        Determinizer.whole(RegexParser.parse("a|b[0-2]{1,2}", ""), new AutomatonBudget());
    assertEquals(1, few.shortest());
    assertEquals(3, few.longest());
    List<String> texts = few.texts(20);
    assertEquals(13, texts == null ? 0 : new TreeSet<>(texts).size());
    assertNull(few.texts(12));
    assertNull(Determinizer.whole(RegexParser.parse("a*", ""), new AutomatonBudget()).texts(100));
    assertEquals(
        -1, Determinizer.whole(RegexParser.parse("a*", ""), new AutomatonBudget()).longest());
    assertTrue(Determinizer.whole(RegexParser.parse("a$b", ""), new AutomatonBudget()).isEmpty());
    assertNull(
        Determinizer.whole(RegexParser.parse("[ab]{200}", ""), new AutomatonBudget()).texts(50));
  }

  @Test
  void whatWouldBeTooLargeIsGivenUp() {
    for (String large :
        new String[] {
          "(a|b)*a(a|b){30}",
          "((a{1,99}){1,99}){1,99}",
          "(?=.*a.{20})(?=.*b.{21}).*",
          ".{2000}.*x.{12}"
        }) {
      assertThrows(
          Automaton.TooLargeException.class,
          () -> Determinizer.containing(RegexParser.parse(large, ""), new AutomatonBudget()),
          large);
    }
  }

  @Test
  void multiplesAreThoseOfArithmetic() {
    for (String step :
        new String[] {"1", "3", "7", "10", "25", "1000", "0.5", "0.01", "1.5", "0.125"}) {
      Automaton automaton = Multiples.of(new BigDecimal(step));
      for (int i = -3_000; i <= 3_000; i++) {
        var number = BigDecimal.valueOf(i, 2);
        assertEquals(
            NumberBounds.isMultiple(number, new BigDecimal(step)),
            automaton.accepts(number.toPlainString()),
            number + " of " + step);
      }
    }
  }
}
