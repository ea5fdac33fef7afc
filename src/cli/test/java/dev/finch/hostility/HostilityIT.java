package dev.finch.hostility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything hostile at random, beside honest clients. What happens is told by the seed, which
 * stands in the output: {@code -Dhostility.seed=N} draws the same attacks in the same order, and
 * {@code -Dhostility.attacks=FROM-TO} only those with these numbers.
 */
final class HostilityIT {

  private static final int HOSTILE = 6;
  private static final int HONEST = 3;
  private static final int AN_HONEST_QUESTION_A_SECOND = 250;

  /** Beside six attackers on two cores that compilers share. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // Margins: pools and caches that had no reason yet to grow, never one for each request.
  private static final long HEAP_MARGIN = 32L << 20;
  private static final long RESIDENT_MARGIN = 128L << 20;
  private static final long THREADS_MARGIN = 16;
  private static final long DESCRIPTORS_MARGIN = 16;

  /** What takes longer is told, for the sake of the next run. */
  private static final Duration LONG = Duration.ofSeconds(5);

  private static final Duration SETTLING = Duration.ofSeconds(90);

  @TempDir Path directory;

  private final List<Attack> attacks = Attack.all();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong slowest = new AtomicLong();
  private final Map<Long, String> underWay = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, String> right = new ConcurrentHashMap<>();

  @Test
  void honestClientsAreAnsweredRightBesideAMinuteOfHostility() throws Exception {
    endures(Duration.ofMinutes(1));
  }

  @Test
  @Tag("soak")
  void honestClientsAreAnsweredRightBesideTenMinutesOfHostility() throws Exception {
    endures(Duration.ofMinutes(10));
  }

  private void endures(Duration time) throws Exception {
    long seed = Long.getLong("hostility.seed", System.nanoTime());
    System.out.println("hostility: -Dhostility.seed=" + seed);
    String[] only = System.getProperty("hostility.attacks", "0-" + (1L << 60)).split("-", 2);
    next.set(Long.parseLong(only[0]));
    long after = Long.parseLong(only[1]) + 1;
    try (LyingClaude claude = new LyingClaude();
        LyingHub hub = new LyingHub();
        ServedFinch finch = ServedFinch.start(directory, claude.url(), hub.url());
        HonestClient honest = new HonestClient(finch.address, PATIENCE)) {
      learn(honest);
      Target target = new Target(finch.socketAddress(), directory);
      run(finch, target, honest, seed, Math.min(after, attacks.size()), Long.MAX_VALUE);
      ServedFinch.Holdings before = settled(finch, null);
      run(finch, target, honest, seed, after, System.nanoTime() + time.toNanos());
      ServedFinch.Holdings left = settled(finch, before);
      System.out.printf(
          "hostility: %d attacks, %d honest answers, slowest %d ms%nbefore: %s%nafter:  %s%n",
          next.get(), answers.get(), slowest.get(), before, left);
      assertNothingIsLeft(finch, before, left);
      assertEquals(List.of(), unexplained(finch.log()), () -> fate(finch, seed));
      assertEquals(0, finch.stop(), () -> fate(finch, seed));
    }
  }

  private void learn(HonestClient honest) throws IOException, InterruptedException {
    for (String question : HonestClient.QUESTIONS) {
      right.put(question, honest.ask(HonestClient.WAYS.getFirst(), question));
      for (HonestClient.Way way : HonestClient.WAYS) {
        assertEquals(right.get(question), honest.ask(way, question), way + " " + question);
      }
    }
    assertEquals("The capital of France is Paris.", right.get(HonestClient.QUESTIONS.getFirst()));
  }

  /** Attacks up to this number and until this time, with honest clients beside them. */
  private void run(
      ServedFinch finch, Target target, HonestClient honest, long seed, long after, long end)
      throws Exception {
    List<Thread> hostile = new ArrayList<>();
    for (int i = 0; i < HOSTILE; i++) {
      hostile.add(Thread.ofVirtual().start(() -> attack(finch, target, seed, after, end)));
    }
    List<Thread> asking = new ArrayList<>();
    for (int i = 0; i < HONEST; i++) {
      Random random = new Random(seed + i);
      asking.add(Thread.ofVirtual().start(() -> askOn(honest, hostile, random)));
    }
    for (Thread thread : hostile) {
      while (!thread.join(Duration.ofMinutes(1)) && finch.isAlive()) {
        System.out.println("hostility: " + next.get() + " attacks, " + finch.holdings());
      }
    }
    for (Thread thread : asking) {
      thread.join();
    }
    assertTrue(finch.isAlive(), () -> fate(finch, seed));
    assertEquals(List.of(), List.copyOf(wrong), () -> fate(finch, seed));
  }

