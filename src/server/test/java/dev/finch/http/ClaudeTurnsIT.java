package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Claude's turns reach a client block by block and go back as they came, which Claude insists on
 * where it thought (https://platform.claude.com/docs/en/build-with-claude/extended-thinking).
 */
final class ClaudeTurnsIT {

  @TempDir private static Path directory;
  private static LoopbackClaude claude;
  private static RealServer server;

  @BeforeAll
  static void start() {
    claude = LoopbackClaude.start();
    Map<String, Object> settings = new HashMap<>();
    settings.put("finch.model", "builtin");
    settings.put("finch.cloud.api-key", "sk-ant-test");
    settings.put("finch.cloud.endpoint", claude.url());
    server = RealServer.start(settings, directory);
    server.awaitReady();
  }

  @AfterAll
  static void stop() {
    server.close();
    claude.close();
  }

  /** T is a thought, O one that is not shown, R a redacted one, S is text, C a call. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TS",
        "RS",
        "TTS",
        "RTS",
        "TRS",
        "RRS",
        "TSC",
        "TCTC",
        "TSTSC",
        "RCRC",
        "TRTSCRTC",
        "CSC",
        "OS",
        "OTC",
        "SC",
        "STS",
        "TSRSTC"
      })
  void aTurnGoesBackAsItCame(String shape) throws Exception {
    ArrayNode blocks = blocks(shape);
    claude.answerAlways(ClaudeScript.stream(events(blocks)));
    ArrayNode whole = whole();
    ArrayNode streamed = streamed();
    claude.answerAlways(ClaudeScript.text("Done."));

    assertEquals(blocks, whole);
    assertEquals(blocks, streamed);
    assertEquals(blocks, sentBack(whole));
  }

  @Test
  void dataThatIsEmptyIsNoBlock() throws Exception {
    ArrayNode blocks = blocks("RS");
    ((ObjectNode) blocks.get(0)).put("data", "");
    claude.answerAlways(ClaudeScript.stream(events(blocks)));

    assertEquals(1, whole().size());
    assertEquals(1, streamed().size());
  }

  /** Claude refuses a turn whose last block is a thought, as one that was broken off has. */
  @ParameterizedTest
  @ValueSource(strings = {"T", "R", "ST", "TR"})
  void aThoughtThatEndsATurnDoesNotGoBack(String shape) throws Exception {
    ArrayNode blocks = blocks(shape);
    claude.answerAlways(ClaudeScript.text("Done."));
    JsonNode messages = sent(blocks);

    assertEquals(shape.startsWith("S") ? "said 0" : "", messages.at("/1/content").asText());
  }

  private static ArrayNode blocks(String shape) {
    ArrayNode blocks = Json.array();
    for (int i = 0; i < shape.length(); i++) {
      ObjectNode block = blocks.addObject();
      switch (shape.charAt(i)) {
        case 'T' ->
            block
                .put("type", "thinking")
                .put("thinking", "thought " + i + " of \uD83D\uDE00")
                .put("signature", "sig" + i + "==");
        case 'O' ->
            block.put("type", "thinking").put("thinking", "").put("signature", "sig" + i + "==");
        case 'R' -> block.put("type", "redacted_thinking").put("data", "sealed" + i + "==");
        case 'S' -> block.put("type", "text").put("text", "said " + i);
        default -> {
          block.put("type", "tool_use").put("id", "toolu_" + i).put("name", "clock");
          block.putObject("input").put("zone", "z" + i);
        }
      }
    }
    return blocks;
  }

  private static List<String> events(ArrayNode blocks) {
    List<String> events = new ArrayList<>();
    events.add(Transcripts.messageStart("claude-haiku-5-5", 21));
    for (int i = 0; i < blocks.size(); i++) {
      JsonNode block = blocks.get(i);
      ObjectNode opening = block.deepCopy();
      switch (block.path("type").asText()) {
        case "thinking" -> {
          events.add(
              Transcripts.blockStart(
                  i, opening.put("thinking", "").put("signature", "").toString()));
          for (String piece : pieces(block.path("thinking").asText())) {
            events.add(Transcripts.thinkingDelta(i, piece));
          }
          events.add(Transcripts.signatureDelta(i, block.path("signature").asText()));
        }
        case "text" -> {
          events.add(Transcripts.textStart(i));
          events.add(Transcripts.textDelta(i, block.path("text").asText()));
        }
        case "tool_use" -> {
          opening.putObject("input");
          events.add(Transcripts.blockStart(i, opening.toString()));
          events.add(Transcripts.argumentsDelta(i, block.path("input").toString()));
        }
        default -> events.add(Transcripts.blockStart(i, opening.toString()));
      }
      events.add(Transcripts.blockStop(i));
    }
    boolean calls = blocks.findValuesAsText("type").contains("tool_use");
    events.add(Transcripts.messageDelta(calls ? "tool_use" : "end_turn", 50));
    events.add(Transcripts.messageStop());
    return events;
  }

  private static List<String> pieces(String text) {
    int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
    return text.isEmpty() ? List.of() : List.of(text.substring(0, middle), text.substring(middle));
  }

  private static ArrayNode whole() throws Exception {
    ArrayNode content = (ArrayNode) Json.read(ask(Json.array(), false)).path("content");
    content.forEach(block -> ((ObjectNode) block).remove("citations"));
    return content;
  }

  /** Puts the blocks together from their deltas, as Anthropic's SDKs do. */
  private static ArrayNode streamed() throws Exception {
    ArrayNode content = Json.array();
    StringBuilder arguments = new StringBuilder();
    List<String> lines =
        ask(Json.array(), true).lines().filter(line -> line.startsWith("data: ")).toList();
    for (String line : lines) {
      JsonNode event = Json.read(line.substring("data: ".length()));
      JsonNode delta = event.path("delta");
      switch (event.path("type").asText()) {
        case "content_block_start" -> {
          assertEquals(content.size(), event.path("index").asInt());
          content.add(event.path("content_block"));
          arguments.setLength(0);
        }
        case "content_block_delta" -> {
          ObjectNode block = (ObjectNode) content.get(event.path("index").asInt());
          for (String field : List.of("text", "thinking", "signature")) {
            if (delta.has(field)) {
              block.put(field, block.path(field).asText() + delta.path(field).asText());
            }
          }
          arguments.append(delta.path("partial_json").asText());
        }
        case "content_block_stop" -> {
          if (!arguments.isEmpty()) {
            ObjectNode block = (ObjectNode) content.get(event.path("index").asInt());
            block.set("input", Json.read(arguments.toString()));
            arguments.setLength(0);
          }
        }
        default -> {}
      }
    }
    return content;
  }

  private static JsonNode sentBack(ArrayNode turn) throws Exception {
    JsonNode content = sent(turn).at("/1/content");
    return content.isTextual()
        ? Json.array().add(Json.object().put("type", "text").put("text", content.asText()))
        : content;
  }

  private static JsonNode sent(ArrayNode turn) throws Exception {
    ask(turn, false);
    return claude.messages().getLast().json().path("messages");
  }

  /** A question, or this turn of the assistant with what answers it. */
  private static String ask(ArrayNode turn, boolean stream) throws Exception {
    ObjectNode body = Json.object().put("model", "claude").put("max_tokens", 9000);
    body.put("stream", stream).putObject("thinking").put("type", "adaptive");
    ObjectNode tool = body.putArray("tools").addObject().put("name", "clock");
    tool.putObject("input_schema").put("type", "object");
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "user").put("content", "?");
    if (!turn.isEmpty()) {
      messages.addObject().put("role", "assistant").set("content", turn);
      ArrayNode results = messages.addObject().put("role", "user").putArray("content");
      for (JsonNode block : turn) {
        if (block.path("type").asText().equals("tool_use")) {
          results
              .addObject()
              .put("type", "tool_result")
              .put("tool_use_id", block.path("id").asText())
              .put("content", "12:00");
        }
      }
      results.addObject().put("type", "text").put("text", "go on");
    }
    HttpResponse<String> answer = server.post("/v1/messages", body.toString());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }
}
