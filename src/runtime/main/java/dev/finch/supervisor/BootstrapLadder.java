package dev.finch.supervisor;

import dev.finch.model.ModelReference;
import dev.finch.supervisor.SupervisorSettings.Bootstrap;
import org.jspecify.annotations.Nullable;

/**
 * The way up to a chosen model that has to be downloaded: a small one is got first and serves until
 * then. Each way tries the small one once, so that one that cannot be had costs one try and no
 * more. Not thread-safe.
 */
final class BootstrapLadder {

  private final Bootstrap bootstrap;
  private final ModelReference firstRung;
  private @Nullable ModelReference top;
  private boolean tried;

  BootstrapLadder(SupervisorSettings settings) {
    bootstrap = settings.bootstrap();
    firstRung = settings.firstRung();
  }

  /** A model is chosen, perhaps the same as before: the way begins anew. */
  void begin() {
    top = null;
    tried = false;
  }

  /** Whether the small model is to come before this absent one. */
  boolean startsBelow(ModelReference absent, boolean usefulServes) {
    return bootstrap == Bootstrap.LADDER && !tried && !usefulServes && !absent.equals(firstRung);
  }

  /** The small model, which is got now; this one follows. */
  ModelReference stepOn(ModelReference absent) {
    tried = true;
    top = absent;
    return firstRung;
  }

  /** The model that follows the one that is got now, or null. */
  @Nullable ModelReference top() {
    return top;
  }

  /** What was got, or could not be, is done with: whether the chosen model follows. */
  boolean climb() {
    boolean follows = top != null;
    top = null;
    return follows;
  }
}
