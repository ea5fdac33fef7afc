package dev.finch.failure;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** What a failed stage or a caught exception says, without the wrappers that futures add. */
public final class Thrown {

  private Thrown() {}

  /** The exception inside any number of futures' wrappers; the given one where there is none. */
  public static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wrapper && cause != null ? unwrapped(cause) : thrown;
  }

  /**
   * The failure it carries.
   *
   * @param unforeseen makes one of what was really thrown where that is no {@link FinchException}
   */
  public static Failure failure(Throwable thrown, Function<Throwable, Failure> unforeseen) {
    Throwable cause = unwrapped(thrown);
    return cause instanceof FinchException known ? known.failure() : unforeseen.apply(cause);
  }
}
