package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.AnswerEvent;
import dev.finch.provider.Inference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests, cancellations, pauses, unloads and swaps in random order, on the real engine. */
final class LoaderScheduleTest {

  private static final LoaderKit KIT = new LoaderKit();

  /** How much resident memory may differ between the first tenth of the schedules and the last. */
  private static final long NOISE_BYTES = 64L << 20;

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
    runSchedules(60, new Random(11));
  }

  @Test
  @Tag("soak")
  void tenThousandSchedulesLeaveMemoryAsItWas() throws IOException {
    Random random = new Random(12);
    runSchedules(1_000, random);
    long before = ResidentMemory.bytes();
    runSchedules(9_000, random);
    long after = ResidentMemory.bytes();
    System.out.printf("resident: %d MB, then %d MB%n", before / 1_000_000, after / 1_000_000);
    assertTrue(after - before < NOISE_BYTES, before + " bytes became " + after);
  }

  private static void runSchedules(int count, Random random) {
    int together = 20;
    for (int done = 0; done < count; done += together) {
      Models models = new Models();
      for (int i = 0; i < together; i++) {
        new Schedule(models, random).run();
      }
      models.unload();
      models.awaitDrained();
      assertEquals(0, NativeCount.live(), "native objects after " + (done + together));
    }
  }

  /** The Loader that takes requests, and those before it that finish what they accepted. */
  private static final class Models {

    private LoaderKit.Loaded current = load();
    private final List<LoaderKit.Loaded> draining = new ArrayList<>();

    private static LoaderKit.Loaded load() {
      return KIT.load(TinyChat.settings("slots = 3", "queue-limit = 4", "context-length = 128"));
    }

    /** The new model is Ready beside the old one before the old one drains. */
    void swap() {
      LoaderKit.Loaded next = load();
      unload();
      current = next;
    }

    void unload() {
      current.loader.tell(new Loader.Drain());
      draining.add(current);
    }

    void awaitDrained() {
      draining.forEach(each -> each.await(Loader.Drained.class));
      draining.clear();
    }
  }

  /** A handful of requests and what happens to them. */
  private static final class Schedule {

    private record Asked(LoaderKit.Loaded model, TestProbe<Inference.Reply> reader) {}

    private final Models models;
    private final Random random;
    private final Map<String, Asked> asked = new LinkedHashMap<>();
    private final List<String> cancelled = new ArrayList<>();

    Schedule(Models models, Random random) {
      this.models = models;
      this.random = random;
    }

    void run() {
      int events = 4 + random.nextInt(12);
      for (int i = 0; i < events; i++) {
        act();
      }
      // A reader without demand keeps its slot, so all must go on before one can wait for its end.
      asked.keySet().forEach(each -> tell(new Inference.Demand(each, Integer.MAX_VALUE), each));
      asked.forEach(
          (attempt, each) -> {
            if (!cancelled.contains(attempt)) {
              requireWhole(each.reader());
            }
            each.reader().stop();
          });
    }

    private void act() {
      int chance = random.nextInt(100);
      if (chance < 40 || asked.isEmpty()) {
        submit();
      } else if (chance < 60) {
        String known = known();
        cancelled.add(known);
        tell(new Inference.Cancel(known), known);
      } else if (chance < 85) {
        String known = known();
        tell(new Inference.Demand(known, 1 + random.nextInt(5)), known);
      } else if (chance < 95) {
        String known = known();
        cancelled.add(known);
        asked.get(known).reader().stop();
      } else if (chance < 97) {
        models.swap();
      } else if (chance < 98) {
        // Until the next model is there, the draining one turns prompts away. Where it has stopped
        // already it says nothing, which is why whoever asks a Loader watches it.
        models.unload();
        cancelled.add(submit());
        models.current = Models.load();
      } else {
        submit();
      }
    }

    private String known() {
      return new ArrayList<>(asked.keySet()).get(random.nextInt(asked.size()));
    }

    private String submit() {
      var request = TinyChat.greedy(QUESTIONS.get(random.nextInt(QUESTIONS.size())));
      LoaderKit.Loaded model = models.current;
      asked.put(request.id(), new Asked(model, model.send(request, 1 + random.nextInt(6))));
      return request.id();
    }

    private void tell(Inference.Command command, String attempt) {
      asked.get(attempt).model().ready.inference().tell(command);
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
