package dev.finch.download;

import dev.finch.model.ModelFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finch against curl on the same server in the same run, round by round in turn.
 *
 * <p>{@code DownloadBenchmark DIRECTORY [ROUNDS [MEBIBYTES]]}. curl writes the file and hashes
 * nothing; "curl + sha256sum" is what it takes to know that the file is right. Finch's seconds are
 * from the command to the verified file in the cache, without the JVM's start, which is given too.
 */
public final class DownloadBenchmark {

  private static final String REPO = "acme/bench-gguf";
  private static final String FILE = "bench-q4_k_m.gguf";

  /** As {@code bin/finch pull} starts the JVM, and a small heap. */
  private static final List<String> LAUNCHER =
      List.of(
          "-Xmx64m",
          "-XX:+UseSerialGC",
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000");

  private final Path directory;
  private final int rounds;

  private DownloadBenchmark(Path directory, int rounds) {
    this.directory = directory;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    long mebibytes = args.length > 2 ? Long.parseLong(args[2]) : 1024;
    DownloadBenchmark benchmark = new DownloadBenchmark(directory, rounds);
    benchmark.compare("loopback", mebibytes, List.of(), List.of());
    benchmark.compare(
        "one connection of 1 Gbit/s",
        mebibytes,
        List.of("--rate", "125000000"),
        List.of("-Dfinch.download.connections=1"));
    benchmark.compare(
        "50 ms, 20 MB/s a connection",
        Math.max(64, mebibytes / 4),
        List.of("--latency-ms", "50", "--rate", "20000000"),
        List.of());
  }

  /** Seconds, processor seconds and, for Finch, megabytes of heap and seconds with the start. */
  private record Sample(double seconds, double cpu, double heap, double whole) {}

  private void compare(String name, long mebibytes, List<String> network, List<String> settings)
      throws Exception {
    Path origin = directory.resolve("origin");
    Path file = Content.random(origin.resolve(REPO).resolve(FILE), mebibytes << 20, mebibytes);
    Content content = Content.of(file);
    ModelFile model = new ModelFile(FILE, content.size(), content.sha256());
    Process server = server(origin, network);
    String endpoint = endpoint(server);
    List<Sample> curl = new ArrayList<>();
    List<Sample> hashed = new ArrayList<>();
    List<Sample> finch = new ArrayList<>();
    try {
      for (int round = 0; round <= rounds; round++) {
        Sample plain = curl(endpoint);
        Sample hash = sha256sum();
        Sample ours = finch(endpoint, model, settings);
        if (round > 0) {
          curl.add(plain);
          hashed.add(new Sample(plain.seconds() + hash.seconds(), plain.cpu() + hash.cpu(), 0, 0));
          finch.add(ours);
        }
      }
    } finally {
      server.destroy();
    }
    System.out.printf(Locale.ROOT, "%n%s, %d MiB, medians of %d rounds%n", name, mebibytes, rounds);
    double bytes = mebibytes * 1048576.0;
    line("curl", curl, bytes, curl);
    line("curl + sha256sum", hashed, bytes, curl);
    line("finch", finch, bytes, curl);
  }

  private static void line(String who, List<Sample> samples, double bytes, List<Sample> base) {
    double seconds = median(samples, 0);
    String heap =
        median(samples, 2) == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "  heap peak %.0f MB of 64, %.2f s with the JVM's start",
                median(samples, 2),
                median(samples, 3));
    System.out.printf(
        Locale.ROOT,
        "  %-17s %7.2f s %8.0f MB/s %6.2fx curl  %5.2f cpu s/GB%s%n",
        who,
        seconds,
        bytes / seconds / 1e6,
        median(base, 0) / seconds,
        median(samples, 1) / (bytes / 1e9),
        heap);
  }

  private static double median(List<Sample> samples, int field) {
    double[] values =
        samples.stream()
            .mapToDouble(
                one -> new double[] {one.seconds(), one.cpu(), one.heap(), one.whole()}[field])
            .sorted()
            .toArray();
    return values[values.length / 2];
  }

  private Sample curl(String endpoint) throws Exception {
    Path file = directory.resolve("curl.out");
    Files.deleteIfExists(file);
    String commit = "main";
    return timed(
        List.of(
            "curl",
            "-sSfL",
            "-o",
            file.toString(),
            endpoint + "/" + REPO + "/resolve/" + commit + "/" + FILE),
        Map.of());
  }

  private Sample sha256sum() throws Exception {
    return timed(List.of("sha256sum", directory.resolve("curl.out").toString()), Map.of());
  }

  private Sample finch(String endpoint, ModelFile model, List<String> settings) throws Exception {
    Path cache = directory.resolve("hub");
    delete(cache);
    List<String> command =
        PullProcess.command(
            Stream.concat(LAUNCHER.stream(), settings.stream()).toList(),
            REPO,
            LoopbackHub.commitFor(REPO),
            model);
    Sample whole =
        timed(command, Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString()));
    delete(cache);
    return whole;
  }

  /** Runs a command under bash's own clock; the first line of its output may give its own. */
  private static Sample timed(List<String> command, Map<String, String> environment)
      throws Exception {
    List<String> all =
        new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "-"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + errors);
    }
    List<String> lines = errors.lines().toList();
    double[] times = numbers(lines.getLast());
    String own = output.lines().reduce((_, last) -> last).orElse("");
    boolean ours = own.matches("[0-9.]+ [0-9.]+ [0-9.]+");
    return new Sample(
        ours ? numbers(own)[0] : times[0],
        times[1] + times[2],
        ours ? numbers(own)[2] : 0,
        times[0]);
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.strip().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  private static Process server(Path origin, List<String> network) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoopbackHub.class.getName(),
                origin.toString()));
    command.addAll(network);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String endpoint(Process server) throws IOException {
    BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("The server did not start");
    }
    return line.replaceFirst("^endpoint ", "");
  }

  private static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (var entries = Files.walk(directory)) {
        for (Path entry : entries.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(entry);
        }
      }
    }
  }
}
