package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.download.LoopbackHub;
import dev.finch.engine.SyntheticModels;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.Sampling;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.streams.FinchSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code finch.bootstrap = ladder}, with models from a Hub on loopback and the real llama.cpp. */
final class LadderIT {

  private static final String SMALL = "acme/small-GGUF";
  private static final String CHOSEN = "acme/chosen-GGUF";
  private static final int CALLERS = 3;
  private static final int ENOUGH = 5;
  private static final ActorTestKit KIT = ActorTestKit.create("reader");

  @TempDir Path directory;

  private final LoopbackHub hub = LoopbackHub.start();

  @BeforeEach
  void serveBothModels() {
    ModelConfig shape = new ModelConfig("qwen2", 4, 256, 768, 4, 2, 64, 1024, 2048, true);
    hub.serve(SMALL, "small-q8_0.gguf", file(new ModelSpec.Origin.BuiltIn()));
    hub.serve(CHOSEN, "chosen-q8_0.gguf", file(new ModelSpec.Origin.Random(shape, 1)));
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @AfterAll
  static void stopReader() {
    KIT.shutdownTestKit();
  }

  @Test
  void theSmallModelAnswersUntilTheChosenOneHasArrivedAndNoRequestIsLost() {
    hub.slowNetwork(Duration.ZERO, 1_000_000);
    try (LocalFinch finch = LocalFinch.start(config())) {
      await(finch, state -> state.ready().isPresent());
      List<Caller> callers = IntStream.range(0, CALLERS).mapToObj(_ -> new Caller(finch)).toList();
      callers.forEach(caller -> get(caller.smallAnswered));
      assertInstanceOf(ModelState.Downloading.class, finch.state().preparing().orElse(null));
      hub.slowNetwork(Duration.ZERO, 0);

      for (Caller caller : callers) {
        List<String> answered = get(caller.done);
        int switched = answered.indexOf(CHOSEN);
        assertEquals(Set.of(SMALL), Set.copyOf(answered.subList(0, switched)));
        assertEquals(Set.of(CHOSEN), Set.copyOf(answered.subList(switched, answered.size())));
      }
      await(finch, state -> state.preparing().isEmpty());
    }
  }

  @Test
  void aSmallModelThatCannotBeHadDelaysTheChosenOneAndNoMore() {
    hub.hide(SMALL);
    try (LocalFinch finch = LocalFinch.start(config())) {
      await(finch, state -> state.ready().isPresent());
      assertEquals(CHOSEN, answer(finch).model());
    }
  }

  @Test
  void aChosenModelThatIsAlreadyHereIsLoadedAtOnce() {
    try (LocalFinch finch = LocalFinch.start(config())) {
      await(
          finch,
          state -> state.ready().isPresent() && state.ready().orElse(null).name().equals(CHOSEN));
    }
    hub.forget();
    try (LocalFinch finch = LocalFinch.start(config())) {
      assertEquals(CHOSEN, answer(finch).model());
      assertTrue(hub.requests().stream().noneMatch(seen -> seen.target().contains(SMALL)));
    }
  }

  /** Somebody who asks again as soon as there is an answer, until both models have answered. */
  private static final class Caller {

    final CompletableFuture<Void> smallAnswered = new CompletableFuture<>();
    final CompletableFuture<List<String>> done;

    Caller(LocalFinch finch) {
      done = CompletableFuture.supplyAsync(() -> ask(finch), Thread::startVirtualThread);
    }

    private List<String> ask(LocalFinch finch) {
      List<String> models = new ArrayList<>();
      while (Collections.frequency(models, CHOSEN) < ENOUGH) {
        models.add(answer(finch).model());
        if (models.size() == ENOUGH) {
          smallAnswered.complete(null);
        }
      }
      return models;
    }
  }

  /** Who gave an answer that was whole: content after its start, and one end. */
  private static Provenance answer(LocalFinch finch) {
    GenerateRequest request =
        GenerateRequest.builder()
            .user("What is the capital of France?")
            .whenNotReady(WhenNotReady.WAIT)
            .sampling(Sampling.builder().temperature(0.0).maxTokens(24).build())
            .build();
    List<AnswerEvent> events =
        get(FinchSources.stream(finch, request).runWith(Sink.seq(), KIT.system()));
    events = events.stream().filter(event -> !(event instanceof AnswerEvent.Queued)).toList();
    var started = assertInstanceOf(AnswerEvent.Started.class, events.getFirst());
    assertInstanceOf(AnswerEvent.Finished.class, events.getLast());
    for (AnswerEvent between : events.subList(1, events.size() - 1)) {
      assertInstanceOf(AnswerEvent.Content.class, between);
    }
    return started.provenance();
  }

  private Config config() {
    return ConfigFactory.parseMap(
        Map.of(
            "finch.model",
            "hf:" + CHOSEN,
            "finch.bootstrap",
            "ladder",
            "finch.supervisor.first-rung",
            "hf:" + SMALL,
            "finch.cloud.enabled",
            "off",
            "finch.download.endpoint",
            hub.endpoint(),
            "finch.download.cache",
            directory.resolve("hub").toString(),
            "finch.directories.state",
            directory.resolve("state").toString(),
            "finch.directories.cache",
            directory.resolve("cache").toString()));
  }

  private Path file(ModelSpec.Origin origin) {
    ModelSpec spec = new ModelSpec(ModelReference.BUILT_IN, "a model", origin, Optional.empty());
    return SyntheticModels.materialize(spec, directory).files().getFirst();
  }

  private static void await(LocalFinch finch, Predicate<RuntimeState> condition) {
    get(FinchSources.states(finch).filter(condition::test).runWith(Sink.head(), KIT.system()));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }
}
