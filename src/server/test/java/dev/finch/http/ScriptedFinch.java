package dev.finch.http;

import dev.finch.Embeddings;
import dev.finch.FitReport;
import dev.finch.LedgerSummary;
import dev.finch.ModelListing;
import dev.finch.RuntimeStatus;
import dev.finch.VerifiedFile;
import dev.finch.failure.Failure;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Cost;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Provenance;
import dev.finch.inference.Role;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import dev.finch.streams.StreamingFinch;
import dev.finch.wire.AnswerCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * A runtime whose answers a test writes, for what the real one cannot be made to do on demand:
 * silence, endless answers, failure in the middle.
 */
final class ScriptedFinch implements StreamingFinch {

  static final Provenance LOCAL = Provenance.local("tiny", RouteReason.MODEL_READY, true);

  final List<GenerateRequest> requests = new CopyOnWriteArrayList<>();

  /** Loads and unloads, in order. */
  final List<String> changes = new CopyOnWriteArrayList<>();

  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger ended = new AtomicInteger();

  /** What counting throws, or null. */
  volatile @Nullable Error thrown;

  /** Whether there is a key for Claude. */
  volatile boolean cloud = true;

  private final ActorSystem<?> system;
  private volatile Function<GenerateRequest, Source<AnswerEvent, NotUsed>> script =
      _ -> says("Hello, ", "world.");
  private volatile RuntimeState state = RuntimeState.of(new ModelState.Ready(info()), null);
  private volatile Source<RuntimeState, NotUsed> states = Source.never();

  ScriptedFinch(ActorSystem<?> system) {
    this.system = system;
  }

  void script(Function<GenerateRequest, Source<AnswerEvent, NotUsed>> newScript) {
    script = newScript;
  }

  void state(RuntimeState newState, Source<RuntimeState, NotUsed> changes) {
    state = newState;
    states = changes;
  }

  static Source<AnswerEvent, NotUsed> says(String... pieces) {
    List<AnswerEvent> events = new ArrayList<>();
    events.add(new AnswerEvent.Started(LOCAL));
    for (String piece : pieces) {
      events.add(new AnswerEvent.Delta(piece));
    }
    events.add(finished(FinishReason.STOP, pieces.length));
    return Source.from(events);
  }

  /** An answer that calls one tool. */
  static Source<AnswerEvent, NotUsed> calls(String tool, String arguments) {
    return Source.from(
        List.of(
            new AnswerEvent.Started(LOCAL),
            new AnswerEvent.ToolCallStarted(0, "call_1", tool),
            new AnswerEvent.ToolCallArguments(0, arguments),
            finished(FinishReason.TOOL_CALLS, 5)));
  }

  /** What tools gave back in a conversation. */
  static List<ChatMessage> results(GenerateRequest request) {
    return ((Prompt.Conversation) request.prompt())
        .messages().stream().filter(message -> message.role() == Role.TOOL).toList();
  }

