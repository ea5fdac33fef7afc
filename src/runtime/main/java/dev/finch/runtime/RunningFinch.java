package dev.finch.runtime;

import com.typesafe.config.Config;
import dev.finch.Embeddings;
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
import dev.finch.model.DownloadProgress;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import dev.finch.routing.Exchanges;
import dev.finch.selection.ModelSelector;
import dev.finch.streams.StreamingFinch;
import dev.finch.supervisor.Supervisor;
import dev.finch.wire.AnswerCollector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Finch whose actors are up. Whoever makes one waits for them. Thread-safe. */
final class RunningFinch implements StreamingFinch {

  private static final Duration QUICK = Duration.ofSeconds(10);
  private static final Duration FOR_EVER = Duration.ofDays(7);

  private final ActorSystem<?> system;
  private final boolean ownsSystem;
  private final ActorRef<Supervisor.Command> supervisor;
  private final CompletableFuture<Void> ended;
  private final Supervisor.Handles handles;
  private final ModelLibrary library;
  private final LocalCalls local;
  private final Reports reports;

  private RunningFinch(
      ActorSystem<?> system,
      boolean ownsSystem,
      ActorRef<Supervisor.Command> supervisor,
      CompletableFuture<Void> ended,
      Assembly assembly) {
    this.system = system;
    this.ownsSystem = ownsSystem;
    this.supervisor = supervisor;
    this.ended = ended;
    this.handles =
        AskPattern.<Supervisor.Command, Supervisor.Handles>ask(
                supervisor, Supervisor.GetHandles::new, QUICK, system.scheduler())
            .toCompletableFuture()
            .join();
    this.library = new ModelLibrary(system, assembly, handles);
    this.local = new LocalCalls(system, handles.exchanges());
    this.reports = new Reports(system, handles, handles.state());
  }

