package dev.finch.cli;

import dev.finch.cli.terminal.FastTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.spi.Pty;

/** A terminal with somebody who types at it, and waits for an answer in between. */
final class TrainingTerminal {

  private static final String ANSWERED = "first token";
  private static final long PATIENCE_SECONDS = 20;

  private final Pty pty;
  private final String first;
  private final String afterAnswer;
  private final CountDownLatch answered = new CountDownLatch(1);

  private TrainingTerminal(Pty pty, String first, String afterAnswer) {
    this.pty = pty;
    this.first = first;
    this.afterAnswer = afterAnswer;
  }

  /** Everything is typed at once. */
  static TrainingTerminal typing(String text) throws IOException {
    return typing(text, "");
  }

  /** The second text is typed once the first has been answered. */
  static TrainingTerminal typing(String first, String afterAnswer) throws IOException {
    return new TrainingTerminal(FastTerminal.openPty(), first, afterAnswer);
  }

  /** Begins to type; gives the terminal to read from. */
  Pty start() throws IOException {
    OutputStream keys = pty.getMasterOutput();
    type(keys, first);
    daemon("screen", this::watch);
    if (!afterAnswer.isEmpty()) {
      daemon("typist", () -> typeOnceAnswered(keys));
    }
    return pty;
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    StringBuilder seen = new StringBuilder();
    byte[] buffer = new byte[4096];
    try (InputStream in = pty.getMasterInput()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        seen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        if (seen.indexOf(ANSWERED) >= 0) {
          answered.countDown();
        }
      }
    } catch (IOException e) {
      answered.countDown();
    }
  }

  private void typeOnceAnswered(OutputStream keys) {
    try {
      // Without an answer the rest is trained all the same.
      answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      type(keys, afterAnswer);
    } catch (IOException e) {
      // The terminal is gone: the run has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void type(OutputStream keys, String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }
}
