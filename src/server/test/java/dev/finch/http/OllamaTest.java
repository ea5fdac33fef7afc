package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Prompt;
import dev.finch.inference.Provenance;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.ToolCall;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ollama's API as its clients use it: <a
 * href="https://github.com/ollama/ollama/blob/main/docs/api.md">docs/api.md</a> and api/types.go.
 */
final class OllamaTest {

  private static final Server SERVER = Server.start("");
  private static final Server KEYED =
      Server.start("finch.http.api-keys = [\"ann=key-of-ann\", \"admin:bob=key-of-bob\"]");
  private static final String HI = "'stream':false,'messages':[{'role':'user','content':'hi'}]";
  private static final RuntimeState READY =
      RuntimeState.of(new ModelState.Ready(ScriptedFinch.info()), null);

  @AfterAll
  static void stop() {
    SERVER.close();
    KEYED.close();
  }

  @BeforeEach
  void reset() {
    for (Server server : List.of(SERVER, KEYED)) {
      server.finch.script(_ -> ScriptedFinch.says("Hello."));
      server.finch.requests.clear();
      server.finch.changes.clear();
      server.finch.state(READY, Source.never());
    }
  }

  /** ollama4j takes what comes after the colon without looking whether there is one. */
  @Test
  void everyListedNameHasATagAndADigestAndTrueDetails() throws Exception {
    for (String path : List.of("/api/tags", "/api/ps")) {
      JsonNode models = Json.read(SERVER.get(path).body()).get("models");

      assertTrue(models.size() > 0);
      for (JsonNode model : models) {
        assertTrue(model.get("name").asText().split(":", 2).length == 2, model.toString());
        assertEquals(model.get("name"), model.get("model"));
        assertTrue(model.get("digest").asText().matches("[0-9a-f]{64}"), model.toString());
      }
    }
    JsonNode builtin = entry("builtin:latest");
    assertEquals("qwen2", builtin.at("/details/family").asText());
    assertEquals("qwen2", builtin.at("/details/families/0").asText());
    assertEquals("1.00M", builtin.at("/details/parameter_size").asText());
    assertEquals("Q8_0", builtin.at("/details/quantization_level").asText());
    assertEquals(1_100_000, builtin.get("size").asInt());
    assertEquals("qwen2", entry("auto:latest").at("/details/family").asText());
    assertEquals("claude", entry("claude:latest").get("remote_model").asText());
  }

  @ParameterizedTest
  @CsvSource({
    "auto, auto:latest",
    "qwen2.5-1.5b:q8_0, qwen2.5-1.5b:q8_0",
    "hf:acme/x, hf.co/acme/x:latest",
    "hf:acme/x:Q4_K_M, hf.co/acme/x:Q4_K_M",
    "hf:acme/x:x-Q8_0.gguf@dev, hf.co/acme/x:x-Q8_0.gguf@dev",
    "file:/a/b.gguf, file:/a/b.gguf:latest",
  })
  void tagsANameInAFormThatIsUnderstood(String id, String tagged) {
    assertEquals(tagged, OllamaModel.tagged(id));
    String name = tagged.replaceFirst(":latest$", "");
    if (!id.equals("auto")) {
      assertEquals(ModelReference.parse(id), ModelReference.parse(name));
    }
  }

