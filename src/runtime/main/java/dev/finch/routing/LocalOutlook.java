package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.inference.RouteReason;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.routing.RoutingQuery.LocalTry;
import org.jspecify.annotations.Nullable;

/**
 * When the local model that a prompt wants could answer it.
 *
 * @param when now, or how far away that is
 * @param demonstration whether the demonstration model could answer meanwhile
 * @param elsewhere why another provider would be asked instead
 * @param why what stands in the way for good, where {@code when} is {@code NEVER}
 * @param wanted the model that has to be asked for before it comes, or null
 */
record LocalOutlook(
    When when,
    boolean demonstration,
    RouteReason elsewhere,
    @Nullable Failure why,
    @Nullable ModelReference wanted) {

  /** How far away a local answer is. */
  enum When {
    /** It can begin. */
    NOW,
    /** The model is Ready and full. */
    FULL,
    /** The model comes without a download, in seconds. */
    SOON,
    /** The model comes, but nobody knows when. */
    LATER,
    /** As things stand it does not come. */
    NEVER
  }

  LocalOutlook {
    requireNonNull(when, "when");
    requireNonNull(elsewhere, "elsewhere");
  }

  static LocalOutlook of(RoutingSnapshot now, RoutingQuery query) {
    RoutingSnapshot.Local local = now.local();
    if (local == null || !ModelNameMatcher.match(query.model(), local.info().reference())) {
      return absent(now, query, false);
    }
    if (local.fallback() && query.model() == null) {
      boolean untried = query.localTry() == LocalTry.NONE && local.hasRoom();
      boolean mayStandIn = query.demonstrationAllowed() && now.demonstrationStandsIn();
      LocalOutlook real = absent(now, query, untried && mayStandIn);
      return mayStandIn && real.when == When.NEVER && query.localFailure() != null
          ? never(real.elsewhere, query.localFailure())
          : real;
    }
    return switch (query.localTry()) {
      case NONE ->
          local.hasRoom()
              ? of(When.NOW, RouteReason.MODEL_READY)
              : of(When.FULL, RouteReason.LOCAL_BUSY);
      case BUSY -> of(When.FULL, RouteReason.LOCAL_BUSY);
      case LEAVING -> of(When.SOON, RouteReason.MODEL_NOT_READY);
      case DIED -> of(When.SOON, RouteReason.LOCAL_FAILED);
      case OVERFLOW -> never(RouteReason.CONTEXT_OVERFLOW, query.localFailure());
      case FAILED -> never(RouteReason.LOCAL_FAILED, query.localFailure());
    };
  }

  /** Where the wanted model is not the one that is Ready. */
  private static LocalOutlook absent(
      RoutingSnapshot now, RoutingQuery query, boolean demonstration) {
    LocalOutlook outlook = standing(now, query);
    return demonstration
        ? new LocalOutlook(outlook.when, true, outlook.elsewhere, outlook.why, outlook.wanted)
        : outlook;
  }

  private static LocalOutlook standing(RoutingSnapshot now, RoutingQuery query) {
    RuntimeState state = now.state();
    if (state == null) {
      return of(When.SOON, RouteReason.MODEL_NOT_READY);
    }
    ModelState gone = now.local() == null ? state.serving().orElse(null) : null;
    LocalOutlook serving = departed(gone, query.model());
    LocalOutlook preparing = coming(now, state.preparing().orElse(null), query.model());
    if (serving != null || preparing != null) {
      return nearer(serving, preparing);
    }
    ModelReference model = query.model();
    if (model == null) {
      return never(RouteReason.MODEL_NOT_READY, RoutingFailures.noModel());
    }
    if (now.next() != null && ModelNameMatcher.match(model, now.next())) {
      return of(When.LATER, RouteReason.MODEL_NOT_READY);
    }
    return now.requestedModel() == RequestedModel.LOAD
        ? brought(now, model)
        : never(RouteReason.MODEL_NOT_READY, RoutingFailures.otherModel(model, state));
  }

  /**
   * A model that is loaded because it was named: one after another, since each new one makes those
   * who prepare give up the one before, and not too often, since each may push another out.
   */
  private static LocalOutlook brought(RoutingSnapshot now, ModelReference model) {
    RoutingSnapshot.Bringing bringing = now.bringing();
    if (bringing.model() != null) {
      boolean itself = ModelNameMatcher.match(model, bringing.model());
      return new LocalOutlook(
          When.LATER, false, RouteReason.MODEL_NOT_READY, null, itself ? model : null);
    }
    return bringing.mayBegin()
        ? new LocalOutlook(When.LATER, false, RouteReason.MODEL_NOT_READY, null, model)
        : never(RouteReason.MODEL_NOT_READY, RoutingFailures.tooManyChanges(model));
  }

  /** The model that served and does not now. */
  private static @Nullable LocalOutlook departed(
      @Nullable ModelState serving, @Nullable ModelReference model) {
    return switch (serving) {
      case ModelState.Idle idle when ModelNameMatcher.match(model, idle.info().reference()) ->
          new LocalOutlook(
              When.SOON, false, RouteReason.MODEL_NOT_READY, null, idle.info().reference());
      case ModelState.Draining draining
          when ModelNameMatcher.match(model, draining.info().reference()) ->
          of(When.SOON, RouteReason.MODEL_NOT_READY);
      case ModelState.Ready ready when ModelNameMatcher.match(model, ready.info().reference()) ->
          of(When.SOON, RouteReason.MODEL_NOT_READY);
      case null, default -> null;
    };
  }

  /** The model that is on its way, or could not be. */
  private static @Nullable LocalOutlook coming(
      RoutingSnapshot now, @Nullable ModelState preparing, @Nullable ModelReference model) {
    return switch (preparing) {
      case ModelState.Selecting selecting
          when ModelNameMatcher.match(model, selecting.preference())
              || selecting.preference() instanceof ModelReference.Auto ->
          of(When.SOON, RouteReason.MODEL_NOT_READY);
      case ModelState.Loading loading
          when ModelNameMatcher.match(model, loading.spec().reference()) ->
          of(When.SOON, RouteReason.MODEL_NOT_READY);
      case ModelState.Downloading downloading
          when ModelNameMatcher.match(model, downloading.spec().reference()) ->
          of(When.LATER, RouteReason.MODEL_NOT_READY);
      case ModelState.Failed failed when now.isAbout(model) ->
          hopeless(RouteReason.LOCAL_FAILED, failed.failure());
      case ModelState.NotAvailable none when now.isAbout(model) ->
          hopeless(RouteReason.MODEL_NOT_READY, none.why());
      case null, default -> null;
    };
  }

  private static LocalOutlook hopeless(RouteReason elsewhere, Failure why) {
    return why.retryable()
        ? new LocalOutlook(When.LATER, false, elsewhere, why, null)
        : never(elsewhere, why);
  }

  private static LocalOutlook nearer(@Nullable LocalOutlook a, @Nullable LocalOutlook b) {
    if (a == null || b == null) {
      return a == null ? requireNonNull(b) : a;
    }
    return a.when.compareTo(b.when) <= 0 ? a : b;
  }

  private static LocalOutlook of(When when, RouteReason elsewhere) {
    return new LocalOutlook(when, false, elsewhere, null, null);
  }

  private static LocalOutlook never(RouteReason elsewhere, @Nullable Failure why) {
    return new LocalOutlook(When.NEVER, false, elsewhere, why, null);
  }
}
