package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Everything that a network and a cloud can do to an answer. */
final class ClaudeFaultsTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String MODEL = "claude-haiku-5-5";
  private static final String TEXT = "Ein Gruß 🐦 aus Zürich";
  private static final String SOON = "retry-after-ms: 5";

  private LoopbackClaude claude;

  @BeforeEach
  void start() {
    claude = LoopbackClaude.start();
  }

  @AfterEach
  void stop() {
    claude.close();
  }

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  private Reader ask(String... overrides) {
    return Reader.ask(
        KIT,
        KIT.spawn(ClaudeClient.create(CloudSettings.of(claude, overrides))),
        GenerateRequest.of("Hi"));
  }

  private static String body(String text) {
    return String.join("", Transcripts.text(MODEL, text));
  }

  private static String[] opening(String text) {
    return new String[] {
      Transcripts.messageStart(MODEL, 3), Transcripts.textStart(0), Transcripts.textDelta(0, text)
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void readsADribbleByteByByte(int pieceLength) {
    claude.enqueue(ClaudeScript.dribble(body(TEXT), pieceLength));
    assertEquals(TEXT, ask().answer().text());
  }

  @Test
  void takesACutStreamForAFailureAtEveryPlaceOfTheCut() {
    byte[] bytes = body(TEXT).getBytes(StandardCharsets.UTF_8);
    int bird =
        body(TEXT).substring(0, body(TEXT).indexOf("🐦")).getBytes(StandardCharsets.UTF_8).length;
    List<Integer> places =
        List.of(bird + 1, bird + 2, bird + 40, bytes.length - 3, bytes.length - 30);
    ActorRef<Inference.Command> client = KIT.spawn(ClaudeClient.create(CloudSettings.of(claude)));
    for (int place : places) {
      CountDownLatch seen = new CountDownLatch(1);
      claude.enqueue(ClaudeScript.cutAfter(body(TEXT), place, seen));
      Reader reader = Reader.ask(KIT, client, GenerateRequest.of("Hi"));
      assertInstanceOf(AnswerEvent.Started.class, reader.nextEvent());
      seen.countDown();
      Failure failure = reader.failure();
      assertEquals(FailureCode.CLAUDE_STREAM_CUT, failure.code(), "cut after " + place);
      assertTrue(failure.retryable());
    }
    assertEquals(places.size(), claude.messages().size());
  }

  @Test
  void whatSpeaksNoHttpIsAFailureOfTheRequestAndNoErrorInTheLog() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    root.addAppender(lines);
    claude.answerAlways((_, wire) -> wire.raw("=no HTTP at all\r\n\r\n"));
    Failure failure = ask("retries.most = 0").failure();
    root.detachAppender(lines);

    assertTrue(failure.code().name().startsWith("CLAUDE_"), failure.describe());
    assertEquals(
        List.of(),
        List.copyOf(lines.list).stream()
            .filter(line -> line.getLevel() == Level.ERROR)
            .map(ILoggingEvent::getFormattedMessage)
            .toList());
  }

  @Test
  void takesACleanEndWithoutMessageStopForAFailure() {
    claude.enqueue(ClaudeScript.endEarly(opening("half an ans")));
    assertEquals(FailureCode.CLAUDE_STREAM_CUT, ask().failure().code());

    String[] withoutStop = {
      Transcripts.messageStart(MODEL, 3),
      Transcripts.textStart(0),
      Transcripts.textDelta(0, "x"),
      Transcripts.blockStop(0),
      Transcripts.messageDelta("end_turn", 3)
    };
    claude.enqueue(ClaudeScript.endEarly(withoutStop));
    assertEquals(FailureCode.CLAUDE_STREAM_CUT, ask().failure().code());
  }

  @Test
  void aResetInTheMiddleIsACutAndIsNotRepeated() {
    CountDownLatch seen = new CountDownLatch(1);
    claude.enqueue(ClaudeScript.resetAfter(seen, opening("half an ans")));
    Reader reader = ask();
    assertInstanceOf(AnswerEvent.Started.class, reader.nextEvent());
    seen.countDown();
    assertEquals(FailureCode.CLAUDE_STREAM_CUT, reader.failure().code());
    assertEquals(1, claude.messages().size());
  }

  @Test
  void repeatsWhatCameToNothingBeforeAnyContent() {
    claude.enqueue(ClaudeScript.reset(), ClaudeScript.endEarly(Transcripts.messageStart(MODEL, 3)));
    List<Inference.Reply> replies = ask().rest();

    assertEquals(3, claude.messages().size());
    List<Inference.Egress> each =
        replies.stream()
            .filter(Inference.Egress.class::isInstance)
            .map(Inference.Egress.class::cast)
            .toList();
    assertEquals(3, each.size(), "each request is told by itself");
    assertEquals(claude.bytesIn(), each.stream().mapToLong(Inference.Egress::bytesOut).sum());
    assertNull(each.get(0).counted());
    assertEquals(TokenUsage.of(3, EstimatedTokens.MARGIN), each.get(1).counted());
    assertFalse(each.get(1).free(), "Claude had begun to answer");
    assertInstanceOf(AnswerEvent.Finished.class, ((Inference.Emitted) replies.getLast()).event());
  }

  @Test
  void givesUpAfterTwoRetries() {
    claude.answerAlways(ClaudeScript.reset());
    Failure failure = ask().failure();
    assertEquals(FailureCode.CLAUDE_UNREACHABLE, failure.code());
    assertTrue(failure.retryable());
    assertEquals(3, claude.messages().size());
  }

  @Test
  void outlastsAShortStormAndReportsALongOne() {
    ClaudeScript busy = ClaudeScript.error(529, "overloaded_error", "Overloaded", SOON);
    claude.enqueue(busy, busy);
    assertEquals("Hello from Claude.", ask().answer().text());

    claude.answerAlways(busy);
    Failure failure = ask().failure();
    assertEquals(FailureCode.CLAUDE_OVERLOADED, failure.code());
    assertTrue(failure.retryable());
    assertEquals(6, claude.messages().size());
  }

  @Test
  void neverRepeatsWhatASpendLimitRefused() {
    for (String code : List.of("enforced_spend_limit_reached", "contract_spend_limit_reached")) {
      claude.enqueue(ClaudeScript.codedError(429, "rate_limit_error", code));
      Failure failure = ask().failure();
      assertEquals(FailureCode.CLAUDE_SPEND_LIMIT, failure.code());
      assertFalse(failure.retryable());
    }
    assertEquals(2, claude.messages().size());
  }

  @Test
  void obeysClaudeAboutWhetherAndWhenToRepeat() {
    claude.enqueue(
        ClaudeScript.error(529, "overloaded_error", "Overloaded", "x-should-retry: false"));
    assertEquals(FailureCode.CLAUDE_OVERLOADED, ask().failure().code());
    assertEquals(1, claude.messages().size());

    claude.enqueue(
        ClaudeScript.error(400, "invalid_request_error", "odd", "x-should-retry: true", SOON));
    assertEquals("Hello from Claude.", ask().answer().text());
    assertEquals(3, claude.messages().size());

    claude.enqueue(ClaudeScript.error(429, "rate_limit_error", "slow down", "retry-after: 3600"));
    Failure failure = ask().failure();
    assertEquals(FailureCode.CLAUDE_RATE_LIMITED, failure.code());
    assertEquals(Duration.ofHours(1), failure.retryAfter().orElse(null));
    assertEquals(4, claude.messages().size());
  }

  @Test
  void anErrorEventAfterContentFailsAndOneBeforeIsRepeated() {
    String overloaded = Transcripts.error("overloaded_error", "Overloaded");
    String[] opening = opening("half an ans");
    claude.enqueue(ClaudeScript.stream(opening[0], opening[1], opening[2], overloaded));
    Failure failure = ask().failure();
    assertEquals(FailureCode.CLAUDE_OVERLOADED, failure.code());
    assertEquals(1, claude.messages().size());

    claude.enqueue(ClaudeScript.stream(opening[0], overloaded));
    assertEquals("Hello from Claude.", ask().answer().text());
    assertEquals(3, claude.messages().size());
  }

  @Test
  void takesGiantLinesUpToItsBound() {
    String giant = "g".repeat(3 << 20);
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.messageStart(MODEL, 3),
            Transcripts.textStart(0),
            Transcripts.textDelta(0, giant),
            Transcripts.blockStop(0),
            Transcripts.messageDelta("end_turn", 3),
            Transcripts.messageStop()));
    assertEquals(giant, ask("limits.line = 4 MiB").answer().text());

    claude.enqueue(ClaudeScript.dribble(opening(giant)[2], 64 << 10));
    Failure failure = ask("limits.line = 1 MiB").failure();
    assertEquals(FailureCode.CLAUDE_PROTOCOL, failure.code());
    assertFalse(failure.retryable());
  }

  @Test
  void cutsAnAnswerThatDoesNotEnd() throws InterruptedException {
    String spam = Transcripts.textDelta(0, "spam ".repeat(200));
    claude.enqueue(endless(opening("x"), spam));
    Failure tooMuch = ask("max-tokens = 50").failure();
    claude.awaitAbandoned();
    claude.enqueue(endless(opening("x"), spam));
    Failure tooLong = ask("limits.answer = 1 MiB").failure();
    claude.awaitAbandoned();

    assertEquals(FailureCode.CLAUDE_PROTOCOL, tooMuch.code());
    assertTrue(tooMuch.message().contains("50 tokens"), tooMuch.message());
    assertEquals(FailureCode.CLAUDE_PROTOCOL, tooLong.code());
    assertTrue(tooLong.message().contains("finch.cloud.limits.answer"), tooLong.message());
  }

  @Test
  void cutsWhatNeverSaysAnything() throws InterruptedException {
    for (String noise :
        List.of(
            "event: ping\ndata: {\"type\":\"ping\"}\n\n",
            ": a comment\n",
            "\n",
            Transcripts.textStart(7),
            Transcripts.textDelta(99, "nobody opened this"))) {
      claude.enqueue(endless(new String[] {Transcripts.messageStart(MODEL, 3)}, noise));
      Failure failure = ask("limits.answer = 1 MiB").failure();
      claude.awaitAbandoned();

      assertEquals(FailureCode.CLAUDE_PROTOCOL, failure.code(), noise);
    }
  }

  @Test
  void pingsAloneKeepNoAnswerAlive() throws InterruptedException {
    for (String noise : List.of("event: ping\ndata: {\"type\":\"ping\"}\n\n", ": a comment\n")) {
      for (String[] begun : List.of(new String[0], opening("x"))) {
        claude.enqueue(endless(begun, noise));
        Failure failure =
            ask("limits.idle-timeout = 1s", "limits.answer = 4 GiB", "retries.most = 0").failure();
        claude.awaitAbandoned();

        assertEquals(FailureCode.CLAUDE_STREAM_CUT, failure.code(), failure.message());
        assertTrue(failure.message().contains("idle-timeout"), failure.message());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-9223372036854775808", "9223372036854775807", "51", "1e300", "1000000000"})
  void aCountThatCannotBeTrueIsReplacedByAnEstimate(String lie) {
    String[] events = {
      Transcripts.messageStart(MODEL, 3),
      Transcripts.textStart(0),
      Transcripts.textDelta(0, "two words"),
      Transcripts.blockStop(0),
      Transcripts.messageDelta("end_turn", 4711).replace("4711", lie),
      Transcripts.messageStop()
    };
    claude.enqueue(ClaudeScript.stream(events));
    Answer answer = ask("max-tokens = 50").answer();
    boolean number = !lie.contains("e");

    assertEquals(number, answer.cost().estimated(), answer.toString());
    assertEquals(number ? 50 : 1, answer.usage().completionTokens());
    assertEquals(3, answer.usage().promptTokens());
  }

  @Test
  void countsThatNobodyCanHaveAreCutDown() {
    for (String lie : List.of("9223372036854775807", "-5", "1e300", "99999999999999999999999")) {
      String start = Transcripts.messageStart(MODEL, 3).replace(":3,", ":" + lie + ",");
      claude.enqueue(
          ClaudeScript.stream(
              start,
              Transcripts.textStart(0),
              Transcripts.textDelta(0, "x"),
              Transcripts.blockStop(0),
              Transcripts.messageDelta("end_turn", 3),
              Transcripts.messageStop()));
      TokenUsage usage = ask().answer().usage();

      assertTrue(
          usage.promptTokens() >= 0 && usage.promptTokens() <= 3_000_000_000L, usage.toString());
      assertTrue(usage.totalTokens() >= 0, usage.toString());
    }
  }

  @Test
  void aRefusalWithoutEndIsARefusal() throws InterruptedException {
    claude.enqueue(
        (_, wire) -> {
          wire.begin(400, "application/json");
          for (int i = 0; i < 1_000_000; i++) {
            wire.send("x".repeat(1000));
          }
        });
    Failure failure = ask().failure();

    assertEquals(FailureCode.CLAUDE_REJECTED, failure.code());
    assertTrue(failure.message().length() < 1000, failure.message());
  }

  private static ClaudeScript endless(String[] opening, String more) {
    String many = more.repeat(Math.max(1, 10_000 / more.length()));
    return (request, wire) -> {
      ClaudeScript.stream(opening).play(request, wire);
      try {
        while (true) {
          wire.send(many);
        }
      } catch (IOException e) {
        wire.abandoned();
        throw e;
      }
    };
  }

  @Test
  void refusesWhatIsNotTheProtocol() {
    claude.enqueue(
        (_, wire) -> wire.whole(200, "text/html", "<h1>Log in".getBytes(StandardCharsets.UTF_8)));
    Failure page = ask().failure();
    assertEquals(FailureCode.CLAUDE_PROTOCOL, page.code());
    assertTrue(page.message().contains("text/html"), page.message());

    claude.enqueue(ClaudeScript.stream(Transcripts.event("message_start", "{broken")));
    assertEquals(FailureCode.CLAUDE_PROTOCOL, ask().failure().code());

    claude.enqueue((_, wire) -> wire.raw("SSH-2.0-OpenSSH_9.6\r\n\r\n"));
    assertEquals(FailureCode.CLAUDE_UNREACHABLE, ask("retries.most = 0").failure().code());

    claude.enqueue(ClaudeScript.json(302, "{}", "location: http://127.0.0.1:1/v1/messages"));
    assertEquals(FailureCode.CLAUDE_PROTOCOL, ask().failure().code());
  }

  /** RFC 9110, section 15.4: a gateway that lives at another path of the same place says so. */
  @Test
  void goesWhereAGatewayPointsOnItself() throws InterruptedException {
    for (int status : new int[] {301, 302, 307, 308}) {
      for (String there : List.of("/v1/messages?region=eu", claude.url() + "/v1/messages?at=2")) {
        int before = claude.messages().size();
        claude.enqueue(
            ClaudeScript.json(status, "{}", "location: " + there), ClaudeScript.text("There."));

        assertEquals("There.", ask().answer().text());
        var asked = claude.messages().subList(before, before + 2);
        assertEquals(asked.get(0).body(), asked.get(1).body());
        assertTrue(there.endsWith(asked.get(1).path()), asked.get(1).path());
      }
    }
  }

  @Test
  void goesNowhereElseAndSaysWhereItWasSent() {
    for (String there :
        List.of("http://127.0.0.1:1/v1/messages", "https://evil.test/", "//x.test/", "::")) {
      int before = claude.messages().size();
      claude.enqueue(ClaudeScript.json(307, "{}", "location: " + there));
      Failure failure = ask().failure();

      assertEquals(FailureCode.CLAUDE_PROTOCOL, failure.code());
      assertTrue(failure.message().contains("redirects to " + there), failure.message());
      assertEquals(before + 1, claude.messages().size());
    }
    claude.enqueue(ClaudeScript.json(303, "{}", "location: /v1/messages?x"));
    assertTrue(ask().failure().message().contains("status 303"));
    claude.answerAlways(ClaudeScript.json(307, "{}", "location: /v1/messages?round"));
    assertEquals(FailureCode.CLAUDE_PROTOCOL, ask().failure().code(), "it ends");
  }

  @Test
  void unpacksWhatCameCompressed() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body(TEXT).getBytes(StandardCharsets.UTF_8));
    }
    claude.enqueue(
        (_, wire) -> {
          wire.begin(200, "text/event-stream", "content-encoding: gzip");
          wire.send(packed.toByteArray());
        });
    List<Inference.Reply> replies = ask().rest();
    assertEquals(packed.size(), ((Inference.Egress) replies.get(replies.size() - 2)).bytesIn());
    assertInstanceOf(AnswerEvent.Finished.class, ((Inference.Emitted) replies.getLast()).event());
  }

  @Test
  void waitsForSlowHeadersAndThenForNoByteForever() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    claude.enqueue(ClaudeScript.after(latch, ClaudeScript.text(TEXT)));
    Reader slow = ask().letGo();
    claude.awaitMessage();
    slow.expectNothing();
    latch.countDown();
    assertEquals(TEXT, slow.answer().text());

    claude.enqueue(ClaudeScript.silence());
    assertEquals(
        FailureCode.CLAUDE_UNREACHABLE,
        ask("retries.most = 0", "limits.idle-timeout = 1s").failure().code());
    claude.awaitAbandoned();

    claude.enqueue(ClaudeScript.hang(opening("x")));
    assertEquals(FailureCode.CLAUDE_STREAM_CUT, ask("limits.idle-timeout = 1s").failure().code());
    claude.awaitAbandoned();
  }

  @Test
  void saysWhereItCouldNotConnect() throws IOException {
    try (Socket bound = new Socket()) {
      // Nobody else can listen there meanwhile.
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String url = "http://127.0.0.1:" + bound.getLocalPort();
      Map<String, String> env =
          Map.of("ANTHROPIC_API_KEY", CloudSettings.KEY, "ANTHROPIC_BASE_URL", url);
      ActorRef<Inference.Command> client =
          KIT.spawn(
              ClaudeClient.create(
                  CloudSettings.of(env, "retries.most = 0", "lifecycle.refresh = 0")));
      List<Inference.Reply> replies = Reader.ask(KIT, client, GenerateRequest.of("Hi")).rest();

      assertEquals(0, ((Inference.Egress) replies.getFirst()).bytesOut());
      AnswerEvent.Failed failed =
          (AnswerEvent.Failed) ((Inference.Emitted) replies.getLast()).event();
      assertEquals(FailureCode.CLAUDE_UNREACHABLE, failed.failure().code());
      assertTrue(failed.failure().message().contains(url));
    }
  }

  @Test
  void blotsOutTheKeyWhereAnErrorRepeatsIt() {
    claude.enqueue(
        ClaudeScript.error(401, "authentication_error", "invalid key " + CloudSettings.KEY));
    Failure failure = ask().failure();
    assertEquals(FailureCode.CLAUDE_UNAUTHORIZED, failure.code());
    assertTrue(failure.message().contains("invalid key ***"), failure.message());
  }

  @Test
  void movesOffARetiredModelBeforeAndAfterItIsGone() throws InterruptedException {
    String[] retiring = {
      "lifecycle.refresh = 1h", "lifecycle.notice = 365d", "model = claude-sonnet-4-5"
    };
    claude.answerAlways(
        (request, wire) -> {
          boolean gone = request.json().path("model").asText().equals("claude-sonnet-4-5");
          (gone
                  ? ClaudeScript.error(404, "not_found_error", "model: claude-sonnet-4-5")
                  : ClaudeScript.text(TEXT))
              .play(request, wire);
        });
    ActorRef<Inference.Command> client =
        KIT.spawn(ClaudeClient.create(CloudSettings.of(claude, retiring)));
    Answer first = Reader.ask(KIT, client, GenerateRequest.of("Hi")).answer();
    assertEquals("claude-sonnet-5-5", first.provenance().model());
    assertEquals("claude-sonnet-4-5", claude.awaitMessage().json().path("model").asText());
    assertEquals("claude-sonnet-5-5", claude.awaitMessage().json().path("model").asText());

    Reader.ask(KIT, client, GenerateRequest.of("Hi")).answer();
    assertEquals("claude-sonnet-5-5", claude.awaitMessage().json().path("model").asText());
    assertEquals(3, claude.messages().size());
  }

  @Test
  void livesWithoutAListOfModels() {
    claude.models(ClaudeScript.error(404, "not_found_error", "no list here"));
    assertEquals("Hello from Claude.", ask("lifecycle.refresh = 1h").answer().text());

    claude.enqueue(ClaudeScript.error(404, "not_found_error", "model: x"));
    assertEquals(FailureCode.CLAUDE_NOT_FOUND, ask("lifecycle.refresh = 1h").failure().code());
  }
}
