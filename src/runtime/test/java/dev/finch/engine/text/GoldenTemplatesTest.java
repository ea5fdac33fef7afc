package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.jinja.Template;
import dev.finch.jinja.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what Jinja2 itself rendered; {@code golden.py} beside the templates wrote it. */
final class GoldenTemplatesTest {

  static Stream<Object[]> cases() throws IOException {
    try (InputStream in = GoldenTemplatesTest.class.getResourceAsStream("golden.json")) {
      JsonNode all = new JsonMapper().readTree(in);
      return StreamSupport.stream(all.spliterator(), false)
          .map(
              node ->
                  new Object[] {
                    node.get("template").textValue()
                        + ": "
                        + node.get("name").textValue()
                        + (node.get("add_generation_prompt").booleanValue() ? ", to answer" : ""),
                    node
                  })
          .toList()
          .stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rendersWhatJinjaRenders(String name, JsonNode node) throws IOException {
    Conversation conversation = conversation(node);
    Map<String, Object> variables = conversation.variables(false, false, false);
    variables.put("add_generation_prompt", node.get("add_generation_prompt").booleanValue());
    variables.put("bos_token", "<s>");
    variables.put("eos_token", "</s>");
    Template template = Template.parse(template(node.get("template").textValue()));
    if (node.has("refused")) {
      TemplateException refusal =
          assertThrows(TemplateException.class, () -> template.render(variables));
      assertEquals(node.get("refused").textValue(), refusal.getMessage());
    } else {
      assertEquals(node.get("expected").textValue(), template.render(variables));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void takesEveryConversationWithoutFallingBack(String name, JsonNode node) throws IOException {
    ChatTemplate template =
        ChatTemplate.of(
            template(node.get("template").textValue()),
            "<s>",
            "</s>",
            List.of("<s>", "</s>", "<|im_start|>", "<|im_end|>"));
    Conversation conversation = conversation(node);
    ChatTemplate.Rendered rendered =
        template.render(
            conversation.messages(),
            conversation.tools(),
            node.get("add_generation_prompt").booleanValue());
    assertFalse(rendered.fallback(), () -> rendered.notes().toString());
    if (rendered.notes().isEmpty()) {
      assertEquals(node.get("expected").textValue(), rendered.text());
    }
  }

  static String template(String name) throws IOException {
    try (InputStream in =
        GoldenTemplatesTest.class.getResourceAsStream("templates/" + name + ".jinja")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Conversation conversation(JsonNode node) {
    List<ChatMessage> messages = new ArrayList<>();
    node.get("messages").forEach(message -> messages.add(message(message)));
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : node.get("tools")) {
      JsonNode function = tool.get("function");
      tools.add(
          Tool.of(
              function.get("name").textValue(),
              function.path("description").textValue(),
              function.get("parameters").toString()));
    }
    return new Conversation(messages, tools);
  }

  private static ChatMessage message(JsonNode node) {
    List<ToolCall> calls = new ArrayList<>();
    for (JsonNode call : node.path("tool_calls")) {
      JsonNode function = call.get("function");
      calls.add(
          new ToolCall(
              call.get("id").textValue(),
              function.get("name").textValue(),
              function.get("arguments").toString()));
    }
    return ChatMessage.builder(
            Role.valueOf(node.get("role").textValue().toUpperCase(Locale.ROOT)),
            node.get("content").textValue())
        .toolCalls(calls)
        .toolCallId(node.path("tool_call_id").textValue())
        .build();
  }
}
