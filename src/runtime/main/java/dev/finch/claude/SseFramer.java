package dev.finch.claude;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Cuts a byte stream into the data of its server-sent events, whatever the chunks. Event names are
 * dropped, since Claude repeats them inside the data. Lines end with LF, CR or CRLF; a code point
 * or a line end may be split between chunks. Not thread-safe.
 *
 * <p>Source: HTML Living Standard, section 9.2 "Server-sent events".
 */
final class SseFramer {

  /** A line or an event is longer than the bound. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLong(int most) {
      super("An event of the stream is longer than " + most + " bytes");
    }
  }

  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int most;
  private final Buffer line = new Buffer();
  private final Buffer data = new Buffer();
  private boolean anyData;
  private boolean firstLine = true;
  private boolean afterCarriageReturn;

  /**
   * @param most bytes that a line, and that the data of one event, may have
   */
  SseFramer(int most) {
    this.most = most;
  }

  /**
   * Takes the next bytes and hands on the data of every event that they complete.
   *
   * @throws TooLong where a line or an event passes the bound
   */
  void feed(ByteString chunk, Consumer<byte[]> events) {
    byte[] bytes = chunk.toArrayUnsafe();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b != '\n' && b != '\r') {
        afterCarriageReturn = false;
        continue;
      }
      boolean secondHalf = b == '\n' && afterCarriageReturn && i == start;
      afterCarriageReturn = b == '\r';
      if (!secondHalf) {
        append(line, bytes, start, i);
        endLine(events);
      }
      start = i + 1;
    }
    append(line, bytes, start, bytes.length);
  }

  private void endLine(Consumer<byte[]> events) {
    int from = firstLine && line.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    firstLine = false;
    if (line.length == from) {
      endEvent(events);
    } else {
      field(from);
    }
    line.length = 0;
  }

  private void field(int from) {
    int nameEnd = from + DATA.length;
    boolean isData =
        line.length >= nameEnd
            && Arrays.equals(line.bytes, from, nameEnd, DATA, 0, DATA.length)
            && (line.length == nameEnd || line.bytes[nameEnd] == ':');
    if (!isData) {
      return;
    }
    int value = Math.min(line.length, nameEnd + 1);
    if (value < line.length && line.bytes[value] == ' ') {
      value++;
    }
    if (anyData) {
      append(data, new byte[] {'\n'}, 0, 1);
    }
    append(data, line.bytes, value, line.length);
    anyData = true;
  }

  private void endEvent(Consumer<byte[]> events) {
    if (anyData) {
      byte[] event = Arrays.copyOf(data.bytes, data.length);
      data.length = 0;
      anyData = false;
      events.accept(event);
    }
  }

  private void append(Buffer buffer, byte[] bytes, int from, int to) {
    if (to - from > most - buffer.length) {
      throw new TooLong(most);
    }
    buffer.append(bytes, from, to);
  }

  private static final class Buffer {
    private byte[] bytes = new byte[1024];
    private int length;

    void append(byte[] source, int from, int to) {
      int count = to - from;
      if (length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
      }
      System.arraycopy(source, from, bytes, length, count);
      length += count;
    }

    boolean startsWith(byte[] prefix) {
      return length >= prefix.length
          && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
  }
}
