package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Privacy;
import dev.finch.inference.RouteReason;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why nobody answers, in words that name the ways out. */
final class RoutingFailures {

  private static final Duration SHORTLY = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(30);

  /** On the command line and over HTTP; an application says {@code WhenNotReady.WAIT}. */
  private static final String WAIT =
      "wait for the model (--wait, or the header X-Finch-When-Not-Ready: wait)";

  private static final Failure CONTRADICTION =
      Failure.permanent(
          FailureCode.CLOUD_DISABLED,
          "Claude was asked for, but the policy keeps every prompt on this machine"
              + " (finch.routing.policy = local-only).",
          "Ask without naming Claude, or change the policy.");

  private static final Failure PRIVATE =
      Failure.permanent(
          FailureCode.MODEL_NOT_READY,
          "The prompt, or a message of its conversation, may not leave this machine.",
          null);

  private static final Failure POLICY =
      Failure.permanent(
          FailureCode.MODEL_NOT_READY,
          "The policy keeps every prompt on this machine (finch.routing.policy = local-only).",
          null);

  private static final Failure NAMED =
      Failure.permanent(
          FailureCode.MODEL_NOT_READY,
          "The prompt names a local model, and nobody else answers it.",
          null);

  private static final Failure NO_MODEL =
      Failure.permanent(
          FailureCode.MODEL_NOT_READY,
          "No local model was asked for.",
          "Name one with --model, or set finch.model.");

  private static final Failure NOT_COMPARED =
      Failure.permanent(
          FailureCode.BUSY, "There is nobody to spare whose answer could be compared.", null);

  private RoutingFailures() {}

  static Failure contradiction() {
    return CONTRADICTION;
  }

  static Failure notCompared() {
    return NOT_COMPARED;
  }

  static Failure noModel() {
    return NO_MODEL;
  }

  /** Why a prompt that may not leave does not go to Claude. */
  static Failure mustStay(Privacy privacy) {
    return privacy == Privacy.LOCAL_ONLY ? PRIVATE : POLICY;
  }

  static Failure claudeCannot(String because) {
    return Failure.permanent(
        FailureCode.BAD_REQUEST,
        "Claude cannot answer this request: it needs " + because + ".",
        "Let the local model answer it, or leave that out.");
  }

  /**
   * What only Claude can answer, and Claude does not.
   *
   * @param why Claude does not, or may not
   */
  static Failure localCannot(String because, Failure why) {
    String message = "The local model cannot answer this conversation, since " + because + ". ";
    boolean bad = mayNotLeave(why);
    return Failure.of(
        bad ? FailureCode.BAD_REQUEST : why.code(),
        message + why.message(),
        bad ? "Leave it out, or let Claude answer." : why.hint().orElse(null),
        !bad && why.retryable(),
        why.retryAfter());
  }

  static Failure otherModel(ModelReference model, RuntimeState state) {
    return Failure.permanent(
        FailureCode.MODEL_NOT_READY,
        Failure.sentences(
            "The model " + model + " is not loaded", Failure.sentence(state.describe())),
        "Start with --model "
            + model
            + ", leave the model open, or set finch.routing.requested-model = load.");
  }

  /** Why a prompt that names a local model does not go to Claude. */
  static Failure named() {
    return NAMED;
  }

  static Failure namedButMayNotStay(ModelReference model, Privacy privacy) {
    boolean asked = privacy == Privacy.CLOUD_ONLY;
    return Failure.permanent(
        FailureCode.BAD_REQUEST,
        "The local model "
            + model
            + " was named, "
            + (asked
                ? "and Claude was asked for."
                : "and the policy sends every prompt to Claude (finch.routing.policy ="
                    + " cloud-only)."),
        asked
            ? "Name the model or ask for Claude, not both."
            : "Leave the model open, or change the policy.");
  }

  static Failure tooManyChanges(ModelReference model) {
    return Failure.passing(
            FailureCode.BUSY,
            "The model " + model + " is not loaded, and models were changed often just now.",
            "Ask again in a minute; finch.routing.model-changes-per-minute sets how often.")
        .retryAfter(LATER);
  }

  static Failure lineFull(RouteReason waitingFor) {
    return Failure.passing(
            FailureCode.BUSY,
            "Too many prompts wait already (" + waitingFor.description() + ").",
            "Ask again shortly; finch.routing.waiting.limit sets how many may wait.")
        .retryAfter(SHORTLY);
  }