  /** In an actor system of its own, which {@link #close} ends. Blocks until it is up. */
  static RunningFinch own(Config config, Assembly assembly) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    ActorSystem<Supervisor.Command> system =
        ActorSystem.create(
            guardian(assembly, ended),
            "finch",
            BootstrapSetup.create(config)
                .withClassloader(new PlainLoader(LocalFinch.class.getClassLoader())));
    return started(
        () -> new RunningFinch(system, true, system, ended, assembly), system::terminate);
  }

  /** Below a host's actor system. Blocks until it is up. */
  static RunningFinch below(ActorSystem<?> host, Assembly assembly) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    ActorRef<Supervisor.Command> supervisor =
        host.systemActorOf(
            guardian(assembly, ended),
            "finch-" + Long.toHexString(System.nanoTime()),
            Props.empty());
    return started(
        () -> new RunningFinch(host, false, supervisor, ended, assembly),
        () -> supervisor.tell(Supervisor.Stop.INSTANCE));
  }

  private static Behavior<Supervisor.Command> guardian(
      Assembly assembly, CompletableFuture<Void> ended) {
    return TerminationInterceptor.completes(
        Supervisor.Command.class,
        ended,
        Supervisor.create(assembly.settings().supervisor(), assembly.behaviors()));
  }

  private static RunningFinch started(Supplier<RunningFinch> start, Runnable undo) {
    try {
      return start.get();
    } catch (RuntimeException e) {
      undo.run();
      throw e;
    }
  }

  @Override
  public CompletionStage<Answer> askAsync(GenerateRequest request) {
    return Publishers.result(streamSource(request), answers(), system);
  }

  @Override
  public Flow.Publisher<AnswerEvent> stream(GenerateRequest request) {
    return Publishers.of(
        streamSource(request), system, List.of(new AnswerEvent.Failed(Startup.over())), null);
  }

  @Override
  public Source<AnswerEvent, NotUsed> streamSource(GenerateRequest request) {
    if (!ModelIdentity.mayBeAnother(request.model(), state())) {
      return Exchanges.stream(handles.exchanges(), request);
    }
    return Source.lazyCompletionStageSource(
            () -> underItsName(request).thenApply(it -> Exchanges.stream(handles.exchanges(), it)))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private static Sink<AnswerEvent, CompletionStage<Answer>> answers() {
    return Sink.<AnswerCollector, AnswerEvent>fold(new AnswerCollector(), AnswerCollector::with)
        .mapMaterializedValue(collected -> collected.thenApply(AnswerCollector::answer));
  }

  /** The request with the name by which the model that it wants is known here. */
  private CompletionStage<GenerateRequest> underItsName(GenerateRequest request) {
    ModelReference named = request.model();
    return named == null
        ? CompletableFuture.completedFuture(request)
        : library.known(named, state()).thenApply(it -> request.toBuilder().model(it).build());
  }

  @Override
  public CompletionStage<Embeddings> embedAsync(EmbedRequest request) {
    ModelReference named = request.model();
    return named == null
        ? local.embed(request)
        : library
            .known(named, state())
            .thenCompose(
                it -> local.embed(EmbedRequest.builder(request.inputs()).model(it).build()));
  }

  @Override
  public CompletionStage<Long> countTokensAsync(GenerateRequest request) {
    return underItsName(request).thenCompose(local::countTokens);
  }

  @Override
  public RuntimeState state() {
    return handles.state().get();
  }

  @Override
  public Flow.Publisher<RuntimeState> states() {
    return Publishers.of(stateSource(), system, List.of(), null);
  }

  @Override
  public Source<RuntimeState, NotUsed> stateSource() {
    return StateStream.of(supervisor);
  }

  @Override
  public CompletionStage<List<ModelListing>> modelsAsync() {
    return library.models(state());
  }

  @Override
  public CompletionStage<ModelReference> listedAsAsync(ModelReference reference) {
    return library.listedAs(reference);
  }

  @Override
  public CompletionStage<Optional<Map<String, Object>>> headerAsync(ModelReference reference) {
    return library.header(reference, state());
  }

  @Override
  public CompletionStage<FitReport> fitAsync() {
    return library.fit();
  }

  @Override
  public CompletionStage<Boolean> isCachedAsync(ModelReference reference) {
    return library.isCached(reference);
  }

  @Override
  public Flow.Publisher<DownloadProgress> pull(PullRequest request) {
    return Publishers.of(pullSource(request), system, List.of(), Startup.over());
  }

  @Override
  public Source<DownloadProgress, NotUsed> pullSource(PullRequest request) {
    return Source.lazySource(
            () -> {
              accept(request.acceptedLicenses());
              return library.pull(request.model());
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  @Override
  public CompletionStage<Long> removeAsync(ModelReference reference) {
    // Asked, because what was last heard may be older than what has been loaded since.
    return AskPattern.<Supervisor.Command, RuntimeState>ask(
            supervisor, Supervisor.GetState::new, QUICK, system.scheduler())
        .thenCompose(state -> library.remove(reference, state));
  }

  @Override
  public CompletionStage<List<VerifiedFile>> verifyAsync(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    return library.verify(reference, progress);
  }

  @Override
  public CompletionStage<Long> pruneAsync() {
    return library.prune();
  }

  @Override
  public CompletionStage<RuntimeState> loadAsync(LoadRequest request) {
    accept(request.acceptedLicenses());
    return library
        .known(request.model(), state())
        .thenCompose(it -> asked(replyTo -> new Supervisor.PrepareModel(it, replyTo)));
  }

  private void accept(Set<String> licenses) {
    licenses.forEach(license -> handles.selector().tell(new ModelSelector.Accept(license)));
  }

  @Override
  public CompletionStage<RuntimeState> unloadAsync() {
    return asked(Supervisor.UnloadModel::new);
  }

  @Override
  public CompletionStage<RuntimeStatus> statusAsync() {
    return reports.status();
  }

  @Override
  public CompletionStage<LedgerSummary> ledgerAsync() {
    return reports.ledger();
  }

  ActorSystem<?> system() {
    return system;
  }

  @Override
  public void close() {
    endPrompts();
    supervisor.tell(Supervisor.Stop.INSTANCE);
    try {
      ended.get(30, TimeUnit.SECONDS);
      if (ownsSystem) {
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.INTERNAL,
              "Finch did not end within 30 seconds.",
              "A native call hangs; the JVM can still be ended."),
          e);
    }
  }

  /** What is under way ends, and what of it went to Claude is settled, before those who do that. */
  private void endPrompts() {
    try {
      AskPattern.ask(handles.exchanges(), Exchanges.Close::new, QUICK, system.scheduler())
          .toCompletableFuture()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // They are gone, or hang; the end does not wait for them.
    }
  }

  private CompletionStage<RuntimeState> asked(
      Function<ActorRef<StatusReply<RuntimeState>>, Supervisor.Command> command) {
    return AskPattern.askWithStatus(supervisor, command::apply, FOR_EVER, system.scheduler());
  }
}
