package dev.finch.routing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Lines of a file that may be of any length and hold anything. */
final class BoundedLines {

  /** Those of the ledger have some 700 bytes. */
  static final int LONGEST = 64 << 10;

  private BoundedLines() {}

  /** Reads to the end; a line beyond {@link #LONGEST} bytes is left out. */
  static void read(InputStream in, Consumer<String> lines) throws IOException {
    byte[] buffer = new byte[64 << 10];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    int read;
    while ((read = in.read(buffer)) >= 0) {
      int from = 0;
      for (int i = 0; i <= read; i++) {
        if (i < read && buffer[i] != '\n') {
          continue;
        }
        tooLong |= line.size() + i - from > LONGEST;
        if (!tooLong) {
          line.write(buffer, from, i - from);
        }
        if (i < read) {
          hand(line, tooLong, lines);
          tooLong = false;
          from = i + 1;
        }
      }
    }
    hand(line, tooLong, lines);
  }

  private static void hand(ByteArrayOutputStream line, boolean tooLong, Consumer<String> lines) {
    if (!tooLong && line.size() > 0) {
      lines.accept(line.toString(StandardCharsets.UTF_8));
    }
    line.reset();
  }
}
