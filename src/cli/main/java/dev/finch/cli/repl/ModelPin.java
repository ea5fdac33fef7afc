package dev.finch.cli.repl;

import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import org.jspecify.annotations.Nullable;

/**
 * The model that a REPL's questions name, where it was started with one. {@code /model} moves it:
 * the former model answers until another serves, and goes on where the new one cannot be had. One
 * thread.
 */
final class ModelPin {

  private @Nullable ModelReference model;
  private @Nullable ModelReference wanted;
  private @Nullable ModelReference serving;

  /**
   * @param model null where questions name none
   */
  ModelPin(@Nullable ModelReference model) {
    this.model = model;
  }

  /** What was pinned last and has answered, or is to; null where questions name no model. */
  @Nullable ModelReference model() {
    return model;
  }

  /** Another model was asked for. */
  void move(ModelReference to, RuntimeState now) {
    if (model != null) {
      model = at(now);
      wanted = to;
      serving = serving(now);
    }
  }

  /** Whether {@link #at} depends on the state. */
  boolean moves() {
    return wanted != null;
  }

  /** The model that a question names now. */
  @Nullable ModelReference at(RuntimeState now) {
    if (model == null || wanted == null) {
      return model;
    }
    ModelReference answers = serving(now);
    if (answers != null) {
      if (isMeant(model, answers)) {
        return model;
      }
      if (!answers.equals(serving)) {
        model = wanted;
        wanted = null;
        return model;
      }
    }
    return isLost(now.preparing().orElse(null)) ? model : wanted;
  }

  /** Whether this model answers, or comes back on demand. */
  static boolean answers(ModelReference model, RuntimeState now) {
    ModelReference answers = serving(now);
    return answers != null && isMeant(model, answers);
  }

  private static @Nullable ModelReference serving(RuntimeState now) {
    return switch (now.serving().orElse(null)) {
      case ModelState.Ready(var info) -> info.reference();
      case ModelState.Idle(var info) -> info.reference();
      case null, default -> null;
    };
  }

  private static boolean isLost(@Nullable ModelState preparing) {
    return preparing instanceof ModelState.Failed || preparing instanceof ModelState.NotAvailable;
  }

  /** A catalogue name without a quantization means every one of it. */
  private static boolean isMeant(ModelReference named, ModelReference served) {
    return named.equals(served)
        || named.equals(ModelReference.AUTO)
        || (named instanceof ModelReference.Catalogued(var name, var quantization)
            && quantization == null
            && served instanceof ModelReference.Catalogued(var other, _)
            && name.equals(other));
  }
}
