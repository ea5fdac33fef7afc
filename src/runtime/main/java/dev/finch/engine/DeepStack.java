package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Stacks for native code that recurses with its input. Thread-safe.
 *
 * <p>The pages of a stack that were touched count as memory, the rest is only reserved. So ordinary
 * texts are tokenized on threads whose stack is moderate, and a text that needs more gets a thread
 * for itself, one at a time in the process, whose stack is given back with it.
 */
final class DeepStack {

  /**
   * Bytes of stack for each code point of a word. Measured with b4916 on x86-64 over all its
   * pre-tokenizers and 35 kinds of text: 288, and 800 for tekken and gpt-4o; twice the larger.
   */
  static final int BYTES_PER_POINT = 1600;

  /** The stack of a thread that tokenizes ordinary texts. */
  static final long ORDINARY = 16L << 20;

  /** A word of this many code points needs a fifth of the megabyte that any thread has. */
  private static final int ANYWHERE = 128;

  /** For Java's frames and the rest of the native ones. */
  private static final long BASE = 1L << 20;

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock(true);

  private DeepStack() {}

  /** Makes threads whose stack is {@link #ORDINARY}. */
  static ThreadFactory threads(String name) {
    return work -> {
      Thread thread = new OrdinaryThread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private static final class OrdinaryThread extends Thread {
    OrdinaryThread(Runnable work, String name) {
      super(null, work, name, ORDINARY);
    }
  }

  /**
   * Calls native code that recurses. Blocks until it is done, and before it while another call
   * holds the one large stack.
   *
   * @param depth code points of the longest word
   * @throws FinchException with {@code BUSY} where the system gives no such stack
   */
  static <T> T call(int depth, Supplier<T> work) {
    long stack = BASE + (long) depth * BYTES_PER_POINT;
    boolean fits = stack <= ORDINARY && Thread.currentThread() instanceof OrdinaryThread;
    if (fits || depth <= ANYWHERE) {
      return work.get();
    }
    ONE_AT_A_TIME.lock();
    try {
      return onThread(stack, work);
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }

  private static <T> T onThread(long stack, Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = new Thread(null, () -> complete(result, work), "finch-tokenizer-deep", stack);
    thread.setDaemon(true);
    start(thread, stack);
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      awaitEnd(thread);
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Supplier<T> work) {
    try {
      result.complete(work.get());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  private static void start(Thread thread, long stack) {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // No memory of the heap's: the system refused to reserve the stack.
      throw new FinchException(
          Failure.passing(
              FailureCode.BUSY,
              "The system gave no stack of %,d bytes, which a run of this length needs."
                  .formatted(stack),
              "Break the text with blanks or line ends, or ask again later."),
          e);
    }
  }

  /** The next large stack is only made when this one is given back. */
  private static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
