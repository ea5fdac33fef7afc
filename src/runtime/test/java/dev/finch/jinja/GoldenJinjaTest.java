package dev.finch.jinja;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares with what Jinja2 itself rendered; {@code src/runtime/test/python/jinja_golden.py} wrote
 * it.
 */
final class GoldenJinjaTest {

  static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 5, 7, 8, 9, 123_456_000);
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS).build();

  private static final Path FOLDER = Path.of("src/runtime/test/resources/jinja");

  static Stream<String> sections() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  static Map<String, Object> context(JsonNode node) {
    Map<String, Object> context = new HashMap<>();
    node.properties()
        .forEach(
            entry ->
                context.put(entry.getKey(), MAPPER.convertValue(entry.getValue(), Object.class)));
    return context;
  }

  static String render(String template, Map<String, Object> context) {
    return Template.parse(template).render(context, Limits.standard(), () -> NOW);
  }

  private static JsonNode read(String section) throws IOException {
    return MAPPER.readTree(Files.readString(FOLDER.resolve(section)));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void rendersWhatJinjaRenders(String section) throws IOException {
    JsonNode node = read(section);
    List<Executable> cases = new ArrayList<>();
    for (JsonNode each : node.get("cases")) {
      JsonNode own = each.has("context") ? each.get("context") : node.get("context");
      cases.add(() -> compare(each, context(own)));
    }
    assertAll(section, cases);
  }

  private static void compare(JsonNode each, Map<String, Object> context) {
    String template = each.get("template").textValue();
    if (each.has("text")) {
      assertEquals(each.get("text").textValue(), render(template, context), template);
      return;
    }
    TemplateException refusal =
        assertThrows(TemplateException.class, () -> render(template, context), template);
    assertTrue(refusal.line() >= 1 && refusal.column() >= 1, template);
    assertNotEquals("", refusal.reason(), template);
  }

  @Test
  void hasAThousandCasesAndMore() throws IOException {
    int texts = 0;
    int errors = 0;
    for (String section : sections().toList()) {
      for (JsonNode each : read(section).get("cases")) {
        texts += each.has("text") ? 1 : 0;
        errors += each.has("error") ? 1 : 0;
      }
    }
    assertTrue(texts > 2_000, texts + " texts");
    assertTrue(errors > 500, errors + " errors");
  }
}
