package dev.finch.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.provider.Inference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a Loader admits, pauses, ends and frees; on a scripted engine where the model is no matter.
 */
final class LoaderLifecycleTest {

  private static final LoaderKit KIT = new LoaderKit();

  @TempDir Path files;

  @AfterAll
  static void stop() {
    KIT.close();
  }

  @Test
  void aCancelledAnswerTakesPartInAtMostTheStepThatIsUnderWay() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    engine.gate = gate;
    try (var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine)) {
      GenerateRequest request = count();
      TestProbe<Inference.Reply> reader = loaded.send(request, 1000);
      gate.release(3);
      reader.fishForMessage(LoaderKit.PATIENCE, LoaderKit.until(AnswerEvent.Delta.class));
      TestProbe<Inference.Reply> other = loaded.send(count(), 1000);
      loaded.ready.inference().tell(new Inference.Cancel(request.id()));
      int before = engine.steps.size();
      gate.release(1000);
      LoaderKit.events(other);
      long after =
          engine.steps.stream().skip(before).filter(step -> step.sequences().contains(0)).count();
      // The steps that had a permit when the cancellation was sent, and the one under way.
      assertTrue(after <= 3, () -> engine.steps.toString());
    }
    assertEquals(0, engine.samplers.get());
    assertTrue(engine.closed);
  }

  @Test
  void aPausedReaderDelaysNobodyElse() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    try (var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine)) {
      GenerateRequest paused = count();
      TestProbe<Inference.Reply> slow = loaded.send(paused, 1);
      assertEquals(24, LoaderKit.events(loaded.send(count(), 1000)).size() - 2);
      loaded.ready.inference().tell(new Inference.Demand(paused.id(), 1000));
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(slow).text());
    }
  }

  @Test
  void moreThanFitsWaitsAndMoreThanMayWaitIsTurnedAway() {
    try (var loaded = KIT.load(TinyChat.settings("slots = 1", "queue-limit = 2"), scripted())) {
      GenerateRequest running = count();
      loaded.send(running, 1);
      TestProbe<Inference.Reply> second = loaded.send(count(), 1000);
      TestProbe<Inference.Reply> third = loaded.send(count(), 1000);
      assertEquals(1, position(second));
      assertEquals(2, position(third));
      var rejected =
          assertInstanceOf(Inference.Rejected.class, loaded.send(count(), 1).receiveMessage());
      assertEquals(FailureCode.BUSY, rejected.failure().code());
      loaded.events.fishForMessage(
          LoaderKit.PATIENCE,
          event ->
              event instanceof Loader.CapacityChanged(int slots, int busy, int queued, _, _)
                      && slots == 1
                      && busy == 1
                      && queued == 2
                  ? FishingOutcomes.complete()
                  : FishingOutcomes.continueAndIgnore());

      loaded.ready.inference().tell(new Inference.Cancel(running.id()));
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(second).text());
      assertEquals(1, position(third));
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(third).text());
    }
  }

  @Test
  void aReaderThatTakesNothingLosesItsAnswer() {
    try (var loaded = KIT.load(TinyChat.settings("stall-timeout = 100ms"), scripted())) {
      FinchException failure = LoaderKit.failure(loaded.send(count(), 1));
      assertEquals(FailureCode.READER_STALLED, failure.failure().code());
    }
  }

  @Test
  void theSlotOfAReaderThatStoppedIsFree() {
    try (var loaded = KIT.load(TinyChat.settings("slots = 1"), scripted())) {
      TestProbe<Inference.Reply> gone = loaded.send(count(), 1);
      TestProbe<Inference.Reply> next = loaded.send(count(), 1000);
      assertEquals(1, position(next));
      gone.stop();
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(next).text());
    }
  }

  @Test
  void drainingFinishesWhatWasAcceptedAndTakesNothingNew() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    var loaded = KIT.load(TinyChat.settings("slots = 1"), (_, _) -> engine);
    GenerateRequest running = count();
    TestProbe<Inference.Reply> first = loaded.send(running, 1);
    TestProbe<Inference.Reply> queued = loaded.send(count(), 1000);
    loaded.loader.tell(new Loader.Drain());
    var refused =
        assertInstanceOf(Inference.Rejected.class, loaded.send(count(), 1).receiveMessage());
    assertEquals(FailureCode.DRAINING, refused.failure().code());
    // Only then is the first let go on: it may be over before the second's prompt is prepared.
    assertEquals(1, position(queued));
    loaded.ready.inference().tell(new Inference.Demand(running.id(), 1000));
    assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(first).text());
    assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(queued).text());
    loaded.await(Loader.Drained.class);
    assertTrue(engine.closed);
    KIT.actors.createTestProbe().expectTerminated(loaded.loader);
  }

  @Test
  void saysWhenItHadNoWorkForTheKeepAliveTime() {
    try (var loaded = KIT.load(TinyChat.settings("keep-alive = 100ms"), scripted())) {
      loaded.await(Loader.Idled.class);
    }
  }

  @Test
  void aFailingEngineFailsEveryAnswerAndStopsTheLoaderWhichFreesIt() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine);
    GenerateRequest paused = count();
    TestProbe<Inference.Reply> reader = loaded.send(paused, 1);
    reader.fishForMessage(LoaderKit.PATIENCE, LoaderKit.until(AnswerEvent.Delta.class));
    engine.failure = new FinchException(Failure.passing(FailureCode.ENGINE_FAILED, "broken", null));
    loaded.ready.inference().tell(new Inference.Demand(paused.id(), 10));
    assertEquals(FailureCode.ENGINE_FAILED, LoaderKit.failure(reader).failure().code());
    KIT.actors.createTestProbe().expectTerminated(loaded.loader);
    assertTrue(engine.closed);
  }

  @Test
  void requestsWithOtherAdaptersNeverShareAStep() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    engine.gate = gate;
    EngineSettings settings =
        TinyChat.withAdapters("law { file = a.gguf, scale = 0 }, slang.file = b.gguf");
    try (var loaded = KIT.load(settings, (_, _) -> engine)) {
      var law = loaded.send(count().toBuilder().adapters(Map.of("law", 0.5)).build(), 1000);
      var configured = loaded.send(count(), 1000);
      gate.release(1000);
      LoaderKit.events(law);
      LoaderKit.events(configured);
    }
    assertTrue(engine.steps.stream().anyMatch(step -> step.adapters().equals(Map.of("law", 0.5))));
    assertTrue(
        engine.steps.stream().anyMatch(step -> step.adapters().equals(Map.of("slang", 1.0))));
    assertTrue(engine.steps.stream().allMatch(step -> step.sequences().size() == 1));
  }

  @Test
  void aDeterministicRequestSharesNoStep() {
    ScriptedEngine engine = new ScriptedEngine(1000, 4, 512);
    Semaphore gate = new Semaphore(0);
    engine.gate = gate;
    try (var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine)) {
      Sampling alone = Sampling.builder().deterministic(true).build();
      var others = List.of(loaded.send(count(), 1000), loaded.send(count(), 1000));
      var deterministic = loaded.send(count().toBuilder().sampling(alone).build(), 1000);
      var prepared = loaded.count(count());
      gate.release(1);
      LoaderKit.Loaded.counted(prepared); // so those sent before it are, too
      gate.release(1000);
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(deterministic).text());
      others.forEach(LoaderKit::events);
    }
    int third = 2; // sequences are leased in order
    assertTrue(engine.steps.stream().anyMatch(step -> step.sequences().equals(List.of(0, 1))));
    assertTrue(
        engine.steps.stream()
            .filter(step -> step.sequences().contains(third))
            .allMatch(step -> step.sequences().size() == 1));
  }

  @Test
  void fullCacheForgetsIdleConversationsInsteadOfFailing() {
    ScriptedEngine engine = new ScriptedEngine(60, 4, 512);
    try (var loaded = KIT.load(TinyChat.settings("slots = 1"), (_, _) -> engine)) {
      for (int i = 0; i < 6; i++) {
        GenerateRequest request =
            GenerateRequest.builder()
                .prompt(new Prompt.Raw(i + " other beginnings " + "a", null))
                .conversationId("c" + i)
                .build();
        assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(loaded.send(request, 99)).text());
      }
    }
  }

  @Test
  void aDrainedModelFindsALongConversationAgainWhenItIsLoadedAnew() {
    EngineSettings saving =
        TinyChat.settings(
            "saved-conversations { directory = \"%s\", least-tokens = 16 }"
                .formatted(files.resolve("kv")));
    GenerateRequest request =
        TinyChat.greedy("What is the capital of France?").toBuilder().conversationId("a").build();
    long prompt;
    try (var first = KIT.load(saving)) {
      prompt = first.ask(request).usage().promptTokens();
    }
    try (var second = KIT.load(saving)) {
      var answer = second.ask(request);
      assertEquals(prompt - 1, answer.usage().cachedTokens());
      assertEquals("The capital of France is Paris.", answer.text());
    }
  }

  @Test
  void badFilesAreRefusedAndTheNextLoadWorks() throws IOException {
    byte[] good = Files.readAllBytes(TinyChat.model().files().getFirst());
    assertRefused(Files.write(files.resolve("text.gguf"), "no model".getBytes(UTF_8)));
    assertRefused(Files.write(files.resolve("empty.gguf"), new byte[0]));
    assertRefused(Files.write(files.resolve("short.gguf"), Arrays.copyOf(good, good.length / 2)));
    assertRefused(files.resolve("missing.gguf"));
    KIT.load(TinyChat.settings()).close();
    assertEquals(0, NativeCount.live());
  }

  @Test
  void aGpuThatIsNotThereIsRefusedAndTheTrueDeviceReported() {
    assumeFalse(System.getProperty("os.name").startsWith("Mac"), "Apple chips have a GPU");
    TestProbe<Loader.Event> events = KIT.actors.createTestProbe();
    KIT.spawn(TinyChat.settings("device = gpu"), TinyChat.engines())
        .tell(new Loader.Load(TinyChat.model(), events.ref()));
    Failure failure = loadFailure(events);
    assertEquals(FailureCode.LOAD_FAILED, failure.code());
    assertTrue(failure.describe().contains("finch.engine.device"));
    for (String device : List.of("auto", "cpu")) {
      try (var loaded = KIT.load(TinyChat.settings("device = " + device))) {
        assertEquals("CPU", loaded.ready.info().device());
      }
    }
  }

  @Test
  void aLoadCanBeEnded() {
    TestProbe<Loader.Event> events = KIT.actors.createTestProbe();
    LoadTicket ticket = new LoadTicket();
    ticket.cancel();
    var loader = KIT.spawn(TinyChat.settings(), TinyChat.engines());
    loader.tell(new Loader.Load(TinyChat.model(), null, ticket, events.ref()));
    assertEquals(FailureCode.CANCELLED, loadFailure(events).code());
    assertEquals(0, NativeCount.live());
  }

  @Test
  void aPeftAdapterIsRefusedWithTheWayToConvertIt() {
    TestProbe<Loader.Event> events = KIT.actors.createTestProbe();
    var settings = TinyChat.withAdapters("law.file = \"" + files + "\"");
    KIT.spawn(settings, TinyChat.engines()).tell(new Loader.Load(TinyChat.model(), events.ref()));
    Failure failure = loadFailure(events);
    assertEquals(FailureCode.UNSUPPORTED_MODEL, failure.code());
    assertTrue(failure.describe().contains("convert_lora_to_gguf"));
  }

  @Test
  void aLoaderThatIsStoppedInTheMiddleFreesItsModelAndAnotherTakesItsPlace() {
    var first = KIT.load(TinyChat.settings());
    TestProbe<Inference.Reply> reader = first.send(TinyChat.greedy("Tell me a story."), 1);
    reader.fishForMessage(LoaderKit.PATIENCE, LoaderKit.until(AnswerEvent.Delta.class));
    KIT.actors.stop(first.loader);
    assertEquals(0, NativeCount.live());
    try (var second = KIT.load(TinyChat.settings())) {
      assertEquals(
          "The capital of France is Paris.",
          second.ask(TinyChat.greedy("What is the capital of France?")).text());
    }
  }

  private void assertRefused(Path file) {
    TestProbe<Loader.Event> events = KIT.actors.createTestProbe();
    ModelSpec spec =
        new ModelSpec(
            new ModelReference.LocalFile(file),
            "bad",
            new ModelSpec.Origin.LocalFile(file),
            Optional.empty());
    ActorRef<Loader.Command> loader = KIT.spawn(TinyChat.settings(), TinyChat.engines());
    loader.tell(new Loader.Load(new LocalModel(spec, List.of(file), null), events.ref()));
    assertEquals(FailureCode.MODEL_FILE_INVALID, loadFailure(events).code());
    KIT.actors.createTestProbe().expectTerminated(loader);
  }

  private static Failure loadFailure(TestProbe<Loader.Event> events) {
    while (true) {
      if (events.receiveMessage(LoaderKit.PATIENCE) instanceof Loader.LoadFailed failed) {
        return failed.failure();
      }
    }
  }

  private static int position(TestProbe<Inference.Reply> reader) {
    var emitted = assertInstanceOf(Inference.Emitted.class, reader.receiveMessage());
    var queued = assertInstanceOf(AnswerEvent.Queued.class, emitted.event());
    assertEquals(RouteReason.LOCAL_BUSY, queued.reason());
    return queued.position();
  }

  private static EngineFactory scripted() {
    return (_, _) -> new ScriptedEngine(1000, 3, 512);
  }

  /** Answered by the scripted engine with the letters b to y. */
  private static GenerateRequest count() {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw("a", null))
        .sampling(Sampling.DEFAULTS)
        .build();
  }
}
