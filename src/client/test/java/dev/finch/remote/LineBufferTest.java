package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineBufferTest {

  @Test
  void linesAreTheSameHoweverTheirBytesAreCut() {
    List<String> lines = List.of("first", "", "grüße 🦜", "x".repeat(40_000), "end\r\r", "rest");
    byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    for (int most : new int[] {1, 3, 100, 9_000, bytes.length}) {
      LineBuffer buffer = new LineBuffer(1 << 20);
      List<String> read = new ArrayList<>();
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
        buffer.add(List.of(ByteBuffer.wrap(bytes, at, length)));
        at += length;
        for (String line = buffer.next(); line != null; line = buffer.next()) {
          read.add(line);
        }
      }
      read.add(buffer.rest());
      assertEquals(List.of("first", "", "grüße 🦜", lines.get(3), "end\r", "rest"), read);
      assertEquals("", buffer.rest());
    }
  }

  @Test
  void tellsALineThatIsTooLongBeforeItEnds() {
    LineBuffer buffer = new LineBuffer(10);
    buffer.add(List.of(ByteBuffer.wrap("a\n0123456789".getBytes(StandardCharsets.US_ASCII))));
    assertEquals("a", buffer.next());
    assertNull(buffer.next());
    assertFalse(buffer.isTooLong());
    buffer.add(List.of(ByteBuffer.wrap(new byte[] {11})));
    assertTrue(buffer.isTooLong());
  }
}
