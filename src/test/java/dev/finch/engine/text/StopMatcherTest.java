package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
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

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab\n").ofMaxLength(30);
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.strings()
        .withChars("ab\n")
        .ofMinLength(1)
        .ofMaxLength(4)
        .list()
        .ofMaxSize(4);
  }

  @Property
  void everySplittingShowsTheTextUpToTheFirstStop(
      @ForAll("texts") String text,
      @ForAll("stops") List<String> stops,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 7) Integer> sizes) {
    assertEquals(byDefinition(text, stops), stream(text, stops, sizes));
  }

  @Property
  void whatIsHeldBackCouldStillBecomeAStop(
      @ForAll("texts") String text, @ForAll("stops") List<String> stops) {
    StopMatcher matcher = new StopMatcher(stops);
    StopMatcher.Step step = matcher.add(text);
    if (step.stop() == null) {
      String held = matcher.finish();
      assertTrue(held.isEmpty() || stops.stream().anyMatch(stop -> stop.startsWith(held)));
      assertEquals(text, step.text() + held);
    }
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
