package dev.finch.claude;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.RouteReason;
import dev.finch.provider.Inference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What Finch's way to Claude adds to a bare {@code java.net.http} client: both ask the same
 * loopback Claude in turn, and the time to the first content and to the end is taken of each.
 */
final class ClaudeBenchmark {

  private record Taken(long firstNanos, long totalNanos) {}

  private static final int WARM_UP = 1000;
  private static final String PROMPT = "What is the capital of France?";

  private ClaudeBenchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int requests = Integer.parseInt(args[0]);
    Process stub = stub();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "bench");
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(stub.getInputStream(), StandardCharsets.UTF_8))) {
      String url = out.readLine();
      ClaudeSettings settings =
          CloudSettings.of(
              Map.of("ANTHROPIC_API_KEY", CloudSettings.KEY, "ANTHROPIC_BASE_URL", url),
              "lifecycle.refresh = 0");
      ActorRef<Inference.Command> finch =
          system.systemActorOf(ClaudeClient.create(settings), "claude", Props.empty());
      measure(requests, url, system, finch);
    } finally {
      system.terminate();
      stub.destroy();
    }
  }

  private static void measure(
      int requests, String url, ActorSystem<Void> system, ActorRef<Inference.Command> finch)
      throws IOException, InterruptedException {
    LinkedTransferQueue<Inference.Reply> replies = new LinkedTransferQueue<>();
    ActorRef<Inference.Reply> reader =
        system.systemActorOf(reader(finch, replies), "reader", Props.empty());
    HttpClient bare = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Taken[] direct = new Taken[requests];
    Taken[] ours = new Taken[requests];
    for (int i = -WARM_UP; i < requests; i++) {
      Taken first = direct(bare, url);
      Taken second = ours(finch, reader, replies, "bench" + i);
      if (i >= 0) {
        direct[i] = first;
        ours[i] = second;
      }
    }
    System.out.printf("%-28s %10s %10s%n", requests + " requests, in ms", "median", "p95");
    report("first content, bare client", direct, true);
    report("first content, Finch", ours, true);
    report("whole answer, bare client", direct, false);
    report("whole answer, Finch", ours, false);
  }

  private static Taken direct(HttpClient client, String url)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    byte[] body =
        MessagesRequest.streamed(
                GenerateRequest.of(PROMPT),
                "claude-haiku-5-5",
                ApiVersion.V2023_06_01,
                8192,
                0,
                new ThinkingTurns())
            .body()
            .toArray();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/messages"))
            .header("x-api-key", CloudSettings.KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    long[] first = {0};
    HttpResponse<Stream<String>> response =
        client.send(request, HttpResponse.BodyHandlers.ofLines());
    response
        .body()
        .forEach(
            line -> {
              if (first[0] == 0 && line.contains("text_delta")) {
                first[0] = System.nanoTime();
              }
            });
    return new Taken(first[0] - start, System.nanoTime() - start);
  }

  private static Taken ours(
      ActorRef<Inference.Command> finch,
      ActorRef<Inference.Reply> reader,
      LinkedTransferQueue<Inference.Reply> replies,
      String attempt)
      throws InterruptedException {
    long start = System.nanoTime();
    finch.tell(
        new Inference.Generate(
            attempt,
            GenerateRequest.of(PROMPT),
            RouteReason.ASKED_FOR_CLAUDE,
            Integer.MAX_VALUE,
            reader));
    long first = 0;
    while (true) {
      Inference.Reply reply = replies.poll(10, TimeUnit.SECONDS);
      if (reply instanceof Inference.Emitted(_, AnswerEvent.Delta _) && first == 0) {
        first = System.nanoTime();
      }
      if (reply instanceof Inference.Emitted(_, AnswerEvent.Finished _)) {
        return new Taken(first - start, System.nanoTime() - start);
      }
      if (reply == null || reply instanceof Inference.Emitted(_, AnswerEvent.Failed _)) {
        throw new IllegalStateException("no answer: " + reply);
      }
    }
  }

  /** Lets everything go at once, as an Exchange does, and hands on the rest. */
  private static Behavior<Inference.Reply> reader(
      ActorRef<Inference.Command> finch, LinkedTransferQueue<Inference.Reply> replies) {
    return Behaviors.receiveMessage(
        reply -> {
          if (reply instanceof Inference.Quoted quoted) {
            finch.tell(new Inference.Proceed(quoted.attempt()));
          } else {
            replies.add(reply);
          }
          return Behaviors.same();
        });
  }

  private static void report(String name, Taken[] taken, boolean first) {
    double[] millis =
        Arrays.stream(taken)
            .mapToDouble(it -> (first ? it.firstNanos() : it.totalNanos()) / 1e6)
            .sorted()
            .toArray();
    System.out.printf(
        "%-28s %10.3f %10.3f%n",
        name, millis[millis.length / 2], millis[(int) (millis.length * 0.95)]);
  }

  private static Process stub() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            LoopbackClaude.class.getName(),
            "0",
            "The capital of France is Paris. It lies on the Seine.")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
