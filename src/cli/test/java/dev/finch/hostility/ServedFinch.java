package dev.finch.hostility;

import dev.finch.cli.Distribution;
import dev.finch.cli.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@code finch serve} of the assembled distribution, and what Linux and its JVM tell of it. */
final class ServedFinch implements AutoCloseable {

  static final String HONEST_KEY = "key-of-honest-ann";
  static final String HOSTILE_KEY = "key-of-hostile-bob";
  static final String ADMIN_KEY = "key-of-hostile-root";

  /** What the process holds, in bytes where it is memory. */
  record Holdings(long resident, long heap, long threads, long descriptors) {
    @Override
    public String toString() {
      return "resident %d MiB, heap %.1f MiB, %d threads, %d descriptors"
          .formatted(resident >> 20, heap / 1048576.0, threads, descriptors);
    }
  }

  /** Resident from the beginning, so that what grows is not the heap. */
  private static final String HEAP = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

  private static final String SETTINGS =
      """
      finch.http {
        api-keys = ["ann=%s", "bob=%s", "admin:root=%s"]
        body-timeout = 5s
        keep-alive = 10s
      }
      finch.cli.log-level = warn
      finch.cloud.breaker { failures = 1000, spend-limit-pause = 1s }
      finch.cloud.retries.most = 0
      finch.cloud.limits.idle-timeout = 5s
      finch.download { retries = 0, stall-timeout = 2s, request-timeout = 2s }
      """
          .formatted(HONEST_KEY, HOSTILE_KEY, ADMIN_KEY);

  final URI address;
  private final Distribution finch;
  private final Process process;
  private final ServerProcess server;

  private ServedFinch(Distribution finch, ServerProcess server) {
    this.finch = finch;
    this.server = server;
    this.process = server.process();
    this.address = server.address();
  }

  /** The built-in model, with a Claude and a Hub at these addresses. */
  static ServedFinch start(Path directory, String claude, String hub) throws IOException {
    Distribution finch = new Distribution(Distribution.assembled(), directory);
    Files.createDirectories(finch.config().getParent());
    Files.writeString(finch.config(), SETTINGS);
    ProcessBuilder builder = finch.process("serve", "--port", "0", "--model", "builtin");
    builder
        .environment()
        .putAll(
            Map.of(
                "ANTHROPIC_API_KEY", "sk-ant-test",
                "ANTHROPIC_BASE_URL", claude,
                "HF_ENDPOINT", hub,
                "FINCH_JAVA_OPTS", HEAP));
    builder.directory(directory.toFile()).redirectOutput(directory.resolve("out").toFile());
    return new ServedFinch(finch, ServerProcess.start(builder));
  }

  InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.getHost(), address.getPort());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** After a full collection. */
  Holdings holdings() throws IOException, InterruptedException {
    jcmd("GC.run");
    String histogram = jcmd("GC.class_histogram");
    String total = histogram.strip().lines().reduce("", (_, last) -> last);
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    long resident =
        Files.readAllLines(proc.resolve("status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
            .findFirst()
            .orElseThrow();
    return new Holdings(
        resident,
        Long.parseLong(total.strip().split("\\s+", -1)[2]),
        entries(proc.resolve("task")),
        entries(proc.resolve("fd")));
  }

  /** Every stack, for a failure that tells of threads. */
  String stacks() throws IOException, InterruptedException {
    return jcmd("Thread.print");
  }

  /** What the process wrote into its log, oldest first; warnings and errors only. */
  List<String> log() throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(finch.state())) {
      for (Path file : files.filter(it -> it.toString().contains(".log")).sorted().toList()) {
        lines.addAll(Files.readString(file, StandardCharsets.UTF_8).lines().toList());
      }
    }
    return lines;
  }

  /** How it ended, or that it lives, and its last words. */
  String fate() throws IOException {
    return (process.isAlive() ? "alive" : "ended with " + process.exitValue())
        + "; said "
        + end(server.said(), 5)
        + "; log:\n"
        + end(log(), 40);
  }

  /** The last lines, without what makes single ones long. */
  private static String end(List<String> lines, int most) {
    return lines.subList(Math.max(0, lines.size() - most), lines.size()).stream()
        .map(line -> line.substring(0, Math.min(line.length(), 300)))
        .collect(Collectors.joining("\n"));
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!jcmd.waitFor(60, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
      throw new IOException(command + " of the server: " + output);
    }
    return output;
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  /** Ends it as a service manager would; the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(40, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
