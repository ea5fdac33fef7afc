import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;

/**
 * How long people wait, measured from just before the process is started, through a pseudo-terminal:
 * the prompt's first bytes, the first line being accepted, the first answer of the built-in model in
 * the REPL, and the first token of a one-shot.
 */
final class Startup {

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path finch;
  private final Path scratch;
  private final Map<String, List<Double>> samples = new TreeMap<>();

  private Startup(Path finch, Path scratch) {
    this.finch = finch;
    this.scratch = scratch;
  }

  public static void main(String[] args) throws Exception {
    Path finch = Path.of(args[0]).toAbsolutePath();
    int runs = args.length > 1 ? Integer.parseInt(args[1]) : 25;
    Startup startup = new Startup(finch, Files.createTempDirectory("finch-startup"));
    startup.repl();
    startup.oneShot();
    startup.samples.clear();
    for (int i = 0; i < runs; i++) {
      startup.repl();
      startup.oneShot();
    }
    System.out.printf("%-28s %8s %8s %8s %8s%n", runs + " runs, ms", "min", "median", "p95", "max");
    startup.samples.forEach(Startup::print);
    System.out.println("load average " + Files.readString(Path.of("/proc/loadavg")).strip());
    System.exit(0);
  }

  private static void print(String name, List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.1f %8.1f %8.1f %8.1f%n",
        name,
        sorted.getFirst(),
        sorted.get(sorted.size() / 2),
        sorted.get((int) Math.ceil(sorted.size() * 0.95) - 1),
        sorted.getLast());
  }

  private void repl() throws Exception {
    Pty pty = new JniTerminalProvider().open(null, Size.of(100, 30));
    Screen screen = new Screen(pty.getMasterInput());
    OutputStream keys = pty.getMasterOutput();
    long start = System.nanoTime();
    Process process = start(slave(pty), List.of(finch.toString(), "--model", "builtin"), true);
    sample("1 prompt", start, screen.await(">>> "));
    keys.write("/usage\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    sample("2 first line accepted", start, screen.await("No answers yet."));
    keys.write("Hello\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    sample("3 REPL answer complete", start, screen.await("first token"));
    keys.write("/quit\r".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    process.waitFor();
    pty.close();
  }

  private void oneShot() throws Exception {
    long start = System.nanoTime();
    Process process = start(null, List.of(finch.toString(), "--model", "builtin", "Hello"), false);
    try (InputStream out = process.getInputStream()) {
      out.read();
      sample("4 one-shot first token", start, System.nanoTime());
      out.readAllBytes();
    }
    process.waitFor();
    sample("5 one-shot exit", start, System.nanoTime());
  }

  private Process start(String slave, List<String> command, boolean terminal) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    if (terminal) {
      // The raw prompt goes out only without arguments; the model comes from the environment.
      builder.command(List.of(finch.toString()));
      builder.environment().put("FINCH_MODEL", "builtin");
      builder.redirectInput(Path.of(slave).toFile());
      builder.redirectOutput(Path.of(slave).toFile());
      builder.redirectError(Path.of(slave).toFile());
    } else {
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
    Map<String, String> environment = builder.environment();
    environment.put("TERM", "xterm-256color");
    environment.put("XDG_STATE_HOME", scratch.resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", scratch.resolve("config").toString());
    environment.remove("ANTHROPIC_API_KEY");
    return builder.start();
  }

  private static String slave(Pty pty) throws IOException {
    return pty.toString().replaceAll(".*(/dev/pts/\\d+).*", "$1");
  }

  private void sample(String name, long start, long end) {
    samples.computeIfAbsent(name, key -> new ArrayList<>()).add((end - start) / 1e6);
  }

  /** What the terminal shows, with the time at which it came. */
  private static final class Screen {
    private final LinkedBlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();
    private final StringBuilder seen = new StringBuilder();

    Screen(InputStream in) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int b = in.read(); b >= 0; b = in.read()) {
                    bytes.add(b);
                  }
                } catch (IOException e) {
                  // The other side closed.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    long await(String text) throws InterruptedException {
      long deadline = System.nanoTime() + DEADLINE_NANOS;
      while (seen.indexOf(text) < 0) {
        Integer next = bytes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          throw new IllegalStateException("never saw '" + text + "' in: " + seen);
        }
        seen.append((char) (int) next);
      }
      long now = System.nanoTime();
      seen.setLength(0);
      return now;
    }
  }
}
