package dev.finch.cli.terminal;

import dev.finch.cli.launch.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * JLine's way to the terminal, without extracting its native library and without moments in which a
 * signal has no handler.
 */
public final class FastProvider extends JniTerminalProvider {

  private final Map<String, Object> originals = new ConcurrentHashMap<>();

  private FastProvider() {}

  /**
   * Loads on a thread of its own what JLine's logger, the first handler of a signal and the first
   * redraw need, while the prompt is written.
   */
  public static void loadAhead() {
    Thread.ofPlatform()
        .daemon()
        .name("finch-terminal-ahead")
        .start(
            () -> {
              Signals.register("WINCH", () -> {});
              BreakIterator.getCharacterInstance();
            });
  }

  /** Finds the native library beside the jars. */
  static FastProvider create() {
    Path library = library();
    if (library != null && System.getProperty("library.jline.path") == null) {
      System.setProperty("library.jline.path", library.toString());
    }
    return new FastProvider();
  }

  /** The terminal that stdin and stdout are connected to. */
  Pty current() throws IOException {
    return current(SystemStream.Output);
  }

  /** JLine's native library beside the jars; null outside a distribution. */
  private static @Nullable Path library() {
    Path home = Installation.home();
    if (home == null) {
      return null;
    }
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    String folder =
        (os.startsWith("mac") ? "Mac" : "Linux")
            + "/"
            + switch (processor) {
              case "amd64", "x86_64" -> "x86_64";
              case "aarch64" -> "arm64";
              default -> processor;
            };
    Path directory = home.resolve("lib").resolve("native").resolve(folder);
    return Files.isDirectory(directory) ? directory : null;
  }

  @Override
  public @Nullable Object registerSignal(String name, Runnable action) {
    return original(name, Signals.register(name, action));
  }

  @Override
  public @Nullable Object registerDefaultSignal(String name) {
    // What was never handled does already what it does by default, and asking takes milliseconds.
    return originals.containsKey(name) ? Signals.registerDefault(name) : null;
  }

  private @Nullable Object original(String name, @Nullable Object previous) {
    if (previous != null) {
      originals.putIfAbsent(name, previous);
    }
    return previous;
  }

  // JLine takes one handler back before it sets the next; a Ctrl-C in between would end the
  // process.
  @Override
  public void unregisterSignal(String name, @Nullable Object previous) {}

  /** Signals do again what they did before the terminal was opened. */
  void restoreSignals() {
    originals.forEach(Signals::unregister);
  }
}
