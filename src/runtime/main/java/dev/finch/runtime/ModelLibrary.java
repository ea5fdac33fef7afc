package dev.finch.runtime;

import dev.finch.FitReport;
import dev.finch.ModelListing;
import dev.finch.VerifiedFile;
import dev.finch.download.CachedModel;
import dev.finch.download.Downloader;
import dev.finch.download.ModelCache;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.RuntimeState;
import dev.finch.selection.Hardware;
import dev.finch.selection.MachineFit;
import dev.finch.selection.ModelSelector;
import dev.finch.supervisor.Provisioner;
import dev.finch.supervisor.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.jspecify.annotations.Nullable;

/**
 * The models that could be had and those on disk: listing, fetching, verifying, removing.
 * Thread-safe.
 */
final class ModelLibrary {

  private static final Duration MEASURING = Duration.ofSeconds(60);

  /** A part that was left alone this long is one that nobody means to go on with. */
  private static final Duration STALE = Duration.ofDays(1);

  private final ActorSystem<?> system;
  private final FinchSettings settings;
  private final ModelCache cache;
  private final Inventory inventory;
  private final ModelIdentity identity;
  private final Provisioner provisioner;
  private final Supervisor.Handles handles;
  private final Executor blocking;
  private final CacheRepair repair;

  ModelLibrary(ActorSystem<?> system, Assembly assembly, Supervisor.Handles handles) {
    this.system = system;
    this.settings = assembly.settings();
    this.cache = assembly.cache();
    this.identity = new ModelIdentity(settings.catalog(), cache);
    this.inventory = new Inventory(settings.catalog(), cache, identity);
    this.provisioner = assembly.behaviors().provisioner();
    this.handles = handles;
    this.blocking =
        system
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("finch.supervisor.blocking-dispatcher"));
    this.repair =
        new CacheRepair(
            cache, reference -> pull(reference).runWith(Sink.ignore(), this.system), blocking);
  }

  CompletionStage<FitReport> fit() {
    return assess()
        .thenApply(
            fit ->
                new FitReport(
                    fit.hardware().usableMemoryBytes(),
                    fit.hardware().availableMemoryBytes(),
                    limit(fit.hardware()),
                    fit.hardware().processors(),
                    Optional.ofNullable(fit.chosen()),
                    fit.why(),
                    Optional.ofNullable(fit.withConsent()),
                    fit.verdicts().stream().map(ModelLibrary::candidate).toList()));
  }

  private static OptionalLong limit(Hardware hardware) {
    long limit = hardware.containerLimitBytes();
    return limit < 0 ? OptionalLong.empty() : OptionalLong.of(limit);
  }

  private static FitReport.Candidate candidate(MachineFit.Verdict verdict) {
    return new FitReport.Candidate(
        verdict.reference(),
        verdict.title(),
        verdict.memoryBytes(),
        verdict.fits(),
        verdict.verdict());
  }

  CompletionStage<ModelReference> listedAs(ModelReference reference) {
    return reference instanceof ModelReference.Auto
        ? CompletableFuture.completedFuture(reference)
        : CompletableFuture.supplyAsync(() -> inventory.listedAs(reference), blocking);
  }

  /** The name by which the runtime knows the model of this one, which is often the same. */
  CompletionStage<ModelReference> known(ModelReference named, RuntimeState state) {
    return ModelIdentity.mayBeAnother(named, state)
        ? CompletableFuture.supplyAsync(() -> identity.known(named, state), blocking)
        : CompletableFuture.completedFuture(named);
  }

  CompletionStage<List<ModelListing>> models(RuntimeState state) {
    return assess()
        .thenApplyAsync(fit -> inventory.list(fit, state.ready().orElse(null)), blocking);
  }

  CompletionStage<Boolean> isCached(ModelReference reference) {
    return reference instanceof ModelReference.Auto
        ? spec(reference).thenApplyAsync(spec -> cache.find(spec).isPresent(), blocking)
        : CompletableFuture.supplyAsync(() -> inventory.has(reference), blocking);
  }

  /** Random weights are looked at only where they serve: they would have to be made first. */
  CompletionStage<Optional<Map<String, Object>>> header(
      ModelReference reference, RuntimeState state) {
    ModelInfo serving = state.ready().orElse(null);
    boolean served = serving != null && serving.reference().equals(reference);
    if (reference instanceof ModelReference.Auto
        || (reference instanceof ModelReference.Random && !served)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return CompletableFuture.supplyAsync(
        () ->
            provisioner
                .atHand(settings.catalog().specOf(reference))
                .flatMap(model -> FileFacts.header(model.files().getFirst())),
        blocking);
  }

  Source<DownloadProgress, NotUsed> pull(ModelReference reference) {
    return Source.completionStageSource(spec(reference).thenApply(this::fetch))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Source<DownloadProgress, NotUsed> fetch(ModelSpec spec) {
    if (!(spec.origin() instanceof ModelSpec.Origin.Hub)) {
      return Source.single(DownloadProgress.of(DownloadProgress.Phase.DONE, 0, 0, 0, null));
    }
    return ActorSource.<Downloader.Event>actorRef(
            event -> event instanceof Downloader.Completed,
            ModelLibrary::failureOf,
            64,
            OverflowStrategy.dropHead())
        .collectType(Downloader.Progressed.class)
        .map(Downloader.Progressed::progress)
        .watchTermination(
            (events, done) -> {
              ActorRef<Downloader.Command> downloader = handles.downloader();
              downloader.tell(new Downloader.Fetch(spec, events));
              done.whenComplete(
                  (_, _) -> downloader.tell(new Downloader.Abort(spec.reference(), events)));
              return NotUsed.getInstance();
            });
  }

  private static Optional<Throwable> failureOf(Downloader.Event event) {
    return switch (event) {
      case Downloader.Failed(var failure) -> Optional.of(new FinchException(failure));
      case Downloader.Offline(var why) -> Optional.of(new FinchException(why));
      case Downloader.Progressed _, Downloader.Completed _ -> Optional.empty();
    };
  }

  CompletionStage<Long> remove(ModelReference reference, RuntimeState state) {
    return named(reference)
        .thenApplyAsync(
            spec -> {
              inCache(spec);
              refuseWhileLoaded(spec, state.ready().orElse(null));
              return cache.remove(spec);
            },
            blocking);
  }

  private void refuseWhileLoaded(ModelSpec spec, @Nullable ModelInfo loaded) {
    if (loaded != null && !Collections.disjoint(files(spec), files(specOf(loaded)))) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.MODEL_IN_USE,
              spec.name() + " is loaded.",
              "Unload it or load another model first."));
    }
  }

  /** Whatever name it goes by, a model is its files. */
  private Set<Path> files(ModelSpec spec) {
    return cache.find(spec).map(model -> Set.copyOf(model.files())).orElse(Set.of());
  }

  private ModelSpec specOf(ModelInfo loaded) {
    return settings.catalog().specOf(loaded.reference());
  }

  CompletionStage<List<VerifiedFile>> verify(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    CompletionStage<List<CachedModel>> models =
        reference == null
            ? CompletableFuture.supplyAsync(cache::list, blocking)
            : named(reference).thenApplyAsync(this::cached, blocking);
    return models.thenCompose(found -> repair.verify(found, progress));
  }

  private List<CachedModel> cached(ModelSpec spec) {
    LocalModel found = inCache(spec);
    return cache.list().stream()
        .filter(model -> model.files().stream().anyMatch(found.files()::contains))
        .toList();
  }

  private LocalModel inCache(ModelSpec spec) {
    if (!(spec.origin() instanceof ModelSpec.Origin.Hub)) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              spec.reference() + " comes from no Hub, so it is not in the cache.",
              "Name a model that `finch pull` fetches; `finch models` lists what is cached."));
    }
    return cache
        .find(spec)
        .orElseThrow(
            () ->
                new FinchException(
                    Failure.permanent(
                        FailureCode.UNKNOWN_MODEL,
                        spec.reference() + " is not in the cache, or not all of it.",
                        "`finch pull " + spec.reference() + "` fetches what is missing.")));
  }

  CompletionStage<Long> prune() {
    return CompletableFuture.supplyAsync(() -> cache.prune(STALE), blocking);
  }

  /** What a reference stands for, whether or not it fits and its licence is accepted. */
  private CompletionStage<ModelSpec> named(ModelReference reference) {
    return reference instanceof ModelReference.Auto
        ? spec(reference)
        : CompletableFuture.supplyAsync(() -> settings.catalog().specOf(reference), blocking);
  }

  /** What a reference stands for; refuses what selection refuses. */
  private CompletionStage<ModelSpec> spec(ModelReference reference) {
    return AskPattern.<ModelSelector.Command, ModelSelector.Reply>ask(
            handles.selector(),
            (ActorRef<ModelSelector.Reply> replyTo) ->
                new ModelSelector.Select(
                    reference, settings.supervisor().acceptedLicenses(), replyTo),
            MEASURING,
            system.scheduler())
        .thenApply(
            reply ->
                switch (reply) {
                  case ModelSelector.Selected selected -> selected.spec();
                  case ModelSelector.NoneFits(var why) -> throw new FinchException(why);
                  case ModelSelector.Refused(var why) -> throw new FinchException(why);
                });
  }

  private CompletionStage<MachineFit> assess() {
    return AskPattern.ask(
        handles.selector(),
        (ActorRef<MachineFit> replyTo) ->
            new ModelSelector.Assess(settings.supervisor().acceptedLicenses(), replyTo),
        MEASURING,
        system.scheduler());
  }
}
