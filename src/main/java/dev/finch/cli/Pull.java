package dev.finch.cli;

import dev.finch.model.DownloadProgress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One download: shows its progress, and can be cancelled, which keeps what has come. */
final class Pull implements Flow.Subscriber<DownloadProgress> {

  private final Consumer<DownloadProgress> show;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile Flow.@Nullable Subscription subscription;

  private Pull(Consumer<DownloadProgress> show) {
    this.show = show;
  }

  /**
   * Starts it.
   *
   * @param show gets every step, on a thread of the runtime
   */
  static Pull of(Flow.Publisher<DownloadProgress> publisher, Consumer<DownloadProgress> show) {
    Pull pull = new Pull(show);
    publisher.subscribe(pull);
    return pull;
  }

  /** Completes when everything was verified; fails or is cancelled otherwise. */
  CompletableFuture<Void> done() {
    return done;
  }

  void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    done.cancel(false);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(DownloadProgress progress) {
    show.accept(progress);
    Flow.Subscription current = subscription;
    if (current != null) {
      current.request(1);
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
