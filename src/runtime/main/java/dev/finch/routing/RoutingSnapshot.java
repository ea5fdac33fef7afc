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
 * @param modelOpen whether nobody chose a model (finch.model = auto)
 * @param bringing how it stands with models that were named
 * @param state where the models stand, or null while nobody has said
 * @param about the model that was asked for when what is being prepared began, or null where nobody
 *     has said
 * @param next the model that follows the one that is on its way, or null
 * @param local the model that serves, or null while none is Ready
 * @param claudeWhyNot why Claude cannot be asked, or null where it can
 * @param lineHasRoom whether one more prompt may wait
 */
record RoutingSnapshot(
    RoutingPolicy policy,
    RequestedModel requestedModel,
    boolean modelOpen,
    Bringing bringing,
    @Nullable RuntimeState state,
    @Nullable ModelReference about,
    @Nullable ModelReference next,
    @Nullable Local local,
    @Nullable Failure claudeWhyNot,
    boolean lineHasRoom) {

  /**
   * The loading of models because they were named.
   *
   * @param model the one that is being brought, or null
   * @param mayBegin whether another may be, as far as the bound on changes goes
   */
  record Bringing(@Nullable ModelReference model, boolean mayBegin) {
    static final Bringing NONE = new Bringing(null, true);
  }

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
    requireNonNull(bringing, "bringing");
  }

  /** Whether a failure of what is being prepared is one of this model, or of any. */
  boolean isAbout(@Nullable ModelReference model) {
    return model == null || about == null || ModelNameMatcher.match(model, about);
  }

  /**
   * Whether the demonstration model may answer without having been named: where nobody chose a
   * model, and there is no key. A toy in the place of a Claude that fails would hide the failure.
   */
  boolean demonstrationStandsIn() {
    return modelOpen
        && claudeWhyNot != null
        && switch (claudeWhyNot.code()) {
          case CLOUD_DISABLED, NO_API_KEY -> true;
          default -> false;
        };
  }
}
