package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.inference.Answer;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime as an embedding service sees it, on the built-in model. */
final class LocalFinchIT {

  private static final GenerateRequest CAPITAL =
      GenerateRequest.builder()
          .user("What is the capital of France?")
          .sampling(Sampling.builder().temperature(0.0).build())
          .build();

  @TempDir Path directory;

  @Test
  void answersLocallyWithTheModelThatWasNamed() {
    try (LocalFinch finch = LocalFinch.start(config("builtin"))) {
      Answer answer = get(finch.ask(CAPITAL));

      assertEquals("The capital of France is Paris.", answer.text());
      assertEquals(Provenance.Provider.LOCAL, answer.provenance().provider());
      assertEquals(RouteReason.MODEL_READY, answer.provenance().reason());
      assertTrue(answer.provenance().demonstration());
      assertEquals(FinishReason.STOP, answer.finishReason());
      assertTrue(answer.usage().promptTokens() > 0);
    }
  }

  @Test
  void fiftyPromptsAtOnceAllEndOnce() {
    try (LocalFinch finch = LocalFinch.start(config("builtin"))) {
      var answers =
          IntStream.range(0, 50)
              .mapToObj(
                  _ ->
                      finch.ask(
                          GenerateRequest.builder()
                              .prompt(CAPITAL.prompt())
                              .sampling(CAPITAL.sampling())
                              .build()))
              .toList();

      for (var answer : answers) {
        assertEquals("The capital of France is Paris.", get(answer).text());
      }
    }
  }

  @Test
  void leavesAHostsActorSystemRunning() {
    ActorSystem<Void> host =
        ActorSystem.create(
            Behaviors.empty(), "host", config("builtin").withFallback(ConfigFactory.load()));
    try {
      LocalFinch finch = LocalFinch.attach(host);
      assertEquals("The capital of France is Paris.", get(finch.ask(CAPITAL)).text());

      finch.close();
      finch.close();

      assertFalse(host.getWhenTerminated().toCompletableFuture().isDone());
    } finally {
      host.terminate();
    }
  }

  private Config config(String model) {
    return ConfigFactory.parseMap(
        Map.of(
            "finch.model",
            model,
            "finch.cloud.enabled",
            "off",
            "finch.directories.state",
            directory.resolve("state").toString(),
            "finch.directories.cache",
            directory.resolve("cache").toString()));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
