package dev.finch.runtime;

import dev.finch.VerifiedFile;
import dev.finch.VerifiedFile.Outcome;
import dev.finch.download.CachedModel;
import dev.finch.download.FileCheck;
import dev.finch.download.ModelCache;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks cached models and mends what is damaged. Thread-safe. */
final class CacheRepair {

  private final ModelCache cache;
  private final Function<ModelReference, CompletionStage<?>> fetch;
  private final Executor blocking;

  /**
   * An upkeep of this cache.
   *
   * @param fetch brings into the cache what is missing of a model
   */
  CacheRepair(
      ModelCache cache, Function<ModelReference, CompletionStage<?>> fetch, Executor blocking) {
    this.cache = cache;
    this.fetch = fetch;
    this.blocking = blocking;
  }

  CompletionStage<List<VerifiedFile>> verify(
      List<CachedModel> models, Consumer<DownloadProgress> progress) {
    return CompletableFuture.supplyAsync(() -> discard(check(models, progress)), blocking)
        .thenCompose(this::repair);
  }

  /** All are read before the first is discarded, since models may show the same blob. */
  private List<Checked> check(List<CachedModel> models, Consumer<DownloadProgress> progress) {
    List<Checked> checked = new ArrayList<>();
    ReadProgress reading =
        new ReadProgress(models.stream().mapToLong(CachedModel::bytes).sum(), progress);
    for (CachedModel model : models) {
      for (FileCheck check : cache.verify(model, reading)) {
        checked.add(new Checked(model, check, size(check.file())));
      }
    }
    reading.end();
    return checked;
  }

  private List<Found> discard(List<Checked> checked) {
    return checked.stream().map(one -> new Found(one.model(), discard(one))).toList();
  }

  private VerifiedFile discard(Checked one) {
    return switch (one.check().verdict()) {
      case GOOD -> one.file(Outcome.OK, null);
      case UNKNOWN -> one.file(Outcome.UNKNOWN_HASH, null);
      case DAMAGED -> {
        try {
          cache.discard(one.check());
          yield one.file(Outcome.DAMAGED_REMOVED, null);
        } catch (FinchException e) {
          yield one.file(Outcome.DAMAGED_KEPT, e.failure());
        }
      }
    };
  }

  /** One model after the other, each once, however many of its files are gone. */
  private CompletionStage<List<VerifiedFile>> repair(List<Found> found) {
    CompletionStage<List<VerifiedFile>> files =
        CompletableFuture.completedStage(found.stream().map(Found::file).toList());
    List<CachedModel> damaged =
        found.stream()
            .filter(one -> one.file().outcome() == Outcome.DAMAGED_REMOVED)
            .map(Found::model)
            .distinct()
            .toList();
    for (CachedModel model : damaged) {
      files =
          files.thenCompose(
              before ->
                  fetch
                      .apply(exactly(model))
                      .handle((_, thrown) -> fetched(before, model.reference(), thrown)));
    }
    return files;
  }

  /** The very files that were removed, whatever their branch points to by now. */
  private static ModelReference exactly(CachedModel model) {
    return new ModelReference.Hub(model.repository(), model.paths().getFirst(), model.commit());
  }

  private static List<VerifiedFile> fetched(
      List<VerifiedFile> files, ModelReference model, @Nullable Throwable thrown) {
    Outcome outcome = thrown == null ? Outcome.REPAIRED : Outcome.DAMAGED_REMOVED;
    Failure failure = thrown == null ? null : failureOf(thrown);
    return files.stream()
        .map(
            file ->
                file.model().equals(model) && file.outcome() == Outcome.DAMAGED_REMOVED
                    ? new VerifiedFile(
                        model, file.path(), file.bytes(), outcome, Optional.ofNullable(failure))
                    : file)
        .toList();
  }

  private static Failure failureOf(Throwable thrown) {
    return Thrown.failure(
        thrown,
        cause ->
            Failure.permanent(
                FailureCode.INTERNAL,
                "Fetching it again failed: " + cause + ".",
                "The log has more."));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new FinchException(
          Failure.passing(
              FailureCode.CACHE_UNUSABLE,
              "A file went away while it was verified: " + file + ".",
              "Verify again when nothing else changes the cache."),
          e);
    }
  }

  private record Checked(CachedModel model, FileCheck check, long bytes) {
    VerifiedFile file(Outcome outcome, @Nullable Failure failure) {
      return new VerifiedFile(
          model.reference(), check.file(), bytes, outcome, Optional.ofNullable(failure));
    }
  }

  private record Found(CachedModel model, VerifiedFile file) {}
}
