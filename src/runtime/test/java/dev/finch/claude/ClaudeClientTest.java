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
import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.Provenance;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ClaudeClientTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String MODEL = "claude-haiku-5-5";

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

  private ActorRef<Inference.Command> client(String... overrides) {
    return KIT.spawn(ClaudeClient.create(CloudSettings.of(claude, overrides)));
  }

  @Test
  void streamsAnAnswerAsItComesWithWhoAnsweredAndWhy() {
    claude.enqueue(ClaudeScript.text("Grüße, 世界 🐦! Two  spaces stay."));
    Reader reader = Reader.ask(KIT, client(), GenerateRequest.of("Hi"));

    List<Inference.Reply> replies = reader.rest();
    assertEquals(
        new AnswerEvent.Started(
            Provenance.claude(MODEL, RouteReason.MODEL_NOT_READY), TokenUsage.of(12, 0)),
        ((Inference.Emitted) replies.getFirst()).event());
    assertEquals("Grüße, 世界 🐦! Two  spaces stay.", text(replies));

    Inference.Egress egress = (Inference.Egress) replies.get(replies.size() - 2);
    assertEquals(MODEL, egress.model());
    assertEquals(claude.bytesIn(), egress.bytesOut());
    assertEquals(claude.bytesOut(), egress.bytesIn());
    assertEquals("req_loopback", egress.upstreamRequestId());

    AnswerEvent.Finished end =
        (AnswerEvent.Finished) ((Inference.Emitted) replies.getLast()).event();
    assertEquals(FinishReason.STOP, end.reason());
    assertEquals(12, end.usage().promptTokens());
    assertEquals(Cost.UNKNOWN, end.cost());
    reader.expectNothing();
  }

  @Test
  void sendsKeyAndVersionAndNoSamplingParameter() throws InterruptedException {
    Sampling sampling =
        Sampling.builder()
            .temperature(0.2)
            .topK(5)
            .topP(0.5)
            .minP(0.1)
            .seed(7L)
            .maxTokens(99)
            .stop(List.of("END"))
            .build();
    Reader.ask(KIT, client(), GenerateRequest.builder().user("Hi").sampling(sampling).build())
        .answer();

    LoopbackClaude.Received request = claude.awaitMessage();
    assertEquals("/v1/messages", request.path());
    assertEquals(CloudSettings.KEY, request.header("x-api-key"));
    assertEquals("2023-06-01", request.header("anthropic-version"));
    assertEquals("application/json", request.header("content-type"));
    assertEquals(
        ClaudeJson.parse(
            "{\"model\":\"claude-haiku-5-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"max_tokens\":99,\"stream\":true,\"stop_sequences\":[\"END\"]}"),
        request.json());
  }

  @Test
  void speaksTheLaterRevisionWithABearerToken() throws InterruptedException {
    ClaudeSettings settings =
        CloudSettings.of(
            Map.of("ANTHROPIC_AUTH_TOKEN", "token-1", "ANTHROPIC_BASE_URL", claude.url() + "/v1"),
            "version = \"2026-10-21\"",
            "lifecycle.refresh = 0");
    Reader.ask(KIT, KIT.spawn(ClaudeClient.create(settings)), GenerateRequest.of("Hi")).answer();

    LoopbackClaude.Received request = claude.awaitMessage();
    assertEquals("2026-10-21", request.header("anthropic-version"));
    assertEquals("Bearer token-1", request.header("authorization"));
    assertFalse(request.headers().containsKey("x-api-key"));
  }

  @Test
  void writesNeitherKeyNorPromptNorAnswerToTheLog() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Level before = root.getLevel();
    root.addAppender(lines);
    root.setLevel(Level.TRACE);
    try {
      ActorRef<Inference.Command> client = client("retries.most = 1");
      claude.enqueue(
          ClaudeScript.error(529, "overloaded_error", "busy", "retry-after-ms: 1"),
          ClaudeScript.text("an answer of its own"));
      Reader.ask(KIT, client, GenerateRequest.of("a prompt of its own")).answer();
    } finally {
      root.setLevel(before);
      root.detachAppender(lines);
    }
    assertTrue(
        lines.list.stream().anyMatch(line -> line.getFormattedMessage().contains("asked again")));
    for (ILoggingEvent line : List.copyOf(lines.list)) {
      String text = line.getFormattedMessage();
      assertFalse(text.contains(CloudSettings.KEY), text);
      assertFalse(text.contains("of its own"), text);
    }
  }

  @Test
  void sendsContentOnlyAgainstDemandAndTheEndWithoutIt() {
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.messageStart(MODEL, 3),
            Transcripts.textStart(0),
            Transcripts.textDelta(0, "a"),
            Transcripts.textDelta(0, "b"),
            Transcripts.textDelta(0, "c"),
            Transcripts.blockStop(0),
            Transcripts.messageDelta("end_turn", 3),
            Transcripts.messageStop()));
    Reader reader = Reader.ask(KIT, client(), GenerateRequest.of("Hi"), 2);

    assertInstanceOf(AnswerEvent.Started.class, reader.nextEvent());
    assertEquals(new AnswerEvent.Delta("a"), reader.nextEvent());
    assertEquals(new AnswerEvent.Delta("b"), reader.nextEvent());
    reader.expectNothing();
    reader.demand(1);
    assertEquals(new AnswerEvent.Delta("c"), reader.nextEvent());
    assertInstanceOf(Inference.Egress.class, reader.next());
    assertInstanceOf(AnswerEvent.Finished.class, reader.nextEvent());
  }

  @Test
  void aSlowReaderSlowsClaudeInsteadOfFillingMemory() throws InterruptedException {
    String piece = Transcripts.textDelta(0, "x".repeat(64 << 10));
    claude.enqueue(
        (_, wire) -> {
          wire.begin(200, "text/event-stream");
          wire.send(Transcripts.messageStart(MODEL, 3) + Transcripts.textStart(0));
          for (int i = 0; i < 2000; i++) {
            wire.send(piece);
          }
        });
    Reader reader = Reader.ask(KIT, client(), GenerateRequest.of("Hi"), 1);
    assertInstanceOf(AnswerEvent.Started.class, reader.nextEvent());
    assertInstanceOf(AnswerEvent.Delta.class, reader.nextEvent());

    long before = -1;
    while (before != claude.bytesOut()) {
      before = claude.bytesOut();
      reader.expectNothing();
    }
    assertTrue(before < 40_000_000, before + " of 128 MB were taken without demand");
    reader.cancel();
  }

  @Test
  void relaysThinkingAndToolCallsInPieces() {
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.messageStart(MODEL, 3),
            Transcripts.blockStart(
                0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
            Transcripts.thinkingDelta(0, "Let me "),
            Transcripts.thinkingDelta(0, "see."),
            Transcripts.signatureDelta(0, "s".repeat(5000)),
            Transcripts.blockStop(0),
            Transcripts.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":9,"
                    + "\"delta\":{\"type\":\"hologram_delta\",\"light\":1}}"),
            Transcripts.event("galaxy", "{\"type\":\"galaxy\",\"stars\":5}"),
            Transcripts.blockStart(
                1, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"clock\",\"input\":{}}"),
            Transcripts.argumentsDelta(1, "{\"zone\""),
            Transcripts.argumentsDelta(1, ":\"UTC\"}"),
            Transcripts.blockStop(1),
            Transcripts.blockStart(
                2, "{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"now\",\"input\":{}}"),
            Transcripts.blockStop(2),
            Transcripts.messageDelta("tool_use", 30),
            Transcripts.messageStop()));
    Answer answer = Reader.ask(KIT, client(), GenerateRequest.of("Time?")).answer();

    assertEquals("Let me see.", answer.reasoning());
    assertEquals("", answer.text());
    assertEquals(
        List.of(
            new ToolCall("toolu_1", "clock", "{\"zone\":\"UTC\"}"),
            new ToolCall("toolu_2", "now", "{}")),
        answer.toolCalls());
    assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
  }

  @Test
  void countsCachedTokensIntoThePrompt() {
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{"
                    + "\"input_tokens\":10,\"cache_creation_input_tokens\":200,"
                    + "\"cache_read_input_tokens\":3000,\"output_tokens\":1}}}"),
            Transcripts.event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{"
                    + "\"input_tokens\":null,\"output_tokens\":55,"
                    + "\"output_tokens_details\":{\"thinking_tokens\":20}}}"),
            Transcripts.messageStop()));
    Answer answer = Reader.ask(KIT, client(), GenerateRequest.of("Hi")).answer();

    assertEquals(new TokenUsage(3210, 3000, 55, 20, 200), answer.usage());
    assertEquals(FinishReason.LENGTH, answer.finishReason());
    assertEquals("m", answer.provenance().model());
  }

  @Test
  void sendsThinkingBackUnchangedWithTheResultsOfItsTools() throws InterruptedException {
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.messageStart(MODEL, 3),
            Transcripts.blockStart(
                0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
            Transcripts.thinkingDelta(0, "Hm."),
            Transcripts.signatureDelta(0, "SIGNED"),
            Transcripts.blockStop(0),
            Transcripts.blockStart(
                1, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"clock\",\"input\":{}}"),
            Transcripts.argumentsDelta(1, "{}"),
            Transcripts.blockStop(1),
            Transcripts.messageDelta("tool_use", 30),
            Transcripts.messageStop()));
    ActorRef<Inference.Command> client = client();
    Answer first = Reader.ask(KIT, client, GenerateRequest.of("Time?")).answer();
    claude.awaitMessage();
    Reader.ask(
            KIT,
            client,
            GenerateRequest.builder()
                .messages(
                    List.of(
                        ChatMessage.user("Time?"),
                        ChatMessage.assistant(first.text(), first.toolCalls()),
                        ChatMessage.toolResult("toolu_1", "12:00")))
                .build())
        .answer();

    JsonNode turn = claude.awaitMessage().json().path("messages").path(1);
    assertEquals(
        ClaudeJson.parse(
            "[{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"SIGNED\"},"
                + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"clock\",\"input\":{}}]"),
        turn.path("content"));
  }

  @Test
  void abortsTheCallOnCancelBeforeAndAfterTheFirstContent() throws InterruptedException {
    ActorRef<Inference.Command> client = client();
    claude.enqueue(ClaudeScript.silence());
    Reader silent = Reader.ask(KIT, client, GenerateRequest.of("Hi")).letGo();
    claude.awaitMessage();
    silent.cancel();
    claude.awaitAbandoned();
    Inference.Egress unanswered = (Inference.Egress) silent.next();
    assertTrue(unanswered.bytesOut() > 0 && !unanswered.free(), unanswered.toString());
    assertNull(unanswered.counted());
    silent.expectNothing();

    claude.enqueue(hanging("x"));
    Reader flowing = Reader.ask(KIT, client, GenerateRequest.of("Hi"));
    assertInstanceOf(AnswerEvent.Started.class, flowing.nextEvent());
    assertEquals(new AnswerEvent.Delta("x"), flowing.nextEvent());
    flowing.cancel();
    claude.awaitAbandoned();
    Inference.Egress brokenOff = (Inference.Egress) flowing.next();
    assertEquals(TokenUsage.of(3, EstimatedTokens.of(1, 1)), brokenOff.counted());
    assertTrue(brokenOff.bytesIn() > 0 && !brokenOff.free(), brokenOff.toString());
    flowing.expectNothing();
  }

  @Test
  void sendsNothingBeforeItIsLetGo() {
    ActorRef<Inference.Command> client = client();
    Reader reader = Reader.ask(KIT, client, GenerateRequest.of("Grüße"));
    Inference.Quoted quoted = reader.quotation();
    assertEquals(MODEL, quoted.model());
    assertEquals(8192, quoted.mostCompletionTokens());
    assertNull(quoted.after());
    reader.expectNothing();
    assertEquals(0, claude.connections());

    client.tell(new Inference.Proceed(reader.attempt));
    client.tell(new Inference.Proceed(reader.attempt));
    assertEquals("Hello from Claude.", reader.answer().text());
    assertEquals(1, claude.messages().size(), "one leave is for one request");
    assertEquals(quoted.bytes(), claude.bytesIn());
    assertTrue(quoted.mostPromptTokens() >= quoted.bytes());
  }

  @Test
  void quotesThinkingThatItSendsBack() {
    String thought = "Hm. ".repeat(5000);
    claude.enqueue(
        ClaudeScript.stream(
            Transcripts.messageStart(MODEL, 3),
            Transcripts.blockStart(
                0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
            Transcripts.thinkingDelta(0, thought),
            Transcripts.signatureDelta(0, "SIGNED"),
            Transcripts.blockStop(0),
            Transcripts.blockStart(
                1, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"clock\",\"input\":{}}"),
            Transcripts.blockStop(1),
            Transcripts.messageDelta("tool_use", 30),
            Transcripts.messageStop()));
    ActorRef<Inference.Command> client = client();
    Answer first = Reader.ask(KIT, client, GenerateRequest.of("Time?")).answer();
    Reader second =
        Reader.ask(
            KIT,
            client,
            GenerateRequest.builder()
                .messages(
                    List.of(
                        ChatMessage.user("Time?"),
                        ChatMessage.assistant(first.text(), first.toolCalls()),
                        ChatMessage.toolResult("toolu_1", "12:00")))
                .build());
    assertTrue(second.quotation().mostPromptTokens() > thought.length());
    second.cancel();
    second.expectNothing();
    assertEquals(1, claude.messages().size());
  }

  @Test
  void abortsTheCallWhenTheReaderDies() throws InterruptedException {
    claude.enqueue(hanging("x"));
    Reader reader = Reader.ask(KIT, client(), GenerateRequest.of("Hi"));
    reader.nextEvent();
    reader.probe.stop();
    claude.awaitAbandoned();
  }

  @Test
  void oneFailureTouchesNoOtherAnswer() {
    ActorRef<Inference.Command> client = client("retries.most = 0");
    claude.enqueue(hanging("steady"));
    Reader steady = Reader.ask(KIT, client, GenerateRequest.of("Hi"));
    steady.nextEvent();
    assertEquals(new AnswerEvent.Delta("steady"), steady.nextEvent());

    claude.enqueue(ClaudeScript.reset());
    Failure failure = Reader.ask(KIT, client, GenerateRequest.of("Hi")).failure();
    assertEquals(FailureCode.CLAUDE_UNREACHABLE, failure.code());
    steady.expectNothing();
    steady.cancel();
  }

  @Test
  void usesAConnectionAgainAndSurvivesItsLossWhileIdle() {
    ActorRef<Inference.Command> client = client("retries.most = 0");
    // The connection of a refusal is given back before the refusal is told, so this is no race.
    claude.enqueue(ClaudeScript.error(400, "invalid_request_error", "no"));
    Reader.ask(KIT, client, GenerateRequest.of("Hi")).failure();
    claude.enqueue(ClaudeScript.error(400, "invalid_request_error", "no"));
    Reader.ask(KIT, client, GenerateRequest.of("Hi")).failure();
    assertEquals(1, claude.connections());

    claude.enqueue(ClaudeScript.close());
    assertEquals(
        "Hello from Claude.", Reader.ask(KIT, client, GenerateRequest.of("Hi")).answer().text());
    assertEquals(2, claude.connections());
  }

  @Test
  void rejectsWithoutSendingAByteWhatIsNotForClaude() {
    ActorRef<Inference.Command> client = client();
    Map<GenerateRequest, FailureCode> refused =
        Map.of(
            GenerateRequest.builder().prompt(new Prompt.Raw("once", null)).build(),
            FailureCode.BAD_REQUEST,
            GenerateRequest.builder()
                .user("Hi")
                .format(new ResponseFormat.Grammar("root ::= \"a\""))
                .build(),
            FailureCode.BAD_REQUEST,
            GenerateRequest.builder().user("Hi").privacy(Privacy.LOCAL_ONLY).build(),
            FailureCode.CLOUD_DISABLED,
            GenerateRequest.builder()
                .messages(
                    List.of(
                        ChatMessage.user("secret").withPrivacy(Privacy.LOCAL_ONLY),
                        ChatMessage.user("Hi")))
                .build(),
            FailureCode.CLOUD_DISABLED);
    refused.forEach(
        (request, code) -> assertEquals(code, Reader.ask(KIT, client, request).rejection().code()));

    TestProbe<Inference.CountReply> count = KIT.createTestProbe();
    client.tell(
        new Inference.CountTokens(
            GenerateRequest.builder().user("Hi").privacy(Privacy.LOCAL_ONLY).build(),
            count.getRef()));
    assertInstanceOf(Inference.CountFailed.class, count.receiveMessage(Duration.ofSeconds(30)));
    assertEquals(List.of(), claude.requests());
    assertEquals(0, claude.connections());
  }

  @Test
  void saysWhatIsMissingWhereClaudeCannotBeAsked() {
    ActorRef<Inference.Command> keyless =
        KIT.spawn(ClaudeClient.create(CloudSettings.of(Map.of())));
    assertEquals(
        FailureCode.NO_API_KEY,
        Reader.ask(KIT, keyless, GenerateRequest.of("Hi")).rejection().code());
    assertEquals(
        FailureCode.CLOUD_DISABLED,
        Reader.ask(KIT, client("enabled = off"), GenerateRequest.of("Hi")).rejection().code());
  }

  @Test
  void isBusyWhenAllItsStreamsAreInUse() {
    ActorRef<Inference.Command> client = client("limits.streams = 1");
    claude.enqueue(hanging("x"));
    Reader first = Reader.ask(KIT, client, GenerateRequest.of("Hi"));
    first.nextEvent();
    assertEquals(
        FailureCode.BUSY, Reader.ask(KIT, client, GenerateRequest.of("Hi")).rejection().code());
    first.cancel();
  }

  @Test
  void carriesManyAnswersAtOnce() {
    ActorRef<Inference.Command> client = client();
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      readers.add(Reader.ask(KIT, client, GenerateRequest.of("Hi")));
    }
    for (Reader reader : readers) {
      assertEquals("Hello from Claude.", reader.answer().text());
    }
    assertEquals(100, claude.messages().size());
  }

  @Test
  void countsTokensAndDoesNotEmbed() {
    ActorRef<Inference.Command> client = client();
    TestProbe<Inference.CountReply> count = KIT.createTestProbe();
    client.tell(new Inference.CountTokens(GenerateRequest.of("Hi"), count.getRef()));
    assertEquals(new Inference.Counted(42), count.receiveMessage(Duration.ofSeconds(30)));
    assertFalse(claude.requests().getFirst().json().has("max_tokens"));

    claude.count(ClaudeScript.error(404, "not_found_error", "no such endpoint"));
    client.tell(new Inference.CountTokens(GenerateRequest.of("Hi"), count.getRef()));
    Inference.CountFailed failed =
        (Inference.CountFailed) count.receiveMessage(Duration.ofSeconds(30));
    assertEquals(FailureCode.CLAUDE_NOT_FOUND, failed.failure().code());
    assertEquals(
        "Hello from Claude.", Reader.ask(KIT, client, GenerateRequest.of("Hi")).answer().text());

    claude.count(ClaudeScript.error(404, "not_found_error", "no such endpoint"));
    client.tell(new Inference.CountTokens(GenerateRequest.of("Hi"), count.getRef()));
    assertInstanceOf(Inference.CountFailed.class, count.receiveMessage(Duration.ofSeconds(30)));
    int connections = claude.connections();
    claude.count(
        (request, wire) -> {
          if (request.connection() <= connections) {
            wire.cut();
          }
          ClaudeScript.json(200, "{\"input_tokens\":43}").play(request, wire);
        });
    client.tell(new Inference.CountTokens(GenerateRequest.of("Hi"), count.getRef()));
    assertEquals(new Inference.Counted(43), count.receiveMessage(Duration.ofSeconds(30)));

    TestProbe<Inference.EmbedReply> embed = KIT.createTestProbe();
    client.tell(new Inference.Embed(List.of("a"), embed.getRef()));
    assertInstanceOf(Inference.EmbedFailed.class, embed.receiveMessage(Duration.ofSeconds(30)));
  }

  @Test
  void leavesATroubledEndpointAloneAndAnswersOn() {
    ActorRef<Inference.Command> client = client("breaker.failures = 2");
    claude.count(ClaudeScript.error(529, "overloaded_error", "busy"));
    TestProbe<Inference.CountReply> count = KIT.createTestProbe();
    for (FailureCode expected :
        List.of(
            FailureCode.CLAUDE_OVERLOADED,
            FailureCode.CLAUDE_OVERLOADED,
            FailureCode.BREAKER_OPEN)) {
      client.tell(new Inference.CountTokens(GenerateRequest.of("Hi"), count.getRef()));
      Inference.CountFailed failed =
          (Inference.CountFailed) count.receiveMessage(Duration.ofSeconds(30));
      assertEquals(expected, failed.failure().code());
    }
    assertEquals(2, claude.requests().size());
    assertEquals(
        "Hello from Claude.", Reader.ask(KIT, client, GenerateRequest.of("Hi")).answer().text());
  }

  private static ClaudeScript hanging(String text) {
    return ClaudeScript.hang(
        Transcripts.messageStart(MODEL, 3),
        Transcripts.textStart(0),
        Transcripts.textDelta(0, text));
  }

  private static String text(List<Inference.Reply> replies) {
    StringBuilder text = new StringBuilder();
    for (Inference.Reply reply : replies) {
      if (reply instanceof Inference.Emitted(_, AnswerEvent.Delta delta)) {
        text.append(delta.text());
      }
    }
    return text.toString();
  }
}
