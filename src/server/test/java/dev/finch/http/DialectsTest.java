package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Part;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.Role;
import dev.finch.inference.ToolCall;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DialectsTest {

  private static final Server SERVER =
      Server.start("finch.http.model-aliases { \"gpt-*\" = auto, \"gpt-4o\" = local }");
  private static final String USER = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
    SERVER.finch.requests.clear();
  }

  @Test
  void claudeCodesChangingBillingLineStaysOutOfThePrompt() throws Exception {
    SERVER.post(
        "/v1/messages?beta=true",
        """
        {"model":"auto","max_tokens":9,
         "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1; cch=4f2a;"},
                   {"type":"text","text":"You are Claude Code.","cache_control":{"type":"ephemeral"}}],
         "messages":[
           {"role":"user","content":[{"type":"text","text":"weather?"}]},
           {"role":"assistant","content":[
             {"type":"thinking","thinking":"hm","signature":"s"},
             {"type":"tool_use","id":"t1","name":"w","input":{"city":"Bern"}}]},
           {"role":"user","content":[
             {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"sunny"}]},
             {"type":"text","text":"so?"}]},
           {"role":"system","content":"be brief"}],
         "metadata":{"user_id":"session_1"}}
        """);
    GenerateRequest request = SERVER.finch.requests.getFirst();

    assertEquals(
        new Prompt.Conversation(
            List.of(
                ChatMessage.system("You are Claude Code.")
                    .withParts(
                        List.of(
                            new Part.Text("You are Claude Code."),
                            new Part.CacheBreakpoint("{\"type\":\"ephemeral\"}"))),
                ChatMessage.user("weather?"),
                ChatMessage.builder(Role.ASSISTANT, "")
                    .toolCalls(List.of(new ToolCall("t1", "w", "{\"city\":\"Bern\"}")))
                    .reasoning("hm")
                    .signature("s")
                    .build()
                    .withParts(
                        List.of(
                            new Part.Thought("hm", "s"),
                            new Part.Called(new ToolCall("t1", "w", "{\"city\":\"Bern\"}")))),
                ChatMessage.toolResult("t1", "sunny"),
                ChatMessage.user("so?"),
                ChatMessage.system("be brief"))),
        request.prompt());
    assertEquals("session_1", request.conversationId());
  }

  private static final String PNG = "iVBORw0KGgo=";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages | 'messages':[{'role':'user','content':[T('A:'),I,T('B:'),I,T('?')]}]",
        "/v1/messages | 'messages':[{'role':'user','content':[{'type':'tool_result',"
            + "'tool_use_id':'t','content':[T('A:'),I,T('B:'),I,T('?')]}]}]",
        "/v1/chat/completions |"
            + " 'messages':[{'role':'user','content':[T('A:'),U,T('B:'),U,T('?')]}]",
        "/v1/chat/completions | 'messages':[{'role':'tool','tool_call_id':'t',"
            + "'content':[T('A:'),U,T('B:'),U,T('?')]}]",
        "/v1/responses | 'input':[{'role':'user','content':[N('A:'),V,N('B:'),V,N('?')]}]",
        "/v1/responses | 'input':[{'type':'function_call_output','call_id':'t',"
            + "'output':[N('A:'),V,N('B:'),V,N('?')]}]",
      })
  void textsAndImagesKeepTheirOrder(String path, String fields) throws Exception {
    String body =
        fields
            .replaceAll("T\\((.*?)\\)", "{'type':'text','text':$1}")
            .replaceAll("N\\((.*?)\\)", "{'type':'input_text','text':$1}")
            .replaceAll(
                "\\bI\\b",
                "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'PNG'}}")
            .replaceAll(
                "\\bU\\b", "{'type':'image_url','image_url':{'url':'data:image/png;base64,PNG'}}")
            .replaceAll("\\bV\\b", "{'type':'input_image','image_url':'data:image/png;base64,PNG'}")
            .replace("PNG", PNG)
            .replace('\'', '"');
    HttpResponse<String> answer =
        SERVER.post(path, "{\"model\":\"auto\",\"max_tokens\":9," + body + "}");
    assertEquals(200, answer.statusCode(), answer.body());
    Part.Shown image = new Part.Shown(Image.of("image/png", PNG));

    assertEquals(
        List.of(new Part.Text("A:"), image, new Part.Text("B:"), image, new Part.Text("?")),
        lastMessage().parts());
  }

  private static ChatMessage lastMessage() {
    Prompt.Conversation prompt = (Prompt.Conversation) SERVER.finch.requests.getFirst().prompt();
    return prompt.messages().getLast();
  }

  @Test
  void whatClaudeWantsBackUnchangedIsKeptInItsPlace() throws Exception {
    HttpResponse<String> answer =
        SERVER.post(
            "/v1/messages",
            """
            {"model":"auto","max_tokens":9,"messages":[
              {"role":"user","content":"?"},
              {"role":"assistant","content":[
                {"type":"thinking","thinking":"hm","signature":"s"},
                {"type":"redacted_thinking","data":"sealed"},
                {"type":"text","text":"so"},
                {"type":"tool_use","id":"t1","name":"w","input":{}}]}]}
            """);

    assertEquals(200, answer.statusCode(), answer.body());
    ToolCall call = new ToolCall("t1", "w", "{}");
    assertEquals(
        List.of(
            new Part.Thought("hm", "s"),
            new Part.Redacted("sealed"),
            new Part.Text("so"),
            new Part.Called(call)),
        lastMessage().parts());
    assertEquals(List.of(call), lastMessage().toolCalls());
    assertEquals("so", lastMessage().content());
  }

  @Test
  void aFailedToolIsToldInWordsAndByItsFlag() throws Exception {
    SERVER.post(
        "/v1/messages",
        """
        {"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[
          {"type":"tool_result","tool_use_id":"t","content":"boom","is_error":true}]}]}
        """);

    assertTrue(lastMessage().failed());
    assertEquals("Error: boom", lastMessage().content());
    assertEquals(List.of(new Part.Text("boom")), lastMessage().parts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'mcp_servers':[{'type':'url','url':'https://x.test','name':'x'}] | 400",
        "'container':'container_1' | 400",
        "'container':{'skills':[]} | 400",
        "'mcp_servers':[],'container':null | 200",
        "'service_tier':'auto','context_management':{'edits':[]} | 200",
      })
  void whatWouldRunAtAnthropicIsRefusedByName(String field, int status) throws Exception {
    String json = field.replace('\'', '"');
    HttpResponse<String> answer =
        SERVER.post("/v1/messages", "{\"max_tokens\":9," + json + "," + USER + "}");

    assertEquals(status, answer.statusCode(), answer.body());
    if (status == 400) {
      assertTrue(answer.body().contains(json.substring(1, json.indexOf(':') - 1)), answer.body());
    }
  }

  @Test
  void aBaseUrlThatEndsInV1IsForgiven() throws Exception {
    assertEquals(200, SERVER.post("/v1/v1/messages", "{" + USER + "}").statusCode());
  }

  @Test
  void aProbeOfTheRootIsAnswered() throws Exception {
    HttpRequest probe = HttpRequest.newBuilder(SERVER.uri("/")).HEAD().build();

    assertEquals(
        200, SERVER.client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, 503, /error/type, server_error",
    "/v1/messages, 529, /error/type, overloaded_error",
    "/api/chat, 503, /error, All slots are busy.",
    "/v1/finch/generate, 503, /failure/code, BUSY",
  })
  void eachDialectSaysBusyInItsOwnWords(String path, int status, String at, String expected)
      throws Exception {
    Failure busy = Failure.passing(FailureCode.BUSY, "All slots are busy.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(busy));
    String body =
        path.endsWith("generate")
            ? "{\"user\":\"hi\"}"
            : "{" + USER + ",\"model\":\"auto\",\"stream\":false}";
    var response = SERVER.post(path, body);

    if (path.endsWith("generate")) {
      assertTrue(response.body().contains("\"type\":\"failed\""), response.body());
      return;
    }
    assertEquals(status, response.statusCode());
    assertEquals(expected, Json.read(response.body()).at(at).asText());
    assertEquals("true", response.headers().firstValue("x-should-retry").orElseThrow());
  }

  @Test
  void ollamaStreamsUnlessToldOtherwise() throws Exception {
    String[] lines =
        SERVER.post("/api/chat", "{" + USER + ",\"model\":\"auto\"}").body().split("\n");
    JsonNode last = Json.read(lines[lines.length - 1]);

    assertEquals(3, lines.length);
    assertEquals("Hello, ", Json.read(lines[0]).at("/message/content").asText());
    assertEquals("stop", last.get("done_reason").asText());
    assertEquals(2, last.get("eval_count").asInt());
  }

  @Test
  void ollamaLoadsPullsShowsAndDeletes() throws Exception {
    JsonNode load = Json.read(SERVER.post("/api/generate", "{\"model\":\"auto\"}").body());
    String[] pulled = SERVER.post("/api/pull", "{\"model\":\"qwen2.5-1.5b\"}").body().split("\n");
    JsonNode shown = Json.read(SERVER.post("/api/show", "{\"model\":\"builtin:latest\"}").body());
    JsonNode loaded = Json.read(SERVER.get("/api/ps").body());
    HttpRequest delete =
        HttpRequest.newBuilder(SERVER.uri("/api/delete"))
            .method("DELETE", HttpRequest.BodyPublishers.ofString("{\"model\":\"qwen2.5-1.5b\"}"))
            .build();

    assertEquals("load", load.get("done_reason").asText());
    assertEquals(50, Json.read(pulled[1]).get("completed").asInt());
    assertEquals("success", Json.read(pulled[pulled.length - 1]).get("status").asText());
    assertEquals("Q8_0", shown.at("/details/quantization_level").asText());
    assertEquals("builtin:latest", loaded.at("/models/0/model").asText());
    assertEquals(
        200, SERVER.client.send(delete, HttpResponse.BodyHandlers.discarding()).statusCode());
  }

  @Test
  void whatIsNotHereIsNotShownAndNotDescribed() throws Exception {
    for (String name : List.of("qwen2.5-1.5b", "qwen2.5-1.5b:latest", "hf:acme/none", "nobody")) {
      HttpResponse<String> shown = SERVER.post("/api/show", "{\"model\":\"" + name + "\"}");

      assertEquals(404, shown.statusCode(), name + shown.body());
      assertEquals(404, SERVER.get("/v1/models/" + name).statusCode(), name);
    }
    SERVER.finch.cloud = false;
    try {
      assertEquals(404, SERVER.post("/api/show", "{\"model\":\"claude\"}").statusCode());
    } finally {
      SERVER.finch.cloud = true;
    }
    assertEquals(200, SERVER.post("/api/show", "{\"model\":\"claude\"}").statusCode());
    assertEquals(200, SERVER.post("/api/show", "{\"name\":\"AUTO:Latest\"}").statusCode());
  }

  /** The tag says nothing once; nothing is called so twice. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "builtin:latest:latest",
        "auto:latest:latest",
        "LOCAL:Latest:LATEST",
        "builtin:latest:latest:latest"
      })
  void aTagThatStandsTwiceNamesNothing(String name) throws Exception {
    String model = "{\"model\":\"" + name + "\",";
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":5}";
    for (String path : List.of("/v1/chat/completions", "/v1/messages", "/api/chat")) {
      assertEquals(404, SERVER.post(path, model + messages).statusCode(), path);
    }
    for (String path : List.of("/api/show", "/api/generate", "/api/embed")) {
      String body = model + "\"prompt\":\"x\",\"input\":\"x\"}";
      assertEquals(404, SERVER.post(path, body).statusCode(), path);
    }
    assertEquals(404, SERVER.get("/v1/models/" + name).statusCode());
  }

  /** Anthropic, List Models: limit, after_id, before_id, has_more. */
  @Test
  void anthropicsClientsPageThroughTheModels() throws Exception {
    List<String> all = ids("");
    assertEquals(List.of("auto", "local", "claude", "builtin"), all);
    assertEquals(List.of("auto", "local", "+"), ids("?limit=2"));
    assertEquals(List.of("claude", "builtin"), ids("?limit=2&after_id=local"));
    assertEquals(List.of("claude", "+"), ids("?limit=1&after_id=local"));
    assertEquals(List.of(), ids("?after_id=builtin"));
    assertEquals(List.of("local", "claude", "+"), ids("?limit=2&before_id=builtin"));
    assertEquals(List.of("auto"), ids("?limit=2&before_id=local"));
    for (String wrong :
        List.of("limit=0", "limit=1001", "limit=x", "limit=", "after_id=none", "before_id=")) {
      assertEquals(400, models("?" + wrong).statusCode(), wrong);
    }
    assertEquals(400, models("?after_id=auto&before_id=local").statusCode());
  }

  private static HttpResponse<String> models(String query) throws Exception {
    return SERVER.get("/v1/models" + query, "anthropic-version", "2023-06-01");
  }

  /** With a plus behind them where there are more. */
  private static List<String> ids(String query) throws Exception {
    JsonNode page = Json.read(models(query).body());
    List<String> ids = new java.util.ArrayList<>(page.get("data").findValuesAsText("id"));
    assertEquals(ids.isEmpty() ? "null" : ids.getFirst(), page.get("first_id").asText());
    assertEquals(ids.isEmpty() ? "null" : ids.getLast(), page.get("last_id").asText());
    if (page.get("has_more").booleanValue()) {
      ids.add("+");
    }
    return ids;
  }

  @ParameterizedTest
  @CsvSource({"gpt-4o, LOCAL_ONLY", "gpt-5, LOCAL_FIRST", "claude, CLOUD_ONLY"})
  void aliasesTurnForeignNamesIntoOwnOnes(String name, Privacy privacy) throws Exception {
    SERVER.post("/v1/chat/completions", "{" + USER + ",\"model\":\"" + name + "\"}");

    assertEquals(privacy, SERVER.finch.requests.getFirst().privacy());
  }

  @Test
  void theLongestAliasWins() {
    Map<String, String> aliases = Map.of("a*", "auto", "a-b*", "local", "a-b-c", "claude");

    assertEquals("auto", ModelNames.alias("a-x", aliases));
    assertEquals("local", ModelNames.alias("a-b-x", aliases));
    assertEquals("claude", ModelNames.alias("a-b-c", aliases));
    assertNull(ModelNames.alias("x", aliases));
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void everyFailureHasAStatusThatSaysError(FailureCode code) {
    assertTrue(Statuses.of(code) >= 400 && Statuses.of(code) < 600);
  }

  @Test
  void aRequestsFateCanBeAskedForLater() throws Exception {
    var answer = SERVER.post("/v1/chat/completions", "{" + USER + "}");
    String id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    JsonNode fate = Json.read(SERVER.get("/v1/finch/requests/" + id).body());

    assertEquals("finished", fate.get("state").asText());
    assertEquals("local", fate.get("servedBy").asText());
    assertFalse(fate.toString().contains("world"));
    assertEquals(404, SERVER.get("/v1/finch/requests/req_other").statusCode());
  }

  @Test
  void metricsCountBothLegsUnderTheGenAiNames() throws Exception {
    SERVER.post("/v1/chat/completions", "{" + USER + "}");
    String metrics = SERVER.get("/metrics").body();

    for (String name :
        List.of(
            "gen_ai_server_request_duration_seconds_bucket",
            "gen_ai_server_time_to_first_token_seconds_count",
            "gen_ai_client_token_usage_sum",
            "finch_routes_total",
            "finch_slots_busy 1.0",
            "finch_queue 0.0",
            "finch_kv_cache_bytes 65536.0",
            "finch_kv_cache_tokens 420.0",
            "finch_kv_cache_capacity_tokens 8192.0",
            "finch_download_bytes",
            "gen_ai_server_time_per_output_token_seconds_count")) {
      assertTrue(metrics.contains(name), name + " is missing in\n" + metrics);
    }
    assertTrue(metrics.contains("gen_ai_provider_name=\"local\""));
  }

  @Test
  void healthSaysWhichLegCanAnswer() throws Exception {
    assertEquals("live", Json.read(SERVER.get("/health/live").body()).get("status").asText());
    ObjectNode ready = (ObjectNode) Json.read(SERVER.get("/health/ready").body());

    assertEquals("ready", ready.get("status").asText());
    assertTrue(ready.at("/legs/local").asBoolean() && ready.at("/legs/claude").asBoolean());
  }

  @Test
  void aWrongMethodAndAWrongPathAreToldApart() throws Exception {
    assertEquals(405, SERVER.get("/v1/chat/completions").statusCode());
    assertEquals(404, SERVER.get("/v1/nothing").statusCode());
    assertEquals(
        "not_found_error",
        Json.read(SERVER.get("/v1/messages/batches").body()).at("/error/type").asText());
  }
}
