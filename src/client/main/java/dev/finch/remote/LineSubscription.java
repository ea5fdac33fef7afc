package dev.finch.remote;

import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's response. Whoever brings something (demand, bytes, an end) drains; where
 * somebody drains already, it is left to them. So values are told by one thread at a time, and a
 * subscriber that asks for more while it is told one does not recurse.
 */
final class LineSubscription<T> implements Flow.Subscription, Flow.Subscriber<List<ByteBuffer>> {

  private final Flow.Subscriber<? super T> subscriber;
  private final Supplier<CompletableFuture<Flow.Publisher<List<ByteBuffer>>>> send;
  private final LineReader<T> reader;
  private final Function<Throwable, FinchException> typed;
  private final Duration silence;
  private final LineBuffer lines = new LineBuffer(LineStream.LONGEST_LINE);

  private final AtomicLong demand = new AtomicLong();
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicReference<@Nullable List<ByteBuffer>> arrived = new AtomicReference<>();
  private volatile Flow.@Nullable Subscription bytes;
  private volatile @Nullable Throwable broken;
  private volatile boolean ended;
  private volatile boolean cancelled;
  private volatile boolean misused;

  // Of whoever drains.
  private @Nullable CompletableFuture<?> response;
  private @Nullable T next;
  private boolean asked;
  private boolean closing;
  private boolean over;

  /** Runs while bytes are waited for. */
  private @Nullable CompletableFuture<Void> alarm;

  LineSubscription(
      Flow.Subscriber<? super T> subscriber,
      Supplier<CompletableFuture<Flow.Publisher<List<ByteBuffer>>>> send,
      LineReader<T> reader,
      Function<Throwable, FinchException> typed,
      Duration silence) {
    this.subscriber = subscriber;
    this.send = send;
    this.reader = reader;
    this.typed = typed;
    this.silence = silence;
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      misused = true;
    } else {
      demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    drain();
  }

  @Override
  public void cancel() {
    cancelled = true;
    drain();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    bytes = subscription;
    drain();
  }

  @Override
  public void onNext(List<ByteBuffer> more) {
    arrived.set(more);
    drain();
  }

  @Override
  public void onError(Throwable thrown) {
    broken = thrown;
    ended = true;
    drain();
  }

  @Override
  public void onComplete() {
    ended = true;
    drain();
  }

  private void drain() {
    if (work.getAndIncrement() != 0) {
      return;
    }
    int done = 1;
    do {
      advance();
      done = work.addAndGet(-done);
    } while (done != 0);
  }

  private void advance() {
    while (!over) {
      if (cancelled) {
        end();
      } else if (misused) {
        end();
        subscriber.onError(new IllegalArgumentException("demand must be 1 or more (rule 3.9)"));
      } else if (next != null) {
        if (demand.get() == 0) {
          return;
        }
        tell(next);
      } else if (!find()) {
        return;
      }
    }
    release();
  }

  private void tell(T value) {
    next = null;
    if (demand.get() != Long.MAX_VALUE) {
      demand.decrementAndGet();
    }
    boolean last = closing || reader.isLast(value);
    try {
      subscriber.onNext(value);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
    if (last && !cancelled) {
      end();
      subscriber.onComplete();
    }
  }

  /** Looks for what comes next; gives false where that has to be waited for. */
  private boolean find() {
    try {
      String line = lines.next();
      if (line != null) {
        next = line.isBlank() ? null : reader.read(line);
        return true;
      }
      // Read first: bytes that came before the end are in place once the end is seen.
      boolean finished = ended;
      List<ByteBuffer> more = arrived.getAndSet(null);
      if (more != null) {
        heard();
        lines.add(more);
        if (lines.isTooLong()) {
          throw new IOException("a line is longer than " + LineStream.LONGEST_LINE + " bytes");
        }
        return true;
      }
      if (!finished) {
        ask();
        return false;
      }
      Throwable thrown = broken;
      if (thrown != null) {
        fail(thrown);
        return true;
      }
      String rest = lines.rest();
      next = rest.isBlank() ? null : reader.read(rest);
      if (next == null) {
        close(reader.ended());
      }
      return true;
    } catch (FinchException | IOException e) {
      fail(e);
      return true;
    }
  }

  private void fail(Throwable thrown) {
    FinchException failure = typed.apply(thrown);
    T last = reader.failed(failure.failure());
    if (last == null) {
      end();
      subscriber.onError(failure);
    } else {
      close(last);
    }
  }

  private void close(@Nullable T last) {
    if (last == null) {
      end();
      subscriber.onComplete();
    } else {
      closing = true;
      next = last;
      release();
    }
  }

  /** Asks for bytes, once, where somebody wants values. */
  private void ask() {
    if (demand.get() == 0) {
      return;
    }
    if (response == null) {
      watch();
      CompletableFuture<Flow.Publisher<List<ByteBuffer>>> sent = send.get();
      response = sent;
      var _ = sent.whenComplete(this::responded);
      return;
    }
    Flow.Subscription source = bytes;
    if (source != null && !asked) {
      asked = true;
      watch();
      source.request(1);
    }
  }

  private void responded(
      Flow.@Nullable Publisher<List<ByteBuffer>> body, @Nullable Throwable thrown) {
    if (body != null) {
      body.subscribe(this);
    } else {
      onError(thrown == null ? new IOException("no response") : thrown);
    }
  }

  private void watch() {
    if (alarm == null) {
      CompletableFuture<Void> timer = new CompletableFuture<>();
      alarm = timer;
      timer
          .completeOnTimeout(null, silence.toMillis(), TimeUnit.MILLISECONDS)
          .thenRun(() -> onError(new IOException("silent for " + silence.toSeconds() + " s")));
    }
  }

  private void heard() {
    asked = false;
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void end() {
    over = true;
    release();
  }

  /** Lets go of the connection; also of one that comes after it was given up. */
  private void release() {
    heard();
    Flow.Subscription source = bytes;
    if (source != null) {
      source.cancel();
    }
    if (response != null) {
      response.cancel(true);
    }
    arrived.set(null);
  }
}
