package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.RandomCases;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StopMatcherTest {

  private record Outcome(String text, @Nullable String stop) {}

  private static Outcome stream(String text, List<String> stops, List<Integer> sizes) {
    StopMatcher matcher = new StopMatcher(stops);
    StringBuilder shown = new StringBuilder();
    int from = 0;
    for (int i = 0; from < text.length(); i++) {
      int to = Math.min(text.length(), from + sizes.get(i % sizes.size()));
      StopMatcher.Step step = matcher.add(text.substring(from, to));
      shown.append(step.text());
      if (step.stop() != null) {
        return new Outcome(shown.toString(), step.stop());
      }
      from = to;
    }
    return new Outcome(shown.append(matcher.finish()).toString(), null);
  }

  /** The rule said another way: the shortest beginning of the text that ends with a stop. */
  private static Outcome byDefinition(String text, List<String> stops) {
    for (int end = 0; end <= text.length(); end++) {
      String beginning = text.substring(0, end);
      String longest = null;
      for (String stop : stops) {
        if (beginning.endsWith(stop) && (longest == null || stop.length() > longest.length())) {
          longest = stop;
        }
      }
      if (longest != null) {
        return new Outcome(text.substring(0, end - longest.length()), longest);
      }
    }
    return new Outcome(text, null);
  }

  private static String text(Random random, int shortest, int longest) {
    return String.join(
        "",
        RandomCases.list(
            random, shortest, longest, r -> RandomCases.oneOf(r, List.of("a", "b", "\n"))));
  }

  private static List<String> stops(Random random) {
    return RandomCases.list(random, 0, 4, r -> text(r, 1, 4));
  }

  @Test
  void everySplittingShowsTheTextUpToTheFirstStop() {
    RandomCases.check(
        1000,
        random -> {
          String text = text(random, 0, 30);
          List<String> stops = stops(random);
          List<Integer> sizes = RandomCases.sizes(random, 6, 7);
          assertEquals(
              byDefinition(text, stops),
              stream(text, stops, sizes),
              () -> text + " with stops " + stops + " in pieces of " + sizes);
        });
  }

  @Test
  void whatIsHeldBackCouldStillBecomeAStop() {
    RandomCases.check(
        1000,
        random -> {
          String text = text(random, 0, 30);
          List<String> stops = stops(random);
          StopMatcher matcher = new StopMatcher(stops);
          StopMatcher.Step step = matcher.add(text);
          if (step.stop() == null) {
            String held = matcher.finish();
            assertTrue(
                held.isEmpty() || stops.stream().anyMatch(stop -> stop.startsWith(held)),
                () -> held + " is held of " + text + " with stops " + stops);
            assertEquals(text, step.text() + held);
          }
        });
  }

  @Test
  void releasesTextAtOnceWhereNoStopCanBegin() {
    StopMatcher matcher = new StopMatcher(List.of("\nUser:"));
    assertEquals("Hello", matcher.add("Hello").text());
    assertEquals("", matcher.add("\nUs").text());
    assertEquals("\nUsual", matcher.add("ual").text());
    StopMatcher.Step last = matcher.add("\nUser: next");
    assertEquals(new StopMatcher.Step("", "\nUser:"), last);
  }

  @Test
  void withoutStopsNothingIsHeld() {
    StopMatcher matcher = new StopMatcher(List.of());
    assertEquals("🐦", matcher.add("🐦").text());
    assertNull(matcher.add("x").stop());
    assertEquals("", matcher.finish());
  }
}
