package dev.finch.engine;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Inference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests, cancellations, pauses and drains in random order, on the real engine. */
final class LoaderScheduleTest {

  private static final LoaderKit KIT = new LoaderKit();

  private static final List<String> QUESTIONS =
      List.of(
          "Hello!",
          "What is the capital of France?",
          "Tell me a story.",
          "Count to five.",
          "What is two plus three?");

  @AfterAll
  static void stop() {
    KIT.close();
  }

  @Test
  void everyOrderOfEventsKeepsTheContractAndFreesEverything() {
    runSchedules(50, new Random(11));
  }

  @Test
  @Tag("soak")
  void tenThousandSchedules() {
    runSchedules(10_000, new Random(12));
  }

  private static void runSchedules(int count, Random random) {
    int perModel = 50;
    for (int done = 0; done < count; done += perModel) {
      LoaderKit.Loaded loaded =
          KIT.load(TinyChat.settings("slots = 3", "queue-limit = 4", "context-length = 128"));
      for (int i = 0; i < perModel; i++) {
        new Schedule(loaded, random).run();
      }
      loaded.close();
      assertEquals(0, NativeCount.live(), "native objects after " + (done + perModel));
    }
  }

  /** A handful of requests and what happens to them. */
  private static final class Schedule {

    private final LoaderKit.Loaded loaded;
    private final Random random;
    private final Map<String, TestProbe<Inference.Reply>> readers = new HashMap<>();
    private final List<String> cancelled = new ArrayList<>();

    Schedule(LoaderKit.Loaded loaded, Random random) {
      this.loaded = loaded;
      this.random = random;
    }

    void run() {
      int events = 4 + random.nextInt(12);
      for (int i = 0; i < events; i++) {
        act();
      }
      // A reader without demand keeps its slot, so all must go on before one can wait for its end.
      readers.keySet().forEach(each -> tell(new Inference.Demand(each, Integer.MAX_VALUE)));
      for (Map.Entry<String, TestProbe<Inference.Reply>> entry : readers.entrySet()) {
        if (!cancelled.contains(entry.getKey())) {
          requireWhole(entry.getValue());
        }
        entry.getValue().stop();
      }
    }

    private void act() {
      String known = readers.isEmpty() ? null : pick(new ArrayList<>(readers.keySet()));
      switch (random.nextInt(5)) {
        case 0, 1 -> submit();
        case 2 -> {
          if (known != null) {
            cancelled.add(known);
            tell(new Inference.Cancel(known));
          }
        }
        case 3 -> {
          if (known != null) {
            tell(new Inference.Demand(known, 1 + random.nextInt(5)));
          }
        }
        default -> {
          if (known != null && random.nextBoolean()) {
            cancelled.add(known);
            requireNonNull(readers.get(known)).stop();
          }
        }
      }
    }

    private void submit() {
      var request = TinyChat.greedy(pick(QUESTIONS));
      readers.put(request.id(), loaded.send(request, 1 + random.nextInt(6)));
    }

    private void tell(Inference.Command command) {
      loaded.ready.inference().tell(command);
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  private static void requireWhole(TestProbe<Inference.Reply> reader) {
    boolean started = false;
    while (true) {
      switch (reader.receiveMessage(LoaderKit.PATIENCE)) {
        case Inference.Rejected _ -> {
          assertTrue(!started);
          return;
        }
        case Inference.Emitted(String _, AnswerEvent.Started _) -> started = true;
        case Inference.Emitted(String _, AnswerEvent.Content _) -> assertTrue(started);
        case Inference.Emitted(String _, AnswerEvent.Finished _) -> {
          assertTrue(started);
          return;
        }
        case Inference.Emitted(String _, AnswerEvent.Queued _) -> assertTrue(!started);
        case Inference.Reply other -> throw new AssertionError(other);
      }
    }
  }
}
