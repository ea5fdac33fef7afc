package dev.finch.cli;

import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What the process does at a signal. JLine's own way is a dynamic proxy, which every start would
 * have to generate anew. Thread-safe.
 */
@SuppressWarnings("sunapi") // there is no other way to hear of a signal
final class ProcessSignals {

  private ProcessSignals() {}

  /**
   * Runs {@code action} at each signal of this name, such as {@code INT}.
   *
   * @return what {@link #restore} takes back; null where the JVM keeps the signal to itself
   */
  static @Nullable Object on(String name, Runnable action) {
    return handle(name, _ -> action.run());
  }

  /** Lets the system do what it does by itself. */
  static @Nullable Object byDefault(String name) {
    return handle(name, SignalHandler.SIG_DFL);
  }

  /** Undoes what gave {@code previous}. */
  static void restore(String name, @Nullable Object previous) {
    if (previous instanceof SignalHandler handler) {
      handle(name, handler);
    }
  }

  private static @Nullable Object handle(String name, SignalHandler handler) {
    try {
      return Signal.handle(new Signal(name), handler);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
