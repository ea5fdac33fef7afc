package dev.finch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.spi.Pty;
import org.jspecify.annotations.Nullable;

/**
 * A run that only loads what real runs load, so that {@link ClassArchives} can keep it: a REPL on a
 * terminal of its own, answered by the built-in model.
 */
final class Training {

  /** Names what to do: one of the three below, or a directory to make archives in. */
  static final String PROPERTY = "finch-launcher.training";

  /** Only what happens until the first line was read. */
  static final String PROMPT = "prompt";

  /** The whole way to answers, and the usual commands. */
  static final String EVERYTHING = "everything";

  /** Make the archives that belong to the distribution itself; the build does. */
  static final String OWN = "own";

  private static final String ANSWERED = "first token";
  private static final long PATIENCE_SECONDS = 20;

  private Training() {}

  static int run(String what) throws Exception {
    return switch (what) {
      case PROMPT -> terminal("/quit\r", null);
      case EVERYTHING -> {
        question("--model", "builtin", "--max-tokens", "4", "Hi");
        question("Hi");
        yield terminal("Hello there\r", "/help\r/status\r/models\r/quit\r");
      }
      case OWN -> archives(null);
      default -> archives(Path.of(what));
    };
  }

  private static int archives(@Nullable Path wanted) throws IOException {
    Path home = Installation.home();
    if (home == null) {
      return ExitCode.FAILED;
    }
    Path directory = wanted == null ? new ClassArchives(home).own() : wanted;
    Files.createDirectories(directory);
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      ClassArchives archives = new ClassArchives(home);
      if (lock != null && !archives.fresh(directory)) {
        archives.make(directory);
      }
      return ExitCode.OK;
    }
  }

  private static void question(String... arguments) throws Exception {
    Terminals none = new Terminals(false, false, false, true, false);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    AskCommand.run(AskArguments.parse(List.of(arguments)), none, nowhere);
  }

  // One class outside of the archives costs as much as opening every jar before its own.
  private static void standardStreams() {
    try {
      FastTerminal.open().close();
    } catch (IOException e) {
      // No terminal, as expected: the classes that would have found one are loaded.
    }
  }

  private static int terminal(String first, @Nullable String afterAnswer) throws Exception {
    standardStreams();
    Pty pty = FastTerminal.openPty();
    CountDownLatch answered = new CountDownLatch(1);
    Thread reader = new Thread(() -> drain(pty, answered), "training");
    reader.setDaemon(true);
    reader.start();
    OutputStream keys = pty.getMasterOutput();
    keys.write(first.getBytes(StandardCharsets.UTF_8));
    keys.flush();
    if (afterAnswer != null) {
      Thread typist = new Thread(() -> type(keys, answered, afterAnswer), "typist");
      typist.setDaemon(true);
      typist.start();
    }
    AskOptions options =
        AskArguments.parse(
            afterAnswer == null ? List.of() : List.of("--model", "builtin", "--max-tokens", "8"));
    return ReplCommand.run(options, new Terminals(true, true, true, false, true), pty);
  }

  private static void drain(Pty pty, CountDownLatch answered) {
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

  private static void type(OutputStream keys, CountDownLatch answered, String text) {
    try {
      // Without an answer the rest is trained all the same.
      answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    } catch (IOException e) {
      // The terminal is gone: the run has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
