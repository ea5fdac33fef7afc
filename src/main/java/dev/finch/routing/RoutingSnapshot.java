package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import org.jspecify.annotations.Nullable;

/**
 * All that the Router knows when it decides.
 *
 * @param policy what to prefer
 * @param requestedModel what to do with a model that is not there
 * @param state where the models stand, or null while nobody has said
 * @param next the model that follows the one that is on its way, or null
 * @param local the model that serves, or null while none is Ready
 * @param claudeWhyNot why Claude cannot be asked, or null where it can
 * @param lineHasRoom whether one more prompt may wait
 */
record RoutingSnapshot(
    RoutingPolicy policy,
    RequestedModel requestedModel,
    @Nullable RuntimeState state,
    @Nullable ModelReference next,
    @Nullable Local local,
    @Nullable Failure claudeWhyNot,
    boolean lineHasRoom) {

  /**
   * The model that serves.
   *
   * @param info its facts
   * @param hasRoom whether it takes one more prompt
   * @param idle whether it has nothing to do
   * @param fallback whether it is the demonstration model, there because nothing else is
   */
  record Local(ModelInfo info, boolean hasRoom, boolean idle, boolean fallback) {
    Local {
      requireNonNull(info, "info");
    }
  }

  RoutingSnapshot {
    requireNonNull(policy, "policy");
    requireNonNull(requestedModel, "requestedModel");
  }
}
