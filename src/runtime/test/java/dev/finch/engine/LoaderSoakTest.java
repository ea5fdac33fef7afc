package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.Answer;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.provider.Inference;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Eight answers at once for minutes on end: none is lost, and memory stays as it was. */
@Tag("soak")
final class LoaderSoakTest {

  private static final int SEQUENCES = 8;
  private static final long MINUTES = Long.getLong("finch.soak.minutes", 10);
  private static final long NOISE_BYTES = 32L << 20;

  private final Random random = new Random(13);

  @Test
  void eightSequencesForTenMinutes() throws IOException {
    long begun = System.nanoTime();
    long settled = begun + TimeUnit.MINUTES.toNanos(MINUTES) / 5;
    long end = begun + TimeUnit.MINUTES.toNanos(MINUTES);
    LoaderKit kit = new LoaderKit();
    long before = 0;
    long answers = 0;
    long tokens = 0;
    try (var loaded = kit.load(TinyChat.settings("slots = " + SEQUENCES, "context-length = 512"))) {
      Deque<TestProbe<Inference.Reply>> readers = new ArrayDeque<>();
      while (System.nanoTime() < end) {
        while (readers.size() < SEQUENCES) {
          readers.addLast(loaded.send(request(), Integer.MAX_VALUE));
        }
        TestProbe<Inference.Reply> oldest = readers.removeFirst();
        Answer answer = LoaderKit.answer(oldest);
        oldest.stop();
        answers++;
        tokens += answer.usage().completionTokens();
        if (before == 0 && System.nanoTime() > settled) {
          before = ResidentMemory.bytes();
        }
      }
      readers.forEach(LoaderKit::answer);
    } finally {
      kit.close();
    }
    long after = ResidentMemory.bytes();
    System.out.printf(
        "%d answers, %d tokens; resident: %d MB after a fifth of the time, %d MB at the end%n",
        answers, tokens, before / 1_000_000, after / 1_000_000);
    assertEquals(0, NativeCount.live());
    assertTrue(after - before < NOISE_BYTES, before + " bytes became " + after);
  }

  /** Some short, some long; of a few conversations, so that caches are shared and given up. */
  private GenerateRequest request() {
    String said = "What is two plus three? ".repeat(1 + random.nextInt(12));
    return GenerateRequest.of(said).toBuilder()
        .conversationId("conversation " + random.nextInt(20))
        .sampling(Sampling.builder().temperature(1.0).maxTokens(1 + random.nextInt(64)).build())
        .build();
  }
}