  @Test
  void answersUnderTheNameThatWasAsked() throws Exception {
    JsonNode answer = Json.read(post("/api/chat", "{'model':'builtin:latest'," + HI + "}").body());

    assertEquals("builtin:latest", answer.get("model").asText());
    assertEquals("Hello.", answer.at("/message/content").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "'0'", "'0s'", "'0m'", "'0h0m0s'", "'0.0s'", "'-0s'"})
  void noughtInAnyFormUnloads(String keepAlive) throws Exception {
    String field = ",'keep_alive':" + keepAlive;
    JsonNode empty = Json.read(post("/api/generate", "{'model':'builtin'" + field + "}").body());

    assertEquals("unload", empty.get("done_reason").asText());
    assertEquals(List.of("unload"), SERVER.finch.changes);
    for (String stream : List.of("true", "false")) {
      SERVER.finch.changes.clear();
      String body = "{'model':'auto','prompt':'hi','stream':" + stream + field + "}";
      assertTrue(post("/api/generate", body).body().contains("Hello."));
      assertEquals(List.of("unload"), SERVER.finch.changes);
    }
    SERVER.finch.changes.clear();
    post("/api/embed", "{'model':'auto','input':'hi'" + field + "}");
    assertEquals(List.of("unload"), SERVER.finch.changes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"300", "-1", "'5m'", "'-1s'", "'1h30m'", "'.5s'", "null"})
  void anyOtherDurationKeepsTheModel(String keepAlive) throws Exception {
    String body = "{'model':'auto','prompt':'hi','stream':false,'keep_alive':" + keepAlive + "}";

    assertEquals(200, post("/api/generate", body).statusCode());
    assertEquals(List.of(), SERVER.finch.changes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'abc'", "true", "'5'", "''", "'5x'", "[]", "{}", "'0s '"})
  void whatIsNoDurationIsABadRequest(String keepAlive) throws Exception {
    for (String prompt : List.of("", ",'prompt':'hi'")) {
      String body = "{'model':'auto','stream':false" + prompt + ",'keep_alive':" + keepAlive + "}";
      HttpResponse<String> refused = post("/api/generate", body);

      assertEquals(400, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("keep_alive"), refused.body());
    }
    assertEquals(List.of(), SERVER.finch.changes);
  }

  @Test
  void anAnswerOfClaudesUnloadsNothing() throws Exception {
    SERVER.finch.script(
        _ ->
            Source.from(
                List.of(
                    new AnswerEvent.Started(Provenance.claude("c", RouteReason.MODEL_NOT_READY)),
                    new AnswerEvent.Delta("Hi."),
                    ScriptedFinch.finished(FinishReason.STOP, 1))));
    post("/api/chat", "{'model':'claude','keep_alive':0," + HI + "}");

    assertEquals(List.of(), SERVER.finch.changes);
  }

  @Test
  void anEmptyPromptLoadsWhatIsNotLoaded() throws Exception {
    post("/api/chat", "{'model':'auto','messages':[]}");
    assertEquals(List.of(), SERVER.finch.changes, "it is loaded");

    SERVER.finch.state(
        RuntimeState.of(new ModelState.Idle(ScriptedFinch.info()), null), Source.never());
    assertEquals(200, post("/api/chat", "{'model':'auto','messages':[]}").statusCode());
    SERVER.finch.state(RuntimeState.EMPTY, Source.never());
    post("/api/chat", "{'model':'qwen2.5-1.5b','messages':[]}");
    post("/api/chat", "{'model':'claude','messages':[]}");

    assertEquals(List.of("load builtin", "load qwen2.5-1.5b"), SERVER.finch.changes);
  }

  @Test
  void anOrdinaryKeyUnloadsAndLoadsNothingButItsAnswerComes() throws Exception {
    String[] ann = {"Authorization", "Bearer key-of-ann"};
    String unload = "{\"model\":\"builtin\",\"keep_alive\":0}";
    String ask = "{\"model\":\"auto\",\"prompt\":\"hi\",\"stream\":false,\"keep_alive\":0}";
    String load = "{\"model\":\"qwen2.5-1.5b\"}";

    assertEquals(403, KEYED.post("/api/generate", unload, ann).statusCode());
    assertEquals(403, KEYED.post("/api/generate", load, ann).statusCode());
    assertEquals(200, KEYED.post("/api/generate", ask, ann).statusCode());
    assertEquals(List.of(), KEYED.finch.changes);
    KEYED.post("/api/generate", unload, "Authorization", "Bearer key-of-bob");
    assertEquals(List.of("unload"), KEYED.finch.changes);
  }

  /** Codex: "Ollama 0.12.0 is too old. Codex requires Ollama 0.13.4 or newer." */
  @Test
  void isAsNewAsWhatItKeeps() throws Exception {
    String version = Json.read(SERVER.get("/api/version").body()).get("version").asText();
    String[] parts = version.split("\\.");

    assertEquals("0", parts[0]);
    assertTrue(Integer.parseInt(parts[1]) * 100 + Integer.parseInt(parts[2]) >= 1304, version);
  }

  /** ollama/ollama, sample/samplers.go: beyond a range is its end. */
  @Test
  void takesOptionsAsOllamaDoes() throws Exception {
    post(
        "/api/chat",
        "{'model':'auto',"
            + HI
            + ",'options':{'num_predict':0,'top_k':-1,'temperature':2.5,'top_p':1.5,'min_p':-1,"
            + "'presence_penalty':3.5,'frequency_penalty':-2.5,'stop':['','x']}}");
    Sampling sampling = SERVER.finch.requests.getFirst().sampling();

    assertEquals(
        Sampling.builder()
            .topK(0)
            .temperature(2.5)
            .topP(1.0)
            .minP(0.0)
            .presencePenalty(3.5)
            .frequencyPenalty(-2.5)
            .stop(List.of("x"))
            .build(),
        sampling);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -2})
  void noBoundOnTokensHasThreeForms(int tokens) throws Exception {
    post("/api/chat", "{'model':'auto'," + HI + ",'options':{'num_predict':" + tokens + "}}");

    assertEquals(null, SERVER.finch.requests.getFirst().sampling().maxTokens());
  }

  /** Anthropic's beta structured-outputs, llama.cpp's json_object with schema, Ollama's format. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | 'response_format':{'type':'json_object','schema':S}",
        "/v1/chat/completions | 'response_format':{'type':'json_schema','schema':S}",
        "/v1/chat/completions |"
            + " 'response_format':{'type':'json_schema','json_schema':{'schema':S}}",
        "/v1/chat/completions | 'json_schema':S",
        "/v1/responses | 'text':{'format':{'type':'json_schema','name':'n','schema':S}}",
        "/v1/responses | 'text':{'format':{'type':'json_object','schema':S}}",
        "/v1/messages | 'output_format':{'type':'json_schema','schema':S}",
        "/v1/messages | 'output_config':{'format':{'type':'json_schema','schema':S}}",
        "/api/chat | 'format':S",
        "/api/generate | 'format':S",
      })
  void keepsASchemaHoweverItIsGiven(String path, String field) throws Exception {
    String schema = "{'type':'object','properties':{'a':{'type':'integer'}}}";
    String prompt =
        path.endsWith("responses")
            ? "'input':'hi',"
            : path.endsWith("generate") ? "'prompt':'hi'," : "'max_tokens':9,";
    var response =
        post(
            path,
            "{'model':'auto',"
                + prompt
                + HI
                + ","
                + field.replace("S}", schema + "}").replaceFirst("S$", schema)
                + "}");

    assertEquals(200, response.statusCode(), response.body());
    assertEquals(
        new ResponseFormat.JsonSchema(schema.replace('\'', '"')),
        SERVER.finch.requests.getFirst().format());
  }

  private static JsonNode entry(String name) throws Exception {
    for (JsonNode model : Json.read(SERVER.get("/api/tags").body()).get("models")) {
      if (model.get("name").asText().equals(name)) {
        return model;
      }
    }
    throw new AssertionError(name + " is not listed");
  }

  private static HttpResponse<String> post(String path, String quoted) throws Exception {
    return SERVER.post(path, quoted.replace('\'', '"'));
  }

  @Test
  void resultsOfToolsAnswerTheCallsThatTheyName() throws Exception {
    SERVER.post(
        "/api/chat",
        """
        {'model':'builtin','stream':false,'messages':[{'role':'user','content':'hi'},
         {'role':'assistant','content':'','tool_calls':[
          {'function':{'name':'a','arguments':{}}},{'function':{'name':'b','arguments':{'x':1}}},
          {'function':{'name':'a','arguments':{}}}]},
         {'role':'tool','tool_name':'b','content':'of b'},{'role':'tool','content':'first of a'},
         {'role':'tool','tool_name':'a','content':'second of a'}]}\
        """
            .replace('\'', '"'));
    Prompt.Conversation prompt = (Prompt.Conversation) SERVER.finch.requests.getFirst().prompt();
    List<ChatMessage> turns = prompt.messages();
    List<String> calls = turns.get(1).toolCalls().stream().map(ToolCall::id).toList();
    assertEquals(
        List.of(calls.get(1), calls.get(0), calls.get(2)),
        turns.subList(2, 5).stream().map(ChatMessage::toolCallId).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "false, disabled, ",
    "true, adaptive, ",
    "LOW, adaptive, low",
    "HIGH, adaptive, high"
  })
  void whetherToThinkReachesWhoeverAnswers(String think, String type, @Nullable String effort)
      throws Exception {
    String value = effort == null ? think : "'" + effort + "'";
    post("/api/chat", "{'model':'builtin','think':" + value + "," + HI + "}");
    CloudOptions options = SERVER.finch.requests.getFirst().cloudOptions();
    assertEquals(type, Json.read(String.valueOf(options.thinking())).path("type").asText());
    assertEquals(effort, options.effort());
  }

  @Test
  void whatIsNoWayToThinkIsRefused() throws Exception {
    HttpResponse<String> response =
        post("/api/chat", "{'model':'builtin','think':'much'," + HI + "}");
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("think"), response::body);
  }

  @Test
  void tellsLogProbabilitiesWhereTheyAreAskedFor() throws Exception {
    TokenLogprob token =
        new TokenLogprob("Hi", 5, -0.5, List.of(new TokenLogprob.Alternative("Ho", 6, -1.5)));
    SERVER.finch.script(
        _ ->
            Source.from(
                List.of(
                    new AnswerEvent.Started(ScriptedFinch.LOCAL),
                    new AnswerEvent.Delta("Hi", List.of(token)),
                    ScriptedFinch.finished(FinishReason.STOP, 1))));
    for (String path : List.of("/api/chat", "/api/generate")) {
      String body = "{'model':'builtin','logprobs':true,'top_logprobs':1,'prompt':'hi'," + HI + "}";
      JsonNode answer = Json.read(post(path, body).body());
      JsonNode told = answer.path("logprobs").path(0);
      assertEquals("Hi", told.path("token").asText(), answer::toString);
      assertEquals(-0.5, told.path("logprob").asDouble());
      assertEquals("Ho", told.path("top_logprobs").path(0).path("token").asText());
      String lines = post(path, body.replace("false", "true")).body();
      assertTrue(lines.lines().findFirst().orElseThrow().contains("\"logprobs\":[{"), lines);
      assertEquals(1, SERVER.finch.requests.getLast().sampling().logprobs());
    }
  }
}
