package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import dev.finch.routing.LocalOutlook.When;
import dev.finch.routing.RoutingQuery.LocalTry;
import org.jspecify.annotations.Nullable;

/** Which way a prompt goes, and why: a pure function of what the Router knows. */
sealed interface RoutingDecision {

  /** The local model that serves answers. */
  record Local(RouteReason reason) implements RoutingDecision {}

  /**
   * Claude answers.
   *
   * @param wanted a local model to bring back meanwhile, or null
   */
  record Claude(RouteReason reason, @Nullable ModelReference wanted) implements RoutingDecision {}

  /**
   * The prompt waits for the local model.
   *
   * @param wanted the model to bring here, or null where it comes by itself
   */
  record Wait(RouteReason reason, @Nullable ModelReference wanted) implements RoutingDecision {}

  /** The demonstration model answers, where nobody chose a model and there is no Claude. */
  RoutingDecision DEMONSTRATION = new Local(RouteReason.NOTHING_ELSE);

  /** Nobody answers. */
  record Reject(Failure failure) implements RoutingDecision {
    public Reject {
      requireNonNull(failure, "failure");
    }
  }

  /** The way of one prompt, now. */
  static RoutingDecision decide(RoutingSnapshot now, RoutingQuery query) {
    if (query.beside() != null) {
      return beside(now, query, query.beside());
    }
    boolean mayLeave =
        query.privacy() != Privacy.LOCAL_ONLY && now.policy() != RoutingPolicy.LOCAL_ONLY;
    boolean mayStay =
        query.privacy() == Privacy.LOCAL_ONLY
            || (query.privacy() != Privacy.CLOUD_ONLY && now.policy() != RoutingPolicy.CLOUD_ONLY);
    if (query.cloudOnlyBecause() != null) {
      return onlyByClaude(now, query, mayLeave, query.cloudOnlyBecause());
    }
    if (!mayStay) {
      return !mayLeave
          ? new Reject(RoutingFailures.contradiction())
          : query.model() != null
              ? new Reject(RoutingFailures.namedButMayNotStay(query.model(), query.privacy()))
              : claudeOnly(now, query);
    }
    LocalOutlook local = LocalOutlook.of(now, query);
    if (query.model() != null) {
      return named(now, query, local);
    }
    if (!mayLeave) {
      return localOnly(now, query, local, RoutingFailures.mustStay(query.privacy()));
    }
    if (query.localOnlyBecause() != null) {
      return localOnly(now, query, local, RoutingFailures.claudeCannot(query.localOnlyBecause()));
    }
    return either(now, query, local);
  }

  /**
   * The way of a prompt that is asked only to compare: it takes what nobody else needs, once, and
   * never goes where the answer could not have come from.
   */
  private static RoutingDecision beside(
      RoutingSnapshot now, RoutingQuery query, Provenance.Provider provider) {
    boolean open =
        query.privacy() == Privacy.LOCAL_FIRST
            && query.localOnlyBecause() == null
            && query.cloudOnlyBecause() == null;
    boolean spare =
        switch (provider) {
          case LOCAL -> now.policy() != RoutingPolicy.CLOUD_ONLY && localIsSpare(now, query);
          case CLAUDE ->
              query.model() == null
                  && now.policy() != RoutingPolicy.LOCAL_ONLY
                  && whyNotClaude(now, query) == null;
          case PEER -> false;
        };
    if (!open || !spare) {
      return new Reject(RoutingFailures.notCompared());
    }
    return provider == Provenance.Provider.LOCAL
        ? new Local(RouteReason.SHADOW)
        : new Claude(RouteReason.SHADOW, null);
  }

  /** The way of what no local model can answer: to Claude, where it may leave. */
  private static RoutingDecision onlyByClaude(
      RoutingSnapshot now, RoutingQuery query, boolean mayLeave, String because) {
    if (!mayLeave) {
      return new Reject(
          RoutingFailures.localCannot(because, RoutingFailures.mustStay(query.privacy())));
    }
    if (query.model() != null) {
      return new Reject(RoutingFailures.localCannot(because, RoutingFailures.named()));
    }
    if (query.localOnlyBecause() != null) {
      return new Reject(
          RoutingFailures.localCannot(
              because, RoutingFailures.claudeCannot(query.localOnlyBecause())));
    }
    Failure whyNot = whyNotClaude(now, query);
    if (whyNot != null) {
      return new Reject(RoutingFailures.localCannot(because, whyNot));
    }
    boolean asked = query.privacy() == Privacy.CLOUD_ONLY;
    return new Claude(asked ? RouteReason.ASKED_FOR_CLAUDE : RouteReason.IMAGE, null);
  }

  private static boolean localIsSpare(RoutingSnapshot now, RoutingQuery query) {
    RoutingSnapshot.Local local = now.local();
    return local != null
        && local.idle()
        && !local.fallback()
        && query.localTry() == LocalTry.NONE
        && ModelNameMatcher.match(query.model(), local.info().reference());
  }

