package dev.finch.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;

/** A process on a terminal of its own, with what a person would see and keys to press. */
final class PtyProcess implements AutoCloseable {

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Pattern DEVICE = Pattern.compile("/dev/pts/\\d+");

  private final Pty pty;
  private final Process process;
  private final OutputStream keys;
  private final VirtualScreen screen;
  private final StringBuilder seen = new StringBuilder();
  private final StringBuilder all = new StringBuilder();

  private PtyProcess(Pty pty, Process process, VirtualScreen screen) throws IOException {
    this.pty = pty;
    this.process = process;
    this.keys = pty.getMasterOutput();
    this.screen = screen;
  }

  /** Starts it with the terminal as its controlling one, so that Ctrl-C is a signal. */
  static PtyProcess start(ProcessBuilder builder, int columns, int rows) throws IOException {
    Pty pty = new JniTerminalProvider().open(null, Size.of(columns, rows));
    Matcher device = DEVICE.matcher(pty.toString());
    if (!device.find()) {
      throw new IOException("no device in " + pty);
    }
    File slave = new File(device.group());
    List<String> command = new ArrayList<>(List.of("setsid", "--ctty", "--wait"));
    command.addAll(Foreground.command(builder.command()));
    builder.command(command);
    builder.redirectInput(slave).redirectOutput(slave).redirectError(slave);
    PtyProcess started = new PtyProcess(pty, builder.start(), new VirtualScreen(columns, rows));
    // Blocking reads of a terminal would hold a virtual thread's carrier.
    Thread.ofPlatform().daemon().start(started::watch);
    return started;
  }

  private void watch() {
    try (InputStream in = pty.getMasterInput();
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      char[] buffer = new char[4096];
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        String text = new String(buffer, 0, n);
        synchronized (seen) {
          seen.append(text);
          all.append(text);
          screen.accept(text);
          seen.notifyAll();
        }
      }
    } catch (IOException e) {
      // The other side closed: the process has ended.
    }
  }

  /** Waits until all that the process wrote before its end has been seen. */
  void awaitAll() throws IOException, InterruptedException {
    String mark = "<the end of it>";
    pty.getSlaveOutput().write(mark.getBytes(StandardCharsets.UTF_8));
    awaitThat(_ -> all.indexOf(mark) >= 0, mark);
  }

  void type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  void resize(int columns, int rows) throws IOException {
    synchronized (seen) {
      screen.resize(columns, rows);
    }
    pty.setSize(Size.of(columns, rows));
  }

  /** Waits until the bytes that came since the last wait contain {@code text}. */
  void await(String text) throws InterruptedException {
    awaitThat(all -> all.contains(text), text);
    synchronized (seen) {
      int end = seen.indexOf(text);
      if (end >= 0) {
        seen.delete(0, end + text.length());
      }
    }
  }

  /** Waits until some row of the screen looks like this. */
  void awaitRow(Predicate<String> row, String what) throws InterruptedException {
    awaitThat(_ -> screen.lines().stream().anyMatch(row), what);
  }

  /** Waits until the whole screen looks like this. */
  void awaitScreen(Predicate<List<String>> rows, String what) throws InterruptedException {
    awaitThat(_ -> rows.test(screen.lines()), what);
  }

  private void awaitThat(Predicate<String> condition, String what) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    synchronized (seen) {
      while (!condition.test(seen.toString())) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError(
              "never saw '" + what + "'; the screen:\n" + String.join("\n", screen.lines()));
        }
        seen.wait(left);
      }
    }
  }

  /** All that the terminal was sent so far. */
  String everything() {
    synchronized (seen) {
      return all.toString();
    }
  }

  List<String> lines() {
    return screen.lines();
  }

  /** Sends a signal to the process itself. */
  void signal(String name) throws IOException, InterruptedException {
    ProcessHandle last =
        process.descendants().reduce((_, later) -> later).orElse(process.toHandle());
    new ProcessBuilder("kill", "-" + name, String.valueOf(last.pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + String.join("\n", screen.lines()));
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    pty.close();
  }
}
