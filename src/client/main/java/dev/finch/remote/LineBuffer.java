package dev.finch.remote;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes as they come, and the lines in them. Not thread-safe. */
final class LineBuffer {

  private static final int FIRST_CAPACITY = 8 << 10;

  private final int longest;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int begin;
  private int end;

  /** Before it lies no end of a line. */
  private int searched;

  /**
   * @param longest the bytes that a line may have
   */
  LineBuffer(int longest) {
    this.longest = longest;
  }

  /** Adds bytes behind those that are here. */
  void add(List<ByteBuffer> more) {
    for (ByteBuffer buffer : more) {
      int length = buffer.remaining();
      reserve(length);
      buffer.get(bytes, end, length);
      end += length;
    }
  }

  private void reserve(int length) {
    if (begin > 0) {
      System.arraycopy(bytes, begin, bytes, 0, end - begin);
      end -= begin;
      searched -= begin;
      begin = 0;
    }
    if (end + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end + length, 2 * bytes.length));
    }
  }

  /** The next whole line without its end; null where there is none yet. */
  @Nullable String next() {
    for (; searched < end; searched++) {
      if (bytes[searched] == '\n') {
        String line = text(searched);
        begin = ++searched;
        return line;
      }
    }
    return null;
  }

  /** Whether the line that has begun is longer than a line may be. */
  boolean isTooLong() {
    return end - begin > longest;
  }

  /** What stands behind the last end of a line; empty where nothing does. */
  String rest() {
    String rest = text(end);
    begin = end;
    searched = end;
    return rest;
  }

  private String text(int until) {
    int length = until - begin;
    if (length > 0 && bytes[until - 1] == '\r') {
      length--;
    }
    return new String(bytes, begin, length, StandardCharsets.UTF_8);
  }
}
