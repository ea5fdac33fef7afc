package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.AnswerEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgreementTest {

  @ParameterizedTest
  @CsvSource({
    "Paris, Paris, 1",
    "Paris, ' paris\n', 1",
    "'', '', 1",
    "night, nacht, 0.25",
    "aaaa, aa, 0.5",
    "Paris, 42, 0",
    "Paris, '', 0",
    "x, y, 0",
    "東京です, 東京だ, 0.4"
  })
  void likensTextsByPairsOfCharacters(String one, String other, double likeness) {
    assertEquals(likeness, Agreement.likeness(one, other), 1e-9);
    assertEquals(likeness, Agreement.likeness(other, one), 1e-9);
  }

  @Test
  void comparesEndsAndToolsToo() {
    ComparedAnswer one = said(new AnswerEvent.ToolCallStarted(0, "a", "clock"));
    ComparedAnswer same = said(new AnswerEvent.ToolCallStarted(0, "b", "clock"));
    ComparedAnswer other = said(new AnswerEvent.Delta("It is noon."));
    assertTrue(Agreement.of(one, same).sameTools());
    assertFalse(Agreement.of(one, other).sameTools());
    assertTrue(Agreement.of(one, other).sameEnd());
    assertEquals(0, Agreement.of(one, other).likeness());
  }

  @Test
  void keepsNoMoreOfAnAnswerThanItsBound() {
    ComparedAnswer said = new ComparedAnswer();
    for (int i = 0; i < 100; i++) {
      said.add(new AnswerEvent.Delta("x".repeat(1000)));
    }
    assertEquals(64 << 10, said.text().length());
  }

  private static ComparedAnswer said(AnswerEvent.Content content) {
    ComparedAnswer said = new ComparedAnswer();
    said.add(content);
    said.add(ScriptedProvider.Script.finished(1));
    return said;
  }
}
