package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.RouteReason;
import dev.finch.model.LocalModel;
import dev.finch.provider.Inference;
import dev.finch.wire.AnswerCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** An actor system whose Loaders own the real engine with the small model. */
final class LoaderKit implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(2);

  final ActorTestKit actors = ActorTestKit.create(ConfigFactory.load());

  /** Spawns a Loader and waits until its model is Ready. */
  Loaded load(EngineSettings settings) {
    return load(TinyChat.model(), settings, TinyChat.engines());
  }

  Loaded load(LocalModel model, EngineSettings settings) {
    return load(model, settings, TinyChat.engines());
  }

  Loaded load(EngineSettings settings, EngineFactory engines) {
    return load(TinyChat.model(), settings, engines);
  }

  Loaded load(LocalModel model, EngineSettings settings, EngineFactory engines) {
    TestProbe<Loader.Event> events = actors.createTestProbe();
    ActorRef<Loader.Command> loader = spawn(settings, engines);
    loader.tell(new Loader.Load(model, events.ref()));
    while (true) {
      if (events.receiveMessage(PATIENCE) instanceof Loader.Ready ready) {
        return new Loaded(loader, events, ready);
      }
    }
  }

  ActorRef<Loader.Command> spawn(EngineSettings settings, EngineFactory engines) {
    return actors.spawn(
        Loader.create(settings, engines), DispatcherSelector.fromConfig(Loader.DISPATCHER));
  }

  @Override
  public void close() {
    actors.shutdownTestKit();
  }

  /** A Loader with its model; closing drains it. */
  final class Loaded implements AutoCloseable {

    final ActorRef<Loader.Command> loader;
    final TestProbe<Loader.Event> events;
    final Loader.Ready ready;
    private List<AnswerEvent> lastEvents = List.of();

    Loaded(ActorRef<Loader.Command> loader, TestProbe<Loader.Event> events, Loader.Ready ready) {
      this.loader = loader;
      this.events = events;
      this.ready = ready;
    }

    /** Sends a request with this much demand; the probe gets its replies. */
    TestProbe<Inference.Reply> send(GenerateRequest request, int demand) {
      TestProbe<Inference.Reply> reader = actors.createTestProbe();
      String attempt = request.id();
      ready
          .inference()
          .tell(
              new Inference.Generate(
                  attempt, request, RouteReason.MODEL_READY, demand, reader.ref()));
      return reader;
    }

    /** How many tokens a prompt has. */
    long tokens(GenerateRequest request) {
      return counted(count(request));
    }

    /** Asks for it; short prompts are prepared in the order in which they were sent. */
    TestProbe<Inference.CountReply> count(GenerateRequest request) {
      TestProbe<Inference.CountReply> reader = actors.createTestProbe();
      ready.inference().tell(new Inference.CountTokens(request, reader.ref()));
      return reader;
    }

    static long counted(TestProbe<Inference.CountReply> reader) {
      return assertInstanceOf(Inference.Counted.class, reader.receiveMessage(PATIENCE)).tokens();
    }

    Answer ask(GenerateRequest request) {
      lastEvents =
          events(
              send(
                  request.toBuilder().id(UUID.randomUUID().toString()).build(), Integer.MAX_VALUE));
      return collected(lastEvents);
    }

    /** The events of the last {@link #ask}. */
    List<AnswerEvent> lastEvents() {
      return lastEvents;
    }

    /** The next event of this kind. */
    <E extends Loader.Event> E await(Class<E> kind) {
      while (true) {
        Loader.Event event = events.receiveMessage(PATIENCE);
        if (kind.isInstance(event)) {
          return kind.cast(event);
        }
      }
    }

    @Override
    public void close() {
      loader.tell(new Loader.Drain());
      await(Loader.Drained.class);
    }
  }

  /** Reads an answer to its end. */
  static Answer answer(TestProbe<Inference.Reply> reader) {
    return collected(events(reader));
  }

  /** Reads an answer that fails. */
  static FinchException failure(TestProbe<Inference.Reply> reader) {
    List<AnswerEvent> events = events(reader);
    return assertThrows(FinchException.class, () -> collected(events));
  }

  static List<AnswerEvent> events(TestProbe<Inference.Reply> reader) {
    List<AnswerEvent> events = new ArrayList<>();
    while (events.isEmpty() || !(events.getLast() instanceof AnswerEvent.Terminal)) {
      Inference.Reply reply = reader.receiveMessage(PATIENCE);
      events.add(assertInstanceOf(Inference.Emitted.class, reply).event());
    }
    return events;
  }

  /** Fishes for an answer's next event of this kind. */
  static Function<Inference.Reply, FishingOutcome> until(Class<? extends AnswerEvent> kind) {
    return reply ->
        reply instanceof Inference.Emitted emitted && kind.isInstance(emitted.event())
            ? FishingOutcomes.complete()
            : FishingOutcomes.continueAndIgnore();
  }

  /** Fishes for this event. */
  static Function<Loader.Event, FishingOutcome> event(Loader.Event wanted) {
    return event ->
        event.equals(wanted) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore();
  }

  private static Answer collected(List<AnswerEvent> events) {
    AnswerCollector collector = new AnswerCollector();
    events.forEach(collector::add);
    return collector.answer();
  }
}