  /** An answer that a stop text ended. */
  static Source<AnswerEvent, NotUsed> stoppedAt(String stop, TokenUsage prompt, String text) {
    return Source.from(
        List.of(
            new AnswerEvent.Started(LOCAL, prompt),
            new AnswerEvent.Delta(text),
            new AnswerEvent.Finished(
                FinishReason.STOP_SEQUENCE,
                new TokenUsage(prompt.promptTokens(), prompt.cachedTokens(), 2, 0, 0),
                Timings.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0),
                Cost.FREE,
                stop)));
  }

  static AnswerEvent finished(FinishReason reason, int tokens) {
    return new AnswerEvent.Finished(
        reason,
        new TokenUsage(7, 3, tokens, 0, 0),
        Timings.of(Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofMillis(120), 100, 50),
        Cost.FREE);
  }

  static Source<AnswerEvent, NotUsed> fails(Failure failure, String... before) {
    List<AnswerEvent> events = new ArrayList<>();
    if (before.length > 0) {
      events.add(new AnswerEvent.Started(LOCAL));
    }
    for (String piece : before) {
      events.add(new AnswerEvent.Delta(piece));
    }
    events.add(new AnswerEvent.Failed(failure));
    return Source.from(events);
  }

  /** Tokens without end, one each {@code every}. */
  static Source<AnswerEvent, NotUsed> endless(Duration every) {
    return Source.<AnswerEvent>single(new AnswerEvent.Started(LOCAL))
        .concat(
            Source.tick(Duration.ZERO, every, "token ")
                .<AnswerEvent>map(AnswerEvent.Delta::new)
                .mapMaterializedValue(_ -> NotUsed.getInstance()));
  }

  static ModelInfo info() {
    return new ModelInfo(
        ModelReference.BUILT_IN,
        "Tiny Chat",
        "qwen2",
        1_000_000,
        "Q8_0",
        2048,
        4,
        2,
        "CPU",
        1_100_000,
        65_536,
        true,
        "llama.cpp b4916",
        true,
        true,
        List.of());
  }

  @Override
  public CompletionStage<Answer> askAsync(GenerateRequest request) {
    return streamSource(request)
        .runFold(
            new AnswerCollector(),
            (collector, event) -> {
              collector.add(event);
              return collector;
            },
            system)
        .thenApply(AnswerCollector::answer);
  }

  @Override
  public Source<AnswerEvent, NotUsed> streamSource(GenerateRequest request) {
    return Source.lazySource(
            () -> {
              requests.add(request);
              running.incrementAndGet();
              return watched(script.apply(request));
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Source<AnswerEvent, NotUsed> watched(Source<AnswerEvent, NotUsed> answer) {
    return answer.watchTermination(
        (_, done) -> {
          done.whenComplete(
              (_, _) -> {
                running.decrementAndGet();
                ended.incrementAndGet();
              });
          return NotUsed.getInstance();
        });
  }

  @Override
  public Flow.Publisher<AnswerEvent> stream(GenerateRequest request) {
    return streamSource(request)
        .runWith(JavaFlowSupport.Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), system);
  }

  @Override
  public CompletionStage<Embeddings> embedAsync(EmbedRequest request) {
    List<String> inputs = request.inputs();
    List<float[]> vectors = inputs.stream().map(_ -> new float[] {0.6f, 0.8f}).toList();
    return CompletableFuture.completedFuture(new Embeddings("tiny", vectors, inputs.size() * 2L));
  }

  @Override
  public CompletionStage<Long> countTokensAsync(GenerateRequest request) {
    Error error = thrown;
    if (error != null) {
      throw error;
    }
    return CompletableFuture.completedFuture(42L);
  }

  @Override
  public RuntimeState state() {
    return state;
  }

  @Override
  public Source<RuntimeState, NotUsed> stateSource() {
    return Source.single(state).concat(states);
  }

  @Override
  public Flow.Publisher<RuntimeState> states() {
    return stateSource()
        .runWith(JavaFlowSupport.Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), system);
  }

  @Override
  public CompletionStage<List<ModelListing>> modelsAsync() {
    return CompletableFuture.completedFuture(
        List.of(
            listing("builtin", 1_100_000, true, true),
            listing("qwen2.5-1.5b", 1_100_000_000L, false, false)));
  }

  private static ModelListing listing(String name, long bytes, boolean cached, boolean loaded) {
    return new ModelListing(
        ModelReference.parse(name),
        name,
        Optional.empty(),
        OptionalLong.of(bytes),
        OptionalLong.of(bytes),
        Optional.empty(),
        cached ? bytes : 0,
        cached,
        Optional.empty(),
        cached,
        loaded,
        loaded,
        Optional.empty());
  }

  @Override
  public CompletionStage<ModelReference> listedAsAsync(ModelReference reference) {
    return CompletableFuture.completedFuture(reference);
  }

  @Override
  public CompletionStage<Optional<Map<String, Object>>> headerAsync(ModelReference reference) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public CompletionStage<FitReport> fitAsync() {
    return CompletableFuture.completedFuture(
        new FitReport(
            1,
            1,
            OptionalLong.empty(),
            2,
            Optional.ofNullable(ModelReference.BUILT_IN),
            "it fits",
            Optional.empty(),
            List.of()));
  }

  @Override
  public CompletionStage<Boolean> isCachedAsync(ModelReference reference) {
    return CompletableFuture.completedFuture(reference.equals(ModelReference.BUILT_IN));
  }

  @Override
  public Source<DownloadProgress, NotUsed> pullSource(PullRequest request) {
    return Source.from(
        List.of(
            DownloadProgress.resolving(),
            DownloadProgress.of(DownloadProgress.Phase.DOWNLOADING, 50, 100, 10, null),
            DownloadProgress.of(DownloadProgress.Phase.DONE, 100, 100, 0, null)));
  }

  @Override
  public Flow.Publisher<DownloadProgress> pull(PullRequest request) {
    return pullSource(request)
        .runWith(JavaFlowSupport.Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), system);
  }

  @Override
  public CompletionStage<Long> removeAsync(ModelReference reference) {
    return CompletableFuture.completedFuture(123L);
  }

  @Override
  public CompletionStage<List<VerifiedFile>> verifyAsync(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<Long> pruneAsync() {
    return CompletableFuture.completedFuture(0L);
  }

  @Override
  public CompletionStage<RuntimeState> loadAsync(LoadRequest request) {
    changes.add("load " + request.model());
    return CompletableFuture.completedFuture(state);
  }

  @Override
  public CompletionStage<RuntimeState> unloadAsync() {
    changes.add("unload");
    return CompletableFuture.completedFuture(state);
  }

  @Override
  public CompletionStage<RuntimeStatus> statusAsync() {
    return CompletableFuture.completedFuture(
        new RuntimeStatus(
            "0.1.0",
            Duration.ofMinutes(3),
            state,
            Optional.ofNullable(state.ready().orElse(null)),
            1,
            0,
            420,
            cloud,
            "claude-haiku-5-5",
            cloud,
            Map.of("local/MODEL_READY", 5L, "claude/MODEL_NOT_READY", 2L)));
  }

  @Override
  public CompletionStage<LedgerSummary> ledgerAsync() {
    return CompletableFuture.completedFuture(
        new LedgerSummary(2, 2048, 4096, 300, 120, 95, 40, 95, 310, List.of()));
  }

  @Override
  public void close() {}
}
