package dev.finch.remote;

import dev.finch.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one response as values. For one response; called by one thread at a time.
 *
 * @param <T> what the lines say
 */
@FunctionalInterface
interface LineReader<T> {

  /**
   * What a line says, or null where it says nothing.
   *
   * @throws dev.finch.failure.FinchException where it cannot be read; then the response is given up
   */
  @Nullable T read(String line);

  /** Whether nothing follows this value; the rest of the response is then given up. */
  default boolean isLast(T value) {
    return false;
  }

  /** The last value where the response ended and none was {@link #isLast}; null for none. */
  default @Nullable T ended() {
    return null;
  }

  /** The last value where the response broke or could not be read; null to fail with it. */
  default @Nullable T failed(Failure failure) {
    return null;
  }
}
