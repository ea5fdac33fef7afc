package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.model.ModelState;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Heard;
import dev.finch.routing.ScriptedProvider.Script;
import dev.finch.wire.AnswerCollector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;

/** A Router and its Exchanges, with scripted providers around them. */
final class Ensemble {

  private final ActorTestKit kit;
  final Heard localHeard = new Heard();
  final Heard claudeHeard = new Heard();
  final TestProbe<Router.Notice> supervisor;
  final ActorRef<Router.Command> router;
  final ActorRef<Exchanges.Command> exchanges;

  Ensemble(ActorTestKit kit, Path state, String settings) {
    this.kit = kit;
    RoutingSettings parsed = Samples.settings(settings);
    this.supervisor = kit.createTestProbe();
    this.router = kit.spawn(Router.create(parsed, supervisor.ref()));
    this.exchanges = kit.spawn(Exchanges.create(parsed, router, state));
  }

  Ensemble claude(Function<Inference.Generate, Script> scripts) {
    router.tell(
        new Router.CloudChanged(
            Samples.cloud(
                kit.spawn(
                    ScriptedProvider.create(Provenance.Provider.CLAUDE, claudeHeard, scripts)))));
    return this;
  }

  Ensemble claude(ActorRef<Inference.Command> client) {
    router.tell(new Router.CloudChanged(Samples.cloud(client)));
    return this;
  }

  /** A local provider that serves, with two slots and two places in its queue. */
  Ensemble local(Function<Inference.Generate, Script> scripts) {
    ready(spawnLocal(scripts), 2, 2);
    return this;
  }

  Ensemble preparing(ModelState state) {
    router.tell(new Router.RuntimeChanged(Samples.preparing(state), null));
    return this;
  }

  ActorRef<Inference.Command> spawnLocal(Function<Inference.Generate, Script> scripts) {
    return kit.spawn(ScriptedProvider.create(Provenance.Provider.LOCAL, localHeard, scripts));
  }

  void ready(ActorRef<Inference.Command> local, int slots, int queueLimit) {
    router.tell(
        new Router.RuntimeChanged(
            Samples.ready(Samples.SMALL), Samples.leg(local, slots, queueLimit)));
  }

  SinkQueueWithCancel<AnswerEvent> run(GenerateRequest request) {
    return Exchanges.stream(exchanges, request).runWith(Sink.queue(), kit.system());
  }

  List<AnswerEvent> answer(GenerateRequest request) throws Exception {
    return Exchanges.stream(exchanges, request)
        .runWith(Sink.seq(), kit.system())
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  static LedgerReport ledger(ActorTestKit kit, ActorRef<Exchanges.Command> exchanges) {
    return AskPattern.<Exchanges.Command, LedgerReport>askWithStatus(
            exchanges,
            replyTo -> new Exchanges.ReadLedger(Integer.MAX_VALUE, replyTo),
            Duration.ofSeconds(30),
            kit.scheduler())
        .toCompletableFuture()
        .join();
  }

  static AnswerEvent next(SinkQueueWithCancel<AnswerEvent> queue) throws Exception {
    return queue.pull().toCompletableFuture().get(20, TimeUnit.SECONDS).orElseThrow();
  }

  static Provenance provenance(List<AnswerEvent> events) {
    return events.stream()
        .filter(AnswerEvent.Started.class::isInstance)
        .map(event -> ((AnswerEvent.Started) event).provenance())
        .findFirst()
        .orElseThrow(() -> new AssertionError(events.toString()));
  }

  static FailureCode failure(AnswerEvent event) {
    return assertInstanceOf(AnswerEvent.Failed.class, event).failure().code();
  }

  static String text(List<AnswerEvent> events) {
    AnswerCollector collector = new AnswerCollector();
    events.forEach(collector::add);
    return collector.answer().text();
  }
}
