package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts by the thousand while everything around them changes. */
final class RoutingStormTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int PIECES = 20;
  private static final String SETTINGS =
      """
      finch.routing { live-limit = 100000, waiting.limit = 100000 }
      finch.cloud.breaker { failures = 1000, pause = 1ms, longest-pause = 1ms }
      """;

  @TempDir private static Path states;

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void losesAndDoublesNoneOfTenThousandPromptsWhileTheModelComesAndGoes() throws Exception {
    int prompts = 10_000;
    int flips = 100;
    Ensemble ensemble = new Ensemble(KIT, fresh(), SETTINGS).claude(RoutingStormTest::words);
    ActorRef<Inference.Command> local = ensemble.spawnLocal(RoutingStormTest::words);
    List<CompletableFuture<List<AnswerEvent>>> answers = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      if (i % (prompts / flips) == 0) {
        flip(ensemble, local, i / (prompts / flips) % 2 == 0);
      }
      WhenNotReady when = i % 3 == 0 ? WhenNotReady.WAIT : WhenNotReady.FORWARD;
      answers.add(
          Exchanges.stream(
                  ensemble.exchanges,
                  GenerateRequest.builder().id("p" + i).user("hi").whenNotReady(when).build())
              .runWith(Sink.seq(), KIT.system())
              .toCompletableFuture());
    }
    flip(ensemble, local, true);
    for (int i = 0; i < prompts; i++) {
      List<AnswerEvent> events = answers.get(i).get(60, TimeUnit.SECONDS);
      assertEquals(whole("p" + i), Ensemble.text(events));
      assertEquals(1, events.stream().filter(AnswerEvent.Terminal.class::isInstance).count());
    }
    List<Inference.Generate> all = new ArrayList<>(ensemble.localHeard.generates());
    all.addAll(ensemble.claudeHeard.sent());
    Set<String> answered =
        all.stream()
            .map(each -> each.request().id())
            .collect(Collectors.toCollection(HashSet::new));
    assertEquals(prompts, all.size(), "each prompt was given to one provider, once");
    assertEquals(prompts, answered.size());
    LedgerReport report = report(ensemble);
    assertEquals(ensemble.claudeHeard.sent().size(), report.requests());
    assertEquals(report.requests() * PIECES, report.completionTokens());
    assertEquals(report.requests() * 7, report.promptTokens());
    assertEquals(report.requests() * 100, report.bytesOut());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsTheContractUnderAnySchedule(long seed) throws Exception {
    Random random = new Random(seed);
    Random scripts = new Random(~seed);
    Ensemble ensemble =
        new Ensemble(KIT, fresh(), SETTINGS).claude(each -> misbehave(scripts, each));
    ActorRef<Inference.Command> local = spawnLocal(ensemble, random.nextLong());
    flip(ensemble, local, random.nextBoolean());
    Map<String, CompletableFuture<List<AnswerEvent>>> answers = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(30)) {
        case 0 -> flip(ensemble, local, true);
        case 1 -> flip(ensemble, local, false);
        case 2 -> {
          KIT.stop(local);
          local = spawnLocal(ensemble, random.nextLong());
          flip(ensemble, local, random.nextBoolean());
        }
        default -> {}
      }
      GenerateRequest request = request(random, "s" + seed + "-" + i);
      var source = Exchanges.stream(ensemble.exchanges, request);
      int leaveAfter = random.nextInt(10) == 0 ? random.nextInt(PIECES) : Integer.MAX_VALUE;
      answers.put(
          request.id(),
          source.take(leaveAfter).runWith(Sink.seq(), KIT.system()).toCompletableFuture());
    }
    flip(ensemble, spawnLocal(ensemble, random.nextLong()), true);
    for (Map.Entry<String, CompletableFuture<List<AnswerEvent>>> each : answers.entrySet()) {
      check(each.getKey(), each.getValue().get(60, TimeUnit.SECONDS));
    }
    for (Inference.Generate sent : ensemble.claudeHeard.sent()) {
      assertTrue(sent.request().effectivePrivacy() != Privacy.LOCAL_ONLY, sent.toString());
    }
    for (Inference.Generate kept : ensemble.localHeard.generates()) {
      assertTrue(kept.request().privacy() != Privacy.CLOUD_ONLY, kept.toString());
    }
    KIT.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(20),
            () -> {
              checkLedger(ensemble);
              return true;
            });
  }

  private static ActorRef<Inference.Command> spawnLocal(Ensemble ensemble, long seed) {
    Random scripts = new Random(seed);
    return ensemble.spawnLocal(each -> misbehave(scripts, each));
  }

  private static void check(String id, List<AnswerEvent> events) {
    long terminals = events.stream().filter(AnswerEvent.Terminal.class::isInstance).count();
    long starts = events.stream().filter(AnswerEvent.Started.class::isInstance).count();
    assertTrue(terminals <= 1 && starts <= 1, () -> id + " " + events);
    String text =
        events.stream()
            .filter(AnswerEvent.Delta.class::isInstance)
            .map(event -> ((AnswerEvent.Delta) event).text())
            .collect(Collectors.joining());
    assertTrue(whole(id).startsWith(text), () -> id + " " + text);
    if (!events.isEmpty() && events.getLast() instanceof AnswerEvent.Finished) {
      assertEquals(whole(id), text);
      assertEquals(1, starts);
    }
  }

  private static void checkLedger(Ensemble ensemble) throws IOException {
    List<Inference.Generate> sent = ensemble.claudeHeard.sent();
    LedgerReport report = report(ensemble);
    assertTrue(report.requests() >= sent.size(), "everything sent was written down before");
    Map<String, Integer> generates = new HashMap<>();
    sent.forEach(each -> generates.merge(each.request().id(), 1, Integer::sum));
    for (LedgerReport.Entry entry : report.newest()) {
      assertTrue(!entry.outcome().equals("UNFINISHED"), entry.toString());
      if (entry.outcome().equals("STOP")) {
        assertEquals(
            List.of(7L, (long) PIECES, 100L),
            List.of(entry.promptTokens(), entry.completionTokens(), entry.bytesOut()));
        assertTrue(generates.containsKey(entry.requestId()), entry.toString());
      }
    }
  }

  private static GenerateRequest request(Random random, String id) {
    Privacy privacy =
        switch (random.nextInt(6)) {
          case 0 -> Privacy.CLOUD_ONLY;
          case 1, 2 -> Privacy.LOCAL_ONLY;
          default -> Privacy.LOCAL_FIRST;
        };
    return GenerateRequest.builder()
        .id(id)
        .user("hi")
        .privacy(privacy)
        .whenNotReady(random.nextBoolean() ? WhenNotReady.WAIT : WhenNotReady.FORWARD)
        .build();
  }

  /** Answers in full half the time; else it refuses, fails or stops in the middle. */
  private static Script misbehave(Random random, Inference.Generate generate) {
    String[] all = pieces(generate.request().id());
    String[] some = java.util.Arrays.copyOf(all, random.nextInt(PIECES));
    Failure failed = Samples.failure(FailureCode.CLAUDE_OVERLOADED);
    return switch (random.nextInt(10)) {
      case 0 -> Script.rejects(Samples.failure(FailureCode.BUSY));
      case 1 -> Script.rejects(Samples.failure(FailureCode.DRAINING));
      case 2 -> Script.fails(failed).overTheNetwork(100);
      case 3 -> Script.fails(failed, some).overTheNetwork(100);
      case 4 -> Script.rejects(Samples.failure(FailureCode.CONTEXT_OVERFLOW));
      default -> Script.says(all).overTheNetwork(100);
    };
  }

  private static Script words(Inference.Generate generate) {
    return Script.says(pieces(generate.request().id())).overTheNetwork(100);
  }

  private static String[] pieces(String id) {
    return IntStream.range(0, PIECES).mapToObj(i -> id + ":" + i + " ").toArray(String[]::new);
  }

  private static String whole(String id) {
    return String.join("", pieces(id));
  }

  private static void flip(Ensemble ensemble, ActorRef<Inference.Command> local, boolean ready) {
    if (ready) {
      ensemble.ready(local, 4, 16);
    } else {
      RuntimeState loading = Samples.preparing(Samples.downloading(Samples.SMALL));
      ensemble.router.tell(new Router.RuntimeChanged(loading, null));
    }
  }

  private static LedgerReport report(Ensemble ensemble) {
    return Ensemble.ledger(KIT, ensemble.exchanges);
  }

  private static Path fresh() throws IOException {
    return Files.createTempDirectory(states, "state");
  }
}
