package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.RandomCases;
import dev.finch.inference.AnswerEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** However the network cuts an answer into pieces, the same answer is read. */
final class ResponseReaderPropertyTest {

  private record Read(List<AnswerEvent.Content> content, boolean complete, long tokens) {}

  @Test
  void readsTheSameAnswerFromAnyChunks() {
    RandomCases.check(
        300, random -> readsTheSameAnswerFromAnyChunks(random, RandomCases.text(random, 60)));
  }

  private static void readsTheSameAnswerFromAnyChunks(Random random, String text) {
    String body = String.join("", transcript(text));
    boolean carriageReturns = random.nextBoolean();
    byte[] bytes =
        (carriageReturns ? body.replace("\n", "\r\n") : body).getBytes(StandardCharsets.UTF_8);

    Read whole = read(List.of(bytes));
    Read cut = read(chunks(bytes, RandomCases.between(random, 1, 64), random));

    assertEquals(whole, cut);
    assertTrue(cut.complete());
    assertEquals(wellFormed(text), text(cut.content()));
    cut.content().forEach(ResponseReaderPropertyTest::assertWholeCodePoints);
  }

  @Test
  void takesNoPrefixForAWholeAnswer() {
    RandomCases.check(
        300,
        random -> {
          String text = RandomCases.text(random, 20);
          byte[] bytes = String.join("", transcript(text)).getBytes(StandardCharsets.UTF_8);
          // The final line end only ends an event that is whole already, so two bytes are left
          // away.
          int length = RandomCases.between(random, 0, bytes.length - 2);
          assertTrue(
              !read(List.of(Arrays.copyOf(bytes, length))).complete(),
              () -> "the first " + length + " of " + bytes.length + " bytes");
        });
  }

  /** Thinking, text in pieces of single chars (so that surrogate pairs are split), a tool call. */
  private static List<String> transcript(String text) {
    List<String> events = new ArrayList<>();
    events.add(Transcripts.messageStart("claude-haiku-5-5", 5));
    events.add(Transcripts.blockStart(0, "{\"type\":\"thinking\",\"thinking\":\"\"}"));
    events.add(Transcripts.thinkingDelta(0, "Grübel 🤔"));
    events.add(Transcripts.signatureDelta(0, "c2ln"));
    events.add(Transcripts.blockStop(0));
    events.add(Transcripts.ping());
    events.add(Transcripts.textStart(1));
    for (int i = 0; i < text.length(); i++) {
      events.add(
          Transcripts.event(
              "content_block_delta",
              String.format(
                  "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\","
                      + "\"text\":\"\\u%04x\"}}",
                  (int) text.charAt(i))));
    }
    events.add(Transcripts.blockStop(1));
    events.add(
        Transcripts.blockStart(
            2, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}"));
    events.add(Transcripts.argumentsDelta(2, "{\"city\":\"Zür"));
    events.add(Transcripts.argumentsDelta(2, "ich\"}"));
    events.add(Transcripts.blockStop(2));
    events.add(Transcripts.messageDelta("tool_use", 9));
    events.add(Transcripts.messageStop());
    return events;
  }

  private static Read read(List<byte[]> chunks) {
    List<AnswerEvent.Content> content = new ArrayList<>();
    ResponseReader reader =
        new ResponseReader(new AnswerBounds(1 << 20, 1 << 26, 8192), content::add);
    chunks.forEach(chunk -> reader.feed(ByteString.fromArrayUnsafe(chunk)));
    assertNull(reader.failure());
    Transcript transcript = reader.transcript();
    return new Read(content, transcript.complete(), transcript.usage().completionTokens());
  }

  private static List<byte[]> chunks(byte[] bytes, int longest, Random random) {
    List<byte[]> chunks = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
      chunks.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return chunks;
  }

  private static String text(List<AnswerEvent.Content> content) {
    StringBuilder text = new StringBuilder();
    for (AnswerEvent.Content piece : content) {
      if (piece instanceof AnswerEvent.Delta delta) {
        text.append(delta.text());
      }
    }
    return text.toString();
  }

  /** Java's own decoder puts a replacement where half a code point stands, as the reader does. */
  private static String wellFormed(String text) {
    return text.codePoints()
        .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static void assertWholeCodePoints(AnswerEvent.Content piece) {
    if (piece instanceof AnswerEvent.Delta delta) {
      assertTrue(!delta.text().isEmpty());
      assertTrue(delta.text().codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF));
    }
  }
}
