package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Part;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MessagesRequestTest {

  private static final Tool CLOCK =
      Tool.of("clock", "Tells the time", "{\"type\":\"object\",\"properties\":{}}");

  private static JsonNode body(GenerateRequest request) {
    return body(request, 0);
  }

  private static JsonNode body(GenerateRequest request, long cacheFrom) {
    JsonNode body =
        ClaudeJson.parse(
            MessagesRequest.streamed(
                    request, "m", ApiVersion.V2023_06_01, 100, cacheFrom, new ThinkingTurns())
                .body()
                .toArray());
    assertNotNull(body);
    return body;
  }

  private static JsonNode messages(ChatMessage... messages) {
    return body(GenerateRequest.builder().messages(List.of(messages)).build()).path("messages");
  }

  private static JsonNode json(String text) {
    JsonNode json = ClaudeJson.parse(text);
    assertNotNull(json, text);
    return json;
  }

  @Test
  void joinsSystemMessagesFromAnywhereIntoTheirOwnField() {
    JsonNode body =
        body(
            GenerateRequest.builder()
                .messages(
                    List.of(
                        ChatMessage.system("Be brief."),
                        ChatMessage.user("Hi"),
                        ChatMessage.system(" "),
                        ChatMessage.system("Be kind.")))
                .build());
    assertEquals("Be brief.\n\nBe kind.", body.path("system").asText());
    assertEquals(json("[{\"role\":\"user\",\"content\":\"Hi\"}]"), body.path("messages"));
  }

  @Test
  void mergesConsecutiveTurnsOfOneRole() {
    assertEquals(
        json(
            """
            [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":"c"},
             {"role":"user","content":"d"}]
            """),
        messages(
            ChatMessage.user("a"),
            ChatMessage.user("b"),
            ChatMessage.assistant("c"),
            ChatMessage.assistant(" \n"),
            ChatMessage.user("d")));
  }

  @Test
  void letsAUserBeginWhereTheAssistantDid() {
    JsonNode messages = messages(ChatMessage.assistant("Welcome!"), ChatMessage.user("Hi"));
    assertEquals("user", messages.path(0).path("role").asText());
    assertEquals("Welcome!", messages.path(1).path("content").asText());
    assertEquals(3, messages.size());
  }

  @Test
  void putsTheResultsOfToolsRightAfterTheirCallsAndFirst() {
    JsonNode messages =
        messages(
            ChatMessage.user("Time and place?"),
            ChatMessage.assistant(
                "One moment.",
                List.of(
                    new ToolCall("call.1", "clock", "{\"zone\":\"UTC\"}"),
                    new ToolCall("call.2", "map", "not json"))),
            ChatMessage.toolResult("call.1", "12:00"),
            ChatMessage.toolResult("call.2", ""),
            ChatMessage.user("And?"));
    assertEquals(
        json(
            """
            [{"role":"user","content":"Time and place?"},
             {"role":"assistant","content":[
               {"type":"text","text":"One moment."},
               {"type":"tool_use","id":"call_1","name":"clock","input":{"zone":"UTC"}},
               {"type":"tool_use","id":"call_2","name":"map","input":{"arguments":"not json"}}]},
             {"role":"user","content":[
               {"type":"tool_result","tool_use_id":"call_1","content":"12:00"},
               {"type":"tool_result","tool_use_id":"call_2"},
               {"type":"text","text":"And?"}]}]
            """),
        messages);
  }

  @Test
  void completesWhatACutHistoryLeftIncomplete() {
    JsonNode messages =
        messages(
            ChatMessage.toolResult("lost", "old"),
            ChatMessage.assistant("", List.of(new ToolCall("open", "clock", "{}"))),
            ChatMessage.user("Never mind."));
    assertEquals(
        json(
            """
            [{"role":"user","content":"Result of an earlier tool call:\\nold"},
             {"role":"assistant","content":[
               {"type":"tool_use","id":"open","name":"clock","input":{}}]},
             {"role":"user","content":[
               {"type":"tool_result","tool_use_id":"open",
                "content":"(This call has no result.)","is_error":true},
               {"type":"text","text":"Never mind."}]}]
            """),
        messages);
  }

  @Test
  void answersCallsThatEndTheConversation() {
    JsonNode messages =
        messages(
            ChatMessage.user("Time?"),
            ChatMessage.assistant("", List.of(new ToolCall("open", "clock", "{}"))));
    assertEquals("open", messages.path(2).path("content").path(0).path("tool_use_id").asText());
  }

  @Test
  void declaresToolsAndTheChoiceAmongThem() {
    GenerateRequest.Builder request = GenerateRequest.builder().user("Hi").tools(List.of(CLOCK));
    JsonNode body = body(request.build());
    assertEquals(
        json(
            """
            [{"name":"clock","description":"Tells the time",
              "input_schema":{"type":"object","properties":{}}}]
            """),
        body.path("tools"));
    assertFalse(body.has("tool_choice"));
    assertEquals(
        "{\"type\":\"any\"}",
        body(request.toolChoice(ToolChoice.REQUIRED).build()).path("tool_choice").toString());
    assertEquals(
        "{\"type\":\"none\"}",
        body(request.toolChoice(ToolChoice.NONE).build()).path("tool_choice").toString());
    assertEquals(
        "{\"type\":\"tool\",\"name\":\"clock\"}",
        body(request.toolChoice(new ToolChoice.Named("clock")).build())
            .path("tool_choice")
            .toString());
  }

  /** Messages API: thinking, output_config.effort, metadata, strict, disable_parallel_tool_use. */
  @Test
  void keepsWhatIsForClaudeAlone() {
    GenerateRequest.Builder request =
        GenerateRequest.builder()
            .user("x")
            .tools(List.of(Tool.builder("a", "{\"type\":\"object\"}").strict(true).build()))
            .format(new ResponseFormat.JsonSchema("{\"type\":\"object\"}"))
            .cloudOptions(
                CloudOptions.builder()
                    .thinking("{\"type\":\"adaptive\"}")
                    .effort("low")
                    .parallelToolCalls(false)
                    .metadata("{\"user_id\":\"u\"}")
                    .betas(List.of("b-1"))
                    .build());
    JsonNode body = body(request.build());

    assertEquals("adaptive", body.at("/thinking/type").asText());
    assertEquals("low", body.at("/output_config/effort").asText());
    assertEquals("json_schema", body.at("/output_config/format/type").asText());
    assertEquals("u", body.at("/metadata/user_id").asText());
    assertTrue(body.at("/tools/0/strict").asBoolean());
    assertFalse(body.at("/tools/0/input_schema/additionalProperties").asBoolean(true));
    assertEquals(
        json("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}"), body.get("tool_choice"));
    assertEquals(
        json("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"),
        body(request.toolChoice(ToolChoice.REQUIRED).build()).get("tool_choice"));
    assertEquals(
        json("{\"type\":\"none\"}"),
        body(request.toolChoice(ToolChoice.NONE).build()).get("tool_choice"));
    assertEquals(
        List.of("b-1"),
        MessagesRequest.streamed(
                request.build(), "m", ApiVersion.V2023_06_01, 9, 0, new ThinkingTurns())
            .betas());
  }

  @Test
  void showsImagesBeforeTheTextAndInsideTheResultsOfTools() {
    Image png = Image.of("image/png", "iVBORw0KGgo=");
    JsonNode messages =
        messages(
            ChatMessage.user("look").withImages(List.of(Image.at("https://x.test/a.png"))),
            ChatMessage.assistant("", List.of(new ToolCall("t1", "Read", "{}"))),
            ChatMessage.toolResult("t1", "").withImages(List.of(png)));

    assertEquals(
        json("{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x.test/a.png\"}}"),
        messages.at("/0/content/0"));
    assertEquals("look", messages.at("/0/content/1/text").asText());
    assertEquals(
        json(
            """
            {"type":"image",
             "source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}
            """),
        messages.at("/2/content/0/content/0"));
  }

  @Test
  void textsAndImagesKeepTheirOrder() {
    Part.Shown one = new Part.Shown(Image.at("https://x.test/1.png"));
    Part.Shown two = new Part.Shown(Image.at("https://x.test/2.png"));
    List<Part> parts =
        List.of(
            new Part.Text("Before:"),
            one,
            new Part.Text(" "),
            new Part.Text("After:"),
            two,
            new Part.Text("Which?"));
    ToolCall call = new ToolCall("t1", "Read", "{}");
    JsonNode messages =
        messages(
            ChatMessage.user("Before: After: Which?").withParts(parts),
            ChatMessage.assistant("", List.of(call)),
            ChatMessage.toolResult("t1", "Before: After: Which?").withParts(parts),
            ChatMessage.toolResult("gone", "Before: After: Which?").withParts(parts));

    String expected = "Before:|https://x.test/1.png|After:|https://x.test/2.png|Which?";
    assertEquals(expected, shown(messages.at("/0/content")));
    assertEquals(expected, shown(messages.at("/2/content/0/content")));
    assertEquals("|Result of an earlier tool call:|" + expected, shown(messages.at("/2/content")));
  }

  private static String shown(JsonNode blocks) {
    return StreamSupport.stream(blocks.spliterator(), false)
        .map(block -> block.path("text").asText() + block.at("/source/url").asText())
        .collect(Collectors.joining("|"));
  }

  @Test
  void thoughtsAndCallsGoBackInTheirPlaces() {
    ToolCall first = new ToolCall("t1", "clock", "{}");
    ToolCall second = new ToolCall("t2", "clock", "{}");
    ChatMessage turn =
        ChatMessage.assistant("now", List.of(first, second))
            .withParts(
                List.of(
                    new Part.Thought("hm", "s1"),
                    new Part.Redacted("sealed"),
                    new Part.Called(first),
                    new Part.Thought("unsigned", null),
                    new Part.Text("now"),
                    new Part.Called(second)));

    assertEquals(
        json(
            """
            [{"type":"thinking","thinking":"hm","signature":"s1"},
             {"type":"redacted_thinking","data":"sealed"},
             {"type":"tool_use","id":"t1","name":"clock","input":{}},
             {"type":"text","text":"now"},
             {"type":"tool_use","id":"t2","name":"clock","input":{}}]
            """),
        messages(ChatMessage.user("?"), turn).at("/1/content"));
  }

  @Test
  void aFailedResultIsToldByItsFlagInItsOwnWords() {
    ChatMessage call = ChatMessage.assistant("", List.of(new ToolCall("t1", "clock", "{}")));
    ChatMessage failed =
        ChatMessage.toolResult("t1", "Error: boom")
            .withParts(List.of(new Part.Text("boom")))
            .asFailed();

    assertEquals(
        json(
            """
            [{"type":"tool_result","tool_use_id":"t1","content":"boom","is_error":true}]
            """),
        messages(ChatMessage.user("?"), call, failed).at("/2/content"));
    assertEquals(
        json("[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"is_error\":true}]"),
        messages(
                ChatMessage.user("?"),
                call,
                ChatMessage.toolResult("t1", "Error: ")
                    .withParts(List.of(new Part.Text("")))
                    .asFailed())
            .at("/2/content"));
  }

  /** By the size of its bytes a photograph would be millions of tokens, and no budget let it go. */
  @Test
  void anImageIsNotQuotedByItsBytes() {
    Image photo = Image.of("image/png", "A".repeat(4_000_000));
    GenerateRequest request =
        GenerateRequest.builder()
            .messages(List.of(ChatMessage.user("look").withImages(List.of(photo))))
            .build();
    long most =
        MessagesRequest.streamed(request, "m", ApiVersion.V2023_06_01, 9, 0, new ThinkingTurns())
            .mostPromptTokens();

    assertTrue(most > 4_000 && most < 12_000, most + " tokens");
  }

  @Test
  void declaresToolsOfThePastWhereNoneIsOfferedNow() {
    JsonNode body =
        body(
            GenerateRequest.builder()
                .messages(
                    List.of(
                        ChatMessage.user("Time?"),
                        ChatMessage.assistant("", List.of(new ToolCall("c", "clock", "{}"))),
                        ChatMessage.toolResult("c", "12:00")))
                .build());
    assertEquals("clock", body.path("tools").path(0).path("name").asText());
    assertEquals("none", body.path("tool_choice").path("type").asText());
  }

  @Test
  void asksForJson() {
    JsonNode schema =
        body(
            GenerateRequest.builder()
                .user("Hi")
                .format(
                    new ResponseFormat.JsonSchema(
                        "{\"type\":\"object\",\"properties\":{\"p\":{\"type\":\"object\"}},"
                            + "\"required\":[\"p\"]}"))
                .build());
    assertEquals(
        json(
            """
            {"format":{"type":"json_schema","schema":{"type":"object",
              "properties":{"p":{"type":"object","additionalProperties":false}},
              "required":["p"],"additionalProperties":false}}}
            """),
        schema.path("output_config"));

    JsonNode object =
        body(
            GenerateRequest.builder()
                .messages(List.of(ChatMessage.system("Be brief."), ChatMessage.user("Hi")))
                .format(ResponseFormat.JSON_OBJECT)
                .build());
    assertEquals(0, object.path("system").asText().indexOf("Be brief.\n\nAnswer with exactly one"));
    assertFalse(object.has("output_config"));
  }

  @Test
  void tellsTheModelTheConstraintsThatStructuredOutputsDoNotTake() {
    JsonNode schema =
        Schemas.adapted(
            json("""
            {"type":"object","properties":{
              "minimum":{"type":"integer","description":"Least.","minimum":1,"maximum":9},
              "tags":{"type":"array","minItems":2,"items":{"type":"string","maxLength":5}},
              "one":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/o"}},
              "map":{"type":"object","additionalProperties":{"type":"string"}},
              "fixed":{"const":{"type":"object","minimum":3}}},
             "$defs":{"o":{"type":"object"}}}
            """)
                .deepCopy());
    assertEquals(
        json(
            """
            {"type":"object","properties":{
              "minimum":{"type":"integer","description":"Least. (minimum: 1, maximum: 9)"},
              "tags":{"type":"array","description":"(minItems: 2)",
                "items":{"type":"string","description":"(maxLength: 5)"}},
              "one":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/o"}},
              "map":{"type":"object","additionalProperties":{"type":"string"}},
              "fixed":{"const":{"type":"object","minimum":3}}},
             "$defs":{"o":{"type":"object","additionalProperties":false}},
             "additionalProperties":false}
            """),
        schema);
  }

  /** https://platform.claude.com/docs/en/api/versioning; thinking goes with no temperature. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claude-opus-4-6 | 0.3 | | 5 | {'temperature':0.3,'top_k':5}",
        "claude-opus-4-20250514 | 0 | 0.5 | | {'temperature':0.0}",
        "claude-sonnet-4-5-20250929 | | 0.5 | | {'top_p':0.5}",
        "claude-sonnet-4-0 | | 0.5 | 0 | {'top_p':0.5}",
        "claude-haiku-4-5 | 1.5 | | | {'temperature':1.0}",
        "claude-3-7-sonnet-20250219 | 1 | | | {'temperature':1.0}",
        "claude-3-5-haiku-latest | 1 | | 7 | {'temperature':1.0,'top_k':7}",
        "claude-opus-4-7 | 0.3 | | 5 | {}",
        "claude-opus-4-60 | 0.3 | | | {}",
        "claude-sonnet-5-5 | 0.3 | 0.5 | | {}",
        "claude-haiku-5-5 | 0.3 | | | {}",
        "claude-mythos-5 | 0.3 | | | {}",
        "gateways-own | 0.3 | | | {}",
      })
  void samplingReachesTheModelsThatTakeIt(
      String model, Double temperature, Double topP, Integer topK, String expected) {
    GenerateRequest request =
        GenerateRequest.builder()
            .user("?")
            .sampling(Sampling.builder().temperature(temperature).topP(topP).topK(topK).build())
            .build();
    GenerateRequest thinking =
        request.toBuilder()
            .cloudOptions(CloudOptions.builder().thinking("{\"type\":\"adaptive\"}").build())
            .build();

    assertEquals(
        expected.replace('\'', '"'), sampling(request, model, ApiVersion.V2023_06_01).toString());
    assertEquals("{}", sampling(request, model, ApiVersion.V2026_10_21).toString());
    assertEquals("{}", sampling(thinking, model, ApiVersion.V2023_06_01).toString());
  }

  private static JsonNode sampling(GenerateRequest request, String model, ApiVersion version) {
    byte[] body =
        MessagesRequest.streamed(request, model, version, 9, 0, new ThinkingTurns())
            .body()
            .toArray();
    ObjectNode sent = (ObjectNode) json(new String(body, StandardCharsets.UTF_8));
    return sent.retain("temperature", "top_p", "top_k");
  }

  @Test
  void asksToCacheLongPromptsOnly() {
    GenerateRequest request = GenerateRequest.of("x".repeat(1000));
    assertEquals("ephemeral", body(request, 1000).path("cache_control").path("type").asText());
    assertFalse(body(request, 5000).has("cache_control"));
    assertFalse(body(request, 0).has("cache_control"));
  }

  @Test
  void aTokenCountHasNoBoundAndNoStream() {
    JsonNode body =
        json(
            new String(
                MessagesRequest.counted(GenerateRequest.of("Hi"), "m", new ThinkingTurns()),
                java.nio.charset.StandardCharsets.UTF_8));
    assertEquals(
        json("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"), body);
  }

  @Test
  void refusesWhatCannotBeSaid() {
    GenerateRequest silent = GenerateRequest.of(" ");
    GenerateRequest badSchema =
        GenerateRequest.builder()
            .user("Hi")
            .format(new ResponseFormat.JsonSchema("not a schema"))
            .build();
    for (GenerateRequest request : List.of(silent, badSchema)) {
      FinchException thrown = assertThrows(FinchException.class, () -> body(request));
      assertEquals(FailureCode.BAD_REQUEST, thrown.failure().code());
    }
    Failure blankStop =
        MessagesRequest.refusal(
            GenerateRequest.builder()
                .user("Hi")
                .sampling(Sampling.builder().stop(List.of("\n\n")).build())
                .build());
    assertNotNull(blankStop);
    assertEquals(FailureCode.BAD_REQUEST, blankStop.code());
    assertNull(MessagesRequest.refusal(GenerateRequest.of("Hi")));
  }

  @Test
  void forgetsTheOldestThoughtfulTurnsFirst() {
    ThinkingTurns turns = new ThinkingTurns();
    for (int i = 0; i < 300; i++) {
      turns.remember(json("[{\"type\":\"tool_use\",\"id\":\"t" + i + "\"}]").deepCopy());
    }
    assertNull(turns.recall(calling("t0")));
    assertNotNull(turns.recall(calling("t299")));
    turns.remember(
        json("[{\"type\":\"thinking\",\"thinking\":\""
                + "x".repeat(5 << 20)
                + "\"},{\"type\":\"tool_use\",\"id\":\"big\"}]")
            .deepCopy());
    assertNull(turns.recall(calling("big")));
    assertNull(turns.recall(ChatMessage.of(Role.ASSISTANT, "no call")));
  }

  private static ChatMessage calling(String id) {
    return ChatMessage.assistant("", List.of(new ToolCall(id, "f", "{}")));
  }
}