  private void attack(ServedFinch finch, Target target, long seed, long after, long end) {
    while (finch.isAlive() && wrong.isEmpty() && System.nanoTime() - end < 0) {
      long number = next.getAndIncrement();
      if (number >= after) {
        next.decrementAndGet();
        return;
      }
      Random random = new Random(seed ^ number * 0x9E3779B97F4A7C15L);
      Attack attack = Attack.at(attacks, number, random);
      underWay.put(number, attack.name());
      long begun = System.nanoTime();
      try {
        String answer = attack.deed().commit(target, random);
        if (answer.startsWith("HTTP/1.1 500")) {
          wrong.add(number + ", " + attack.name() + ": " + answer);
        }
      } catch (IOException _) {
        // Such a client may be turned away at any time; the honest ones may not.
      } catch (InterruptedException | RuntimeException | AssertionError e) {
        wrong.add(number + ", " + attack.name() + ": " + e);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      if (took.compareTo(LONG) > 0) {
        System.out.println("hostility: " + number + ", " + attack.name() + " took " + took);
      }
      if (finch.isAlive()) {
        underWay.remove(number);
      }
    }
  }

  private void askOn(HonestClient honest, List<Thread> hostile, Random random) {
    while (hostile.stream().anyMatch(Thread::isAlive) && wrong.isEmpty()) {
      HonestClient.Way way = HonestClient.WAYS.get(random.nextInt(HonestClient.WAYS.size()));
      String question = HonestClient.QUESTIONS.get(random.nextInt(HonestClient.QUESTIONS.size()));
      long begun = System.nanoTime();
      String answer;
      try {
        answer = honest.ask(way, question);
      } catch (IOException | InterruptedException e) {
        answer = e.toString();
      }
      long took = (System.nanoTime() - begun) / 1_000_000;
      slowest.accumulateAndGet(took, Math::max);
      if (answer.equals(right.get(question))) {
        answers.incrementAndGet();
      } else {
        wrong.add("honest " + way + " " + question + " after " + took + " ms: " + answer);
      }
      LockSupport.parkNanos(Duration.ofMillis(AN_HONEST_QUESTION_A_SECOND).toNanos());
    }
  }

  /** What it holds when nothing changes any more, or when it is as before. */
  private static ServedFinch.Holdings settled(
      ServedFinch finch, ServedFinch.@Nullable Holdings before)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SETTLING.toNanos();
    ServedFinch.Holdings last = finch.holdings();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      ServedFinch.Holdings now = finch.holdings();
      boolean enough =
          before == null
              ? now.threads() == last.threads() && now.descriptors() == last.descriptors()
              : grown(before, now).isEmpty();
      if (enough) {
        return now;
      }
      last = now;
    }
    return last;
  }

  private static void assertNothingIsLeft(
      ServedFinch finch, ServedFinch.Holdings before, ServedFinch.Holdings after)
      throws IOException, InterruptedException {
    List<String> grown = grown(before, after);
    if (!grown.isEmpty()) {
      throw new AssertionError(
          grown + " grew: before " + before + ", after " + after + "\n" + finch.stacks());
    }
  }

  private static List<String> grown(ServedFinch.Holdings before, ServedFinch.Holdings after) {
    List<String> grown = new ArrayList<>();
    if (after.heap() > before.heap() + HEAP_MARGIN) {
      grown.add("heap");
    }
    if (after.resident() > before.resident() + RESIDENT_MARGIN) {
      grown.add("resident");
    }
    if (after.threads() > before.threads() + THREADS_MARGIN) {
      grown.add("threads");
    }
    if (after.descriptors() > before.descriptors() + DESCRIPTORS_MARGIN) {
      grown.add("descriptors");
    }
    return grown;
  }

  /** Errors and stack traces; nothing that a client sends is one. */
  private static List<String> unexplained(List<String> log) {
    return log.stream()
        .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat "))
        .limit(20)
        .toList();
  }

  private String fate(ServedFinch finch, long seed) {
    try {
      return "seed " + seed + "; under way " + underWay + "; " + finch.fate();
    } catch (IOException e) {
      return "seed " + seed + "; under way " + underWay + "; " + e;
    }
  }
}
