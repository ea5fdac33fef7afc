package dev.finch.model;

import org.jspecify.annotations.Nullable;

/**
 * Where the runtime stands: the model that answers now, and the one that is on its way.
 *
 * @param serving the model that answers or last answered: {@code Ready}, {@code Draining} or {@code
 *     Idle}; null where none does
 * @param preparing the model that is being selected, fetched or loaded, or that could not be; null
 *     where none is on its way
 */
public record RuntimeState(@Nullable ModelState serving, @Nullable ModelState preparing) {

  public static final RuntimeState EMPTY = new RuntimeState(null, null);

  /** The loaded model, or null while none is Ready. */
  public @Nullable ModelInfo ready() {
    return serving instanceof ModelState.Ready ready ? ready.info() : null;
  }

  /** One line for people. */
  public String describe() {
    if (serving != null && preparing != null) {
      return serving.describe() + "; " + preparing.describe();
    }
    if (serving != null) {
      return serving.describe();
    }
    return preparing == null ? "No model asked for yet" : preparing.describe();
  }
}
