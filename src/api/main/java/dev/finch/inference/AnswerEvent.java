package dev.finch.inference;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.finch.failure.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of an answer. An answer is {@code Queued}*, then {@code Started} once, then content any
 * number of times, then exactly one {@code Finished} or {@code Failed}; {@code Failed} may come at
 * any point and is then the last. {@code Started} is withheld until the first content, so it is
 * always true.
 */
public sealed interface AnswerEvent {

  /** Content is sent only against demand; the other events are not. */
  sealed interface Content extends AnswerEvent {}

  /** Nothing follows. */
  sealed interface Terminal extends AnswerEvent {}

  /**
   * The prompt waits.
   *
   * @param position 1 is next
   * @param reason why it waits
   */
  record Queued(int position, RouteReason reason) implements AnswerEvent {
    public Queued {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * The first content follows at once; this is who answers.
   *
   * @param prompt the prompt's tokens as the provider counted them, with none of the answer's;
   *     {@link TokenUsage#NONE} where it has not told
   */
  record Started(Provenance provenance, TokenUsage prompt) implements AnswerEvent {
    public Started {
      requireNonNull(provenance, "provenance");
      prompt = requireNonNullElse(prompt, TokenUsage.NONE);
    }

    /** Where the provider has not counted the prompt. */
    public Started(Provenance provenance) {
      this(provenance, TokenUsage.NONE);
    }
  }

  /**
   * A piece of the answer's text; all pieces together are the whole answer, character for
   * character.
   *
   * @param text not empty, never half a code point
   * @param logprobs the tokens it was made of, where asked for
   */
  record Delta(String text, List<TokenLogprob> logprobs) implements Content {
    public Delta {
      requireNonNull(text, "text");
      logprobs = List.copyOf(logprobs);
    }

    /** Without log probabilities. */
    public Delta(String text) {
      this(text, List.of());
    }
  }

  /**
   * A piece of what the model thinks before it answers.
   *
   * @param text empty where only the signature came, or what only the provider can read
   * @param signature ends a block of thinking where the provider wants the block back with it, else
   *     null
   * @param redacted a whole block that only the provider can read, and wants back, else null; then
   *     the others are empty
   */
  record Reasoning(String text, @Nullable String signature, @Nullable String redacted)
      implements Content {
    public Reasoning {
      requireNonNull(text, "text");
    }

    /** What anybody can read. */
    public Reasoning(String text, @Nullable String signature) {
      this(text, signature, null);
    }

    /** What ends no block. */
    public Reasoning(String text) {
      this(text, null, null);
    }

    /** A block that only its provider can read. */
    public static Reasoning redacted(String data) {
      return new Reasoning("", null, data);
    }

    /** Not what is redacted, which no log should hold. */
    @Override
    public String toString() {
      return redacted == null
          ? "Reasoning[text=" + text + ", signature=" + signature + "]"
          : "Reasoning[" + redacted.length() + " characters redacted]";
    }
  }

  /** A tool call begins; its arguments follow in {@link ToolCallArguments} pieces. */
  record ToolCallStarted(int index, String id, String name) implements Content {
    public ToolCallStarted {
      requireNonNull(id, "id");
      requireNonNull(name, "name");
    }
  }

  /** A piece of a tool call's JSON arguments. */
  record ToolCallArguments(int index, String fragment) implements Content {
    public ToolCallArguments {
      requireNonNull(fragment, "fragment");
    }
  }

  /**
   * The answer is complete.
   *
   * @param stopSequence which of the request's stop texts came, where one ended it, else null
   * @param cloudFields what Claude said beside its answer, a JSON object of {@code
   *     context_management}, {@code service_tier} and {@code inference_geo} as it said them, else
   *     null
   */
  record Finished(
      FinishReason reason,
      TokenUsage usage,
      Timings timings,
      Cost cost,
      @Nullable String stopSequence,
      @Nullable String cloudFields)
      implements Terminal {
    public Finished {
      requireNonNull(reason, "reason");
      requireNonNull(usage, "usage");
      requireNonNull(timings, "timings");
      requireNonNull(cost, "cost");
    }

    /** Where no stop text ended it. */
    public Finished(FinishReason reason, TokenUsage usage, Timings timings, Cost cost) {
      this(reason, usage, timings, cost, null, null);
    }

    /** Where Claude said nothing beside it. */
    public Finished(
        FinishReason reason,
        TokenUsage usage,
        Timings timings,
        Cost cost,
        @Nullable String stopSequence) {
      this(reason, usage, timings, cost, stopSequence, null);
    }

    /** The same at this price. */
    public Finished at(Cost price) {
      return new Finished(reason, usage, timings, price, stopSequence, cloudFields);
    }
  }

  /** The answer is not complete and will not be. */
  record Failed(Failure failure) implements Terminal {
    public Failed {
      requireNonNull(failure, "failure");
    }
  }
}
