package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import dev.finch.wire.AnswerCollector;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
      Answer answer = get(finch.askAsync(CAPITAL));

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
                      finch.askAsync(
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
  void oneRequestMayBeAskedSeveralTimesAtOnce() {
    try (LocalFinch finch = LocalFinch.start(config("builtin"))) {
      var answers = IntStream.range(0, 20).mapToObj(_ -> finch.askAsync(CAPITAL)).toList();
      for (CompletionStage<Answer> answer : answers) {
        assertEquals("The capital of France is Paris.", get(answer).text());
      }
    }
  }

  @Test
  void aStreamThatNobodyReadsEndsAsPromisedWhenFinchCloses() throws Exception {
    LocalFinch finch = LocalFinch.start(config("builtin"));
    finch.ask(CAPITAL);
    var answer = new Held<AnswerEvent>();
    finch.stream(endless()).subscribe(answer);
    var states = new Held<RuntimeState>();
    finch.states().subscribe(states);
    states.subscription.get(10, TimeUnit.SECONDS).request(1);
    answer.subscription.get(10, TimeUnit.SECONDS).request(2);
    finch.close();
    answer.subscription.get().request(10);

    answer.ended.get(10, TimeUnit.SECONDS);
    states.ended.get(10, TimeUnit.SECONDS);
    var failed = (AnswerEvent.Failed) answer.values.getLast();
    assertEquals(FailureCode.DRAINING, failed.failure().code());
  }

  /** Takes what it is given and asks for nothing by itself. */
  private static final class Held<T> implements Flow.Subscriber<T> {
    final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    final List<T> values = new CopyOnWriteArrayList<>();

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
    }

    @Override
    public void onNext(T value) {
      values.add(value);
    }

    @Override
    public void onError(Throwable thrown) {
      ended.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }

  @Test
  void blocksUntilTheAnswerIsThere() {
    try (LocalFinch finch = LocalFinch.start(config("builtin"))) {
      assertEquals("The capital of France is Paris.", finch.ask(CAPITAL).text());
      assertTrue(finch.countTokens(CAPITAL) > 0);
      assertEquals(1, finch.embed(List.of("Paris")).vectors().size());
    }
  }

  @Test
  void interruptingWhoWaitsStopsTheModel() throws Exception {
    try (LocalFinch finch = LocalFinch.start(config("random:small@7"))) {
      finch.load(ModelReference.parse("random:small@7"));
      CompletableFuture<FinchException> thrown = new CompletableFuture<>();
      Thread waiting =
          Thread.startVirtualThread(
              () -> {
                try {
                  finch.ask(endless());
                } catch (FinchException e) {
                  assertTrue(Thread.currentThread().isInterrupted());
                  thrown.complete(e);
                }
              });
      until(() -> finch.status().busySlots() == 1);

      waiting.interrupt();

      assertEquals(FailureCode.CANCELLED, get(thrown).failure().code());
      until(() -> finch.status().busySlots() == 0);
    }
  }

  @Test
  void cancellingAStageStopsTheModel() {
    try (LocalFinch finch = LocalFinch.start(config("random:small@7"))) {
      finch.load(ModelReference.parse("random:small@7"));
      CompletionStage<Answer> answer = finch.askAsync(endless());
      until(() -> finch.status().busySlots() == 1);

      answer.toCompletableFuture().cancel(true);

      until(() -> finch.status().busySlots() == 0);
    }
  }

  @Test
  void aPublisherAsksWithEachSubscriptionAndNotBefore() {
    try (LocalFinch finch = LocalFinch.start(config("builtin"))) {
      finch.load(ModelReference.BUILT_IN);
      Flow.Publisher<AnswerEvent> publisher = finch.stream(CAPITAL);
      assertEquals(Map.of(), finch.status().requestsByReason());

      for (int i = 0; i < 2; i++) {
        AnswerCollector answer = new AnswerCollector();
        get(
            JavaFlowSupport.Source.<AnswerEvent>fromPublisher(publisher)
                .runForeach(answer::add, finch.system()));
        assertEquals("The capital of France is Paris.", answer.answer().text());
      }
    }
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    LocalFinch finch = LocalFinch.start(config("builtin"));
    finch.close();

    assertEquals(FailureCode.DRAINING, failure(() -> finch.ask(CAPITAL)));
    assertEquals(FailureCode.DRAINING, failure(() -> finch.status()));
    assertEquals(FailureCode.DRAINING, failure(() -> finch.models()));
    assertEquals(FailureCode.DRAINING, failure(() -> finch.load(ModelReference.BUILT_IN)));
    assertEquals(FailureCode.DRAINING, failure(() -> finch.embed(List.of("Paris"))));
  }

  @Test
  void endsAStreamOfAClosedFinchWithAFailure() {
    LocalFinch finch = LocalFinch.start(config("builtin"));
    Flow.Publisher<AnswerEvent> publisher = finch.stream(CAPITAL);
    finch.close();
    ActorSystem<Void> host = ActorSystem.create(Behaviors.empty(), "host");
    try {
      List<AnswerEvent> events =
          get(
              JavaFlowSupport.Source.<AnswerEvent>fromPublisher(publisher)
                  .runWith(Sink.seq(), host));

      var failed = assertInstanceOf(AnswerEvent.Failed.class, events.getLast());
      assertEquals(1, events.size());
      assertEquals(FailureCode.DRAINING, failed.failure().code());
    } finally {
      host.terminate();
    }
  }

  @Test
  void takesOptionsThatAreWrittenInJava() {
    FinchOptions options =
        FinchOptions.builder()
            .model(ModelReference.BUILT_IN)
            .cloud(false)
            .stateDirectory(directory.resolve("state"))
            .cacheDirectory(directory.resolve("cache"))
            .build();
    try (LocalFinch finch = LocalFinch.start(options)) {
      assertEquals("The capital of France is Paris.", finch.ask(CAPITAL).text());
    }
  }

  @Test
  void leavesAHostsActorSystemRunning() throws Exception {
    ActorSystem<Void> host =
        ActorSystem.create(
            Behaviors.empty(), "host", config("builtin").withFallback(ConfigFactory.load()));
    try {
      LocalFinch finch = LocalFinch.attach(host);
      assertEquals("The capital of France is Paris.", get(finch.askAsync(CAPITAL)).text());
      var states = new Held<RuntimeState>();
      finch.states().subscribe(states);
      states.subscription.get(10, TimeUnit.SECONDS).request(1000);

      finch.close();
      finch.close();

      states.ended.get(10, TimeUnit.SECONDS);

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

  private static GenerateRequest endless() {
    return GenerateRequest.builder()
        .user("Count.")
        .sampling(
            Sampling.builder()
                .maxTokens(100_000)
                .logitBias(Map.of(1017, -1000.0, 1019, -1000.0))
                .build())
        .build();
  }

  private static FailureCode failure(Executable call) {
    return assertThrows(FinchException.class, call).failure().code();
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within a minute");
    }
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
