package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.Provenance;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelReference;
import org.jspecify.annotations.Nullable;

/**
 * What of a prompt its way depends on; of what it says, nothing.
 *
 * @param privacy the strictest of the request and of its conversation
 * @param model the local model that was named, or null for any
 * @param whenNotReady what to do while the local model is not Ready
 * @param demonstrationAllowed whether the demonstration model may answer without being named
 * @param localOnlyBecause what in the request no cloud can do, or null
 * @param cloudOnlyBecause what in the request no local model can do, or null
 * @param beside the provider that is asked only to be compared with whoever answers, or null for an
 *     ordinary prompt
 * @param localTry how the local model that serves now has dealt with this request so far
 * @param localFailure what it said, or null
 * @param claudeFailure why Claude did not answer this request, or null where it was not tried
 */
record RoutingQuery(
    Privacy privacy,
    @Nullable ModelReference model,
    WhenNotReady whenNotReady,
    boolean demonstrationAllowed,
    @Nullable String localOnlyBecause,
    @Nullable String cloudOnlyBecause,
    Provenance.@Nullable Provider beside,
    LocalTry localTry,
    @Nullable Failure localFailure,
    @Nullable Failure claudeFailure) {

  /** How the local model that serves now has dealt with this request so far. */
  enum LocalTry {
    /** It has not been asked. */
    NONE,
    /** It had no room. */
    BUSY,
    /** It is on its way out. */
    LEAVING,
    /** It died with this request, perhaps because of it. */
    DIED,
    /** The prompt is longer than its context. */
    OVERFLOW,
    /** It cannot answer this request. */
    FAILED;

    static LocalTry of(FailureCode code) {
      return switch (code) {
        case BUSY -> BUSY;
        case DRAINING, MODEL_NOT_READY -> LEAVING;
        case CONTEXT_OVERFLOW -> OVERFLOW;
        default -> FAILED;
      };
    }
  }

  RoutingQuery(
      Privacy privacy,
      @Nullable ModelReference model,
      WhenNotReady whenNotReady,
      boolean demonstrationAllowed,
      @Nullable String localOnlyBecause,
      Provenance.@Nullable Provider beside,
      LocalTry localTry,
      @Nullable Failure localFailure,
      @Nullable Failure claudeFailure) {
    this(
        privacy,
        model,
        whenNotReady,
        demonstrationAllowed,
        localOnlyBecause,
        null,
        beside,
        localTry,
        localFailure,
        claudeFailure);
  }

  RoutingQuery {
    requireNonNull(privacy, "privacy");
    requireNonNull(whenNotReady, "whenNotReady");
    requireNonNull(localTry, "localTry");
  }

  static RoutingQuery of(GenerateRequest request) {
    ModelReference model = request.model() instanceof ModelReference.Auto ? null : request.model();
    return new RoutingQuery(
        request.effectivePrivacy(),
        model,
        request.whenNotReady(),
        request.demonstrationAllowed(),
        localOnlyBecause(request),
        request.showsImages() ? "it shows an image" : null,
        null,
        LocalTry.NONE,
        null,
        null);
  }

  /** The same prompt, put to this provider only to compare. */
  RoutingQuery beside(Provenance.Provider provider) {
    return new RoutingQuery(
        privacy,
        model,
        whenNotReady,
        false,
        localOnlyBecause,
        cloudOnlyBecause,
        provider,
        localTry,
        localFailure,
        claudeFailure);
  }

  /** The same prompt after the local model did not answer it. */
  RoutingQuery triedLocal(Failure failure) {
    return tried(LocalTry.of(failure.code()), failure, claudeFailure);
  }

  /** The same prompt after the local model died with it, for the first time. */
  RoutingQuery outlivedLocal(Failure failure) {
    return tried(LocalTry.DIED, failure, claudeFailure);
  }

  /** The same prompt after Claude did not answer it. */
  RoutingQuery triedClaude(Failure failure) {
    return tried(localTry, localFailure, failure);
  }

  /**
   * The same prompt after time has passed: a model that had no room may have some now, and another
   * may have taken the place of one that is gone.
   */
  RoutingQuery later() {
    return switch (localTry) {
      case BUSY, LEAVING, DIED -> tried(LocalTry.NONE, null, claudeFailure);
      case NONE, OVERFLOW, FAILED -> this;
    };
  }

  private RoutingQuery tried(LocalTry local, @Nullable Failure why, @Nullable Failure claude) {
    return new RoutingQuery(
        privacy,
        model,
        whenNotReady,
        demonstrationAllowed,
        localOnlyBecause,
        cloudOnlyBecause,
        beside,
        local,
        why,
        claude);
  }

  private static @Nullable String localOnlyBecause(GenerateRequest request) {
    if (request.prompt() instanceof Prompt.Raw) {
      return "a raw prompt";
    }
    if (request.format() instanceof ResponseFormat.Grammar) {
      return "a grammar";
    }
    return request.adapters().isEmpty() ? null : "a LoRA adapter";
  }
}
