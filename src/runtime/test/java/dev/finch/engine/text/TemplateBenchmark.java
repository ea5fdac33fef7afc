package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.jinja.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How long the prompt of a conversation of 100 messages with ten tools takes; run it with the test
 * class path. Prints milliseconds: the first, and the median and the 95th percentile once warm.
 */
final class TemplateBenchmark {

  private static final int RUNS = 3_000;

  private TemplateBenchmark() {}

  private static List<ChatMessage> conversation() {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(ChatMessage.system("You are a helpful assistant. ".repeat(20)));
    while (messages.size() < 100) {
      int n = messages.size();
      ToolCall call =
          new ToolCall("call_" + n, "tool_" + n % 10, "{\"city\": \"Oslo\", \"days\": " + n + "}");
      messages.add(ChatMessage.user("What is the weather in Oslo on day " + n + "? ".repeat(40)));
      messages.add(ChatMessage.assistant("", List.of(call)));
      messages.add(ChatMessage.toolResult("call_" + n, "{\"temperature\": " + n + "}"));
      messages.add(ChatMessage.assistant("It is cold. ".repeat(30)));
    }
    return messages.subList(0, 100);
  }

  private static List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tools.add(
          Tool.of(
              "tool_" + i,
              "Does something with cities, number " + i,
              """
              {"type": "object", "properties": {
                "city": {"type": "string", "description": "The city"},
                "days": {"type": "integer", "minimum": 1}}, "required": ["city"]}
              """));
    }
    return tools;
  }

  private static void measure(String what, Runnable work) {
    double[] times = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      work.run();
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    double[] warm = Arrays.copyOfRange(times, RUNS / 2, RUNS);
    Arrays.sort(warm);
    System.out.printf(
        "%-28s first %7.2f  median %6.3f  p95 %6.3f%n",
        what, times[0], warm[warm.length / 2], warm[warm.length * 95 / 100]);
  }

  public static void main(String[] arguments) throws Exception {
    for (String name : List.of("qwen2.5", "llama3-tools", "mistral")) {
      Path file =
          Path.of("src/runtime/test/resources/dev/finch/engine/text/templates/" + name + ".jinja");
      String source = Files.readString(file);
      Template template = Template.parse(source);
      Map<String, Object> variables =
          new Conversation(conversation(), tools()).variables(name.equals("mistral"), true, false);
      variables.put("add_generation_prompt", true);
      variables.put("bos_token", "<s>");
      variables.put("eos_token", "</s>");
      measure(name + ", parsing", () -> Template.parse(source));
      measure(name + ", rendering", () -> template.render(variables));
      ChatTemplate whole =
          ChatTemplate.of(source, "<s>", "</s>", List.of("<s>", "</s>", "<|im_end|>"));
      List<ChatMessage> messages = conversation();
      List<Tool> tools = tools();
      measure(name + ", whole prompt", () -> whole.render(messages, tools, true));
    }
  }
}
