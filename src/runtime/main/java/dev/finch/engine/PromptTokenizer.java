package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.platform.NativeMemory;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns texts into tokens beside the thread that decodes, which goes on answering meanwhile. Short
 * and long ones have a thread each, so that a long one is in no short one's way, and keep their
 * order. Thread-safe.
 */
final class PromptTokenizer implements AutoCloseable {

  /** Characters that take some tens of milliseconds. */
  private static final long LONG = 1 << 16;

  /** Characters whose words take some tens of megabytes of native memory while they are made. */
  private static final long MANY = 1 << 20;

  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor shortTexts = lane("finch-tokenizer");
  private final ThreadPoolExecutor longTexts = lane("finch-tokenizer-long");
  private final AtomicLong unreturned = new AtomicLong();
  private final Set<Job> jobs = ConcurrentHashMap.newKeySet();

  /** What is to be done with a text. Called once, or not at all where it is cancelled. */
  interface Task {
    /**
     * Does it, on a thread of its own, and tells whoever wants the result.
     *
     * @throws CancellationException by the tally, where nobody wants it any more
     */
    void run(TokenCounter counter);

    /** It could not be done. */
    void failed(Failure why);
  }

  /** Something under way. */
  final class Job implements Runnable {
    private final TokenCounter counter;
    private final Task task;
    private final ThreadPoolExecutor lane;
    private final long characters;

    private Job(TokenCounter counter, Task task, ThreadPoolExecutor lane, long characters) {
      this.counter = counter;
      this.task = task;
      this.lane = lane;
      this.characters = characters;
    }

    @Override
    public void run() {
      try {
        counter.requireWanted();
        task.run(counter);
      } catch (CancellationException e) {
        // Whoever cancelled it knows.
      } catch (RuntimeException | StackOverflowError e) {
        task.failed(failure(e));
      } finally {
        jobs.remove(this);
        giveBack();
      }
    }

    /** What the C library keeps of long texts, some hundred megabytes, is of use to nobody. */
    private void giveBack() {
      if (characters > LONG && unreturned.addAndGet(characters) > MANY) {
        unreturned.set(0);
        NativeMemory.giveBack();
      }
    }

    /** Nobody wants it any more: it is dropped, or stops where its text can be cut. */
    void cancel() {
      counter.cancel();
      lane.remove(this);
      jobs.remove(this);
    }
  }

  private static ThreadPoolExecutor lane(String name) {
    ThreadPoolExecutor lane =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DeepStack.threads(name));
    lane.allowCoreThreadTimeOut(true);
    return lane;
  }

  /**
   * Takes something on.
   *
   * @param characters about how long its text is
   */
  Job submit(long characters, TokenCounter counter, Task task) {
    ThreadPoolExecutor lane = characters > LONG ? longTexts : shortTexts;
    Job job = new Job(counter, task, lane, characters);
    jobs.add(job);
    lane.execute(job);
    return job;
  }

  /**
   * What went wrong, for the one who asked. No request may end the model for all others; only the
   * kind of a surprise is told, since its message may quote the prompt.
   */
  static Failure failure(Throwable e) {
    if (e instanceof StackOverflowError) {
      return Failure.permanent(
          FailureCode.BAD_REQUEST, "The request is nested too deeply.", "Nest it less.");
    }
    return e instanceof FinchException known
        ? known.failure()
        : Failure.permanent(
            FailureCode.INTERNAL, "The request failed with " + e.getClass().getName() + ".", null);
  }

  /** Drops all that is under way; what has begun stops where its text can be cut. Idempotent. */
  @Override
  public void close() {
    Failure gone =
        Failure.passing(FailureCode.DRAINING, "The model was unloaded before the answer.", null);
    for (Job job : jobs) {
      job.cancel();
      job.task.failed(gone);
    }
    shortTexts.shutdown();
    longTexts.shutdown();
  }
}
