package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.Embeddings;
import dev.finch.Finch;
import dev.finch.FitReport;
import dev.finch.LedgerSummary;
import dev.finch.ModelListing;
import dev.finch.RuntimeStatus;
import dev.finch.VerifiedFile;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import dev.finch.settings.Reference;
import dev.finch.wire.AnswerCollector;
import dev.finch.wire.FinchJson;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * A running {@code finch serve}, used as if it were here. It needs no native code and holds no
 * model; ending it ends only the connection. Thread-safe.
 */
public final class RemoteFinch implements Finch {

  /** For the first reply, which a server gives at once however busy it is. */
  private static final Duration FIRST_WORD = Duration.ofSeconds(20);

  private final ActorSystem<Void> system;
  private final ServerAddress server;
  private final Wire wire;

  private RemoteFinch(ActorSystem<Void> system, ServerAddress server, Wire wire) {
    this.system = system;
    this.server = server;
    this.wire = wire;
  }

  /** {@link #connect(URI, String)} to a server that asks for no key. */
  public static RemoteFinch connect(URI server) {
    return connect(server, null);
  }

  /** {@link #connect(URI, String, boolean)} that sends nothing in clear to another machine. */
  public static RemoteFinch connect(URI server, @Nullable String key) {
    return connect(server, key, false);
  }

  /**
   * Connects, and waits until the server has told its state. Whether the server lies on this
   * machine is decided here, by the address that its name leads to, and holds until it is closed;
   * elsewhere no prompt that is {@link Privacy#LOCAL_ONLY} is sent, and what answered there is
   * {@code PEER}.
   *
   * @param server its base URL, for example {@code http://127.0.0.1:11435}
   * @param key the API key, or null
   * @param plainHttpAllowed whether prompts and the key may go to another machine over plain http
   * @throws FinchException where no Finch answers there, the key is refused, or ({@code FORBIDDEN},
   *     before anything is sent) plain http to another machine is not allowed
   */
  public static RemoteFinch connect(URI server, @Nullable String key, boolean plainHttpAllowed) {
    return connect(ServerAddress.of(server, plainHttpAllowed, InetAddress::getAllByName), key);
  }

  static RemoteFinch connect(ServerAddress address, @Nullable String key) {
    return connect(address, key, FIRST_WORD);
  }

