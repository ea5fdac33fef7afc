package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RenderedTextTest {

  /** By a hundred times what it takes, and by a thousandth of what the square would. */
  private static final Duration LINEAR = Duration.ofSeconds(20);

  @Test
  void findsWhatWasSaidInAnyOrderAndMoreThanOnce() {
    RenderedText prompt = new RenderedText("<s>one</s><s>two</s><s>three</s>");
    for (String said : List.of("three", "one", "two", "two", "one", "three", "")) {
      assertTrue(prompt.holds(List.of(said)), said);
    }
    assertFalse(prompt.holds(List.of("four")));
    assertTrue(prompt.holds(List.of("four", "two")));
  }

  @Test
  void agreesWithStringOnRandomTexts() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      String text = letters(random, 40);
      RenderedText prompt = new RenderedText(text);
      for (int i = 0; i < 5; i++) {
        String said = letters(random, 6);
        String other = letters(random, 8);
        boolean there = text.contains(said) || text.contains(other);
        assertTrue(prompt.holds(List.of(said, other)) == there, text + ": " + said + ", " + other);
        assertTrue(prompt.holds(List.of(said)) == text.contains(said), text + ": " + said);
      }
    }
  }

  @Test
  void takesLinearTimeForWhatNearlyMatchesEverywhere() {
    String prompt = "a".repeat(4_000_000);
    String said = "a".repeat(1_000_000) + "b";
    assertTimeout(LINEAR, () -> assertFalse(new RenderedText(prompt).holds(List.of(said))));
  }

  @Test
  void takesLinearTimeForManyMessagesWhoseFormIsTheSecond() {
    List<String> messages = new ArrayList<>();
    StringBuilder prompt = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      messages.add("\"" + i + "\"\n");
      prompt.append("\\\"").append(i).append("\\\"\\n");
    }
    RenderedText text = new RenderedText(prompt.toString());
    assertTimeout(
        LINEAR,
        () -> {
          for (String said : messages) {
            String quoted = said.replace("\"", "\\\"").replace("\n", "\\n");
            assertTrue(text.holds(List.of(said, quoted)), said);
          }
        });
  }

  private static String letters(Random random, int most) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(most);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }
}
