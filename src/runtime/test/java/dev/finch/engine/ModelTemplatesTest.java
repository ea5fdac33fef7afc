package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.engine.text.ChatTemplate;
import dev.finch.gguf.GgufReader;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Tool;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Templates as they stand in a model's file, read by llama.cpp. */
final class ModelTemplatesTest {

  private static final ModelConfig SMALL =
      new ModelConfig("qwen2", 1, 64, 64, 2, 2, 32, 1024, 256, true);
  private static final String PLAIN = "{% for m in messages %}{{ m.content }}{% endfor %}";
  private static final String DOUBLED =
      "{% set ns = namespace(x=('a',)) %}{% for i in range(40) %}{% set ns.x = (ns.x, ns.x) %}"
          + "{% endfor %}";
  private static final Tool CLOCK = Tool.of("clock", null, "{\"type\": \"object\"}");

  @TempDir Path directory;
  private int models;

  private ChatTemplate.Rendered rendered(
      String template, String toolTemplate, GenerateRequest request) throws IOException {
    Path file = directory.resolve("model-" + ++models + ".gguf");
    RandomModel.of(SMALL, 1, GgufReader.read(TinyChat.model().files().getFirst()))
        .text("tokenizer.chat_template", template)
        .text("tokenizer.chat_template.tool_use", toolTemplate)
        .texts("tokenizer.chat_templates", List.of("tool_use"))
        .write(file);
    LocalModel model =
        new LocalModel(
            new ModelSpec(
                new ModelReference.LocalFile(file),
                "model",
                new ModelSpec.Origin.LocalFile(file),
                Optional.empty()),
            List.of(file),
            null);
    try (Engine engine =
        TinyChat.engines().load(TinyChat.settings().plan(model, null), _ -> true)) {
      PromptEncoder encoder = new PromptEncoder(engine);
      encoder.notes();
      ChatTemplate.Rendered rendered = encoder.encode(request, TokenCounter.whole()).rendered();
      assertNotNull(rendered);
      return rendered;
    }
  }

  @Test
  void theTemplateForToolsIsTakenWhenToolsAreGiven() throws IOException {
    String toolTemplate = "TT" + PLAIN + "{{ tools[0].function.name }}";
    GenerateRequest plain = TinyChat.greedy("Hi");
    assertEquals("Hi", rendered(PLAIN, toolTemplate, plain).text());
    GenerateRequest withTools = plain.toBuilder().tools(List.of(CLOCK)).build();
    assertEquals("TTHiclock", rendered(PLAIN, toolTemplate, withTools).text());
  }

  @Test
  void aTemplateThatWouldTakeTheProcessWithItGivesWayToChatMl() throws IOException {
    for (String use : List.of("{{ ns.x | string }}", "{{ [ns.x] | unique | list }}")) {
      ChatTemplate.Rendered rendered =
          rendered(DOUBLED + use, PLAIN, TinyChat.greedy("Is the door open?"));
      assertTrue(rendered.fallback());
      assertFalse(rendered.notes().isEmpty());
      assertTrue(rendered.text().contains("Is the door open?"));
    }
  }
}
