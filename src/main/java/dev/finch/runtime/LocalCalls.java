package dev.finch.runtime;

import dev.finch.Embeddings;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import dev.finch.supervisor.Supervisor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** What only the local model does: embedding and exact counting. Thread-safe. */
final class LocalCalls {

  private static final Duration QUICK = Duration.ofSeconds(10);
  private static final Duration PATIENT = Duration.ofMinutes(10);

  private final ActorSystem<?> system;
  private final ActorRef<Supervisor.Command> supervisor;

  LocalCalls(ActorSystem<?> system, ActorRef<Supervisor.Command> supervisor) {
    this.system = system;
    this.supervisor = supervisor;
  }

  CompletionStage<Embeddings> embed(List<String> inputs) {
    return this.<Inference.EmbedReply>ask(replyTo -> new Inference.Embed(inputs, replyTo))
        .thenApply(
            reply ->
                switch (reply) {
                  case Inference.Embedded(var model, var vectors, long tokens) ->
                      new Embeddings(model, vectors, tokens);
                  case Inference.EmbedFailed(var failure) -> throw new FinchException(failure);
                });
  }

  CompletionStage<Long> countTokens(GenerateRequest request) {
    return this.<Inference.CountReply>ask(replyTo -> new Inference.CountTokens(request, replyTo))
        .thenApply(
            reply ->
                switch (reply) {
                  case Inference.Counted(long tokens) -> tokens;
                  case Inference.CountFailed(var failure) -> throw new FinchException(failure);
                });
  }

  private <R> CompletionStage<R> ask(Function<ActorRef<R>, Inference.Command> command) {
    return AskPattern.ask(supervisor, Supervisor.GetLocal::new, QUICK, system.scheduler())
        .thenCompose(
            local -> {
              ActorRef<Inference.Command> inference = local.inference();
              if (inference == null) {
                throw new FinchException(notReady());
              }
              return AskPattern.ask(inference, command::apply, PATIENT, system.scheduler());
            });
  }

  private static Failure notReady() {
    return Failure.passing(
        FailureCode.MODEL_NOT_READY,
        "No local model is ready, and only a local model can do this.",
        "Ask again when `finch status` says ready, or load a model.");
  }
}
