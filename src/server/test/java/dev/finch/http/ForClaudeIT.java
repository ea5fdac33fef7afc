package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a client's request reaches Claude, through each dialect and a whole runtime. */
final class ForClaudeIT {

  private static final String PNG = "iVBORw0KGgo=";
  private static final String TOOL =
      "{'name':'a','description':'d','input_schema':{'type':'object'},'strict':true}";
  private static final String HI = "'messages':[{'role':'user','content':'x'}]";

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

  @BeforeEach
  void answer() {
    claude.answerAlways(ClaudeScript.text("Yes."));
  }

  /** In the words of each dialect, streamed and whole; it is no matter of the context. */
  @ParameterizedTest
  @CsvSource({
    "/v1/messages, /error/type, request_too_large",
    "/v1/chat/completions, /error/code, claude_too_large",
    "/v1/responses, /error/code, claude_too_large",
    "/api/chat, /error, Claude answered with status 413",
  })
  void whatHasTooManyBytesForClaudeStaysA413(String path, String at, String expected)
      throws Exception {
    claude.answerAlways(ClaudeScript.error(413, "request_too_large", "Request exceeds 32 MB"));
    for (boolean stream : new boolean[] {false, true}) {
      String body =
          ("{'model':'claude','max_tokens':5,'stream':" + stream + "," + HI + ",'input':'x'}")
              .replace('\'', '"');
      HttpResponse<String> refused = server.post(path, body);
      assertEquals(413, refused.statusCode(), refused.body());
      String said = Json.read(refused.body()).at(at).asText();
      assertTrue(said.startsWith(expected), refused.body());
      assertTrue(refused.body().contains("32 MB"), refused.body());
    }
  }

  @Test
  void anthropicsOwnFieldsReachClaude() throws Exception {
    JsonNode sent =
        sent(
            "/v1/messages",
            "{'model':'claude','max_tokens':2000,'thinking':{'type':'adaptive'},"
                + "'output_config':{'effort':'low'},'metadata':{'user_id':'u'},"
                + "'tool_choice':{'type':'any','disable_parallel_tool_use':true},'tools':["
                + TOOL
                + "],"
                + HI
                + "}",
            "anthropic-beta",
            "interleaved-thinking-2025-05-14, context-1m-2025-08-07");

    assertEquals("adaptive", sent.at("/thinking/type").asText());
    assertEquals("low", sent.at("/output_config/effort").asText());
    assertEquals("u", sent.at("/metadata/user_id").asText());
    assertTrue(sent.at("/tool_choice/disable_parallel_tool_use").asBoolean());
    assertTrue(sent.at("/tools/0/strict").asBoolean());
    assertEquals(
        "interleaved-thinking-2025-05-14,context-1m-2025-08-07",
        claude.messages().getLast().header("anthropic-beta"));
    sent("/v1/messages", "{'model':'claude','max_tokens':20," + HI + "}");
    assertEquals("", claude.messages().getLast().header("anthropic-beta"));
  }

  /** Where Anthropic's prompt caching lets a breakpoint stand, each stands when Claude reads it. */
  @Test
  void breakpointsOfTheCacheReachClaudeInTheirPlaces() throws Exception {
    String mark = "'cache_control':{'type':'ephemeral','ttl':'1h'}";
    JsonNode sent =
        sent(
            "/v1/messages",
            ("{'model':'claude','max_tokens':20,'system':["
                    + "{'type':'text','text':'Be kind.'},{'type':'text','text':'Be brief.',MARK}],"
                    + "'tools':[{'name':'a','input_schema':{'type':'object'}},"
                    + "{'name':'b','input_schema':{'type':'object'},MARK}],"
                    + "'messages':[{'role':'user','content':[{'type':'text','text':'one',MARK},"
                    + "{'type':'text','text':'two'},{'type':'image','source':{'type':'base64',"
                    + "'media_type':'image/png','data':'PNG'},MARK}]},"
                    + "{'role':'assistant','content':[{'type':'text','text':'Well.'},"
                    + "{'type':'tool_use','id':'t1','name':'a','input':{},MARK}]},"
                    + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1',"
                    + "'content':[{'type':'text','text':'12:00',MARK},{'type':'text','text':'13'}],"
                    + "MARK}]},{'role':'assistant','content':[{'type':'text','text':'So.',MARK}]},"
                    + "{'role':'user','content':[{'type':'text','text':'go on',MARK}]}]}")
                .replace("MARK", mark)
                .replace("PNG", PNG));

    for (String marked :
        List.of(
            "/system/1",
            "/tools/1",
            "/messages/0/content/0",
            "/messages/0/content/2",
            "/messages/1/content/1",
            "/messages/2/content/0",
            "/messages/2/content/0/content/0",
            "/messages/3/content/0",
            "/messages/4/content/0")) {
      assertEquals("1h", sent.at(marked + "/cache_control/ttl").asText(), marked + " " + sent);
    }
    assertEquals(9, sent.findValues("cache_control").size(), sent.toString());
    assertEquals("Be kind.", sent.at("/system/0/text").asText());
    assertEquals("two", sent.at("/messages/0/content/1/text").asText());
  }

