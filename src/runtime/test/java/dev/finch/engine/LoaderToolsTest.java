package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Answer;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools with the real llama.cpp: what must be called is called, and no more than was asked for. */
final class LoaderToolsTest {

  private static final LoaderKit KIT = new LoaderKit();
  private static final LoaderKit.Loaded LOADED = KIT.load(TinyChat.settings("context-length=1024"));

  /** The model is made to say this, as one that was trained to call tools would. */
  private static final String TWO_CALLS =
      "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n</tool_call>\n"
          + "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>";

  @AfterAll
  static void stop() {
    LOADED.close();
    KIT.close();
  }

  private static GenerateRequest.Builder asked(String parameters, ToolChoice choice, long seed) {
    return GenerateRequest.builder()
        .user("What is the capital of France?")
        .tools(List.of(Tool.of("f", null, parameters)))
        .toolChoice(choice)
        .sampling(Sampling.builder().temperature(1.5).seed(seed).maxTokens(200).build());
  }

  private static GenerateRequest.Builder saying(String words) {
    String grammar = "root ::= \"" + words.replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    return asked("{}", ToolChoice.AUTO, 1).format(new ResponseFormat.Grammar(grammar));
  }

  /** {@code parallel_tool_calls: false}, {@code disable_parallel_tool_use: true}. */
  private static GenerateRequest.Builder oneAtATime(GenerateRequest.Builder request) {
    return request.cloudOptions(CloudOptions.builder().parallelToolCalls(false).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "true",
        "null",
        "{\"description\": \"x\"}",
        "{\"title\": \"F\"}",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}",
        "{\"type\": null}",
        "{\"type\": [\"object\", \"null\"]}",
        "{\"properties\": {}}",
        "{\"properties\": {\"a\": {\"enum\": [1, 2]}}, \"required\": [\"a\"]}",
        "{\"additionalProperties\": false}",
        "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"properties\": {}}}}"
      })
  void argumentsAreAlwaysAnObject(String parameters) throws JsonProcessingException {
    for (long seed = 0; seed < 4; seed++) {
      Answer answer = LOADED.ask(oneAtATime(asked(parameters, ToolChoice.REQUIRED, seed)).build());
      assertEquals("", answer.text());
      if (answer.finishReason() != FinishReason.LENGTH) {
        assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
        assertEquals(1, answer.toolCalls().size());
      }
      for (ToolCall call : answer.toolCalls()) {
        assertTrue(new JsonMapper().readTree(call.arguments()).isObject(), call.arguments());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"type\": \"string\"}", "{\"type\": [\"null\", \"array\"]}"})
  void parametersThatAreNoObjectAreAHintOrRefusedByTheToolsName(String parameters) {
    Answer answer = LOADED.ask(oneAtATime(asked(parameters, ToolChoice.REQUIRED, 1)).build());
    assertEquals("f", answer.toolCalls().getFirst().name());
    GenerateRequest strict =
        asked(parameters, ToolChoice.REQUIRED, 1)
            .tools(List.of(Tool.builder("f", parameters).strict(true).build()))
            .build();
    Inference.Reply reply = LOADED.send(strict, 1).receiveMessage(Duration.ofSeconds(10));
    Failure refusal = assertInstanceOf(Inference.Rejected.class, reply).failure();
    assertEquals(FailureCode.BAD_REQUEST, refusal.code());
    assertTrue(refusal.message().contains("'f'"), refusal::message);
  }

  @Test
  void severalCallsComeOutWhereTheyMay() {
    Answer answer = LOADED.ask(saying(TWO_CALLS).build());
    assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
    assertEquals("", answer.text());
    assertEquals(
        List.of("{\"x\": 1}", "{}"), answer.toolCalls().stream().map(ToolCall::arguments).toList());
  }

  @Test
  void withOneCallAtATimeGenerationEndsBehindTheFirst() {
    long both = LOADED.ask(saying(TWO_CALLS).build()).usage().completionTokens();
    Answer answer = LOADED.ask(oneAtATime(saying(TWO_CALLS)).build());
    assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
    assertEquals("", answer.text());
    assertEquals(
        List.of("{\"x\": 1}"), answer.toolCalls().stream().map(ToolCall::arguments).toList());
    long one = answer.usage().completionTokens();
    assertTrue(one < both * 2 / 3, one + " tokens of " + both);
  }

  @Test
  void oneCallAtATimeIsOneWhereACallIsRequired() {
    for (long seed = 0; seed < 8; seed++) {
      Answer answer =
          LOADED.ask(
              oneAtATime(asked("{\"additionalProperties\": false}", ToolChoice.REQUIRED, seed))
                  .build());
      assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
      assertEquals(1, answer.toolCalls().size());
    }
  }

  @Test
  void whereNoToolMayBeCalledNothingIsACall() {
    Answer answer = LOADED.ask(saying(TWO_CALLS).toolChoice(ToolChoice.NONE).build());
    assertEquals(FinishReason.STOP, answer.finishReason());
    assertEquals(TWO_CALLS, answer.text());
    assertTrue(answer.toolCalls().isEmpty());
  }

  @Test
  void whatTheModelForgetsToMarkIsACallAndWhatIsNoneIsText() {
    String bare = "{\"name\": \"f\", \"arguments\": {\"x\": 1}}";
    Answer call = LOADED.ask(saying(bare).build());
    assertEquals(FinishReason.TOOL_CALLS, call.finishReason());
    assertEquals("{\"x\": 1}", call.toolCalls().getFirst().arguments());
    String other = bare.replace("\"f\"", "\"g\"");
    Answer text = LOADED.ask(saying(other).build());
    assertEquals(other, text.text());
    assertFalse(text.finishReason() == FinishReason.TOOL_CALLS);
  }
}
