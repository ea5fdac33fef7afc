package dev.finch.remote;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.FinchException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the lines of a response say. Each subscriber sends the request anew, with its first demand;
 * cancelling ends the connection. Thread-safe.
 *
 * @param <T> what the lines say
 * @param send sends the request and gives the bytes of the response's body, or fails
 * @param reader makes the reader of one response
 * @param typed makes what breaks a response a failure of Finch's
 * @param silence how long no byte may come while one is waited for
 */
record LineStream<T>(
    Supplier<CompletableFuture<Flow.Publisher<List<ByteBuffer>>>> send,
    Supplier<LineReader<T>> reader,
    Function<Throwable, FinchException> typed,
    Duration silence)
    implements Flow.Publisher<T> {

  /** No line of Finch is longer. */
  static final int LONGEST_LINE = 64 << 20;

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    requireNonNull(subscriber, "subscriber");
    subscriber.onSubscribe(new LineSubscription<>(subscriber, send, reader.get(), typed, silence));
  }
}
