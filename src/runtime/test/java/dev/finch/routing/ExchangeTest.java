package dev.finch.routing;

import static dev.finch.routing.Ensemble.failure;
import static dev.finch.routing.Ensemble.next;
import static dev.finch.routing.Ensemble.provenance;
import static dev.finch.routing.Ensemble.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.ModelState;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExchangeTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final GenerateRequest HI = GenerateRequest.of("hi");
  private static final Failure BROKEN = Samples.failure(FailureCode.ENGINE_FAILED);

  @TempDir private static Path states;

  /** Lives as long as the actors that write to it. */
  private final Path state = fresh();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void forwardsToClaudeUntilTheModelIsReady() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .preparing(Samples.downloading(Samples.SMALL));
    List<AnswerEvent> early = ensemble.answer(HI);
    assertEquals(Provenance.Provider.CLAUDE, provenance(early).provider());
    assertEquals(RouteReason.MODEL_NOT_READY, provenance(early).reason());

    ensemble.local(_ -> Script.says("lo", "cal"));
    List<AnswerEvent> late = ensemble.answer(HI);
    assertEquals(Provenance.Provider.LOCAL, provenance(late).provider());
    assertEquals("local", text(late));
    assertEquals(1, ensemble.claudeHeard.generates().size());
  }

  @Test
  void turnsToClaudeWhenTheLocalModelFailsBeforeItsFirstWord() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .local(_ -> Script.fails(BROKEN));
    List<AnswerEvent> events = ensemble.answer(HI);
    assertEquals("cloud", text(events));
    assertEquals(RouteReason.LOCAL_FAILED, provenance(events).reason());
  }

  @Test
  void neverTurnsToAnotherProviderAfterTheFirstWord() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .local(_ -> Script.fails(BROKEN, "half"));
    List<AnswerEvent> events = ensemble.answer(HI);
    assertEquals(new AnswerEvent.Failed(BROKEN), events.getLast());
    assertEquals(List.of(), ensemble.claudeHeard.generates());
  }

  @Test
  void overflowsToClaudeWhenTheLocalModelIsFull() throws Exception {
    Failure busy = Samples.failure(FailureCode.BUSY);
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .local(_ -> Script.rejects(busy));
    assertEquals(RouteReason.LOCAL_BUSY, provenance(ensemble.answer(HI)).reason());
  }

  @Test
  void keepsPrivatePromptsLocalWhateverFails() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .local(_ -> Script.fails(BROKEN));
    List<AnswerEvent> events =
        ensemble.answer(
            GenerateRequest.builder().user("secret").privacy(Privacy.LOCAL_ONLY).build());
    assertEquals(FailureCode.ENGINE_FAILED, failure(events.getLast()));
    assertEquals(List.of(), ensemble.claudeHeard.generates());
  }

  @Test
  void answersWaitingPromptsLocallyOnReady() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "")
            .claude(_ -> Script.says("cloud"))
            .preparing(Samples.downloading(Samples.SMALL));
    SinkQueueWithCancel<AnswerEvent> queue =
        ensemble.run(GenerateRequest.builder().user("hi").whenNotReady(WhenNotReady.WAIT).build());
    assertEquals(new AnswerEvent.Queued(1, RouteReason.MODEL_NOT_READY), next(queue));
    ensemble.local(_ -> Script.says("local"));
    AnswerEvent.Started started = assertInstanceOf(AnswerEvent.Started.class, next(queue));
    assertEquals(Provenance.Provider.LOCAL, started.provenance().provider());
  }

  @Test
  void failsWithTheProviderLostWhenItDiesInTheMiddle() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").claude(_ -> Script.says("cloud"));
    ActorRef<Inference.Command> mortal = ensemble.spawnLocal(_ -> Script.hangs("half"));
    ensemble.ready(mortal, 1, 1);
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    assertInstanceOf(AnswerEvent.Started.class, next(queue));
    assertEquals(new AnswerEvent.Delta("half"), next(queue));
    KIT.stop(mortal);
    assertEquals(FailureCode.PROVIDER_LOST, failure(next(queue)));
  }

  @Test
  void turnsToClaudeWhenTheProviderDiesBeforeItsFirstWord() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").claude(_ -> Script.says("cloud"));
    ActorRef<Inference.Command> mortal = ensemble.spawnLocal(_ -> Script.hangs());
    ensemble.ready(mortal, 1, 1);
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    awaitHeard(ensemble.localHeard, Inference.Generate.class);
    KIT.stop(mortal);
    AnswerEvent.Started started = assertInstanceOf(AnswerEvent.Started.class, next(queue));
    assertEquals(RouteReason.LOCAL_FAILED, started.provenance().reason());
  }

  @Test
  void aPatientPromptOutlivesOneLocalModelAndNoMore() throws Exception {
    GenerateRequest patient =
        GenerateRequest.builder().user("hi").whenNotReady(WhenNotReady.WAIT).build();
    Ensemble ensemble = new Ensemble(KIT, state, "");
    ActorRef<Inference.Command> dead = ensemble.spawnLocal(_ -> Script.hangs());
    KIT.stop(dead);
    ensemble.ready(dead, 1, 1);
    SinkQueueWithCancel<AnswerEvent> first = ensemble.run(patient);
    assertEquals(new AnswerEvent.Queued(1, RouteReason.LOCAL_FAILED), next(first));
    ensemble.local(_ -> Script.says("local"));
    assertInstanceOf(AnswerEvent.Started.class, next(first));

    ensemble.ready(dead, 1, 1);
    SinkQueueWithCancel<AnswerEvent> second = ensemble.run(patient);
    assertEquals(new AnswerEvent.Queued(1, RouteReason.LOCAL_FAILED), next(second));
    ActorRef<Inference.Command> deadToo = ensemble.spawnLocal(_ -> Script.hangs());
    KIT.stop(deadToo);
    ensemble.ready(deadToo, 1, 1);
    assertEquals(FailureCode.PROVIDER_LOST, failure(next(second)));
  }

  @Test
  void endsTheAnswerAndGivesBackItsRoomWhenItFailsItself() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "");
    ActorRef<Inference.Command> mad =
        KIT.spawn(
            Behaviors.receive(Inference.Command.class)
                .onMessage(
                    Inference.Generate.class,
                    generate -> {
                      generate.replyTo().tell(new Inference.Emitted(generate.attempt(), null));
                      return Behaviors.same();
                    })
                .build());
    ensemble.ready(mad, 1, 0);
    assertEquals(FailureCode.PROVIDER_LOST, failure(ensemble.answer(HI).getLast()));
    assertEquals(FailureCode.PROVIDER_LOST, failure(ensemble.answer(HI).getLast()));
  }

  @Test
  void cancelsTheProviderWhenTheReaderLeaves() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").local(_ -> Script.hangs("half"));
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    assertInstanceOf(AnswerEvent.Started.class, next(queue));
    queue.cancel();
    awaitHeard(ensemble.localHeard, Inference.Cancel.class);
  }

  @Test
  void endsAtItsDeadline() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").local(_ -> Script.hangs("half"));
    List<AnswerEvent> events =
        ensemble.answer(
            GenerateRequest.builder().user("hi").deadline(Duration.ofMillis(50)).build());
    assertEquals(FailureCode.DEADLINE_EXCEEDED, failure(events.getLast()));
    awaitHeard(ensemble.localHeard, Inference.Cancel.class);
  }

  @Test
  void givesUpAReaderThatTakesNothing() throws Exception {
    String[] many = "word ".repeat(500).split("(?<= )");
    Ensemble ensemble =
        new Ensemble(KIT, state, "finch.routing.stall-limit = 100ms").local(_ -> Script.says(many));
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    awaitHeard(ensemble.localHeard, Inference.Cancel.class);
    AnswerEvent last = next(queue);
    while (!(last instanceof AnswerEvent.Terminal)) {
      last = next(queue);
    }
    assertEquals(FailureCode.READER_STALLED, failure(last));
  }

  @Test
  void leavesAProviderThatSaysNothing() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "finch.routing.silence-limit = 100ms")
            .claude(_ -> Script.says("cloud"))
            .local(_ -> Script.hangs());
    assertEquals("cloud", text(ensemble.answer(HI)));
    awaitHeard(ensemble.localHeard, Inference.Cancel.class);
  }

  @Test
  void losesAndDoublesNothingHoweverSlowTheReader() throws Exception {
    String[] many = new String[5_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i + " ";
    }
    Ensemble ensemble = new Ensemble(KIT, state, "").local(_ -> Script.says(many));
    List<AnswerEvent> events =
        Exchanges.stream(ensemble.exchanges, HI)
            .throttle(50_000, Duration.ofSeconds(1))
            .runWith(Sink.seq(), KIT.system())
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertEquals(String.join("", many), text(events));
    long most =
        ensemble.localHeard.of(Inference.Demand.class).stream()
            .mapToInt(Inference.Demand::count)
            .max()
            .orElseThrow();
    assertTrue(most <= AnswerStage.CREDIT, "demand " + most);
  }

  @Test
  void refusesOneTooMany() throws Exception {
    Ensemble ensemble =
        new Ensemble(KIT, state, "finch.routing.live-limit = 1").local(_ -> Script.hangs("x"));
    next(ensemble.run(HI));
    assertEquals(FailureCode.BUSY, failure(ensemble.answer(HI).getLast()));
  }

  @Test
  void endsEveryAnswerWhenItIsStopped() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").local(_ -> Script.hangs("x"));
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    assertInstanceOf(AnswerEvent.Started.class, next(queue));
    assertInstanceOf(AnswerEvent.Delta.class, next(queue));
    KIT.stop(ensemble.exchanges);
    assertInstanceOf(AnswerEvent.Failed.class, next(queue));
    assertInstanceOf(AnswerEvent.Failed.class, ensemble.answer(HI).getLast());
  }

  @Test
  void endsEveryAnswerBeforeTheActorSystemStops() throws Exception {
    ActorTestKit own = ActorTestKit.create();
    Ensemble ensemble = new Ensemble(own, state, "").local(_ -> Script.hangs("x"));
    SinkQueueWithCancel<AnswerEvent> queue = ensemble.run(HI);
    assertInstanceOf(AnswerEvent.Started.class, next(queue));
    assertInstanceOf(AnswerEvent.Delta.class, next(queue));
    CompletionStage<Optional<AnswerEvent>> last = queue.pull();
    own.system().terminate();
    AnswerEvent event = last.toCompletableFuture().get(20, TimeUnit.SECONDS).orElseThrow();
    assertEquals(FailureCode.DRAINING, failure(event));
    own.shutdownTestKit();
  }

  @Test
  void countsAndEmbedsWithTheLocalModel() {
    Ensemble ensemble = new Ensemble(KIT, state, "").local(_ -> Script.says("x"));
    TestProbe<Inference.CountReply> counted = KIT.createTestProbe();
    ensemble.exchanges.tell(new Exchanges.CountTokens(HI, counted.ref()));
    counted.expectMessage(new Inference.Counted(42));
    TestProbe<Inference.EmbedReply> embedded = KIT.createTestProbe();
    ensemble.exchanges.tell(new Exchanges.Embed(EmbedRequest.of(List.of("a")), embedded.ref()));
    assertEquals(1, embedded.expectMessageClass(Inference.Embedded.class).vectors().size());
  }

  @Test
  void waitsToCountAndEmbedUntilTheModelIsBack() {
    Ensemble ensemble = new Ensemble(KIT, state, "").claude(_ -> Script.says("cloud"));
    ensemble.preparing(new ModelState.Loading(Samples.spec(Samples.SMALL), 0.5));
    TestProbe<Inference.CountReply> counted = KIT.createTestProbe();
    ensemble.exchanges.tell(new Exchanges.CountTokens(HI, counted.ref()));
    ensemble.local(_ -> Script.says("x"));
    counted.expectMessage(new Inference.Counted(42));
  }

  @Test
  void countsWithClaudeWhereOnlyClaudeMayAnswerAndWritesItDown() {
    Ensemble ensemble =
        new Ensemble(KIT, state, "finch.cloud.breaker.failures = 1")
            .claude(_ -> Script.says("cloud"));
    ensemble.preparing(Samples.downloading(Samples.SMALL));
    TestProbe<Inference.CountReply> counted = KIT.createTestProbe();
    GenerateRequest claudes =
        GenerateRequest.builder().user("Grüße").privacy(Privacy.CLOUD_ONLY).build();
    ensemble.exchanges.tell(new Exchanges.CountTokens(claudes, counted.ref()));
    counted.expectMessage(new Inference.Counted(42));
    // The reply may overtake what the ledger is told when the count has ended.
    LedgerReport.Entry entry =
        counted.awaitAssert(
            () -> {
              var newest = Ensemble.ledger(KIT, ensemble.exchanges).newest().getFirst();
              assertEquals(7, newest.bytesOut());
              return newest;
            });
    assertEquals("COUNT_TOKENS", entry.reason());
    assertEquals(0, entry.microDollars());

    ensemble.exchanges.tell(new Exchanges.CountTokens(HI, counted.ref()));
    counted.expectMessageClass(Inference.CountFailed.class);
    assertEquals(1, ensemble.claudeHeard.of(Inference.CountTokens.class).size());
  }

  @Test
  void saysWhyNothingCanEmbed() {
    Ensemble ensemble = new Ensemble(KIT, state, "").claude(_ -> Script.says("cloud"));
    ensemble.preparing(Samples.downloading(Samples.SMALL));
    TestProbe<Inference.EmbedReply> embedded = KIT.createTestProbe();
    ensemble.exchanges.tell(new Exchanges.Embed(EmbedRequest.of(List.of("a")), embedded.ref()));
    assertEquals(
        FailureCode.MODEL_NOT_READY,
        embedded.expectMessageClass(Inference.EmbedFailed.class).failure().code());
  }

  @Test
  void saysWhatAnAnswerOfClaudeCost() throws Exception {
    Ensemble ensemble = new Ensemble(KIT, state, "").claude(_ -> Script.says("a", "b"));
    ensemble.preparing(Samples.downloading(Samples.SMALL));
    AnswerEvent.Finished finished =
        assertInstanceOf(AnswerEvent.Finished.class, ensemble.answer(HI).getLast());
    assertEquals(Cost.of(2, false), finished.cost(), "7 × 0.10 + 2 × 0.50 µ$, rounded up");
  }

  private static void awaitHeard(
      ScriptedProvider.Heard heard, Class<? extends Inference.Command> type) {
    KIT.createTestProbe()
        .awaitAssert(
            () -> {
              assertEquals(1, heard.of(type).size());
              return true;
            });
  }

  private static Path fresh() {
    try {
      return Files.createTempDirectory(states, "state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
