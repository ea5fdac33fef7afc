package dev.finch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The assembled distribution, run as people run it: as a process, in directories of its own. */
public final class Distribution {

  /** What a process said. */
  public record Result(int code, String out, String err) {}

  private static final long DEADLINE_SECONDS = 120;

  private final Path home;
  private final Path scratch;

  /**
   * @param home with {@code bin}, {@code conf} and {@code lib}
   * @param scratch takes state, caches and settings
   */
  public Distribution(Path home, Path scratch) {
    this.home = home;
    this.scratch = scratch;
  }

  /** What the build assembled. */
  public static Path assembled() {
    return Path.of("target", "finch").toAbsolutePath();
  }

  /** The class archives that the build made for this JVM. */
  private Path archives() {
    return home.resolve("lib")
        .resolve("archive")
        .resolve(System.getProperty("java.runtime.version"));
  }

  Path launcher() {
    return home.resolve("bin").resolve("finch");
  }

  public Path state() {
    return scratch.resolve("state").resolve("finch");
  }

  public Path config() {
    return scratch.resolve("config").resolve("finch").resolve("application.conf");
  }

  public ProcessBuilder process(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    isolate(builder.environment());
    return builder;
  }

  /** Takes everything from an environment by which a test could touch the machine's own Finch. */
  void isolate(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("ANTHROPIC_") || name.startsWith("HF_"));
    environment.put("HOME", scratch.toString());
    environment.put("XDG_STATE_HOME", scratch.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", scratch.resolve("cache").toString());
    environment.put("XDG_CONFIG_HOME", scratch.resolve("config").toString());
    environment.put("HF_HOME", scratch.resolve("hub").toString());
    environment.put("FINCH_JAVA_HOME", System.getProperty("java.home"));
    if (!Files.exists(archives().resolve("stamp"))) {
      environment.put("FINCH_CLASS_ARCHIVE", "off"); // a test leaves no process that makes some
    }
    environment.put("TERM", "xterm-256color");
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    return run(process(arguments), "");
  }

  static Result run(ProcessBuilder builder, String input) throws IOException, InterruptedException {
    Process process = builder.start();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It did not want to read; what it says tells more.
    }
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running; stderr: " + err.getNow("?"));
    }
    return new Result(process.exitValue(), out.join(), err.join());
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }
}
