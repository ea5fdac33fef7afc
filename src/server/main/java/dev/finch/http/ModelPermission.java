package dev.finch.http;

import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Which models a caller may name. Thread-safe. */
final class ModelPermission {

  private final Finch finch;

  ModelPermission(Finch finch) {
    this.finch = finch;
  }

  /**
   * Whether this model may be loaded, fetched or asked after, which tells whether it is there.
   *
   * @throws FinchException with {@code FORBIDDEN} where it is a file and the caller may name none
   */
  static ModelReference checked(Rights rights, ModelReference reference) {
    if (reference instanceof ModelReference.LocalFile && !rights.files()) {
      throw new FinchException(fileRefused(rights));
    }
    return reference;
  }

  /**
   * Whether this model may be asked: the catalogue, what is in the cache, and what is served here
   * or on its way is everyone's.
   */
  CompletionStage<Void> toAsk(Rights rights, @Nullable ModelReference reference) {
    if (reference == null || isEveryones(reference) || isServedHere(reference)) {
      return CompletableFuture.completedFuture(null);
    }
    checked(rights, reference);
    if (rights.admin()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletionStage<Boolean> cached =
        reference instanceof ModelReference.Hub
            ? finch.isCachedAsync(reference)
            : CompletableFuture.completedFuture(false);
    return cached.thenAccept(
        here -> {
          if (!here) {
            throw new FinchException(notEveryones(reference));
          }
        });
  }

  private static boolean isEveryones(ModelReference reference) {
    return reference instanceof ModelReference.Auto
        || reference instanceof ModelReference.BuiltIn
        || reference instanceof ModelReference.Catalogued;
  }

  private boolean isServedHere(ModelReference reference) {
    return isAbout(finch.state().serving().orElse(null), reference)
        || isAbout(finch.state().preparing().orElse(null), reference);
  }

  private static boolean isAbout(@Nullable ModelState state, ModelReference reference) {
    return switch (state) {
      case ModelState.Ready(ModelInfo info) -> info.reference().equals(reference);
      case ModelState.Draining(ModelInfo info) -> info.reference().equals(reference);
      case ModelState.Idle(ModelInfo info) -> info.reference().equals(reference);
      case ModelState.Loading loading -> loading.spec().reference().equals(reference);
      case ModelState.Downloading downloading -> downloading.spec().reference().equals(reference);
      case ModelState.Selecting selecting -> selecting.preference().equals(reference);
      case null, default -> false;
    };
  }

  /** What who may not change models is told. */
  static Failure adminNeeded() {
    return Failure.permanent(
        FailureCode.FORBIDDEN,
        "Loading, unloading, fetching and removing models needs an admin key.",
        "Use a key that is marked as `admin:name=key` in finch.http.api-keys, FINCH_API_KEY or the"
            + " file of keys; or name a model of the catalogue or the cache in a request.");
  }

  /** What who may not see everybody's spending is told. */
  static Failure ledgerIsAdmins() {
    return Failure.permanent(
        FailureCode.FORBIDDEN,
        "The ledger tells what all keys sent to Claude, and needs an admin key.",
        "GET /v1/finch/requests/ID tells what became of a request of your own key.");
  }

  private static Failure fileRefused(Rights rights) {
    return Failure.permanent(
        FailureCode.FORBIDDEN,
        "Files of this machine are not named over HTTP without an admin key.",
        rights.admin()
            ? "Set finch.http.keyless-files = on, or start the server with the file as its model."
            : "Use an admin key, or let the server be started with the file as its model.");
  }

  private static Failure notEveryones(ModelReference reference) {
    return Failure.permanent(
        FailureCode.FORBIDDEN,
        "The model "
            + Replies.ascii(ModelReference.shown(reference.toString()))
            + " is neither in the catalogue nor in the cache, and needs an admin key.",
        "GET /v1/models lists what every key may name.");
  }
}
