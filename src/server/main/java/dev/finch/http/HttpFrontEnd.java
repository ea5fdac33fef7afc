package dev.finch.http;

import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;

/**
 * A listening front end: the OpenAI, Anthropic and Ollama dialects, Finch's own operations, health,
 * metrics and the page, all over one {@link Finch}. Counts for {@code /metrics} where Micrometer's
 * Prometheus registry is on the class path. Thread-safe.
 */
public final class HttpFrontEnd {

  /** For the last bytes of the last answers, which are on their way when those have ended. */
  private static final Duration FLUSH = Duration.ofMillis(300);

  /** How soon a changed file of keys counts. */
  private static final Duration KEYS_WATCH = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Listener listener;
  private final Admission admission;
  private final Duration drain;
  private final boolean secure;
  private final Cancellable keysWatch;
  private final AtomicReference<@Nullable CompletableFuture<Done>> stopped =
      new AtomicReference<>();

  private HttpFrontEnd(
      ActorSystem<?> system,
      Listener listener,
      Admission admission,
      HttpSettings settings,
      Cancellable keysWatch) {
    this.keysWatch = keysWatch;
    this.system = system;
    this.listener = listener;
    this.admission = admission;
    this.drain = settings.drain();
    this.secure = settings.tls() != null;
  }

  /**
   * Listens. The front end drains by itself when the actor system shuts down in its coordinated
   * way; the {@link Finch} stays its caller's to close, after {@link #stop}.
   *
   * @return fails with {@link FinchException}: {@code SETTINGS_INVALID} where others could reach it
   *     without a key, the port is taken, or a PEM file cannot be used
   */
  public static CompletionStage<HttpFrontEnd> start(
      ActorSystem<?> system, Finch finch, HttpSettings settings) {
    try {
      checkExposure(settings);
      Admission admission = new Admission(settings.limits());
      KeyRing keys = new KeyRing(settings);
      RouteTable routes = Routes.of(system, finch, settings, admission);
      RequestPipeline pipeline = new RequestPipeline(system, settings, keys, routes, admission);
      return Listener.bind(system, settings, pipeline)
          .thenApply(
              listener ->
                  started(
                      system,
                      new HttpFrontEnd(
                          system, listener, admission, settings, watched(system, keys))))
          .exceptionallyCompose(e -> CompletableFuture.failedFuture(notBound(settings, e)));
    } catch (FinchException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** The base URL for clients on this machine, for example {@code http://127.0.0.1:11435}. */
  public String url() {
    String host = address().getAddress().getHostAddress();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return (secure ? "https://" : "http://") + literal + ":" + address().getPort();
  }

  /** Answers being made now. */
  public int answersInFlight() {
    return admission.answers();
  }

  /**
   * Takes no new connections and no new answers, lets those being made finish within the drain
   * time, then closes all connections. Idempotent.
   */
  public CompletionStage<Done> stop() {
    CompletableFuture<Done> ours = new CompletableFuture<>();
    CompletableFuture<Done> earlier = stopped.compareAndExchange(null, ours);
    if (earlier != null) {
      return earlier;
    }
    drainAndClose()
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                ours.complete(Done.getInstance());
              } else {
                ours.completeExceptionally(failure);
              }
            });
    return ours;
  }

  private CompletionStage<Done> drainAndClose() {
    keysWatch.cancel();
    CompletableFuture<Done> drained =
        admission
            .drain()
            .toCompletableFuture()
            .copy()
            .completeOnTimeout(Done.getInstance(), drain.toMillis(), TimeUnit.MILLISECONDS);
    return listener
        .unbind()
        .thenCombine(drained, (_, _) -> Done.getInstance())
        .thenCompose(_ -> Patterns.after(FLUSH, system, listener::close));
  }

  private static HttpFrontEnd started(ActorSystem<?> system, HttpFrontEnd frontEnd) {
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseServiceUnbind(), "finch-http-drain", frontEnd::stop);
    return frontEnd;
  }

  private static Cancellable watched(ActorSystem<?> system, KeyRing keys) {
    return system
        .scheduler()
        .scheduleWithFixedDelay(
            KEYS_WATCH,
            KEYS_WATCH,
            keys::refresh,
            system.dispatchers().lookup(DispatcherSelector.blocking()));
  }

  private static void checkExposure(HttpSettings settings) {
    if (!settings.asksForKeys() && !Loopback.isName(settings.host())) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.SETTINGS_INVALID,
              "finch.http.host: "
                  + settings.host()
                  + " can be reached by others, and there is no API key (expected: a loopback host,"
                  + " or a key).",
              "Set finch.http.api-keys, finch.http.api-keys-file or FINCH_API_KEY."));
    }
  }

  private static FinchException notBound(HttpSettings settings, Throwable thrown) {
    String address = settings.host() + ":" + settings.port();
    return new FinchException(
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            "Finch cannot listen on " + address + ".",
            "Another program may use the port; set finch.http.port (0 takes any free one)."),
        thrown);
  }
}
