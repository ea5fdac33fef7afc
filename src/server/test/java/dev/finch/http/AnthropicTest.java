package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.TokenUsage;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Messages API where clients act on its very words and places: <a
 * href="https://docs.claude.com/en/api/messages">Messages</a>, <a
 * href="https://docs.claude.com/en/api/errors">errors</a>, <a
 * href="https://docs.claude.com/en/api/models-list">models</a>.
 */
final class AnthropicTest {

  private static final Server SERVER = Server.start("");
  private static final String PATH = "/v1/messages";
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";
  private static final TokenUsage PROMPT = new TokenUsage(30, 10, 0, 0, 0);

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
    SERVER.finch.requests.clear();
    SERVER.finch.cloud = true;
  }

  @Test
  void namesTheStopTextThatCameOfHoweverMany() throws Exception {
    SERVER.finch.script(_ -> ScriptedFinch.stoppedAt("Paris", PROMPT, "It is "));
    JsonNode whole =
        Json.read(post("{'stop_sequences':['xyz','Paris'],'max_tokens':9," + HI + "}").body());

    assertEquals("stop_sequence", whole.get("stop_reason").asText());
    assertEquals("Paris", whole.get("stop_sequence").asText());
    JsonNode delta = event("message_delta", streamed());
    assertEquals("Paris", delta.at("/delta/stop_sequence").asText());
  }

  @Test
  void tellsThePromptsTokensAtTheStart() throws Exception {
    SERVER.finch.script(_ -> ScriptedFinch.stoppedAt("x", PROMPT, "It is "));
    JsonNode usage = event("message_start", streamed()).at("/message/usage");

    assertEquals(20, usage.get("input_tokens").asInt());
    assertEquals(10, usage.get("cache_read_input_tokens").asInt());
    assertEquals(0, usage.get("output_tokens").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'role':'user','content':[]} | messages.0: user messages must have non-empty content",
        "{'role':'user','content':''} | messages.0: user messages must have non-empty content",
        "{'role':'user'} | messages.0: user messages must have non-empty content",
        "{'role':'user','content':[{'type':'text','text':''}]}"
            + " | messages: text content blocks must be non-empty",
        "{'role':'user','content':'a'},{'role':'assistant','content':[]},"
            + "{'role':'user','content':'b'} | messages.1: all messages must have non-empty content"
            + " except for the optional final assistant message",
      })
  void emptyContentIsABadRequestInClaudesWords(String messages, String words) throws Exception {
    for (String path : List.of(PATH, "/v1/messages/count_tokens")) {
      var response = SERVER.post(path, json("{'max_tokens':9,'messages':[" + messages + "]}"));
      JsonNode error = Json.read(response.body()).get("error");

      assertEquals(400, response.statusCode(), response.body());
      assertEquals("invalid_request_error", error.get("type").asText());
      assertEquals(words, error.get("message").asText());
    }
    assertTrue(SERVER.finch.requests.isEmpty());
  }

  /** Also what Finch itself sends of an answer without text can come back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'role':'user','content':'a'},{'role':'assistant','content':''}",
        "{'role':'user','content':'a'},{'role':'assistant','content':[]}",
        "{'role':'user','content':'a'},{'role':'assistant','content':[{'type':'text','text':''}]},"
            + "{'role':'user','content':'b'}",
        "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t'}]}",
      })
  void emptinessThatClaudeTakesIsTaken(String messages) throws Exception {
    assertEquals(200, post("{'max_tokens':9,'messages':[" + messages + "]}").statusCode());
  }

  /** Claude Code 2.1 looks for {@code prompt is too long[^0-9]*…}. */
  @Test
  void aPromptThatIsTooLongIsSaidInTheWordsThatClaudeCodeActsOn() throws Exception {
    overflow();
    var response = post("{'max_tokens':9," + HI + "}");
    JsonNode error = Json.read(response.body()).get("error");

    assertEquals(400, response.statusCode());
    assertEquals("invalid_request_error", error.get("type").asText());
    String message = error.get("message").asText();
    assertTrue(message.startsWith("prompt is too long: 6022 tokens > 1024 maximum"), message);
    assertTrue(message.endsWith("Shorten it."), message);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, /error",
    "/v1/responses, /error",
    "/v1/completions, /error",
    "/api/chat, ''",
    "/api/generate, ''",
  })
  void theOtherDialectsSayItWithTheFieldsOfLlamasServer(String path, String at) throws Exception {
    overflow();
    String prompt = path.endsWith("responses") ? "'input':'hi'," : "'prompt':'hi',";
    var response = SERVER.post(path, json("{'model':'auto','stream':false," + prompt + HI + "}"));
    JsonNode error = Json.read(response.body()).at(at);

    assertEquals(400, response.statusCode(), response.body());
    assertEquals("exceed_context_size_error", error.get("type").asText());
    assertEquals(6022, error.get("n_prompt_tokens").asInt());
    assertEquals(1024, error.get("n_ctx").asInt());
    if (!at.isEmpty()) {
      assertEquals("context_length_exceeded", error.get("code").asText());
    }
  }

  @Test
  void modelsHaveTheShapeOfWhoAsks() throws Exception {
    JsonNode theirs = Json.read(SERVER.get("/v1/models/builtin", "anthropic-version", "x").body());
    JsonNode other = Json.read(SERVER.get("/v1/models/builtin").body());

    assertEquals("model", theirs.get("type").asText());
    assertEquals("builtin", theirs.get("display_name").asText());
    assertFalse(theirs.has("object"));
    assertEquals("model", other.get("object").asText());
    assertFalse(other.has("display_name"));
  }

  @Test
  void claudeIsListedOnlyWhereItCanBeAsked() throws Exception {
    assertTrue(ids("/v1/models", "id").contains("claude"));
    SERVER.finch.cloud = false;

    for (String path : List.of("/v1/models", "/api/tags")) {
      List<String> ids = ids(path, path.endsWith("tags") ? "name" : "id");
      assertTrue(ids.stream().anyMatch(id -> id.startsWith("auto")), ids.toString());
      assertTrue(ids.stream().noneMatch(id -> id.startsWith("claude")), ids.toString());
    }
  }

  private static List<String> ids(String path, String field) throws Exception {
    JsonNode body = Json.read(SERVER.get(path).body());
    List<String> ids = new ArrayList<>();
    body.path(body.has("data") ? "data" : "models").forEach(m -> ids.add(m.get(field).asText()));
    return ids;
  }

  private static void overflow() {
    Failure failure =
        Failure.permanent(
                FailureCode.CONTEXT_OVERFLOW, "The prompt has 6,022 tokens.", "Shorten it.")
            .overflow(6022, 1024);
    SERVER.finch.script(_ -> ScriptedFinch.fails(failure));
  }

  private static String streamed() throws Exception {
    return post("{'stream':true,'stop_sequences':['xyz','Paris'],'max_tokens':9," + HI + "}")
        .body();
  }

  private static JsonNode event(String type, String stream) throws Exception {
    String start = "event: " + type + "\ndata: ";
    int from = stream.indexOf(start) + start.length();
    return Json.read(stream.substring(from, stream.indexOf('\n', from)));
  }

  private static HttpResponse<String> post(String quoted) throws Exception {
    return SERVER.post(PATH, json(quoted));
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }
}
