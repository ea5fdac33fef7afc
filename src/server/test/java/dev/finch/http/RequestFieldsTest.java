package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.TokenUsage;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that were once read over, or refused in words that mislead. */
final class RequestFieldsTest {

  private static final Server SERVER = Server.start("");
  private static final String USER = "'messages':[{'role':'user','content':'hi'}]";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
    SERVER.finch.requests.clear();
  }

  private static HttpResponse<String> post(String path, String fields) throws Exception {
    String body = "{'model':'auto','max_tokens':9," + fields + "}";
    return SERVER.post(path, body.replace('\'', '"'));
  }

  private static ObjectNode json(String body) throws Exception {
    return (ObjectNode) Json.read(body);
  }

  @Test
  void rawCompletionsKeepTheFormInEachWayToAskForOne() throws Exception {
    ResponseFormat schema = new ResponseFormat.JsonSchema("{\"type\":\"object\"}");
    post("/v1/completions", "'prompt':'x','json_schema':{'type':'object'}");
    post(
        "/v1/completions",
        "'prompt':['x'],'response_format':{'type':'json_schema','json_schema':{'name':'n',"
            + "'schema':{'type':'object'}}}");
    post("/v1/completions", "'prompt':'x','response_format':{'type':'json_object'}");
    post("/v1/completions", "'prompt':'x','grammar':'root ::= [0-9]'");

    assertEquals(
        List.of(
            schema,
            schema,
            ResponseFormat.JSON_OBJECT,
            new ResponseFormat.Grammar("root ::= [0-9]")),
        SERVER.finch.requests.stream().map(request -> request.format()).toList());
    assertEquals(
        400, post("/v1/completions", "'prompt':'x','response_format':{'type':'xml'}").statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | 400",
        "'a b' | 400",
        "'a\\n' | 400",
        "'a\\u0000' | 400",
        "'é' | 400",
        "'<tool_call>' | 400",
        "129 | 400",
        "128 | 200",
        "'get_weather-2' | 200",
        "'mcp__files.read' | 200",
        "'server/tool' | 200",
        "'ns:tool' | 200",
      },
      quoteCharacter = '~')
  void toolsHaveNamesThatCanBeCalled(String name, int status) throws Exception {
    String quoted = name.startsWith("'") ? name : "'" + "a".repeat(Integer.parseInt(name)) + "'";
    String function = "{'type':'function','function':{'name':" + quoted + "}}";
    expect(status, post("/v1/chat/completions", USER + ",'tools':[" + function + "]"));
    expect(status, post("/api/chat", "'stream':false," + USER + ",'tools':[" + function + "]"));
    expect(
        status,
        post("/v1/responses", "'input':'x','tools':[{'type':'function','name':" + quoted + "}]"));
    expect(
        status,
        post("/v1/messages", USER + ",'tools':[{'name':" + quoted + ",'input_schema':{}}]"));
    String own = "{'prompt':{'type':'raw','text':'x'},'tools':[{'name':%s,'parameters':'{}'}]}";
    HttpResponse<String> finch =
        SERVER.post("/v1/finch/generate", own.formatted(quoted).replace('\'', '"'));
    assertEquals(status, finch.statusCode(), finch.body());
    assertEquals(status == 400, finch.body().contains("1 to 128"), finch.body());
  }

  /** vLLM, Structured Outputs; SGLang, Structured Outputs ({@code ebnf}). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "'guided_json':{'type':'object'} ~ {\"type\":\"object\"}",
        "'guided_json':'{\\\"type\\\":\\\"object\\\"}' ~ {\"type\":\"object\"}",
        "'structured_outputs':{'json':{'type':'array'}} ~ {\"type\":\"array\"}",
        "'guided_grammar':'root ::= [0-9]' ~ root ::= [0-9]",
        "'structured_outputs':{'grammar':'root ::= [0-9]'} ~ root ::= [0-9]",
        "'ebnf':'root ::= [0-9]' ~ root ::= [0-9]",
        "'guided_choice':['yes','no'] ~ root ::= \"yes\" | \"no\"",
        "'guided_choice':['é'] ~ root ::= \"é\"",
        "'guided_choice':['\\\\ \\n'] ~ root ::= \"\\\\ \\x0A\"",
        "'structured_outputs':{'choice':['a']},'response_format':{'type':'text'} ~ root ::= \"a\"",
      })
  void formsOfOtherServersAreKept(String fields, String form) throws Exception {
    for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
      HttpResponse<String> answer = post(path, "'prompt':'x'," + USER + "," + fields);

      assertEquals(200, answer.statusCode(), answer.body());
      ResponseFormat kept = SERVER.finch.requests.getLast().format();
      assertEquals(
          form.startsWith("{")
              ? new ResponseFormat.JsonSchema(form)
              : new ResponseFormat.Grammar(form),
          kept);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'guided_regex':'[0-9]+'",
        "'regex':'[0-9]+'",
        "'structured_outputs':{'regex':'[0-9]+'}",
        "'structured_outputs':{'structural_tag':{}}",
        "'structured_outputs':'json'",
        "'guided_json':'none'",
        "'guided_json':[1]",
        "'guided_choice':[]",
        "'guided_choice':'yes'",
        "'guided_choice':[1]",
        "'guided_grammar':1",
        "'guided_choice':['a'],'guided_json':{}",
        "'guided_choice':['a'],'response_format':{'type':'json_object'}",
        "'guided_choice':['a'],'grammar':'root ::= [0-9]'",
      })
  void formsThatCannotBeHeldAreRefusedByName(String fields) throws Exception {
    for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
      HttpResponse<String> answer = post(path, "'prompt':'x'," + USER + "," + fields);

      assertEquals(400, answer.statusCode(), answer.body());
      String field = fields.substring(1, fields.indexOf('\'', 1));
      assertTrue(answer.body().contains(field), answer.body());
    }
    assertEquals(0, SERVER.finch.requests.size());
  }

  private static void expect(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    if (status == 400) {
      assertTrue(answer.body().contains("name: "), answer.body());
      assertTrue(answer.body().contains("1 to 128"), answer.body());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | 'tool_choice':'required'",
        "/v1/chat/completions | 'tool_choice':'any','tools':[]",
        "/v1/messages | 'tool_choice':{'type':'any'}",
        "/v1/messages | 'tool_choice':{'type':'tool','name':'f'}",
      })
  void aCallThatNoToolCanAnswerIsRefused(String path, String fields) throws Exception {
    HttpResponse<String> answer = post(path, USER + "," + fields);

    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("tool_choice"), answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"'auto'", "'none'"})
  void noToolsNeedNoCall(String choice) throws Exception {
    assertEquals(200, post("/v1/chat/completions", USER + ",'tool_choice':" + choice).statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | 3 | 3 | USER",
        "/v1/completions | 3 | 3 | 'prompt':'x'",
        "/v1/completions | 2 | 4 | 'prompt':['x','y']",
        "/v1/completions | 1 | 2 | 'prompt':['x','y']",
      })
  void aPromptIsCountedOnceHoweverManyAnswersItHas(
      String path, int copies, int answers, String fields) throws Exception {
    TokenUsage used = new TokenUsage(7, 3, 0, 0, 0);
    SERVER.finch.script(_ -> ScriptedFinch.stoppedAt(".", used, "Hi"));
    String asked = "'n':" + copies + "," + fields.replace("USER", USER);
    int prompts = answers / copies;
    JsonNode whole = json(post(path, asked).body()).get("usage");
    String stream =
        post(path, asked + ",'stream':true,'stream_options':{'include_usage':true}").body();
    String counted =
        stream
            .lines()
            .filter(line -> line.startsWith("data: {") && line.contains("\"usage\":{"))
            .map(line -> line.substring("data: ".length()))
            .findFirst()
            .orElseThrow();

    assertEquals(7 * prompts, whole.get("prompt_tokens").asInt(), whole.toString());
    assertEquals(3 * prompts, whole.at("/prompt_tokens_details/cached_tokens").asInt());
    assertEquals(2 * answers, whole.get("completion_tokens").asInt());
    assertEquals(whole, json(counted).get("usage"));
  }

  @Test
  void aResponseTellsTheFormThatWasAskedFor() throws Exception {
    String format = "{'type':'json_schema','name':'n','strict':true,'schema':{'type':'object'}}";
    JsonNode asked =
        json(post("/v1/responses", "'input':'x','text':{'format':" + format + "}").body());
    JsonNode verbose = json(post("/v1/responses", "'input':'x','text':{'verbosity':'low'}").body());

    assertEquals(json(format.replace('\'', '"')), asked.at("/text/format"));
    assertEquals("text", verbose.at("/text/format/type").asText());
    assertEquals("low", verbose.at("/text/verbosity").asText());
  }

  @Test
  void anAnthropicClientReadsItsOwnErrorsWhereItAsksForModels() throws Exception {
    for (String path : List.of("/v1/models/nope", "/v1/modles")) {
      JsonNode theirs = json(SERVER.get(path, "anthropic-version", "2023-06-01").body());
      JsonNode plain = json(SERVER.get(path).body());

      assertEquals("error", theirs.path("type").asText(), theirs.toString());
      assertEquals("not_found_error", theirs.at("/error/type").asText());
      assertNotNull(theirs.get("request_id"));
      assertTrue(plain.path("type").isMissingNode(), plain.toString());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000000000000 | a whole number from -2147483648 to 2147483647",
        "1e300 | a whole number from -2147483648 to 2147483647",
        "1.5 | a whole number)",
        "true | a whole number)",
      })
  void aNumberThatIsTooLargeIsRefusedForItsSize(String value, String expected) throws Exception {
    String body = "{\"model\":\"auto\",\"max_tokens\":" + value + ",";
    HttpResponse<String> answer = SERVER.post("/v1/messages", body + USER.replace('\'', '"') + "}");

    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(expected), answer.body());
  }

  @Test
  void noBoundIsRefusedWhereAnthropicRefusesIt() throws Exception {
    String body = "{\"model\":\"auto\",\"max_tokens\":-1," + USER.replace('\'', '"') + "}";

    assertEquals(400, SERVER.post("/v1/messages", body).statusCode());
    assertEquals(200, SERVER.post("/v1/chat/completions", body).statusCode());
  }
}
