package dev.finch.routing;

import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The models that were asked for because prompts named them or came while they were unloaded: which
 * one is being brought, and how many were within the last minute. Not thread-safe.
 */
final class ModelDemand {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final int most;
  private final Deque<Instant> changes = new ArrayDeque<>();

  /** Asked for, and no change of state has been told since. */
  private @Nullable ModelReference unanswered;

  /** Asked for because it was named, and not here yet. */
  private @Nullable ModelReference bringing;

  /** Whether those who bring it have said so. */
  private boolean heeded;

  private Instant since = Instant.EPOCH;

  /**
   * @param most models that may be brought in a minute because they were named
   */
  ModelDemand(int most) {
    this.most = most;
  }

  /** A prompt needs this model; whether it has to be asked for. */
  boolean want(ModelReference model, @Nullable RuntimeState state, Instant now) {
    if (model.equals(unanswered)) {
      return false;
    }
    unanswered = model;
    boolean back =
        state != null
            && state.serving().orElse(null) instanceof ModelState.Idle idle
            && idle.info().reference().equals(model);
    if (!back && !model.equals(bringing)) {
      bringing = model;
      heeded = false;
      since = now;
      changes.addLast(now);
    }
    return true;
  }

  /**
   * The models' state has changed.
   *
   * @param about the model that was asked for last, as those say who bring them, or null
   */
  void changed(RuntimeState state, @Nullable ModelReference about) {
    unanswered = null;
    heeded = about == null || about.equals(bringing);
    boolean underWay =
        switch (state.preparing().orElse(null)) {
          case ModelState.Selecting _, ModelState.Downloading _, ModelState.Loading _ -> true;
          case null, default -> false;
        };
    if (!underWay && heeded) {
      bringing = null;
    }
  }

  RoutingSnapshot.Bringing bringing(Instant now) {
    if (!heeded && since.isBefore(now.minus(PATIENCE))) {
      bringing = null; // somebody else asked for another one
    }
    while (!changes.isEmpty() && changes.getFirst().isBefore(now.minus(MINUTE))) {
      changes.removeFirst();
    }
    return new RoutingSnapshot.Bringing(bringing, changes.size() < most);
  }
}