  static RemoteFinch connect(ServerAddress address, @Nullable String key, Duration firstWord) {
    Config config = Reference.ownSystem().withFallback(ConfigFactory.load());
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "finch-remote", config);
    RemoteFinch finch = new RemoteFinch(system, address, new Wire(system, address, key));
    try {
      finch.hearFrom(firstWord);
      return finch;
    } catch (RuntimeException e) {
      finch.close();
      throw e;
    }
  }

  private void hearFrom(Duration longest) {
    CompletableFuture<RuntimeState> state =
        statusAsync().toCompletableFuture().thenApply(RuntimeStatus::state);
    try {
      state.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new FinchException(
          Failure.passing(
              FailureCode.PROVIDER_LOST,
              server.url() + " said nothing for " + longest.toSeconds() + " seconds.",
              "Is it a `finch serve`? Check the address and the port, or try again."),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting to " + server.url(), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FinchException known ? known : new CompletionException(e);
    }
  }

  /** Whether the server lies on this machine, so that no byte to it leaves. */
  public boolean onThisMachine() {
    return server.onThisMachine();
  }

  /** The server's base URL. */
  public URI server() {
    return server.url();
  }

  @Override
  public CompletionStage<Answer> askAsync(GenerateRequest request) {
    return events(request)
        .runFold(
            new AnswerCollector(),
            (collector, event) -> {
              collector.add(event);
              return collector;
            },
            system)
        .thenApply(AnswerCollector::answer);
  }

  private Source<AnswerEvent, NotUsed> events(GenerateRequest request) {
    return Source.lazySource(
            () ->
                maySend(request)
                    ? RemoteAnswer.events(
                        wire.lines(wire.post("/v1/finch/generate", FinchJson.tree(request))),
                        !onThisMachine())
                    : Source.<AnswerEvent>single(new AnswerEvent.Failed(staysHere())))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  @Override
  public Flow.Publisher<AnswerEvent> stream(GenerateRequest request) {
    return publisher(events(request));
  }

  @Override
  public CompletionStage<Embeddings> embedAsync(EmbedRequest request) {
    ObjectNode body = object();
    ArrayNode array = body.putArray("inputs");
    request.inputs().forEach(array::add);
    if (request.model() != null) {
      body.put("model", request.model().toString());
    }
    return wire.json(wire.post("/v1/finch/embed", body))
        .thenApply(json -> wire.value(json, Embeddings.class));
  }

  @Override
  public CompletionStage<Long> countTokensAsync(GenerateRequest request) {
    if (!maySend(request)) {
      return CompletableFuture.failedStage(new FinchException(staysHere()));
    }
    return wire.json(wire.post("/v1/finch/count", FinchJson.tree(request)))
        .thenApply(json -> json.path("tokens").asLong());
  }

  /** Asks the server, and so waits for its reply. */
  @Override
  public RuntimeState state() {
    return status().state();
  }

  @Override
  public Flow.Publisher<RuntimeState> states() {
    return publisher(
        Source.lazySource(() -> wire.events(wire.get("/v1/finch/events")))
            .map(data -> wire.value(data, RuntimeState.class))
            .mapMaterializedValue(_ -> NotUsed.getInstance()));
  }

  @Override
  public CompletionStage<List<ModelListing>> modelsAsync() {
    return wire.json(wire.get("/v1/finch/models"))
        .thenApply(
            json -> {
              List<ModelListing> models = new ArrayList<>();
              json.path("models").forEach(m -> models.add(wire.value(m, ModelListing.class)));
              return models;
            });
  }

  @Override
  public CompletionStage<FitReport> fitAsync() {
    return wire.json(wire.get("/v1/finch/fit"))
        .thenApply(json -> wire.value(json, FitReport.class));
  }

  @Override
  public CompletionStage<Boolean> isCachedAsync(ModelReference reference) {
    String path = URLEncoder.encode(reference.toString(), StandardCharsets.UTF_8);
    return wire.json(wire.get("/v1/finch/cached/" + path.replace("+", "%20")))
        .thenApply(json -> json.path("cached").asBoolean());
  }

  @Override
  public Flow.Publisher<DownloadProgress> pull(PullRequest request) {
    return publisher(
        Source.lazySource(() -> wire.lines(action("pull", request.model())))
            .map(line -> wire.value(line.path("progress"), DownloadProgress.class))
            .mapMaterializedValue(_ -> NotUsed.getInstance()));
  }

  /** Fails with {@code BAD_REQUEST}: a server does not tell. */
  @Override
  public CompletionStage<ModelReference> listedAsAsync(ModelReference reference) {
    return CompletableFuture.failedStage(notTold());
  }

  /** Fails with {@code BAD_REQUEST}: a server does not tell. */
  @Override
  public CompletionStage<Optional<Map<String, Object>>> headerAsync(ModelReference reference) {
    return CompletableFuture.failedStage(notTold());
  }

  @Override
  public CompletionStage<Long> removeAsync(ModelReference reference) {
    return last(action("remove", reference)).thenApply(line -> line.path("removedBytes").asLong());
  }

  /** Fails with {@code BAD_REQUEST}: a server's cache is looked after where it lies. */
  @Override
  public CompletionStage<List<VerifiedFile>> verifyAsync(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    return CompletableFuture.failedStage(notFromHere("verify"));
  }

  /** Fails with {@code BAD_REQUEST}: a server's cache is looked after where it lies. */
  @Override
  public CompletionStage<Long> pruneAsync() {
    return CompletableFuture.failedStage(notFromHere("prune"));
  }

  @Override
  public CompletionStage<RuntimeState> loadAsync(LoadRequest request) {
    return last(action("load", request.model())).thenApply(this::stateOf);
  }

  @Override
  public CompletionStage<RuntimeState> unloadAsync() {
    return last(action("unload", null)).thenApply(this::stateOf);
  }

  @Override
  public CompletionStage<RuntimeStatus> statusAsync() {
    return wire.json(wire.get("/v1/finch/status"))
        .thenApply(json -> wire.value(json, RuntimeStatus.class));
  }

  @Override
  public CompletionStage<LedgerSummary> ledgerAsync() {
    return wire.json(wire.get("/v1/finch/ledger"))
        .thenApply(json -> wire.value(json, LedgerSummary.class));
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private boolean maySend(GenerateRequest request) {
    return onThisMachine() || request.effectivePrivacy() != Privacy.LOCAL_ONLY;
  }

  private Failure staysHere() {
    return Failure.permanent(
        FailureCode.FORBIDDEN,
        "This prompt stays on this machine, and "
            + server.url()
            + " is another one. Nothing was sent.",
        "Ask without a server elsewhere (no --server, finch.cli.server empty), or without what is"
            + " local only.");
  }

  private static FinchException notFromHere(String command) {
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST,
            "A server's cache is not looked after over HTTP.",
            "Run `finch "
                + command
                + "` on the server's machine, without --server and with finch.cli.server empty."));
  }

  private static FinchException notTold() {
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST,
            "A server does not tell this of its models.",
            "Ask its /api/show, or ask where the model's files are."));
  }

  private <T> Flow.Publisher<T> publisher(Source<T, NotUsed> source) {
    return subscriber -> {
      @SuppressWarnings("unchecked") // it is handed elements only
      Flow.Subscriber<T> taker = (Flow.Subscriber<T>) subscriber;
      source.runWith(JavaFlowSupport.Sink.fromSubscriber(taker), system);
    };
  }

  private HttpRequest action(String action, @Nullable ModelReference reference) {
    ObjectNode body = object().put("action", action);
    if (reference != null) {
      body.put("model", reference.toString());
    }
    return wire.post("/v1/finch/model", body);
  }

  private CompletionStage<JsonNode> last(HttpRequest request) {
    return wire.lines(request).runWith(Sink.last(), system);
  }

  private RuntimeState stateOf(JsonNode line) {
    return wire.value(line.path("state"), RuntimeState.class);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
