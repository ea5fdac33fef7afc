package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The responses API as clients of OpenAI's own models use it. What is left out is what llama.cpp's
 * server leaves out (ggml-org/llama.cpp#20156, #22389, #23465; openai/codex#10635).
 */
final class ResponsesTest {

  private static final Server SERVER = Server.start("");
  private static final String PATH = "/v1/responses";
  private static final String FUNCTION =
      "{'type':'function','name':'f','parameters':{'type':'object'}}";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
    SERVER.finch.requests.clear();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'web_search','external_web_access':true}",
        "{'type':'web_search_preview'}",
        "{'type':'local_shell'}",
        "{'type':'custom','name':'apply_patch','format':{'type':'text'}}",
        "{'type':'mcp','server_label':'x','server_url':'https://x.test'}",
        "{'type':'namespace','name':'agents','tools':[" + FUNCTION + "]}",
        "{'type':'image_generation'}",
        "{'type':'code_interpreter','container':{'type':'auto'}}",
        "{'type':'something_newer'}",
      })
  void leavesOutToolsThatOnlyOpenAiRuns(String tool) throws Exception {
    JsonNode response = answered("{'input':'hi','tools':[" + tool + "," + FUNCTION + "]}");

    assertEquals(List.of("f"), toolNames());
    assertEquals(1, response.get("tools").size());
    assertEquals("f", response.at("/tools/0/name").asText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'custom_tool_call','call_id':'c','name':'p','input':'x'}",
        "{'type':'custom_tool_call_output','call_id':'c','output':'ok'}",
        "{'type':'web_search_call','status':'completed','action':{'type':'search','query':'x'}}",
        "{'type':'local_shell_call','call_id':'c','action':{'type':'exec','command':['ls']}}",
        "{'type':'local_shell_call_output','id':'c','output':'ok'}",
        "{'type':'item_reference','id':'msg_1'}",
        "{'type':'compaction','encrypted_content':'x'}",
        "{'type':'reasoning','summary':[],'encrypted_content':'x'}",
        "{'type':'mcp_list_tools','server_label':'x','tools':[]}",
      })
  void skipsItemsWithoutMeaningHere(String item) throws Exception {
    String hi = "{'role':'user','content':'hi'}";
    answered("{'input':[" + hi + "," + item + ",{'role':'user','content':'go on'}]}");

    assertEquals(List.of(ChatMessage.user("hi"), ChatMessage.user("go on")), messages());
  }

  @Test
  void aMessageOfAKindThatIsUnknownIsNotDroppedInSilence() throws Exception {
    var response = post("{'input':[{'type':'mesage','role':'user','content':'hi'}]}");

    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("input[0].type: \\\"mesage\\\""), response.body());
    assertEquals(400, post("{'input':[{'type':'compaction'}]}").statusCode());
  }

  @Test
  void joinsTheTextsOfAToolsOutput() throws Exception {
    answered(
        """
        {'input':[{'role':'user','content':'weather?'},
          {'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},
          {'type':'function_call_output','call_id':'c1','output':[
            {'type':'input_text','text':'sunny'},{'type':'input_text','text':'warm'}]}]}
        """);

    assertEquals(ChatMessage.toolResult("c1", "sunny\nwarm"), messages().getLast());
  }

  @Test
  void callsThatFollowEachOtherAreOneTurn() throws Exception {
    answered(
        """
        {'input':[{'role':'user','content':'both'},
          {'role':'assistant','content':[{'type':'output_text','text':'Well.'}]},
          {'type':'function_call','call_id':'a','name':'f','arguments':'{}'},
          {'type':'reasoning','summary':[]},
          {'type':'function_call','call_id':'b','name':'g','arguments':'{}'},
          {'type':'function_call_output','call_id':'a','output':'1'},
          {'type':'function_call_output','call_id':'b','output':'2'}]}
        """);

    assertEquals(
        List.of(
            ChatMessage.user("both"),
            ChatMessage.assistant(
                "Well.", List.of(new ToolCall("a", "f", "{}"), new ToolCall("b", "g", "{}"))),
            ChatMessage.toolResult("a", "1"),
            ChatMessage.toolResult("b", "2")),
        messages());
  }

  /** OpenAI, function calling, tool choice: the model may use these tools of the list only. */
  @ParameterizedTest
  @CsvSource({"auto, AUTO", "required, REQUIRED"})
  void allowedToolsLeavesSomeOfTheTools(String mode, String choice) throws Exception {
    ToolChoice expected = choice.equals("AUTO") ? ToolChoice.AUTO : ToolChoice.REQUIRED;
    answered(
        "{'input':'hi','tools':[{'type':'function','name':'g'},"
            + FUNCTION
            + "],'tool_choice':{'type':'allowed_tools','mode':'"
            + mode
            + "','tools':[{'type':'function','name':'f'},{'type':'web_search'}]}}");

    assertEquals(List.of("f"), toolNames());
    assertEquals(expected, SERVER.finch.requests.getFirst().toolChoice());
  }

  @Test
  void allowedToolsOfChatCompletionsAreNested() throws Exception {
    var response =
        SERVER.post(
            "/v1/chat/completions",
            """
            {"messages":[{"role":"user","content":"hi"}],
             "tools":[{"type":"function","function":{"name":"f"}},
                      {"type":"function","function":{"name":"g"}}],
             "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto",
               "tools":[{"type":"function","function":{"name":"g"}}]}}}
            """);

    assertEquals(200, response.statusCode(), response.body());
    assertEquals(List.of("g"), toolNames());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'function','name':'nope'}",
        "{'type':'web_search'}",
        "{'type':'allowed_tools','mode':'auto','tools':[{'type':'function','name':'nope'}]}",
        "{'type':'allowed_tools','mode':'sometimes','tools':[{'type':'function','name':'f'}]}",
        "{'type':'allowed_tools','mode':'auto'}",
        "{'type':'allowed_tools','mode':'required','tools':[]}",
        "'maybe'",
        "[]",
      })
  void aChoiceThatCannotBeKeptIsRefused(String choice) throws Exception {
    var response = post("{'input':'hi','tools':[" + FUNCTION + "],'tool_choice':" + choice + "}");

    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains("tool"), response.body());
  }

  @Test
  void aToolMustBeCalledOnlyWhereThereIsOne() throws Exception {
    assertEquals(
        400,
        post("{'input':'hi','tools':[{'type':'custom'}],'tool_choice':'required'}").statusCode());
  }

  @Test
  void showsReasoningAsAnItemAndAsASummaryWhereOneIsAskedFor() throws Exception {
    SERVER.finch.script(_ -> thinks());
    JsonNode plain = answered("{'input':'hi'}");
    JsonNode summed = answered("{'input':'hi','reasoning':{'summary':'auto'}}");

    assertEquals("reasoning", plain.at("/output/0/type").asText());
    assertEquals("Hm, so.", plain.at("/output/0/content/0/text").asText());
    assertEquals(0, plain.at("/output/0/summary").size());
    assertEquals("Hm, so.", summed.at("/output/0/summary/0/text").asText());
    assertEquals("Yes.", summed.at("/output/1/content/0/text").asText());
  }

  @Test
  void streamsReasoningWithItsSummary() throws Exception {
    SERVER.finch.script(_ -> thinks());
    String stream = post("{'input':'hi','stream':true,'reasoning':{'summary':'auto'}}").body();
    List<String> types = new ArrayList<>();
    for (String line : stream.split("\n", -1)) {
      if (line.startsWith("event: response.reasoning")
          || line.startsWith("event: response.content")) {
        types.add(line.substring("event: response.".length()));
      }
    }

    assertEquals(
        List.of(
            "content_part.added",
            "reasoning_summary_part.added",
            "reasoning_text.delta",
            "reasoning_summary_text.delta",
            "reasoning_text.delta",
            "reasoning_summary_text.delta",
            "reasoning_text.done",
            "content_part.done",
            "reasoning_summary_text.done",
            "reasoning_summary_part.done",
            "content_part.added",
            "content_part.done"),
        types);
  }

  @Test
  void aMessageThatWasCutIsIncomplete() throws Exception {
    SERVER.finch.script(
        _ ->
            Source.from(
                List.of(
                    new AnswerEvent.Started(ScriptedFinch.LOCAL),
                    new AnswerEvent.Delta("Half a"),
                    ScriptedFinch.finished(FinishReason.LENGTH, 3))));

    assertEquals("incomplete", answered("{'input':'hi'}").at("/output/0/status").asText());
    String stream = post("{'input':'hi','stream':true}").body();
    String done = stream.substring(stream.indexOf("event: response.output_item.done"));
    assertTrue(done.lines().skip(1).findFirst().orElse("").contains("\"incomplete\""), done);
  }

  private static Source<AnswerEvent, NotUsed> thinks() {
    return Source.from(
        List.of(
            new AnswerEvent.Started(ScriptedFinch.LOCAL),
            new AnswerEvent.Reasoning("Hm, "),
            new AnswerEvent.Reasoning("so."),
            new AnswerEvent.Reasoning("", "signature"),
            new AnswerEvent.Delta("Yes."),
            ScriptedFinch.finished(FinishReason.STOP, 3)));
  }

  private static JsonNode answered(String quoted) throws Exception {
    var response = post(quoted);
    assertEquals(200, response.statusCode(), response.body());
    return Json.read(response.body());
  }

  private static HttpResponse<String> post(String quoted) throws Exception {
    return SERVER.post(PATH, quoted.replace('\'', '"'));
  }

  private static GenerateRequest request() {
    return SERVER.finch.requests.getFirst();
  }

  private static List<String> toolNames() {
    return request().tools().stream().map(Tool::name).toList();
  }

  private static List<ChatMessage> messages() {
    return ((Prompt.Conversation) request().prompt()).messages();
  }

  /** OpenAI, Create a response: include, top_logprobs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'top_logprobs':2 | 2",
        "'include':['message.output_text.logprobs'] | 0",
        "'include':['message.output_text.logprobs'],'top_logprobs':1 | 1",
        "'include':['reasoning.encrypted_content'],'top_logprobs':0 | none",
        "'include':[] | none",
      })
  void likelyTokensAreToldWhereTheyAreAskedFor(String fields, String asked) throws Exception {
    List<TokenLogprob> tokens =
        List.of(
            new TokenLogprob("Hi", 5, -0.5, List.of(new TokenLogprob.Alternative("Ho", 6, -1.5))));
    SERVER.finch.script(
        request ->
            Source.from(
                List.of(
                    new AnswerEvent.Started(ScriptedFinch.LOCAL),
                    new AnswerEvent.Delta(
                        "Hi", request.sampling().logprobs() == null ? List.of() : tokens),
                    ScriptedFinch.finished(FinishReason.STOP, 1))));
    String body = "{'model':'auto','input':'hi'," + fields + "}";

    JsonNode whole = Json.read(SERVER.post(PATH, body.replace('\'', '"')).body());
    String stream =
        SERVER
            .post(PATH, (body.replace("{'model'", "{'stream':true,'model'")).replace('\'', '"'))
            .body();

    Integer logprobs = SERVER.finch.requests.getLast().sampling().logprobs();
    assertEquals(asked, logprobs == null ? "none" : logprobs.toString());
    JsonNode told = whole.at("/output/0/content/0/logprobs");
    assertEquals(logprobs == null ? 0 : 1, told.size(), whole.toString());
    if (logprobs != null) {
      assertEquals("Hi", told.at("/0/token").asText());
      assertEquals("Ho", told.at("/0/top_logprobs/0/token").asText());
      for (String event : List.of("output_text.delta", "output_text.done", "completed")) {
        String line =
            stream
                .lines()
                .filter(each -> each.startsWith("data: {\"type\":\"response." + event + "\""))
                .findFirst()
                .orElseThrow();
        assertTrue(line.contains("\"logprobs\":[{\"token\":\"Hi\""), line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'top_logprobs':21", "'top_logprobs':-1", "'top_logprobs':'2'"})
  void moreLikelyTokensThanThereAreAreRefused(String fields) throws Exception {
    String body = "{'model':'auto','input':'hi'," + fields + "}";
    HttpResponse<String> answer = SERVER.post(PATH, body.replace('\'', '"'));

    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("top_logprobs"), answer.body());
  }
}
