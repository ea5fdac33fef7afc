package dev.finch.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.provider.Inference;
import dev.finch.provider.Inference.Emitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link AnswerEvent}, to be kept by every provider: extend this and give it one.
 */
public abstract class AnswerContract {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofMillis(200);

  /** The actor system of {@link #provider}. */
  protected abstract ActorTestKit actors();

  /** A provider that is ready to answer. */
  protected abstract ActorRef<Inference.Command> provider();

  /** A request whose answer has several pieces of content; the same text each time. */
  protected abstract GenerateRequest request();

  /** Whether it tells what it had sent, also after a cancellation. */
  protected boolean onANetwork() {
    return false;
  }

  @Test
  void startsOnceRightBeforeTheFirstContentAndEndsOnce() {
    List<AnswerEvent> events = readAll(ask(Integer.MAX_VALUE).reader());
    List<AnswerEvent> told =
        events.stream().filter(event -> !(event instanceof AnswerEvent.Queued)).toList();
    assertInstanceOf(AnswerEvent.Started.class, told.getFirst());
    assertInstanceOf(AnswerEvent.Finished.class, told.getLast());
    List<AnswerEvent> between = told.subList(1, told.size() - 1);
    assertTrue(between.size() > 1, "an answer of several pieces");
    assertTrue(between.stream().allMatch(AnswerEvent.Content.class::isInstance));
  }

  @Test
  void tellsWhatThePromptTakesWhenItStarts() {
    List<AnswerEvent> events = readAll(ask(Integer.MAX_VALUE).reader());
    AnswerEvent.Finished end = (AnswerEvent.Finished) events.getLast();
    TokenUsage told =
        events.stream()
            .filter(AnswerEvent.Started.class::isInstance)
            .map(event -> ((AnswerEvent.Started) event).prompt())
            .findFirst()
            .orElseThrow();

    assertTrue(told.promptTokens() > 0);
    assertEquals(end.usage().promptTokens(), told.promptTokens());
    assertEquals(end.usage().cachedTokens(), told.cachedTokens());
    assertEquals(0, told.completionTokens());
  }

  @Test
  void sendsNothingAfterTheEnd() {
    Asked asked = ask(Integer.MAX_VALUE);
    readAll(asked.reader());
    provider().tell(new Inference.Demand(asked.attempt(), 5));
    provider().tell(new Inference.Cancel(asked.attempt()));
    readAll(ask(Integer.MAX_VALUE).reader());
    asked.reader().expectNoMessage(A_WHILE);
  }

  @Test
  void sendsContentOnlyAgainstDemand() {
    Asked asked = ask(1);
    assertInstanceOf(AnswerEvent.Started.class, nextEvent(asked.reader()));
    assertInstanceOf(AnswerEvent.Content.class, nextEvent(asked.reader()));
    asked.reader().expectNoMessage(A_WHILE);
    provider().tell(new Inference.Demand(asked.attempt(), 1));
    assertInstanceOf(AnswerEvent.Content.class, nextEvent(asked.reader()));
    asked.reader().expectNoMessage(A_WHILE);
    provider().tell(new Inference.Cancel(asked.attempt()));
  }

  @Test
  void theAnswerDoesNotDependOnHowItIsRead() {
    String atOnce = text(readAll(ask(Integer.MAX_VALUE).reader()));
    Asked slow = ask(1);
    List<AnswerEvent> events = new ArrayList<>();
    while (events.isEmpty() || !(events.getLast() instanceof AnswerEvent.Terminal)) {
      events.add(nextEvent(slow.reader()));
      if (events.getLast() instanceof AnswerEvent.Content) {
        provider().tell(new Inference.Demand(slow.attempt(), 1));
      }
    }
    assertEquals(atOnce, text(events));
  }

  @Test
  void aCancelledAnswerSendsNothingMore() {
    Asked asked = ask(1);
    nextEvent(asked.reader());
    nextEvent(asked.reader());
    provider().tell(new Inference.Cancel(asked.attempt()));
    provider().tell(new Inference.Demand(asked.attempt(), 100));
    readAll(ask(Integer.MAX_VALUE).reader());
    if (onANetwork()) {
      asked.reader().expectMessageClass(Inference.Egress.class, PATIENCE);
    }
    asked.reader().expectNoMessage(A_WHILE);
  }

  @Test
  void goesOnWhenAReaderStops() {
    Asked asked = ask(1);
    nextEvent(asked.reader());
    asked.reader().stop();
    assertFalse(text(readAll(ask(Integer.MAX_VALUE).reader())).isEmpty());
  }

  @Test
  void manyAtOnceAreEachAnsweredWholly() {
    String alone = text(readAll(ask(Integer.MAX_VALUE).reader()));
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(ask(Integer.MAX_VALUE));
    }
    for (Asked asked : all) {
      assertEquals(alone, text(readAll(asked.reader())));
    }
  }

  private record Asked(String attempt, TestProbe<Inference.Reply> reader) {}

  private Asked ask(int demand) {
    TestProbe<Inference.Reply> reader = actors().createTestProbe();
    String attempt = UUID.randomUUID().toString();
    GenerateRequest request = request().toBuilder().id(attempt).build();
    provider()
        .tell(
            new Inference.Generate(
                attempt, request, RouteReason.MODEL_READY, demand, reader.ref()));
    return new Asked(attempt, reader);
  }

  private List<AnswerEvent> readAll(TestProbe<Inference.Reply> reader) {
    List<AnswerEvent> events = new ArrayList<>();
    while (events.isEmpty() || !(events.getLast() instanceof AnswerEvent.Terminal)) {
      events.add(nextEvent(reader));
    }
    return events;
  }

  private AnswerEvent nextEvent(TestProbe<Inference.Reply> reader) {
    while (true) {
      switch (reader.receiveMessage(PATIENCE)) {
        case Inference.Quoted quoted -> provider().tell(new Inference.Proceed(quoted.attempt()));
        case Inference.Egress _ -> {}
        case Inference.Reply reply -> {
          return assertInstanceOf(Emitted.class, reply).event();
        }
      }
    }
  }

  private static String text(List<AnswerEvent> events) {
    StringBuilder text = new StringBuilder();
    for (AnswerEvent event : events) {
      if (event instanceof AnswerEvent.Delta delta) {
        assertFalse(delta.text().isEmpty());
        assertFalse(Character.isHighSurrogate(delta.text().charAt(delta.text().length() - 1)));
        text.append(delta.text());
      }
    }
    return text.toString();
  }
}