  @Test
  void aRequestsOwnBreakpointsAreNotJoinedByFinchs() throws Exception {
    String text = "x".repeat(100_000);
    String content = "[{'type':'text','text':'" + text + "',MARK}]";
    String body = "{'model':'claude','max_tokens':20,'messages':[{'role':'user','content':C}]}";
    String mark = "'cache_control':{'type':'ephemeral'}";

    JsonNode own = sent("/v1/messages", body.replace("C}", content.replace("MARK", mark) + "}"));
    JsonNode none = sent("/v1/messages", body.replace("C}", content.replace(",MARK", "") + "}"));
    JsonNode whole =
        sent(
            "/v1/messages",
            body.replace("'max", "'cache_control':{'type':'ephemeral','ttl':'5m'},'max")
                .replace("C}", "'" + text + "'}"));

    assertTrue(own.path("cache_control").isMissingNode());
    assertEquals("ephemeral", none.at("/cache_control/type").asText());
    assertEquals("5m", whole.at("/cache_control/ttl").asText());
  }

  @Test
  void whatBelongsToTheRequestAsAWholeReachesClaude() throws Exception {
    JsonNode sent =
        sent(
            "/v1/messages",
            "{'model':'claude','max_tokens':20,'service_tier':'standard_only','inference_geo':'us',"
                + "'context_management':{'edits':[{'type':'clear_tool_uses_20250919','keep':"
                + "{'type':'tool_uses','value':3}}]},"
                + HI
                + "}",
            "anthropic-beta",
            "context-management-2025-06-27");

    assertEquals("standard_only", sent.path("service_tier").asText());
    assertEquals("us", sent.path("inference_geo").asText());
    assertEquals(3, sent.at("/context_management/edits/0/keep/value").asInt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'cache_control':'ephemeral'",
        "'cache_control':{'type':'LONG'}",
        "'context_management':[]",
        "'context_management':{'edits':'LONGLONG'}",
        "'service_tier':7",
        "'inference_geo':'LONG'",
        "'system':[{'type':'text','text':'x','cache_control':true}]",
        "'system':[{'type':'text','text':'x','cache_control':{'type':'LONG'}}]",
        "'tools':[{'name':'a','cache_control':[]}]",
      })
  void fieldsBeyondAllBoundsAreRefused(String field) throws Exception {
    int before = claude.messages().size();
    String body = "{'model':'MODEL','max_tokens':20," + field + "," + HI + "}";
    String filled = body.replace("LONGLONG", "x".repeat(70_000)).replace("LONG", "x".repeat(600));

    for (String model : List.of("claude", "local")) {
      HttpResponse<String> refused = post("/v1/messages", filled.replace("MODEL", model));
      assertEquals(400, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("invalid_request_error"), refused.body());
      assertTrue(refused.body().length() < 1000, refused.body());
    }
    assertEquals(before, claude.messages().size());
  }

