package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Sampling;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Prompts become tokens beside the answers, and no prompt is in another's way. */
final class LoaderPreparationTest {

  private static final LoaderKit KIT = new LoaderKit();

  @AfterAll
  static void stop() {
    KIT.close();
  }

  @Test
  void anAnswerIsWholeBeforeAHugeTextIsCounted() {
    try (var loaded = KIT.load(TinyChat.settings("context-length=512"))) {
      TestProbe<Inference.CountReply> count = KIT.actors.createTestProbe();
      GenerateRequest huge = raw("The cat sat on the mat and so. ".repeat(200_000));
      loaded.ready.inference().tell(new Inference.CountTokens(huge, count.ref()));

      assertEquals(
          "The capital of France is Paris.",
          loaded.ask(TinyChat.greedy("What is the capital of France?")).text());

      count.expectNoMessage(Duration.ZERO);
      var counted =
          assertInstanceOf(Inference.Counted.class, count.receiveMessage(LoaderKit.PATIENCE));
      assertTrue(counted.tokens() > 1_000_000, () -> "" + counted.tokens());
    }
  }

  @Test
  void twentyThousandMessagesAreRefusedWithAboutTheirNumberOfTokens() {
    try (var loaded = KIT.load(TinyChat.settings("context-length=512"))) {
      List<ChatMessage> messages = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        messages.add(i % 2 == 0 ? ChatMessage.user("Hi") : ChatMessage.assistant("Hi"));
      }
      GenerateRequest request = GenerateRequest.builder().messages(messages).build();
      var rejected =
          assertInstanceOf(
              Inference.Rejected.class, loaded.send(request, 1).receiveMessage(LoaderKit.PATIENCE));
      assertEquals(FailureCode.CONTEXT_OVERFLOW, rejected.failure().code());
      String said = rejected.failure().message();
      assertTrue(said.matches("The prompt has about [0-9,]{6,} tokens, .* 512 .*"), said);
      assertEquals("Hello! How can I help you?", loaded.ask(TinyChat.greedy("Hi")).text());
    }
  }

  @Test
  void aLongPromptThatFitsIsAnswered() {
    try (var loaded = KIT.load(TinyChat.settings("context-length=8192", "slots=1"))) {
      GenerateRequest request = few("The cat. ".repeat(900));
      long tokens = loaded.tokens(request);
      assertEquals(tokens, loaded.ask(request).usage().promptTokens());
    }
  }

  @Test
  void aShortPromptDoesNotWaitForALongOne() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    try (var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine)) {
      Semaphore gate = new Semaphore(0);
      engine.textGate = gate;
      TestProbe<Inference.Reply> slow = loaded.send(raw("a".repeat(100_000)), 1000);
      GenerateRequest quick = raw("a");
      TestProbe<Inference.Reply> fast = loaded.send(quick, 1000);
      // One permit lets either through; the long one has its own thread and may take it.
      gate.release(2);
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(fast).text());
      assertInstanceOf(Inference.Rejected.class, slow.receiveMessage(LoaderKit.PATIENCE));
    }
  }

  @Test
  void aPromptThatIsCancelledWhileItIsPreparedSaysNothingAndFreesItsPlace() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    try (var loaded = KIT.load(TinyChat.settings("slots = 1"), (_, _) -> engine)) {
      engine.textGate = gate;
      GenerateRequest first = raw("a");
      TestProbe<Inference.Reply> given = loaded.send(first, 1000);
      TestProbe<Inference.Reply> next = loaded.send(raw("a"), 1000);
      loaded.ready.inference().tell(new Inference.Cancel(first.id()));
      loaded.ready.inference().tell(new Inference.Cancel(first.id()));
      gate.release(2);
      assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(next).text());
      given.expectNoMessage(Duration.ZERO);
      awaitCapacity(loaded, 0, 0);
    }
  }

  @Test
  void aReaderThatIsGoneIsNotPreparedFor() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    try (var loaded = KIT.load(TinyChat.settings("slots = 1"), (_, _) -> engine)) {
      engine.textGate = gate;
      loaded.send(raw("a"), 1000);
      TestProbe<Inference.Reply> gone = loaded.send(raw("a"), 1000);
      awaitCapacity(loaded, 1, 1);
      gone.stop();
      awaitCapacity(loaded, 1, 0);
      gate.release(1);
      awaitCapacity(loaded, 0, 0);
      assertEquals(0, gate.availablePermits());
    }
  }

  @Test
  void aDeadlineEndsAPromptThatIsStillPrepared() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    try (var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine)) {
      engine.textGate = gate;
      GenerateRequest request = raw("a").toBuilder().deadline(Duration.ofMillis(50)).build();
      assertEquals(
          FailureCode.DEADLINE_EXCEEDED,
          LoaderKit.failure(loaded.send(request, 1000)).failure().code());
      gate.release(1);
    }
  }

  @Test
  void drainingWaitsForWhatIsPrepared() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    var loaded = KIT.load(TinyChat.settings(), (_, _) -> engine);
    engine.textGate = gate;
    TestProbe<Inference.Reply> answer = loaded.send(raw("a"), 1000);
    TestProbe<Inference.CountReply> count = KIT.actors.createTestProbe();
    loaded.ready.inference().tell(new Inference.CountTokens(raw("abc"), count.ref()));
    loaded.loader.tell(new Loader.Drain());
    gate.release(2);
    assertEquals("bcdefghijklmnopqrstuvwxy", LoaderKit.answer(answer).text());
    assertEquals(3, assertInstanceOf(Inference.Counted.class, count.receiveMessage()).tokens());
    loaded.await(Loader.Drained.class);
    assertTrue(engine.closed);
  }

  @Test
  void moreTextsThanMayWaitAreTurnedAway() {
    ScriptedEngine engine = new ScriptedEngine(1000, 3, 512);
    Semaphore gate = new Semaphore(0);
    try (var loaded =
        KIT.load(TinyChat.settings("slots = 1", "queue-limit = 1"), (_, _) -> engine)) {
      engine.textGate = gate;
      List<TestProbe<Inference.CountReply>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        TestProbe<Inference.CountReply> reader = KIT.actors.createTestProbe();
        loaded.ready.inference().tell(new Inference.CountTokens(raw("abc"), reader.ref()));
        readers.add(reader);
      }
      var busy = assertInstanceOf(Inference.CountFailed.class, readers.getLast().receiveMessage());
      assertEquals(FailureCode.BUSY, busy.failure().code());
      gate.release(2);
      readers
          .subList(0, 2)
          .forEach(each -> assertInstanceOf(Inference.Counted.class, each.receiveMessage()));
    }
  }

  /** The pieces that are tokenized one by one, against one call for the whole. */
  @Test
  void aConversationHasTheTokensOfItsWholeText() {
    try (LlamaEngine engine =
        (LlamaEngine)
            TinyChat.engines().load(TinyChat.settings().plan(TinyChat.model(), null), _ -> true)) {
      PromptEncoder encoder = new PromptEncoder(engine);
      List<ChatMessage> messages = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        messages.add(
            i % 2 == 0
                ? ChatMessage.user("Question " + i + ", and more.\n\n  Is it?")
                : ChatMessage.assistant("  Answer " + i + "\n"));
      }
      PromptEncoder.Encoded encoded =
          encoder.encode(
              GenerateRequest.builder().messages(messages).build(), TokenCounter.whole());
      String text = encoded.rendered().text();
      assertArrayEquals(engine.vocabulary().tokenize(text, true, true), encoded.tokens());
    }
  }

  /** The longest token again and again: as few tokens as so long a text can have. */
  @Test
  void nothingThatFitsIsRefusedByItsLength() {
    String text = "<|endoftext|>".repeat(30_000);
    try (Engine engine =
        TinyChat.engines().load(TinyChat.settings().plan(TinyChat.model(), null), _ -> true)) {
      assertEquals(30_000, engine.tokenize(text, false, true, TokenCounter.upTo(30_000)).length);
      assertThrows(
          TokenCounter.Exceeded.class,
          () -> engine.tokenize(text, false, true, TokenCounter.upTo(29_999)));
    }
  }

  private static void awaitCapacity(LoaderKit.Loaded loaded, int busy, int queued) {
    loaded.events.fishForMessage(
        LoaderKit.PATIENCE,
        event ->
            event instanceof Loader.CapacityChanged(_, int b, int q, _, _)
                    && b == busy
                    && q == queued
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private static GenerateRequest few(String text) {
    return raw(text).toBuilder().sampling(Sampling.builder().maxTokens(4).build()).build();
  }

  private static GenerateRequest raw(String text) {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw(text, null))
        .sampling(Sampling.DEFAULTS)
        .build();
  }
}
