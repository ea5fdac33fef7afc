package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.inference.WhenNotReady;
import dev.finch.streams.FinchSources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Loader that is killed in the middle of an answer of the real model. */
final class LoaderRestartIT {

  @TempDir Path directory;

  @Test
  void itsAnswerEndsOnceAndAnotherLoaderTakesItsPlace() {
    var config =
        ConfigFactory.parseMap(
                Map.of(
                    "finch.model", "builtin",
                    "finch.cloud.enabled", "off",
                    "finch.supervisor.retry.shortest", "10ms",
                    "finch.directories.state", directory.resolve("state").toString(),
                    "finch.directories.cache", directory.resolve("cache").toString()))
            .withFallback(ConfigFactory.load());
    ActorSystem<Void> host = ActorSystem.create(Behaviors.empty(), "host", config);
    try (LocalFinch finch = LocalFinch.attach(host)) {
      CompletionStage<List<AnswerEvent>> broken =
          FinchSources.stream(finch, endless())
              .map(event -> killLoaderAt(host, event))
              .runWith(Sink.seq(), host);

      var failed = assertInstanceOf(AnswerEvent.Failed.class, get(broken).getLast());
      assertEquals(FailureCode.PROVIDER_LOST, failed.failure().code());
      assertEquals(
          "The capital of France is Paris.", get(finch.askAsync(question(Map.of()))).text());
    } finally {
      host.terminate();
    }
  }

  private static AnswerEvent killLoaderAt(ActorSystem<?> host, AnswerEvent event) {
    if (event instanceof AnswerEvent.Started) {
      Adapter.toClassic(host)
          .actorSelection("/system/finch-*/loader-1")
          .tell(Kill.getInstance(), ActorRef.noSender());
    }
    return event;
  }

  /** Forbids the tokens that end an answer, so that it goes on to the end of the context. */
  private static GenerateRequest endless() {
    return question(Map.of(1017, -1000.0, 1019, -1000.0));
  }

  private static GenerateRequest question(Map<Integer, Double> bias) {
    return GenerateRequest.builder()
        .user("What is the capital of France?")
        .whenNotReady(WhenNotReady.WAIT)
        .sampling(Sampling.builder().temperature(0.0).logitBias(bias).build())
        .build();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
