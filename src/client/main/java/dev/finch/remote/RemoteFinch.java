package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.finch.wire.AnswerCollector;
import dev.finch.wire.FinchJson;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running {@code finch serve}, used as if it were here. It needs no native code and holds no
 * model; ending it ends only the connection. Thread-safe.
 */
public final class RemoteFinch implements Finch {

  /** For the first reply, which a server gives at once however busy it is. */
  private static final Duration FIRST_WORD = Duration.ofSeconds(20);

  private static final String EVENT_DATA = "data: ";

  private final ServerAddress server;
  private final ServerCalls calls;
  private final ServerReplies replies;

  private RemoteFinch(ServerAddress server, ServerCalls calls) {
    this.server = server;
    this.calls = calls;
    this.replies = calls.replies();
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
    RemoteFinch finch = new RemoteFinch(address, new ServerCalls(address, key, null));
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
      throw new FinchException(
          Failure.permanent(
              FailureCode.CANCELLED,
              "Connecting to " + server.url() + " was interrupted.",
              "Connect anew where it is still wanted."),
          e);
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
    AnswerCollector collector = new AnswerCollector();
    return FoldingSubscriber.of(stream(request), collector::add, collector::answer);
  }

  @Override
  public Flow.Publisher<AnswerEvent> stream(GenerateRequest request) {
    return maySend(request)
        ? calls.lines(
            () -> calls.post("/v1/finch/generate", FinchJson.tree(request)),
            () -> new RemoteAnswer(replies, !onThisMachine()))
        : new SingleValuePublisher<>(new AnswerEvent.Failed(staysHere()));
  }

  @Override
  public CompletionStage<Embeddings> embedAsync(EmbedRequest request) {
    ObjectNode body = object();
    ArrayNode array = body.putArray("inputs");
    request.inputs().forEach(array::add);
    if (request.model() != null) {
      body.put("model", request.model().toString());
    }
    return calls.json(
        calls.post("/v1/finch/embed", body), json -> replies.value(json, Embeddings.class));
  }

  @Override
  public CompletionStage<Long> countTokensAsync(GenerateRequest request) {
    if (!maySend(request)) {
      return CompletableFuture.failedStage(new FinchException(staysHere()));
    }
    return calls.json(
        calls.post("/v1/finch/count", FinchJson.tree(request)),
        json -> json.path("tokens").asLong());
  }

  /** Asks the server, and so waits for its reply. */
  @Override
  public RuntimeState state() {
    return status().state();
  }

  @Override
  public Flow.Publisher<RuntimeState> states() {
    return calls.lines(() -> calls.get("/v1/finch/events"), () -> this::stateEvent);
  }

  /** Of server-sent events only the data says something. */
  private @Nullable RuntimeState stateEvent(String line) {
    return line.startsWith(EVENT_DATA)
        ? replies.value(line.substring(EVENT_DATA.length()), RuntimeState.class)
        : null;
  }

  @Override
  public CompletionStage<List<ModelListing>> modelsAsync() {
    return calls.json(
        calls.get("/v1/finch/models"),
        json -> {
          List<ModelListing> models = new ArrayList<>();
          json.path("models").forEach(m -> models.add(replies.value(m, ModelListing.class)));
          return models;
        });
  }

  @Override
  public CompletionStage<FitReport> fitAsync() {
    return calls.json(calls.get("/v1/finch/fit"), json -> replies.value(json, FitReport.class));
  }

  @Override
  public CompletionStage<Boolean> isCachedAsync(ModelReference reference) {
    String path = URLEncoder.encode(reference.toString(), StandardCharsets.UTF_8);
    return calls.json(
        calls.get("/v1/finch/cached/" + path.replace("+", "%20")),
        json -> json.path("cached").asBoolean());
  }

  @Override
  public Flow.Publisher<DownloadProgress> pull(PullRequest request) {
    return calls.lines(
        () -> action("pull", request.model()),
        () -> line -> replies.value(replies.line(line).path("progress"), DownloadProgress.class));
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
    return last(action("remove", reference), line -> line.path("removedBytes").asLong());
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
    return last(action("load", request.model()), this::stateOf);
  }

  @Override
  public CompletionStage<RuntimeState> unloadAsync() {
    return last(action("unload", null), this::stateOf);
  }

  @Override
  public CompletionStage<RuntimeStatus> statusAsync() {
    return calls.json(
        calls.get("/v1/finch/status"), json -> replies.value(json, RuntimeStatus.class));
  }

  @Override
  public CompletionStage<LedgerSummary> ledgerAsync() {
    return calls.json(
        calls.get("/v1/finch/ledger"), json -> replies.value(json, LedgerSummary.class));
  }

  @Override
  public void close() {
    calls.close();
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

  private HttpRequest action(String action, @Nullable ModelReference reference) {
    ObjectNode body = object().put("action", action);
    if (reference != null) {
      body.put("model", reference.toString());
    }
    return calls.post("/v1/finch/model", body);
  }

  private <T> CompletionStage<T> last(HttpRequest request, Function<JsonNode, T> read) {
    AtomicReference<@Nullable JsonNode> last = new AtomicReference<>();
    return FoldingSubscriber.of(
        calls.lines(() -> request, () -> replies::line),
        last::set,
        () -> read.apply(replies.last(last.get())));
  }

  private RuntimeState stateOf(JsonNode line) {
    return replies.value(line.path("state"), RuntimeState.class);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