  /** A client learns so that Claude left out a part of its conversation, and what served it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatClaudeSaysBesideItsAnswerIsTold(boolean stream) throws Exception {
    String edits =
        "{\"applied_edits\":[{\"type\":\"clear_tool_uses_20250919\",\"cleared_tool_uses\":8}]}";
    List<String> events = new ArrayList<>(Transcripts.text("claude-haiku-5-5", "Yes."));
    events.set(
        0,
        events
            .getFirst()
            .replace(
                "\"usage\":{",
                "\"usage\":{\"service_tier\":\"priority\",\"inference_geo\":\"us\","));
    events.replaceAll(
        event ->
            event.contains("message_delta")
                ? event.replace("\"delta\":", "\"context_management\":" + edits + ",\"delta\":")
                : event);
    claude.answerAlways(ClaudeScript.stream(events));

    String body =
        post(
                "/v1/messages",
                "{'model':'claude','max_tokens':20,'stream':"
                    + stream
                    + ",'messages':[{'role':'user','content':'hi'}]}")
            .body();

    String told =
        stream
            ? body.lines()
                .filter(line -> line.startsWith("data:") && line.contains("message_delta"))
                .findFirst()
                .orElseThrow()
                .substring("data:".length())
            : body;
    JsonNode message = Json.read(told);
    assertEquals(Json.read(edits), message.path("context_management"), body);
    assertEquals("priority", message.at("/usage/service_tier").asText(), body);
    assertEquals("us", message.at("/usage/inference_geo").asText(), body);
  }

  /** Clients add up what the cache spared them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheCacheTookAndGaveIsTold(boolean stream) throws Exception {
    String usage =
        "{\"input_tokens\":100,\"cache_creation_input_tokens\":3000,"
            + "\"cache_read_input_tokens\":2000,\"cache_creation\":{"
            + "\"ephemeral_5m_input_tokens\":1000,\"ephemeral_1h_input_tokens\":2000},"
            + "\"output_tokens\":1}";
    List<String> events = new ArrayList<>(Transcripts.text("claude-haiku-5-5", "Yes."));
    events.set(0, events.getFirst().replaceFirst("\"usage\":\\{[^}]*}", "\"usage\":" + usage));
    claude.answerAlways(ClaudeScript.stream(events));
    String mark = "'cache_control':{'type':'ephemeral','ttl':'1h'}";
    String body =
        post(
                "/v1/messages",
                "{'model':'claude','max_tokens':20,'stream':"
                    + stream
                    + ",'messages':[{'role':'user','content':[{'type':'text','text':'"
                    + "x ".repeat(5000)
                    + "',"
                    + mark
                    + "}]}]}")
            .body();

    List<String> told =
        stream ? body.lines().filter(line -> line.contains("\"usage\"")).toList() : List.of(body);
    assertEquals(stream ? 2 : 1, told.size(), body);
    for (String line : told) {
      assertTrue(line.contains("\"input_tokens\":100,"), line);
      assertTrue(line.contains("\"cache_creation_input_tokens\":3000"), line);
      assertTrue(line.contains("\"cache_read_input_tokens\":2000"), line);
      assertTrue(line.contains("\"ephemeral_5m_input_tokens\":1000"), line);
      assertTrue(line.contains("\"ephemeral_1h_input_tokens\":2000"), line);
    }
  }

  @ParameterizedTest
  @CsvSource({"minimal, low", "low, low", "medium, medium", "high, high", "xhigh, xhigh"})
  void openAisEffortIsSaidInClaudesWords(String effort, String expected) throws Exception {
    JsonNode chat =
        sent(
            "/v1/chat/completions",
            "{'model':'claude','reasoning_effort':'"
                + effort
                + "','parallel_tool_calls':false,'tool_choice':'required','tools':[{'type':'function',"
                + "'function':{'name':'a','parameters':{'type':'object'},'strict':true}}],"
                + HI
                + "}");
    JsonNode responses =
        sent(
            "/v1/responses",
            "{'model':'claude','input':'x','reasoning':{'effort':'"
                + effort
                + "','summary':'auto'}}");

    assertEquals(expected, chat.at("/output_config/effort").asText());
    assertTrue(chat.at("/tool_choice/disable_parallel_tool_use").asBoolean());
    assertTrue(chat.at("/tools/0/strict").asBoolean());
    assertEquals(expected, responses.at("/output_config/effort").asText());
    assertEquals("adaptive", responses.at("/thinking/type").asText());
  }

  @Test
  void noEffortIsNoThinking() throws Exception {
    JsonNode sent =
        sent("/v1/chat/completions", "{'model':'claude','reasoning_effort':'none'," + HI + "}");

    assertEquals("disabled", sent.at("/thinking/type").asText());
    assertTrue(sent.at("/output_config").isMissingNode());
    assertEquals(
        400,
        post("/v1/chat/completions", "{'model':'claude','reasoning_effort':'lots'," + HI + "}")
            .statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages | 'messages':[{'role':'user','content':[{'type':'image','source':{'type':"
            + "'base64','media_type':'image/png','data':'PNG'}},{'type':'text','text':'?'}]}]",
        "/v1/chat/completions | 'messages':[{'role':'user','content':["
            + "{'type':'image_url','image_url':{'url':'data:image/png;base64,PNG'}},"
            + "{'type':'text','text':'?'}]}]",
        "/v1/responses | 'input':[{'role':'user','content':["
            + "{'type':'input_image','image_url':'data:image/png;base64,PNG'},"
            + "{'type':'input_text','text':'?'}]}]",
        "/api/chat | 'stream':false,'messages':[{'role':'user','content':'?','images':['PNG']}]",
        "/api/generate | 'stream':false,'prompt':'?','images':['PNG']",
      })
  void anImageGoesToClaudeThoughTheLocalModelIsReady(String path, String fields) throws Exception {
    String body = "{'model':'auto','max_tokens':50," + fields.replace("PNG", PNG) + "}";
    JsonNode sent = sent(path, body);

    assertEquals("image", sent.at("/messages/0/content/0/type").asText(), sent.toString());
    assertEquals("image/png", sent.at("/messages/0/content/0/source/media_type").asText());
    assertEquals(PNG, sent.at("/messages/0/content/0/source/data").asText());
    assertEquals("?", sent.at("/messages/0/content/1/text").asText());

    int before = claude.messages().size();
    for (String name : List.of("local", "builtin")) {
      HttpResponse<String> refused = post(path, body.replace("'auto'", "'" + name + "'"));
      assertEquals(400, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("it shows an image"), refused.body());
    }
    assertEquals(before, claude.messages().size(), "nothing has left");
  }

  /** Claude Code's Read tool on a picture. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages | 'messages':[{'role':'user','content':'look'},{'role':'assistant','content':"
            + "[{'type':'tool_use','id':'t1','name':'Read','input':{'f':'a.png'}}]},{'role':'user',"
            + "'content':[{'type':'tool_result','tool_use_id':'t1','content':[{'type':'image',"
            + "'source':{'type':'base64','media_type':'image/png','data':'PNG'}}]}]}]",
        "/v1/responses |"
            + " 'input':[{'role':'user','content':'look'},{'type':'function_call','call_id'"
            + ":'t1','name':'Read','arguments':'{}'},{'type':'function_call_output','call_id':'t1',"
            + "'output':[{'type':'input_image','image_url':'data:image/png;base64,PNG'}]}]",
      })
  void anImageInAToolsResultReachesClaude(String path, String fields) throws Exception {
    JsonNode sent =
        sent(path, "{'model':'claude','max_tokens':50," + fields.replace("PNG", PNG) + "}");

    assertEquals(
        PNG, sent.at("/messages/2/content/0/content/0/source/data").asText(), sent.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'image_url','image_url':{'url':'http://x.test/a.png'}}",
        "{'type':'image_url','image_url':{'url':'file:///etc/passwd'}}",
        "{'type':'image_url','image_url':{'url':'data:image/svg+xml;base64,AAAA'}}",
        "{'type':'image_url','image_url':{'url':'data:image/png,AAAA'}}",
        "{'type':'image_url','image_url':{'url':'data:image/png;base64,'}}",
        "{'type':'image_url','image_url':{'url':'data:image/png;base64,<>'}}",
        "{'type':'image_url'}",
        "{'type':'input_image','file_id':'f'}",
        "{'type':'input_audio','input_audio':{}}",
      })
  void whatIsNoImageIsRefused(String part) throws Exception {
    int before = claude.messages().size();
    HttpResponse<String> refused =
        post(
            "/v1/chat/completions",
            "{'model':'claude','messages':[{'role':'user','content':[" + part + "]}]}");

    assertEquals(400, refused.statusCode(), refused.body());
    assertEquals(before, claude.messages().size());
  }

  @Test
  void whatClaudeThinksShowsInResponses() throws Exception {
    claude.answerAlways(
        ClaudeScript.stream(
            List.of(
                Transcripts.messageStart("claude-haiku-5-5", 21),
                Transcripts.blockStart(0, "{\"type\":\"thinking\",\"thinking\":\"\"}"),
                Transcripts.thinkingDelta(0, "Hm."),
                Transcripts.signatureDelta(0, "c2ln"),
                Transcripts.blockStop(0),
                Transcripts.textStart(1),
                Transcripts.textDelta(1, "Yes."),
                Transcripts.blockStop(1),
                Transcripts.messageDelta("end_turn", 5),
                Transcripts.messageStop())));
    JsonNode response =
        Json.read(
            post("/v1/responses", "{'model':'claude','input':'x','reasoning':{'summary':'auto'}}")
                .body());

    assertEquals("reasoning", response.at("/output/0/type").asText());
    assertEquals("Hm.", response.at("/output/0/summary/0/text").asText());
    assertEquals("Hm.", response.at("/output/0/content/0/text").asText());
    assertEquals("Yes.", response.at("/output/1/content/0/text").asText());
    String stream =
        post("/v1/messages", "{'model':'claude','stream':true,'max_tokens':9," + HI + "}").body();
    String start =
        stream.lines().filter(line -> line.contains("message_start\",")).findFirst().get();
    assertTrue(start.contains("\"input_tokens\":21"), start);
  }

  private static JsonNode sent(String path, String quoted, String... headers) throws Exception {
    HttpResponse<String> answer = server.post(path, quoted.replace('\'', '"'), headers);
    assertEquals(200, answer.statusCode(), answer.body());
    return claude.messages().getLast().json();
  }

  private static HttpResponse<String> post(String path, String quoted) throws Exception {
    return server.post(path, quoted.replace('\'', '"'));
  }
}
