package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

final class SseFramerTest {

  private static List<String> frames(int most, String... chunks) {
    List<String> frames = new ArrayList<>();
    SseFramer framer = new SseFramer(most);
    for (String chunk : chunks) {
      framer.feed(
          ByteString.fromString(chunk, StandardCharsets.UTF_8),
          data -> frames.add(new String(data, StandardCharsets.UTF_8)));
    }
    return frames;
  }

  @Test
  void readsTheDataOfEventsAndNothingElse() {
    assertEquals(
        List.of("{\"a\":1}", "b"),
        frames(
            100,
            """
            event: x
            data: {"a":1}

            : comment

            id: 7
            retry: 5
            data:b

            event: lonely

            """));
  }

  @Test
  void takesEveryKindOfLineEndWhereverItIsCut() {
    assertEquals(List.of("a", "b", "c"), frames(100, "data: a\r\n\r\ndata: b\r\rdata: c\n\n"));
    assertEquals(List.of("a", "b"), frames(100, "data: a\r", "\n\r", "\ndata: b", "\r\n", "\r\n"));
    assertEquals(List.of("a", "b"), frames(100, "data: a\r", "\rdata: b\r", "", "\r"));
  }

  @Test
  void joinsTheLinesOfOneEvent() {
    assertEquals(List.of("a\nb\n\nc"), frames(100, "data: a\ndata: b\ndata\ndata:c\n\n"));
  }

  @Test
  void keepsAllBlanksButTheOneAfterTheColon() {
    assertEquals(List.of(" a "), frames(100, "data:  a \n\n"));
  }

  @Test
  void skipsAByteOrderMark() {
    assertEquals(List.of("a", "b"), frames(100, "\uFEFFdata: a\n\ndata: b\n\n"));
  }

  @Test
  void dropsAnEventThatWasNotEnded() {
    assertEquals(List.of("a"), frames(100, "data: a\n\ndata: b\n"));
  }

  @Test
  void ignoresFieldsThatOnlyBeginLikeData() {
    assertEquals(List.of(), frames(100, "database: a\n\n"));
  }

  @Test
  void boundsLinesAndEvents() {
    assertEquals(List.of("x".repeat(94)), frames(100, "data: " + "x".repeat(94) + "\n\n"));
    assertThrows(SseFramer.TooLong.class, () -> frames(100, "data: " + "x".repeat(95)));
    assertThrows(SseFramer.TooLong.class, () -> frames(100, "data: x\n".repeat(60)));
  }
}