  private static RoutingDecision claudeOnly(RoutingSnapshot now, RoutingQuery query) {
    if (query.localOnlyBecause() != null) {
      return new Reject(RoutingFailures.claudeCannot(query.localOnlyBecause()));
    }
    Failure whyNot = whyNotClaude(now, query);
    if (whyNot != null) {
      return new Reject(whyNot);
    }
    boolean asked = query.privacy() == Privacy.CLOUD_ONLY;
    return new Claude(asked ? RouteReason.ASKED_FOR_CLAUDE : RouteReason.CLOUD_FIRST, null);
  }

  /**
   * The way of a prompt that names a local model: that model or nobody. It waits for one that comes
   * by itself or is brought, since who names a model wants no other answer sooner.
   */
  private static RoutingDecision named(
      RoutingSnapshot now, RoutingQuery query, LocalOutlook local) {
    boolean waits = query.whenNotReady() == WhenNotReady.WAIT;
    Failure why = local.why();
    return switch (local.when()) {
      case NOW -> new Local(RouteReason.ASKED_FOR_LOCAL);
      case FULL, SOON -> await(now, local);
      case LATER ->
          waits || why == null
              ? await(now, local)
              : new Reject(RoutingFailures.notHadYet(requireNonNull(query.model()), why));
      case NEVER -> new Reject(RoutingFailures.never(now, query, local, RoutingFailures.named()));
    };
  }

  private static RoutingDecision localOnly(
      RoutingSnapshot now, RoutingQuery query, LocalOutlook local, Failure whyNotClaude) {
    boolean waits = query.whenNotReady() == WhenNotReady.WAIT;
    return switch (local.when()) {
      case NOW -> new Local(localReason(query));
      case FULL -> await(now, local);
      case SOON -> !waits && local.demonstration() ? DEMONSTRATION : await(now, local);
      case LATER -> {
        if (waits) {
          yield await(now, local);
        }
        yield local.demonstration()
            ? DEMONSTRATION
            : new Reject(RoutingFailures.notReady(now, local, whyNotClaude));
      }
      case NEVER ->
          local.demonstration()
              ? DEMONSTRATION
              : new Reject(RoutingFailures.never(now, query, local, whyNotClaude));
    };
  }

  private static RoutingDecision either(
      RoutingSnapshot now, RoutingQuery query, LocalOutlook local) {
    Failure whyNotClaude = whyNotClaude(now, query);
    boolean cloudFirst = now.policy() == RoutingPolicy.CLOUD_FIRST;
    if (whyNotClaude != null) {
      return withoutClaude(now, query, local, whyNotClaude, cloudFirst);
    }
    if (cloudFirst && query.localTry() == LocalTry.NONE) {
      return new Claude(RouteReason.CLOUD_FIRST, null);
    }
    if (local.when() == When.NOW) {
      return new Local(localReason(query));
    }
    boolean coming = local.when() == When.SOON || local.when() == When.LATER;
    if (coming && query.whenNotReady() == WhenNotReady.WAIT) {
      return await(now, local);
    }
    return new Claude(local.elsewhere(), local.wanted());
  }

  private static RoutingDecision withoutClaude(
      RoutingSnapshot now,
      RoutingQuery query,
      LocalOutlook local,
      Failure whyNotClaude,
      boolean cloudFirst) {
    if (local.when() != When.NOW) {
      return localOnly(now, query, local, whyNotClaude);
    }
    boolean second = cloudFirst || query.claudeFailure() != null;
    return new Local(second ? insteadOfClaude(whyNotClaude.code()) : localReason(query));
  }

  private static RoutingDecision await(RoutingSnapshot now, LocalOutlook local) {
    return now.lineHasRoom()
        ? new Wait(local.elsewhere(), local.wanted())
        : new Reject(RoutingFailures.lineFull(local.elsewhere()));
  }

  private static @Nullable Failure whyNotClaude(RoutingSnapshot now, RoutingQuery query) {
    return query.claudeFailure() != null ? query.claudeFailure() : now.claudeWhyNot();
  }

  private static RouteReason localReason(RoutingQuery query) {
    return query.privacy() == Privacy.LOCAL_ONLY
        ? RouteReason.ASKED_FOR_LOCAL
        : RouteReason.MODEL_READY;
  }

  private static RouteReason insteadOfClaude(FailureCode code) {
    return switch (code) {
      case CLOUD_DISABLED -> RouteReason.CLOUD_DISABLED;
      case NO_API_KEY -> RouteReason.NO_API_KEY;
      case BREAKER_OPEN -> RouteReason.BREAKER_OPEN;
      case BUDGET_SPENT -> RouteReason.BUDGET_SPENT;
      case CLAUDE_UNREACHABLE, OFFLINE -> RouteReason.OFFLINE;
      default -> RouteReason.CLAUDE_FAILED;
    };
  }
}
