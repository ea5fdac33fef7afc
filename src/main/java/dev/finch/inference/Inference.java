package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
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

  /** Nobody wants the answer any more; ends the work within one decode step. Not answered. */
  public record Cancel(String attempt) implements Command {}

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
   * What an attempt sent over a network; comes right before its terminal event, from providers that
   * are not on this machine.
   *
   * @param model the model that the other side says answered
   * @param bytesOut bytes of request bodies sent
   * @param bytesIn bytes of response bodies received
   * @param upstreamRequestId the other side's name for the request, for support
   */
  public record Egress(
      String attempt, String model, long bytesOut, long bytesIn, @Nullable String upstreamRequestId)
      implements Reply {}

  /** The provider does not take the request; nothing was done and nothing was sent anywhere. */
  public record Rejected(String attempt, Failure failure) implements Reply {}

  /** The outcome of {@link Embed}. */
  public sealed interface EmbedReply {}

  /** The vectors, one per input, each of length 1. */
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
