package dev.finch.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * {@code finch pull} against curl on the same server in the same run, round by round in turn: whole
 * processes from their start to their end.
 *
 * <p>{@code DownloadBenchmark FINCH DIRECTORY [ROUNDS [MEBIBYTES]]}. curl writes the file and
 * hashes nothing; "curl, hashed" writes it and hashes it with OpenSSL on the way, "curl, then
 * sha256sum" as people do. Finch runs in 64 MB of heap and gives a verified file in the cache.
 */
public final class DownloadBenchmark {

  private static final String REPO = "acme/bench-gguf";
  private static final String FILE = "bench-q4_k_m.gguf";

  private final String finch;
  private final Path directory;
  private final int rounds;

  private DownloadBenchmark(String finch, Path directory, int rounds) {
    this.finch = finch;
    this.directory = directory;
    this.rounds = rounds;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    long mebibytes = args.length > 3 ? Long.parseLong(args[3]) : 1024;
    DownloadBenchmark benchmark = new DownloadBenchmark(args[0], directory, rounds);
    benchmark.compare("loopback", mebibytes, List.of(), "");
    benchmark.compare(
        "one connection of 1 Gbit/s",
        mebibytes,
        List.of("--rate", "125000000"),
        "finch.download.connections = 1");
    benchmark.compare(
        "50 ms, 20 MB/s a connection",
        Math.max(64, mebibytes / 4),
        List.of("--latency-ms", "50", "--rate", "20000000"),
        "");
    StopBenchmark.run(directory);
  }

  /** Seconds by the clock and of processors. */
  private record Sample(double seconds, double cpu) {
    Sample and(Sample next) {
      return new Sample(seconds + next.seconds, cpu + next.cpu);
    }
  }

  private void compare(String name, long mebibytes, List<String> network, String settings)
      throws Exception {
    Path origin = directory.resolve("origin");
    Content.random(origin.resolve(REPO).resolve(FILE), mebibytes << 20, mebibytes);
    Path config = directory.resolve("config/finch/application.conf");
    Files.createDirectories(config.getParent());
    Files.writeString(config, settings);
    Process server = server(origin, network);
    String endpoint = endpoint(server);
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    try {
      for (int round = 0; round <= rounds; round++) {
        Map<String, Sample> one = round(endpoint);
        if (round > 0) {
          one.forEach(
              (who, took) -> samples.computeIfAbsent(who, _ -> new ArrayList<>()).add(took));
        }
      }
    } finally {
      server.destroy();
    }
    System.out.printf(Locale.ROOT, "%n%s, %d MiB, medians of %d rounds%n", name, mebibytes, rounds);
    double base = median(samples.get("curl"), Sample::seconds);
    samples.forEach((who, took) -> line(who, took, mebibytes * 1048576.0, base));
  }

  private Map<String, Sample> round(String endpoint) throws Exception {
    String url = endpoint + "/" + REPO + "/resolve/main/" + FILE;
    String file = directory.resolve("curl.out").toString();
    Map<String, Sample> round = new LinkedHashMap<>();
    Sample plain = timed(List.of("curl", "-sSfL", "-o", file, url), Map.of());
    round.put("curl", plain);
    round.put("curl, then sha256sum", plain.and(timed(List.of("sha256sum", file), Map.of())));
    String hashed = "curl -sSfL '" + url + "' | tee '" + file + "' | openssl dgst -sha256";
    round.put("curl, hashed", timed(List.of("sh", "-c", hashed), Map.of()));
    round.put("finch pull", pull(endpoint));
    return round;
  }

  private static void line(String who, List<Sample> samples, double bytes, double base) {
    double seconds = median(samples, Sample::seconds);
    System.out.printf(
        Locale.ROOT,
        "  %-21s %7.2f s %8.0f MB/s %6.2fx curl  %5.2f cpu s/GB%n",
        who,
        seconds,
        bytes / seconds / 1e6,
        base / seconds,
        median(samples, Sample::cpu) / (bytes / 1e9));
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> field) {
    double[] values = samples.stream().mapToDouble(field).sorted().toArray();
    return values[values.length / 2];
  }

  private Sample pull(String endpoint) throws Exception {
    Path cache = directory.resolve("hub");
    delete(cache);
    Sample whole =
        timed(
            List.of(finch, "pull", "hf:" + REPO),
            Map.of(
                "HF_ENDPOINT", endpoint,
                "HF_HUB_CACHE", cache.toString(),
                "XDG_CONFIG_HOME", directory.resolve("config").toString(),
                "XDG_STATE_HOME", directory.resolve("state").toString(),
                "FINCH_JAVA_OPTS", "-Xmx64m"));
    delete(cache);
    return whole;
  }

  /** Runs a command under bash's own clock. */
  private static Sample timed(List<String> command, Map<String, String> environment)
      throws Exception {
    List<String> all =
        new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%R %U %S'; time \"$@\"", "-"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getInputStream().transferTo(OutputStream.nullOutputStream());
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + errors);
    }
    double[] times = numbers(errors.lines().toList().getLast());
    return new Sample(times[0], times[1] + times[2]);
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
        for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(entry);
        }
      }
    }
  }
}
