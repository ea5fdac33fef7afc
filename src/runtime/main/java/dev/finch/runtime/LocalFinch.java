package dev.finch.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.Embeddings;
import dev.finch.FitReport;
import dev.finch.LedgerSummary;
import dev.finch.ModelListing;
import dev.finch.RuntimeStatus;
import dev.finch.VerifiedFile;
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
import dev.finch.streams.StreamingFinch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Finch in this JVM: its actors run in a system of their own ({@link #start()}) or in a host's
 * ({@link #attach(ActorSystem)}). Both return at once; the actors and then the model come up
 * meanwhile, and what is asked before they are waits for them. Thread-safe.
 */
public final class LocalFinch implements StreamingFinch {

  private final Startup startup;

  private LocalFinch(Startup startup) {
    this.startup = startup;
  }

  /** {@link #start(Config)} with the configuration of the class path. */
  public static LocalFinch start() {
    return start(ConfigFactory.load());
  }

  /**
   * {@link #start(Config)} with these options, and with the configuration of the class path for
   * what they leave open.
   */
  public static LocalFinch start(FinchOptions options) {
    return start(options.config().withFallback(ConfigFactory.load()));
  }

  /**
   * Starts an actor system of its own, which {@link #close} ends. Reads and checks the settings;
   * does not wait for the actors.
   *
   * @param user what differs from reference.conf
   * @throws FinchException with {@code SETTINGS_INVALID} where a key is unknown or out of range
   */
  public static LocalFinch start(Config user) {
    Config config = ConfigurationLoader.own(user);
    Assembly assembly = Assembly.of(config);
    return new LocalFinch(Startup.of(assembly, () -> RunningFinch.own(config, assembly)));
  }

  /** {@link #attach(ActorSystem, Config)} with the host's own configuration. */
  public static LocalFinch attach(ActorSystem<?> host) {
    return attach(host, host.settings().config());
  }

  /**
   * {@link #attach(ActorSystem, Config)} with these options, and with the host's configuration for
   * what they leave open.
   */
  public static LocalFinch attach(ActorSystem<?> host, FinchOptions options) {
    return attach(host, options.config().withFallback(host.settings().config()));
  }

  /**
   * Runs below a host's actor system, which is never ended by Finch. Reads and checks the settings;
   * does not wait for the actors.
   *
   * @param host a running system
   * @param user what differs from reference.conf; only its {@code finch} section is read, and the
   *     dispatchers are those of the host's configuration
   * @throws FinchException with {@code SETTINGS_INVALID} where a key is unknown or out of range
   */
  public static LocalFinch attach(ActorSystem<?> host, Config user) {
    Config config = ConfigurationLoader.below(user);
    Assembly assembly = Assembly.of(config);
    return new LocalFinch(Startup.of(assembly, () -> RunningFinch.below(host, assembly)));
  }

  @Override
  public CompletionStage<Answer> askAsync(GenerateRequest request) {
    return startup.call(finch -> finch.askAsync(request));
  }

  @Override
  public CompletionStage<Embeddings> embedAsync(EmbedRequest request) {
    return startup.call(finch -> finch.embedAsync(request));
  }

  @Override
  public CompletionStage<Long> countTokensAsync(GenerateRequest request) {
    return startup.call(finch -> finch.countTokensAsync(request));
  }

  @Override
  public CompletionStage<List<ModelListing>> modelsAsync() {
    return startup.call(finch -> finch.modelsAsync());
  }

  @Override
  public CompletionStage<ModelReference> listedAsAsync(ModelReference reference) {
    return startup.call(finch -> finch.listedAsAsync(reference));
  }

  @Override
  public CompletionStage<Optional<Map<String, Object>>> headerAsync(ModelReference reference) {
    return startup.call(finch -> finch.headerAsync(reference));
  }

  @Override
  public CompletionStage<FitReport> fitAsync() {
    return startup.call(finch -> finch.fitAsync());
  }

  @Override
  public CompletionStage<Boolean> isCachedAsync(ModelReference reference) {
    return startup.call(finch -> finch.isCachedAsync(reference));
  }

  @Override
  public CompletionStage<Long> removeAsync(ModelReference reference) {
    return startup.call(finch -> finch.removeAsync(reference));
  }

  @Override
  public CompletionStage<List<VerifiedFile>> verifyAsync(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    return startup.call(finch -> finch.verifyAsync(reference, progress));
  }

  @Override
  public CompletionStage<Long> pruneAsync() {
    return startup.call(finch -> finch.pruneAsync());
  }

  @Override
  public CompletionStage<RuntimeState> loadAsync(LoadRequest request) {
    return startup.call(finch -> finch.loadAsync(request));
  }

  @Override
  public CompletionStage<RuntimeState> unloadAsync() {
    return startup.call(finch -> finch.unloadAsync());
  }

  @Override
  public CompletionStage<RuntimeStatus> statusAsync() {
    return startup.call(finch -> finch.statusAsync());
  }

  @Override
  public CompletionStage<LedgerSummary> ledgerAsync() {
    return startup.call(finch -> finch.ledgerAsync());
  }

  @Override
  public Flow.Publisher<AnswerEvent> stream(GenerateRequest request) {
    return startup.publisher(
        finch -> finch.stream(request), failure -> List.of(new AnswerEvent.Failed(failure)));
  }

  @Override
  public Source<AnswerEvent, NotUsed> streamSource(GenerateRequest request) {
    return startup.source(
        finch -> finch.streamSource(request),
        failure -> Source.single(new AnswerEvent.Failed(failure)));
  }

  @Override
  public Flow.Publisher<RuntimeState> states() {
    return startup.publisher(RunningFinch::states, _ -> List.of());
  }

  @Override
  public Source<RuntimeState, NotUsed> stateSource() {
    return startup.source(
        RunningFinch::stateSource, failure -> Source.failed(new FinchException(failure)));
  }

  @Override
  public Flow.Publisher<DownloadProgress> pull(PullRequest request) {
    return startup.publisher(finch -> finch.pull(request), _ -> List.of());
  }

  @Override
  public Source<DownloadProgress, NotUsed> pullSource(PullRequest request) {
    return startup.source(
        finch -> finch.pullSource(request), failure -> Source.failed(new FinchException(failure)));
  }

  /** Does not block; before the actors are up, it is what they will begin with. */
  @Override
  public RuntimeState state() {
    return startup.state();
  }

  /**
   * The actor system that this runs in, for what else is to run beside it. Blocks until it is up.
   *
   * @throws FinchException with the code of what kept it from coming up
   */
  public ActorSystem<?> system() {
    return startup.running().system();
  }

  @Override
  public void close() {
    startup.close();
  }
}
