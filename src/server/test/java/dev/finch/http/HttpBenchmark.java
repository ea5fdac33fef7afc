package dev.finch.http;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelReference;
import dev.finch.runtime.LocalFinch;
import dev.finch.streams.FinchSources;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/** Measures what HTTP adds to the runtime; see {@code bench/http}. */
final class HttpBenchmark {

  private static final int REQUESTS = 4000;
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Some answers at once.
   *
   * @param nanos until the last had ended
   * @param first nanoseconds until the first token, on average
   * @param tokens of all answers
   * @param processor nanoseconds that this process, which is the server, used beside decoding
   */
  private record Round(long nanos, long first, long tokens, long processor) {}

  /** Makes answers at once; gives nanoseconds of all, until the first token, and tokens. */
  @FunctionalInterface
  private interface Way {
    long[] answers(int streams) throws IOException;
  }

  private final LocalFinch finch;
  private final PrintStream commands;
  private final BufferedReader figures;
  private final int tokens;
  private final int rounds;

  private HttpBenchmark(LocalFinch finch, Process client, int tokens, int rounds) {
    this.finch = finch;
    this.commands = new PrintStream(client.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.figures = client.inputReader(StandardCharsets.US_ASCII);
    this.tokens = tokens;
    this.rounds = rounds;
  }

  /** Arguments: a model's reference, the tokens of an answer, the rounds. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finch-bench");
    Config config =
        ConfigFactory.parseMap(
            Map.of(
                "finch.model",
                args[0],
                "finch.cloud.enabled",
                "off",
                "finch.directories.state",
                directory.resolve("state").toString(),
                "finch.directories.cache",
                directory.resolve("cache").toString()));
    try (LocalFinch finch = LocalFinch.start(config)) {
      finch.loadAsync(ModelReference.parse(args[0])).toCompletableFuture().join();
      HttpFrontEnd frontEnd =
          HttpFrontEnd.start(finch.system(), finch, Server.settings(""))
              .toCompletableFuture()
              .join();
      Process client = client(frontEnd.address().getPort(), args[1]);
      try {
        new HttpBenchmark(finch, client, Integer.parseInt(args[1]), Integer.parseInt(args[2]))
            .measure();
      } finally {
        client.destroy();
      }
      frontEnd.stop().toCompletableFuture().join();
    }
  }

  private static Process client(int port, String tokens) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            BenchmarkClient.class.getName(),
            String.valueOf(port),
            tokens)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void measure() throws IOException {
    trivial();
    System.out.printf("GET /health/live on one connection: %.0f requests/s%n", trivial());
    for (int streams : new int[] {1, 8}) {
      List<Round> direct = new ArrayList<>();
      List<Round> http = new ArrayList<>();
      for (int i = -rounds / 2; i < rounds; i++) {
        Round a = round(this::direct, streams);
        Round b = round(this::overHttp, streams);
        if (i >= 0) {
          direct.add(a);
          http.add(b);
        }
      }
      report(streams, direct, http);
    }
  }

  private void report(int streams, List<Round> direct, List<Round> http) {
    double directSpeed = median(direct, round -> round.tokens() / seconds(round.nanos()));
    double httpSpeed = median(http, round -> round.tokens() / seconds(round.nanos()));
    System.out.printf(
        "%d streams: %.1f tokens/s direct, %.1f over HTTP (%.1f %%); first token %.2f and %.2f ms;"
            + " processor time a token beside decoding %.0f and %.0f µs (medians of %d)%n",
        streams,
        directSpeed,
        httpSpeed,
        100 * httpSpeed / directSpeed,
        median(direct, round -> round.first() / 1e6),
        median(http, round -> round.first() / 1e6),
        median(direct, round -> round.processor() / 1e3 / round.tokens()),
        median(http, round -> round.processor() / 1e3 / round.tokens()),
        rounds);
  }

  private double trivial() throws IOException {
    commands.println("get " + REQUESTS);
    return REQUESTS / seconds(Long.parseLong(figures.readLine()));
  }

  private static Round round(Way way, int streams) throws IOException {
    long processor = besideDecoding();
    long[] figures = way.answers(streams);
    return new Round(figures[0], figures[1], figures[2], besideDecoding() - processor);
  }

  private static long besideDecoding() {
    long decoding = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().contains("finch.engine.dispatcher")) {
        decoding += THREADS.getThreadCpuTime(thread.getThreadId());
      }
    }
    return PROCESS.getProcessCpuTime() - decoding;
  }

  private long[] overHttp(int streams) throws IOException {
    commands.println("stream " + streams);
    String[] words = figures.readLine().split(" ", -1);
    return Arrays.stream(words).mapToLong(Long::parseLong).toArray();
  }

  private long[] direct(int streams) {
    long start = System.nanoTime();
    List<CompletableFuture<long[]>> answers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      answers.add(answer());
    }
    long first = 0;
    long made = 0;
    for (CompletableFuture<long[]> one : answers) {
      first += one.join()[0] / streams;
      made += one.join()[1];
    }
    return new long[] {System.nanoTime() - start, first, made};
  }

  private CompletableFuture<long[]> answer() {
    GenerateRequest request =
        GenerateRequest.builder()
            .user("hi")
            .sampling(Sampling.builder().maxTokens(tokens).seed(7L).build())
            .build();
    long start = System.nanoTime();
    long[] first = new long[1];
    long[] made = new long[1];
    return FinchSources.stream(finch, request)
        .runForeach(
            event -> {
              if (event instanceof AnswerEvent.Delta && first[0] == 0) {
                first[0] = System.nanoTime() - start;
              }
              if (event instanceof AnswerEvent.Finished end) {
                made[0] = end.usage().completionTokens();
              }
            },
            finch.system())
        .thenApply(_ -> new long[] {first[0], made[0]})
        .toCompletableFuture();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
