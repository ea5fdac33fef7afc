package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.engine.calls.CallParser;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How the templates of families of models show tools, calls and results. */
final class FamilyTemplatesTest {

  private static final List<Tool> TOOLS =
      List.of(
          Tool.of(
              "get_weather",
              "The weather of a city",
              "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}, "
                  + "\"days\": {\"type\": \"integer\"}}, \"required\": [\"city\"]}"),
          Tool.of("clock", "Tells the time", "{\"type\": \"object\", \"properties\": {}}"));

  private static final ChatMessage USER = ChatMessage.user("How is it in Oslo?");

  private static final ChatMessage CALLS =
      ChatMessage.assistant(
          "",
          List.of(
              new ToolCall("call_1", "get_weather", "{\"city\": \"Oslo\", \"days\": 2}"),
              new ToolCall("call_2", "clock", "{}")));

  private static final List<ChatMessage> ANSWERED =
      List.of(
          USER,
          CALLS,
          ChatMessage.toolResult("call_1", "rain"),
          ChatMessage.toolResult("call_2", "noon"));

  static String template(String name) throws IOException {
    for (String folder : List.of("families/", "templates/")) {
      try (InputStream in =
          FamilyTemplatesTest.class.getResourceAsStream(folder + name + ".jinja")) {
        if (in != null) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new AssertionError("no template " + name);
  }

  private static ChatTemplate chat(String name) throws IOException {
    return ChatTemplate.of(template(name), "<s>", "</s>", List.of("<s>", "</s>"));
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2.5, HERMES",
    "reasoning, HERMES",
    "chatml, HERMES",
    "gemma, HERMES",
    "llama3, HERMES",
    "llama3-tools, LLAMA3",
    "mistral, MISTRAL",
    "mistral-small, MISTRAL_NAMED",
    "phi4-mini, PHI4",
    "granite3, PHI4",
    "command-r, COMMAND_R",
    "command-r7b, COMMAND_R7B",
    "minicpm3, MINICPM3",
    "hammer21, HAMMER",
    "qwen3-coder, QWEN_CODER",
    "deepseek-r1, DEEPSEEK",
    "deepseek-v31, DEEPSEEK_V31",
    "gpt-oss, HARMONY"
  })
  void aTemplateTellsItsFamily(String name, ToolFormat expected) throws IOException {
    assertEquals(expected, ToolFormat.of(template(name), List.of()));
    // What a template shows weighs more than what the vocabulary has.
    if (!List.of("chatml", "gemma", "llama3").contains(name)) {
      assertEquals(expected, ToolFormat.of(template(name), List.of("[TOOL_CALLS]", "[ARGS]")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', HERMES",
    "<|im_start|> <|im_end|>, HERMES",
    "<|python_tag|> <|eot_id|>, LLAMA3",
    "[TOOL_CALLS] [AVAILABLE_TOOLS], MISTRAL",
    "[TOOL_CALLS] [ARGS], MISTRAL_NAMED",
    "<|tool_call|> <|end|>, PHI4",
    "<|START_ACTION|>, COMMAND_R7B",
    "<|tool_call_start|>, MINICPM3",
    "<｜tool▁call▁begin｜>, DEEPSEEK",
    "<|channel|> <|call|> <|message|>, HARMONY"
  })
  void aTemplateThatShowsNoToolsLeavesItToTheVocabulary(String controls, ToolFormat expected)
      throws IOException {
    List<String> texts = List.of(controls.split(" "));
    assertEquals(expected, ToolFormat.of(template("chatml"), texts));
    assertEquals(expected, ToolFormat.of(null, texts));
  }

  static Stream<Arguments> shown() {
    return Stream.of(
        Arguments.of(
            "qwen2.5",
            "<tool_call>\n"
                + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\", \"days\": 2}}",
            "<tool_response>\nrain\n</tool_response>\n<tool_response>\nnoon\n</tool_response>"),
        Arguments.of(
            "mistral-small",
            "[TOOL_CALLS]get_weather[CALL_ID]"
                + Conversation.shortId("call_1")
                + "[ARGS]{\"city\": \"Oslo\", \"days\": 2}[TOOL_CALLS]clock[CALL_ID]"
                + Conversation.shortId("call_2")
                + "[ARGS]{}</s>",
            "[TOOL_RESULTS]"
                + Conversation.shortId("call_1")
                + "[TOOL_CONTENT]rain[/TOOL_RESULTS]"),
        Arguments.of(
            "mistral",
            "\"id\": \"" + Conversation.shortId("call_1") + "\"}",
            "[TOOL_RESULTS] {\"content\": rain, \"call_id\": \"" + Conversation.shortId("call_1")),
        Arguments.of(
            "llama3-tools",
            "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\", \"days\":"
                + " 2}}<|eot_id|><|start_header_id|>ipython<|end_header_id|>\n\n"
                + "\"rain\"<|eot_id|>",
            "{\"name\": \"clock\", \"parameters\": {}}<|eot_id|>"
                + "<|start_header_id|>ipython<|end_header_id|>\n\n\"noon\"<|eot_id|>"),
        Arguments.of(
            "phi4-mini",
            "<|tool_call|>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\", \"days\":"
                + " 2}}<|/tool_call|>",
            "<|tool_response|>\"rain\"<|end|><|tool_response|>\"noon\"<|end|>"),
        Arguments.of(
            "granite3",
            "<|tool_call|>[{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\","
                + " \"days\": 2}}, ",
            "<|start_of_role|>tool_response<|end_of_role|>rain"),
        Arguments.of(
            "command-r",
            "\"tool_name\": \"get_weather\",",
            "<results>\nDocument 2\nrain\nDocument 3\nnoon\n</results>"),
        Arguments.of(
            "command-r7b",
            "{\"tool_call_id\": \"1\", \"tool_name\": \"clock\", \"parameters\": {}}",
            "\"tool_call_id\": \"1\",\n        \"results\": {\n            \"0\": \"noon\""),
        Arguments.of(
            "minicpm3",
            "get_weather(city=\"Oslo\",days=2)\nclock()\n```",
            "<|im_start|>tool\nrain<|im_end|>"),
        Arguments.of(
            "hammer21",
            "[\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\", \"days\": 2}},\n",
            "<tool_response>\nnoon\n</tool_response>"),
        Arguments.of(
            "qwen3-coder",
            "<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n<parameter=days>\n2\n",
            "<tool_response>\nnoon\n</tool_response>"),
        Arguments.of(
            "deepseek-v31",
            "<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Oslo\", \"days\":"
                + " 2}<｜tool▁call▁end｜>",
            "<｜tool▁output▁begin｜>rain<｜tool▁output▁end｜>"),
        Arguments.of(
            "gpt-oss",
            "to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"Oslo\","
                + " \"days\": 2}<|call|><|start|>functions.get_weather"
                + " to=assistant<|channel|>commentary<|message|>\"rain\"<|end|>",
            "<|start|>functions.clock"
                + " to=assistant<|channel|>commentary<|message|>\"noon\"<|end|>"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shown")
  void callsAndResultsStandAsTheFamilyWritesThem(String name, String call, String result)
      throws IOException {
    ChatTemplate.Rendered rendered = chat(name).render(ANSWERED, TOOLS, true);
    assertFalse(rendered.fallback(), () -> rendered.notes().toString());
    assertTrue(rendered.text().contains(call), rendered::text);
    assertTrue(rendered.text().contains(result), rendered::text);
    assertFalse(rendered.notes().stream().anyMatch(note -> note.contains("has no tools")));
  }

  @Test
  void aTemplateThatListsNoToolsGetsThemAsTextAndItsCallsAsTextInJson() throws IOException {
    ChatTemplate.Rendered rendered = chat("deepseek-r1").render(ANSWERED, TOOLS, true);
    assertFalse(rendered.fallback());
    assertEquals(ToolFormat.HERMES, rendered.toolFormat());
    ChatTemplate.Rendered answered = chat("deepseek-r1").render(ANSWERED, List.of(), true);
    assertTrue(
        answered
            .text()
            .contains(
                "<｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n"
                    + "{\"city\": \"Oslo\", \"days\": 2}\n```<｜tool▁call▁end｜>"),
        answered::text);
  }

  /** What a template writes for a turn with calls is what the model will write. */
  @ParameterizedTest
  @CsvSource({
    "qwen2.5",
    "reasoning",
    "mistral",
    "mistral-small",
    "phi4-mini",
    "granite3",
    "command-r",
    "command-r7b",
    "minicpm3",
    "hammer21",
    "qwen3-coder",
    "deepseek-v31",
    "llama3-tools",
    "gpt-oss"
  })
  void whatATemplateWritesIsReadAsTheSameCalls(String name) throws IOException {
    boolean one = List.of("llama3-tools", "gpt-oss").contains(name);
    ChatMessage turn = one ? ChatMessage.assistant("", CALLS.toolCalls().subList(0, 1)) : CALLS;
    ChatTemplate chat = chat(name);
    String before = chat.render(List.of(USER), TOOLS, false).text();
    ChatTemplate.Rendered rendered = chat.render(List.of(USER, turn), TOOLS, false);
    int common = 0;
    while (common < before.length() && before.charAt(common) == rendered.text().charAt(common)) {
      common++;
    }
    String answer = rendered.text().substring(common);
    CallParser parser = new CallParser(rendered.toolFormat(), TOOLS, false, () -> "id");
    List<AnswerEvent.Content> events = new ArrayList<>(parser.add(answer));
    events.addAll(parser.finish());
    StringBuilder arguments = new StringBuilder();
    List<String> names = new ArrayList<>();
    for (AnswerEvent.Content event : events) {
      switch (event) {
        case AnswerEvent.ToolCallStarted call -> names.add(call.name());
        case AnswerEvent.ToolCallArguments more -> arguments.append(more.fragment());
        default -> {}
      }
    }
    assertEquals(turn.toolCalls().stream().map(ToolCall::name).toList(), names, answer);
    JsonMapper mapper = new JsonMapper();
    String both = arguments.toString().replace("}{", "},{");
    assertEquals(
        mapper.readTree("[{\"city\": \"Oslo\", \"days\": 2}" + (one ? "]" : ", {}]")),
        mapper.readTree("[" + both + "]"));
  }
}
