package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThinkingSettingsTest {

  /** The end of Qwen3's template. */
  private static final String TEMPLATE =
      "{{ messages[0].content }}<|im_start|>assistant\n"
          + "{% if enable_thinking is defined and enable_thinking is false %}"
          + "<think>\n\n</think>\n\n{% endif %}{{ reasoning_effort | default('') }}";

  private static CloudOptions options(@Nullable String thinking, @Nullable String effort) {
    return CloudOptions.builder().thinking(thinking).effort(effort).build();
  }

  @Test
  void whoAsksForNothingChangesNothing() {
    assertEquals(Map.of(), ThinkingSettings.of(CloudOptions.NONE));
  }

  @ParameterizedTest
  @CsvSource({"disabled, false", "enabled, true", "adaptive, true"})
  void thinkingIsSaidInTheTemplatesWords(String type, boolean expected) {
    assertEquals(
        Map.of("enable_thinking", expected, "thinking", expected),
        ThinkingSettings.of(options("{\"type\": \"" + type + "\", \"budget_tokens\": 5}", null)));
  }

  @ParameterizedTest
  @CsvSource({"low, low", "medium, medium", "high, high", "xhigh, high", "max, high"})
  void effortsAreTheThreeThatModelsHave(String effort, String expected) {
    assertEquals(Map.of("reasoning_effort", expected), ThinkingSettings.of(options(null, effort)));
  }

  @Test
  void theTemplateIsToldBeforeAnAnswerAndBeforeOneThatIsGoneOnWith() {
    ChatTemplate template = ChatTemplate.of(TEMPLATE, "", "", List.of());
    Map<String, Object> none = ThinkingSettings.of(options("{\"type\":\"disabled\"}", "low"));
    List<ChatMessage> messages = List.of(ChatMessage.user("Hi"));
    String told = template.prompt(messages, List.of(), none).text();
    assertTrue(told.endsWith("<think>\n\n</think>\n\nlow"), told);
    assertFalse(template.prompt(messages, List.of()).text().contains("<think>"));
  }
}
