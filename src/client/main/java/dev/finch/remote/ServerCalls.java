package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Requests to one server. What comes back is a value of Finch's, or a failure. Thread-safe. */
final class ServerCalls implements AutoCloseable {

  private static final int LONGEST_BODY = 64 << 20;
  private static final Duration CONNECTING = Duration.ofSeconds(10);

  /** Longer than any server's heartbeat, so that only a dead connection is silent for so long. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** For a whole reply that is one JSON value. */
  private static final Duration WHOLE = Duration.ofMinutes(3);

  /** The body of a response: its bytes as they come, or a whole text. */
  private sealed interface Reply {
    record Streamed(Flow.Publisher<List<ByteBuffer>> bytes) implements Reply {}

    record Text(String text) implements Reply {}
  }

  private final HttpClient http;
  private final ServerRoute route;
  private final ServerReplies replies;
  private final @Nullable String key;
  private volatile boolean closed;

  /**
   * @param key the API key, or null
   * @param trust whom to trust over TLS, or null for whom the JVM trusts
   */
  ServerCalls(ServerAddress server, @Nullable String key, @Nullable SSLContext trust) {
    this.route = ServerRoute.to(server);
    this.replies = new ServerReplies(server.url());
    this.key = key == null || key.isEmpty() ? null : sendable(key);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECTING);
    this.http = route.applyTo(builder, trust).build();
  }

  /** The key is not told: messages go to logs. */
  private static String sendable(String key) {
    if (key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "The API key has blanks or letters beyond ASCII.",
              "Check FINCH_API_KEY, or what is given as the key."));
    }
    return key;
  }

  ServerReplies replies() {
    return replies;
  }

  HttpRequest get(String path) {
    return authorized(path).GET().build();
  }

  HttpRequest post(String path, JsonNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return authorized(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
        .build();
  }

  private HttpRequest.Builder authorized(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(route.base().resolve(path));
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  /** What a response of one JSON value says; cancelling ends the request. */
  <T> CompletableFuture<T> json(HttpRequest request, Function<JsonNode, T> read) {
    CompletableFuture<T> result = new CompletableFuture<>();
    AtomicBoolean begun = new AtomicBoolean();
    CompletableFuture<HttpResponse<Reply>> sent =
        http.sendAsync(
            request,
            head -> {
              begun.set(true);
              return text();
            });
    var _ =
        sent.whenComplete(
            (response, thrown) -> {
              try {
                result.complete(read.apply(replies.json(success(response, thrown, begun.get()))));
              } catch (FinchException e) {
                result.completeExceptionally(e);
              }
            });
    CompletableFuture<Void> patience =
        new CompletableFuture<Void>()
            .completeOnTimeout(null, WHOLE.toMillis(), TimeUnit.MILLISECONDS);
    var _ = patience.thenRun(() -> result.completeExceptionally(replies.endless()));
    var _ =
        result.whenComplete(
            (_, _) -> {
              patience.cancel(false);
              sent.cancel(true);
            });
    return result;
  }

  private String success(
      @Nullable HttpResponse<Reply> response, @Nullable Throwable thrown, boolean begun) {
    if (response == null) {
      if (closed) {
        throw replies.closed();
      }
      throw begun ? replies.endless() : replies.unreachable(thrown);
    }
    String text = response.body() instanceof Reply.Text whole ? whole.text() : "";
    if (!isSuccess(response.statusCode())) {
      throw new FinchException(replies.refused(response.statusCode(), text));
    }
    return text;
  }

  /** What the lines of a response say; each subscriber sends the request anew. */
  <T> Flow.Publisher<T> lines(Supplier<HttpRequest> request, Supplier<LineReader<T>> reader) {
    return new LineStream<>(() -> streamed(request.get()), reader, this::lost, SILENCE);
  }

  private CompletableFuture<Flow.Publisher<List<ByteBuffer>>> streamed(HttpRequest request) {
    CompletableFuture<Flow.Publisher<List<ByteBuffer>>> result = new CompletableFuture<>();
    CompletableFuture<HttpResponse<Reply>> sent =
        http.sendAsync(request, head -> isSuccess(head.statusCode()) ? stream() : text());
    var _ =
        sent.whenComplete(
            (response, thrown) -> {
              if (response != null && response.body() instanceof Reply.Streamed body) {
                if (!result.complete(body.bytes())) {
                  body.bytes().subscribe(new Unwanted());
                }
                return;
              }
              try {
                success(response, thrown, false);
              } catch (FinchException e) {
                result.completeExceptionally(e);
              }
            });
    var _ = result.whenComplete((_, _) -> giveUp(result, sent));
    return result;
  }

  private static void giveUp(CompletableFuture<?> result, CompletableFuture<?> sent) {
    if (result.isCancelled()) {
      sent.cancel(true);
    }
  }

  private static boolean isSuccess(int status) {
    return status / 100 == 2;
  }

  private static HttpResponse.BodySubscriber<Reply> text() {
    return BodySubscribers.mapping(
        BodySubscribers.limiting(BodySubscribers.ofString(StandardCharsets.UTF_8), LONGEST_BODY),
        Reply.Text::new);
  }

  private static HttpResponse.BodySubscriber<Reply> stream() {
    return BodySubscribers.mapping(BodySubscribers.ofPublisher(), Reply.Streamed::new);
  }

  private FinchException lost(Throwable thrown) {
    return closed ? replies.closed() : replies.lost(thrown);
  }

  /** Ends all requests, and lets go of all connections. */
  @Override
  public void close() {
    closed = true;
    http.shutdownNow();
    http.close();
  }

  /** Lets go of a response that nobody reads any more. */
  private static final class Unwanted implements Flow.Subscriber<List<ByteBuffer>> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {}

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }
}