  /** The model that a prompt names could not be had this time, and is tried again. */
  static Failure notHadYet(ModelReference model, Failure why) {
    String next = "Ask again later, or " + WAIT + ".";
    return Failure.passing(
            FailureCode.MODEL_NOT_READY,
            "The model " + model + " is not ready: " + why.message(),
            why.hint().map(hint -> Failure.sentences(hint, next)).orElse(next))
        .retryAfter(LATER);
  }

  /** The model is on its way, and nobody may answer until then. */
  static Failure notReady(RoutingSnapshot now, LocalOutlook local, Failure whyNotClaude) {
    String message = Failure.sentences(standing(now, local), whyNotClaude.message());
    return mayNotLeave(whyNotClaude)
        ? Failure.passing(
                FailureCode.MODEL_NOT_READY,
                message,
                "Ask again when the model is ready, or " + WAIT + ".")
            .retryAfter(LATER)
        : claudesOwn(whyNotClaude)
            ? meanwhile(whyNotClaude, standing(now, local))
            : nothingCanAnswer(message, whyNotClaude, WAIT, true);
  }

  /** No local model comes, or the one that is there has failed this request. */
  static Failure never(
      RoutingSnapshot now, RoutingQuery query, LocalOutlook local, Failure whyNotClaude) {
    Failure why = local.why();
    boolean answeredBadly = why != null && why.equals(query.localFailure());
    if (why != null && (answeredBadly || mayNotLeave(whyNotClaude))) {
      return why.saying(
          Failure.sentences(why.message(), whyNotClaude.message()),
          why.hint().isPresent() ? why.hint().orElse(null) : whyNotClaude.hint().orElse(null));
    }
    if (claudesOwn(whyNotClaude)) {
      return meanwhile(whyNotClaude, standing(now, local));
    }
    String message = Failure.sentences(standing(now, local), whyNotClaude.message());
    return nothingCanAnswer(
        message, whyNotClaude, why == null ? null : why.hint().orElse(null), false);
  }

  /** Whether Claude, or the budget, said no to this very prompt, which is then what is told. */
  private static boolean claudesOwn(Failure whyNotClaude) {
    return switch (whyNotClaude.code()) {
      case CLOUD_DISABLED, NO_API_KEY, BREAKER_OPEN -> false;
      default -> true;
    };
  }

  private static Failure meanwhile(Failure claude, String standing) {
    return claude.saying(
        Failure.sentences(claude.message(), standing),
        claude.hint().isPresent() ? claude.hint().orElse(null) : "Ask again, or " + WAIT + ".");
  }

  private static boolean mayNotLeave(Failure whyNotClaude) {
    return whyNotClaude.equals(PRIVATE)
        || whyNotClaude.equals(NAMED)
        || whyNotClaude.equals(POLICY)
        || whyNotClaude.code() == FailureCode.BAD_REQUEST;
  }

  private static Failure nothingCanAnswer(
      String message, Failure whyNotClaude, @Nullable String local, boolean passes) {
    StringBuilder ways = new StringBuilder("Ways out: ");
    ways.append(
        switch (whyNotClaude.code()) {
          case NO_API_KEY -> "set ANTHROPIC_API_KEY so that Claude answers meanwhile";
          case CLOUD_DISABLED -> "let Claude answer meanwhile (finch.cloud.enabled = on)";
          default -> "ask again when Claude can be reached";
        });
    if (local != null) {
      ways.append("; ")
          .append(local.endsWith(".") ? local.substring(0, local.length() - 1) : local);
    }
    ways.append("; or try the demonstration model with --model builtin.");
    return Failure.of(
        FailureCode.NOTHING_CAN_ANSWER,
        "Nothing can answer now. " + message,
        ways.toString(),
        passes || whyNotClaude.retryable(),
        passes ? Optional.of(LATER) : whyNotClaude.retryAfter());
  }

  private static String standing(RoutingSnapshot now, LocalOutlook local) {
    if (local.wanted() != null) {
      return "The model " + local.wanted() + " is being fetched.";
    }
    RuntimeState state = now.state();
    if (state == null || state.equals(RuntimeState.EMPTY)) {
      return local.why() == null ? NO_MODEL.message() : local.why().message();
    }
    return Failure.sentence(state.describe());
  }
}
