package dev.finch.runtime;

import dev.finch.Embeddings;
import dev.finch.failure.FinchException;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import dev.finch.routing.Exchanges;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** What only the local model does: embedding and exact counting. Thread-safe. */
final class LocalCalls {

  private static final Duration PATIENT = Duration.ofMinutes(10);

  private final ActorSystem<?> system;
  private final ActorRef<Exchanges.Command> exchanges;

  LocalCalls(ActorSystem<?> system, ActorRef<Exchanges.Command> exchanges) {
    this.system = system;
    this.exchanges = exchanges;
  }

  CompletionStage<Embeddings> embed(EmbedRequest request) {
    return this.<Inference.EmbedReply>ask(replyTo -> new Exchanges.Embed(request, replyTo))
        .thenApply(
            reply ->
                switch (reply) {
                  case Inference.Embedded(var model, var vectors, long tokens) ->
                      new Embeddings(model, vectors, tokens);
                  case Inference.EmbedFailed(var failure) -> throw new FinchException(failure);
                });
  }

  CompletionStage<Long> countTokens(GenerateRequest request) {
    return this.<Inference.CountReply>ask(replyTo -> new Exchanges.CountTokens(request, replyTo))
        .thenApply(
            reply ->
                switch (reply) {
                  case Inference.Counted(long tokens) -> tokens;
                  case Inference.CountFailed(var failure) -> throw new FinchException(failure);
                });
  }

  private <R> CompletionStage<R> ask(Function<ActorRef<R>, Exchanges.Command> command) {
    return AskPattern.ask(exchanges, command::apply, PATIENT, system.scheduler());
  }
}
