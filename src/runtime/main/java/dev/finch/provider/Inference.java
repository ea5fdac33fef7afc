package dev.finch.provider;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.RouteReason;
import dev.finch.inference.TokenUsage;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of whoever answers prompts: the Loader of a local model, the Claude client, and
 * later other machines.
 *
 * <p>A provider answers each {@link Generate} with {@link Emitted} events that keep the contract of
 * {@link AnswerEvent}, or with one {@link Rejected} before any of them. It sends content only
 * against demand, and always keeps room for the terminal event. After the terminal event, or after
 * {@link Cancel}, it sends nothing more for that attempt and holds no memory of it. A provider that
 * finishes without any content sends {@code Started} right before {@code Finished}.
 *
 * <p>A provider that is not on this machine says with {@link Quoted} what it is about to send, each
 * time that it is about to, and sends nothing before it is told to {@link Proceed}; what then went
 * over the network it says with {@link Egress}, also after a {@link Cancel}. So nothing can leave
 * that was not written down before.
 */
public final class Inference {

  private Inference() {}

  /** What a provider is told. */
  public sealed interface Command {}

  /**
   * Answer this request.
   *
   * @param attempt names this try at the request; another try has another name
   * @param request what is asked
   * @param reason why this provider was chosen, repeated in its {@code Started}
   * @param demand content events that may be sent at once; at least 1
   * @param replyTo gets every reply of this attempt and is watched: when it ends, the work ends
   */
  public record Generate(
      String attempt,
      GenerateRequest request,
      RouteReason reason,
      int demand,
      ActorRef<Reply> replyTo)
      implements Command {
    public Generate {
      requireNonNull(attempt, "attempt");
      requireNonNull(request, "request");
      requireNonNull(reason, "reason");
      requireNonNull(replyTo, "replyTo");
    }
  }

  /** The reader has room for {@code count} more content events. */
  public record Demand(String attempt, int count) implements Command {}

  /**
   * Nobody wants the answer any more; ends the work within one decode step. Not answered, save with
   * {@link Egress} where a request had been sent.
   */
  public record Cancel(String attempt) implements Command {}

  /** What was {@link Quoted} may be sent. */
  public record Proceed(String attempt) implements Command {}

  /** Turn each text into a vector. */
  public record Embed(List<String> inputs, ActorRef<EmbedReply> replyTo) implements Command {
    public Embed {
      inputs = List.copyOf(inputs);
    }
  }

  /** Count the tokens that this request's prompt would have. */
  public record CountTokens(GenerateRequest request, ActorRef<CountReply> replyTo)
      implements Command {}

  /** What a provider says about one attempt. */
  public sealed interface Reply {
    String attempt();
  }

  /** The next event of the answer. */
  public record Emitted(String attempt, AnswerEvent event) implements Reply {}

  /**
   * What the provider would send over a network now; it waits for {@link Proceed}. Said before each
   * request of an attempt: the first, and every one that repeats it or takes it to another model.
   *
   * @param model the model that will be asked, which may be another than the request named
   * @param bytes of the request's body
   * @param mostPromptTokens what the prompt can be counted as, at most
   * @param mostCompletionTokens the bound on the answer's tokens
   * @param cachesLong whether the provider is asked to keep a part of the prompt for longer than it
   *     does by itself, which costs more
   * @param after why the request before this one came to nothing, its {@link Egress} having been
   *     said; null at the first
   */
  public record Quoted(
      String attempt,
      String model,
      long bytes,
      long mostPromptTokens,
      long mostCompletionTokens,
      boolean cachesLong,
      @Nullable Failure after)
      implements Reply {
    public Quoted {
      requireNonNull(model, "model");
    }
  }

  /**
   * What one request of an attempt sent over a network; comes once for each that was let {@link
   * Proceed}, before the next {@link Quoted} or right before the terminal event.
   *
   * @param model the model that the other side says answered, else the one that was asked
   * @param bytesOut bytes of the request's body that may have left; 0 is certain
   * @param bytesIn bytes of the response's body received
   * @param counted tokens as far as the other side has told them, or null where it has not; of an
   *     answer that was broken off, only those of the prompt are final, and those of the completion
   *     are estimated by what came and a margin, {@link Long#MAX_VALUE} where they cannot be
   * @param free whether it is certain that nothing is charged for it
   * @param upstreamRequestId the other side's name for the request, for support
   */
  public record Egress(
      String attempt,
      String model,
      long bytesOut,
      long bytesIn,
      @Nullable TokenUsage counted,
      boolean free,
      @Nullable String upstreamRequestId)
      implements Reply {
    public Egress {
      requireNonNull(model, "model");
    }
  }

  /** The provider does not take the request; nothing was done and nothing was sent anywhere. */
  public record Rejected(String attempt, Failure failure) implements Reply {}

  /** The outcome of {@link Embed}. */
  public sealed interface EmbedReply {}

  /** The vectors, one per input, L2-normalised. */
  public record Embedded(String model, List<float[]> vectors, long promptTokens)
      implements EmbedReply {}

  /** The provider could not embed. */
  public record EmbedFailed(Failure failure) implements EmbedReply {}

  /** The outcome of {@link CountTokens}. */
  public sealed interface CountReply {}

  /** The prompt's tokens, template included. */
  public record Counted(long tokens) implements CountReply {}

  /** The provider could not count. */
  public record CountFailed(Failure failure) implements CountReply {}
}
