package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelSpec.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a model consists of, with as few questions to the Hub as its specification needs:
 * none where it names commit, sizes and hashes. What is cached is used where the Hub cannot be
 * asked.
 */
final class Planner {

  private final Hub hub;
  private final ModelCache cache;
  private final boolean offline;

  Planner(Hub hub, ModelCache cache, boolean offline) {
    this.hub = hub;
    this.cache = cache;
    this.offline = offline;
  }

  /** Fails with {@link FinchException}. Looks into the cache first, which blocks. */
  CompletionStage<FetchPlan> plan(ModelSpec spec) {
    if (!(spec.origin() instanceof Origin.Hub origin)) {
      throw new IllegalArgumentException(
          "origin: " + spec.origin() + " (expected: one that a Hub serves)");
    }
    Optional<LocalModel> cached = cache.find(spec);
    if (cached.isPresent() && (offline || Hub.isCommit(origin.revision()))) {
      return CompletableFuture.completedStage(cached(cached.get(), null));
    }
    if (offline) {
      return CompletableFuture.failedStage(new FinchException(offline(spec)));
    }
    CompletionStage<FetchPlan> asked =
        commit(origin, cached.isEmpty())
            .thenCompose(
                commit ->
                    cached
                        .filter(model -> commit.equals(model.commit()))
                        .<CompletionStage<FetchPlan>>map(
                            model -> CompletableFuture.completedStage(cached(model, null)))
                        .orElseGet(() -> needed(origin, commit)));
    return cached.isEmpty()
        ? asked
        : asked.exceptionally(failure -> cached(cached.get(), stale(DiskFailures.of(failure))));
  }

  private static FetchPlan cached(LocalModel model, @Nullable String warning) {
    return new FetchPlan.Cached(model, ModelCache.bytes(model.files()), warning);
  }

  private CompletionStage<String> commit(Origin.Hub origin, boolean patient) {
    return Hub.isCommit(origin.revision())
        ? CompletableFuture.completedStage(origin.revision())
        : hub.commitOf(origin.repository(), origin.revision(), patient);
  }

  private CompletionStage<FetchPlan> needed(Origin.Hub origin, String commit) {
    List<RemoteFile> known = known(origin);
    if (known != null) {
      return CompletableFuture.completedStage(plan(origin, commit, known));
    }
    return hub.files(origin.repository(), commit)
        .thenCompose(
            listing -> {
              if (listing.stream().noneMatch(file -> GgufName.parse(file.path()) != null)) {
                return refuse(origin.repository(), listing);
              }
              return CompletableFuture.completedStage(
                  plan(origin, commit, chosen(origin, listing)));
            });
  }

  private static FetchPlan plan(Origin.Hub origin, String commit, List<RemoteFile> files) {
    return new FetchPlan.Needed(origin.repository(), origin.revision(), commit, files);
  }

  /** Null where the specification leaves a question to the listing. */
  private static @Nullable List<RemoteFile> known(Origin.Hub origin) {
    List<RemoteFile> known = new ArrayList<>();
    for (ModelFile file : origin.files()) {
      BlobId blob = BlobId.parse(file.sha256().orElse(null));
      if (blob == null || file.size().orElse(-1) < 0) {
        return null;
      }
      known.add(new RemoteFile(file.path(), file.size().orElse(-1), blob));
    }
    return known.isEmpty() ? null : known;
  }

  private static List<RemoteFile> chosen(Origin.Hub origin, List<RemoteFile> listing) {
    Map<String, RemoteFile> byPath = new HashMap<>();
    listing.forEach(file -> byPath.put(file.path(), file));
    List<String> paths =
        origin.files().isEmpty()
            ? GgufChoice.choose(origin.repository(), byPath.keySet(), origin.selector())
            : origin.files().stream().map(ModelFile::path).toList();
    List<RemoteFile> files = new ArrayList<>();
    for (String path : paths) {
      RemoteFile file = byPath.get(path);
      if (file == null) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.HUB_NOT_FOUND,
                origin.repository() + " has no file '" + path + "' at this revision.",
                "Name one of its files or a quantization after ':'."));
      }
      files.add(file);
    }
    return files;
  }

  private CompletionStage<FetchPlan> refuse(String repository, List<RemoteFile> listing) {
    boolean safetensors = listing.stream().anyMatch(file -> file.path().endsWith(".safetensors"));
    String sibling = repository + "-GGUF";
    return hub.exists(sibling)
        .thenApply(
            exists -> {
              throw new FinchException(
                  Failure.permanent(
                      FailureCode.UNSUPPORTED_MODEL,
                      repository
                          + (safetensors
                              ? " holds its weights as safetensors; Finch runs GGUF models only."
                              : " has no GGUF file; Finch runs GGUF models only."),
                      exists
                          ? "Use its GGUF sibling: hf:" + sibling
                          : "Look on the Hub for a repository of this name that ends in -GGUF."));
            });
  }

  private static Failure offline(ModelSpec spec) {
    return Failure.permanent(
        FailureCode.OFFLINE,
        spec.name() + " is not in the cache, and no request may be made (offline).",
        "Unset HF_HUB_OFFLINE or set finch.download.offline = off.");
  }

  private static String stale(Failure failure) {
    return "The Hub could not be asked for a newer revision; the cached one is used. "
        + failure.message();
  }
}
