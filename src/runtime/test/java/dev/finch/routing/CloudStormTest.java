package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.claude.ClaudeClient;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.ClaudeSettings;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.WhenNotReady;
import dev.finch.provider.Inference;
import dev.finch.routing.ScriptedProvider.Script;
import dev.finch.settings.Section;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Prompts through Router, Exchange, ledger and the real client to a Claude that misbehaves at every
 * byte, while the local model comes, goes, dies and misbehaves too.
 */
final class CloudStormTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int PROMPTS = 200;
  private static final int PIECES = 20;
  private static final int PROMPT_TOKENS = 7;
  private static final String MARK = "PRIVATE";

  /** How requests end in every run; without these the storm would be a breeze. */
  private static final Set<String> EXPECTED =
      Set.of(
          "STOP",
          "CANCELLED",
          "CLAUDE_STREAM_CUT",
          "CLAUDE_OVERLOADED",
          "CLAUDE_UNREACHABLE",
          "CLAUDE_SPEND_LIMIT");

  private static final String SETTINGS =
      """
      finch.routing { live-limit = 100000, waiting.limit = 100000 }
      finch.cloud.breaker { failures = 1000, pause = 1ms, longest-pause = 1ms, spend-limit-pause = 1s }
      """;

  @TempDir private static Path states;

  /**
   * Prompts that were asked.
   *
   * @param answers by the prompt's id
   * @param left whether the reader leaves early
   */
  private record Run(
      Map<String, CompletableFuture<List<AnswerEvent>>> answers, Map<String, Boolean> left) {}

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void keepsItsPromisesWhateverClaudeAndTheLocalModelDo(long seed) throws Exception {
    Run run = new Run(new HashMap<>(), new HashMap<>());
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      claude.answerAlways(
          (request, wire) -> {
            String id = id(request);
            misbehave(new Random(seed ^ id.hashCode()), id).play(request, wire);
          });
      Ensemble ensemble =
          new Ensemble(KIT, Files.createTempDirectory(states, "state"), SETTINGS)
              .claude(KIT.spawn(ClaudeClient.create(settings(claude))));
      ask(new Random(seed), ensemble, run, "s" + seed + "-");
      for (Map.Entry<String, CompletableFuture<List<AnswerEvent>>> each : run.answers.entrySet()) {
        String id = each.getKey();
        checkAnswer(id, each.getValue().get(90, TimeUnit.SECONDS), run.left.get(id));
      }
      for (LoopbackClaude.Received request : claude.requests()) {
        assertFalse(request.body().utf8String().contains(MARK), "a private prompt left");
      }
      KIT.createTestProbe()
          .awaitAssert(
              Duration.ofSeconds(20),
              () -> {
                checkLedger(Ensemble.ledger(KIT, ensemble.exchanges), claude, run);
                return true;
              });
    }
  }

  private static void ask(Random random, Ensemble ensemble, Run run, String prefix) {
    ActorRef<Inference.Command> local = spawnLocal(ensemble, random.nextLong());
    for (int i = 0; i < PROMPTS; i++) {
      switch (random.nextInt(15)) {
        case 0 -> ensemble.ready(local, 4, 16);
        case 1, 2 -> ensemble.preparing(Samples.downloading(Samples.SMALL));
        case 3 -> {
          KIT.stop(local);
          local = spawnLocal(ensemble, random.nextLong());
          ensemble.preparing(Samples.downloading(Samples.SMALL));
        }
        default -> {}
      }
      String id = prefix + i;
      boolean leaves = random.nextInt(8) == 0;
      run.left.put(id, leaves);
      run.answers.put(
          id,
          Exchanges.stream(ensemble.exchanges, request(random, id))
              .take(leaves ? random.nextInt(PIECES) : Integer.MAX_VALUE)
              .runWith(Sink.seq(), KIT.system())
              .toCompletableFuture());
    }
    ensemble.ready(spawnLocal(ensemble, random.nextLong()), 4, 16);
  }

  private static GenerateRequest request(Random random, String id) {
    GenerateRequest.Builder builder =
        GenerateRequest.builder()
            .id(id)
            .user("id=" + id)
            .whenNotReady(random.nextBoolean() ? WhenNotReady.WAIT : WhenNotReady.FORWARD);
    switch (random.nextInt(8)) {
      case 0 -> builder.privacy(Privacy.LOCAL_ONLY).user(MARK + " id=" + id);
      case 1 ->
          builder.messages(
              List.of(
                  ChatMessage.user(MARK).withPrivacy(Privacy.LOCAL_ONLY),
                  ChatMessage.assistant("Yes?", List.of()),
                  ChatMessage.user("id=" + id)));
      case 2, 3 -> builder.privacy(Privacy.CLOUD_ONLY);
      default -> {}
    }
    return builder.build();
  }

  private static void checkAnswer(String id, List<AnswerEvent> events, boolean left) {
    List<AnswerEvent> ends =
        events.stream().filter(AnswerEvent.Terminal.class::isInstance).toList();
    String text =
        events.stream()
            .filter(AnswerEvent.Delta.class::isInstance)
            .map(event -> ((AnswerEvent.Delta) event).text())
            .collect(Collectors.joining());
    assertTrue(whole(id).startsWith(text), () -> id + " said " + text);
    if (left) {
      assertTrue(ends.size() <= 1, () -> id + " " + ends);
      return;
    }
    assertEquals(1, ends.size(), () -> id + " " + ends);
    assertEquals(ends.getFirst(), events.getLast());
    if (ends.getFirst() instanceof AnswerEvent.Finished) {
      assertEquals(whole(id), text);
    } else {
      FailureCode code =
          assertInstanceOf(AnswerEvent.Failed.class, ends.getFirst()).failure().code();
      assertTrue(code != FailureCode.INTERNAL, () -> id + " " + ends);
    }
  }

  /** Every request that reached Claude stands in the ledger, to the byte, and nothing else does. */
  private static void checkLedger(LedgerReport report, LoopbackClaude claude, Run run) {
    Map<String, List<LedgerReport.Entry>> entries =
        report.newest().stream()
            .filter(LedgerReport.Entry::left)
            .collect(Collectors.groupingBy(LedgerReport.Entry::requestId));
    Map<String, List<LoopbackClaude.Received>> received =
        claude.messages().stream().collect(Collectors.groupingBy(CloudStormTest::id));
    assertTrue(received.size() > PROMPTS / 4, "much was sent: " + received.size());
    Map<String, Long> outcomes =
        report.newest().stream()
            .collect(Collectors.groupingBy(LedgerReport.Entry::outcome, Collectors.counting()));
    assertTrue(outcomes.keySet().containsAll(EXPECTED), outcomes::toString);
    for (Map.Entry<String, Boolean> prompt : run.left.entrySet()) {
      String id = prompt.getKey();
      List<LedgerReport.Entry> noted = entries.getOrDefault(id, List.of());
      List<LoopbackClaude.Received> came = received.getOrDefault(id, List.of());
      long bytes = came.stream().mapToLong(each -> each.body().size()).sum();
      long notedBytes = noted.stream().mapToLong(LedgerReport.Entry::bytesOut).sum();
      if (prompt.getValue()) {
        assertTrue(noted.size() >= came.size() && notedBytes >= bytes, id + " " + noted);
      } else {
        assertEquals(came.size(), noted.size(), id + " " + noted);
        assertEquals(bytes, notedBytes, id + " " + noted);
      }
      noted.forEach(CloudStormTest::checkEntry);
    }
  }

  private static void checkEntry(LedgerReport.Entry entry) {
    assertTrue(!entry.outcome().equals("UNFINISHED"), entry.toString());
    if (entry.outcome().equals("STOP")) {
      assertEquals(PROMPT_TOKENS, entry.promptTokens());
      assertEquals(PIECES, entry.completionTokens());
      assertFalse(entry.estimated());
    } else if (entry.promptTokens() > 0) {
      assertTrue(entry.estimated(), entry.toString());
      boolean begun = entry.promptTokens() == PROMPT_TOKENS;
      assertTrue(
          begun ? entry.completionTokens() <= 1024 : entry.completionTokens() == 8192,
          "by what came and a margin where Claude had begun, else at its bound: " + entry);
    }
  }

  /** The faults, each by its place in the list; one request fares alike each time it is sent. */
  private static ClaudeScript misbehave(Random random, String id) {
    byte[] body = String.join("", events(id)).getBytes(StandardCharsets.UTF_8);
    int somewhere = random.nextInt(body.length);
    CountDownLatch open = new CountDownLatch(0);
    return switch (random.nextInt(14)) {
      case 0 -> ClaudeScript.cutAfter(string(body), somewhere, open);
      case 1 -> ClaudeScript.cutAfter(string(body), insideTheBird(body), open);
      case 2 -> ClaudeScript.resetAfter(open, string(Arrays.copyOf(body, somewhere)));
      case 3 -> ClaudeScript.reset();
      case 4 -> ClaudeScript.error(529, "overloaded_error", "busy", "retry-after-ms: 1");
      case 5 -> ClaudeScript.codedError(429, "rate_limit_error", "enforced_spend_limit_reached");
      case 6 -> ClaudeScript.endEarly(events(id).subList(0, 5).toArray(String[]::new));
      case 7 ->
          ClaudeScript.stream(
              events(id).get(0),
              events(id).get(1),
              events(id).get(2),
              Transcripts.error("overloaded_error", "busy"));
      case 8 -> ClaudeScript.stream(giantPing(), string(body));
      case 9 ->
          (request, wire) -> {
            LockSupport.parkNanos(Duration.ofMillis(30).toNanos()); // slow headers
            ClaudeScript.stream(events(id)).play(request, wire);
          };
      default -> ClaudeScript.dribble(string(body), 1 + random.nextInt(200));
    };
  }

  private static List<String> events(String id) {
    List<String> events = new ArrayList<>();
    events.add(Transcripts.messageStart(Samples.CLAUDE_MODEL, PROMPT_TOKENS));
    events.add(Transcripts.textStart(0));
    for (String piece : pieces(id)) {
      events.add(Transcripts.textDelta(0, piece));
    }
    events.add(Transcripts.blockStop(0));
    events.add(Transcripts.messageDelta("end_turn", PIECES));
    events.add(Transcripts.messageStop());
    return events;
  }

  private static String giantPing() {
    return Transcripts.event(
        "ping", "{\"type\":\"ping\",\"padding\":\"" + "p".repeat(1 << 20) + "\"}");
  }

  private static int insideTheBird(byte[] body) {
    byte first = "🐦".getBytes(StandardCharsets.UTF_8)[0];
    int bird =
        IntStream.range(0, body.length).filter(i -> body[i] == first).findFirst().orElseThrow();
    return bird + 2;
  }

  private static String id(LoopbackClaude.Received request) {
    String content = request.json().path("messages").path(0).path("content").asText();
    return content.substring(content.indexOf("id=") + 3);
  }

  private static ActorRef<Inference.Command> spawnLocal(Ensemble ensemble, long seed) {
    Random random = new Random(seed);
    return ensemble.spawnLocal(
        generate -> {
          String[] all = pieces(generate.request().id());
          return switch (random.nextInt(10)) {
            case 0 -> Script.rejects(Samples.failure(FailureCode.BUSY));
            case 1 -> Script.rejects(Samples.failure(FailureCode.DRAINING));
            case 2 -> Script.fails(Samples.failure(FailureCode.ENGINE_FAILED));
            case 3 ->
                Script.fails(
                    Samples.failure(FailureCode.ENGINE_FAILED),
                    Arrays.copyOf(all, random.nextInt(PIECES)));
            case 4 -> Script.rejects(Samples.failure(FailureCode.CONTEXT_OVERFLOW));
            default -> Script.says(all);
          };
        });
  }

  private static String[] pieces(String id) {
    return IntStream.range(0, PIECES).mapToObj(i -> id + ":" + i + "🐦 ").toArray(String[]::new);
  }

  private static String whole(String id) {
    return String.join("", pieces(id));
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ClaudeSettings settings(LoopbackClaude claude) {
    return ClaudeSettings.from(
        Section.of(
            ConfigFactory.parseString("finch.cloud { lifecycle.refresh = 0, retries.most = 1 }")
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve(),
            "finch.cloud"),
        Map.of("ANTHROPIC_API_KEY", "sk-ant-loopback", "ANTHROPIC_BASE_URL", claude.url()));
  }
}
