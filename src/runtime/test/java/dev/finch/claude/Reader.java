package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.RouteReason;
import dev.finch.provider.Inference;
import dev.finch.wire.AnswerCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** Reads one attempt at a provider, event by event. */
final class Reader {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final String attempt;
  final TestProbe<Inference.Reply> probe;
  private final ActorRef<Inference.Command> provider;
  private final List<Inference.Quoted> quotations = new ArrayList<>();

  private Reader(String attempt, TestProbe<Inference.Reply> probe, ActorRef<Inference.Command> to) {
    this.attempt = attempt;
    this.probe = probe;
    this.provider = to;
  }

  static Reader ask(
      ActorTestKit kit, ActorRef<Inference.Command> provider, GenerateRequest request, int demand) {
    TestProbe<Inference.Reply> probe = kit.createTestProbe();
    String attempt = request.id() + "/1";
    provider.tell(
        new Inference.Generate(
            attempt, request, RouteReason.MODEL_NOT_READY, demand, probe.getRef()));
    return new Reader(attempt, probe, provider);
  }

  static Reader ask(
      ActorTestKit kit, ActorRef<Inference.Command> provider, GenerateRequest request) {
    return ask(kit, provider, request, Integer.MAX_VALUE);
  }

  /** What comes next, having let everything go that was quoted before it. */
  Inference.Reply next() {
    while (true) {
      Inference.Reply reply = probe.receiveMessage(PATIENCE);
      if (!(reply instanceof Inference.Quoted quoted)) {
        return reply;
      }
      quotations.add(quoted);
      provider.tell(new Inference.Proceed(attempt));
    }
  }

  /** What is about to be sent, and is not let go. */
  Inference.Quoted quotation() {
    return (Inference.Quoted) probe.receiveMessage(PATIENCE);
  }

  /** Waits for the quotation and lets it go. */
  Reader letGo() {
    quotations.add(quotation());
    provider.tell(new Inference.Proceed(attempt));
    return this;
  }

  /** All that was let go so far. */
  List<Inference.Quoted> quotations() {
    return quotations;
  }

  AnswerEvent nextEvent() {
    return ((Inference.Emitted) next()).event();
  }

  Failure rejection() {
    return ((Inference.Rejected) next()).failure();
  }

  void demand(int count) {
    provider.tell(new Inference.Demand(attempt, count));
  }

  void cancel() {
    provider.tell(new Inference.Cancel(attempt));
  }

  /** Everything up to the terminal event. */
  List<Inference.Reply> rest() {
    List<Inference.Reply> replies = new ArrayList<>();
    do {
      replies.add(next());
    } while (!isTerminal(replies.getLast()));
    return replies;
  }

  Answer answer() {
    AnswerCollector collector = new AnswerCollector();
    for (Inference.Reply reply : rest()) {
      if (reply instanceof Inference.Emitted emitted) {
        collector.add(emitted.event());
      }
    }
    return collector.answer();
  }

  Failure failure() {
    return failure(rest());
  }

  static Failure failure(List<Inference.Reply> replies) {
    Inference.Emitted last = (Inference.Emitted) replies.getLast();
    return ((AnswerEvent.Failed) last.event()).failure();
  }

  void expectNothing() {
    probe.expectNoMessage(Duration.ofMillis(150));
  }

  private static boolean isTerminal(Inference.Reply reply) {
    return reply instanceof Inference.Emitted emitted
        && emitted.event() instanceof AnswerEvent.Terminal;
  }
}
