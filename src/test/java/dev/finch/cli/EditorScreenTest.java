package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.spi.Pty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EditorScreenTest {

  @Test
  @Timeout(60)
  void anInterruptWithoutACtrlCIsNotCounted() throws Exception {
    Pty pty = FastTerminal.openPty();
    drain(pty);
    CountDownLatch reading = new CountDownLatch(1);
    BlockingQueue<Screen.Input> inputs = new LinkedBlockingQueue<>();
    EditorScreen screen = EditorScreen.open(pty, false, reading::countDown);
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  inputs.add(screen.read());
                  inputs.add(screen.read());
                });
    reading.await();
    // The editor reports it as a Ctrl-C, as it does with one that it has reported before.
    reader.interrupt();
    OutputStream keys = pty.getMasterOutput();
    keys.write("hello\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    assertEquals(new Screen.Line("hello"), inputs.poll(30, TimeUnit.SECONDS));
    screen.pressCtrlC();
    assertEquals(new Screen.Interrupted(false), inputs.poll(30, TimeUnit.SECONDS));
  }

  private static void drain(Pty pty) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (var in = pty.getMasterInput()) {
                in.transferTo(OutputStream.nullOutputStream());
              } catch (java.io.IOException e) {
                // Closed.
              }
            });
  }
}
