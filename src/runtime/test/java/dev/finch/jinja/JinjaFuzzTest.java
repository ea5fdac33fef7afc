package dev.finch.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random templates, rendered by Jinja2 in a process of its own and by Finch. */
final class JinjaFuzzTest {

  private static final String PYTHON = "/usr/bin/python3";
  private static final Path SCRIPT =
      Path.of("src/runtime/test/python/jinja_reference.py").toAbsolutePath();

  /** What Python prints of objects that have no text of their own: addresses, and sets' order. */
  private static final String ADDRESS = " at 0x";

  private record Reference(Process process, BufferedWriter in, BufferedReader out)
      implements AutoCloseable {

    static Reference start() throws IOException {
      Process process =
          new ProcessBuilder(PYTHON, "-B", SCRIPT.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Reference(process, process.outputWriter(), process.inputReader());
    }

    JsonNode render(String template, Map<String, Object> context) throws IOException {
      in.write(
          GoldenJinjaTest.MAPPER.writeValueAsString(
              Map.of("template", template, "context", context)));
      in.newLine();
      in.flush();
      return GoldenJinjaTest.MAPPER.readTree(out.readLine());
    }

    @Override
    public void close() throws IOException {
      in.close();
      process.destroy();
    }
  }

  /** Skips where Jinja2 cannot be had, but not where a build must have it. */
  private static void needsJinja() throws IOException, InterruptedException {
    boolean there = false;
    try {
      there =
          new ProcessBuilder(PYTHON, "-c", "import jinja2; assert jinja2.__version__ >= '3.1'")
                  .redirectErrorStream(true)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException noPython) {
      // Says the same as a Python without Jinja2.
    }
    if ("true".equals(System.getenv("CI"))) {
      assertTrue(there, "Jinja2 is missing: install python3-jinja2");
    }
    assumeTrue(there, "Jinja2 is missing: install python3-jinja2");
  }

  private static void compare(int count, long seed) throws Exception {
    needsJinja();
    int texts = 0;
    try (Reference reference = Reference.start()) {
      Random seeds = new Random(seed);
      for (int i = 0; i < count; i++) {
        long own = seeds.nextLong();
        TemplateGrammar grammar = new TemplateGrammar(new Random(own));
        String template = grammar.template();
        Map<String, Object> context = grammar.context();
        JsonNode expected = reference.render(template, context);
        String text = expected.path("text").textValue();
        if (text != null && text.contains(ADDRESS)) {
          continue;
        }
        String rendered;
        try {
          rendered = GoldenJinjaTest.render(template, context);
        } catch (TemplateException e) {
          rendered = null;
          assertTrue(
              text == null,
              () -> "new Random(" + own + "L): " + e.getMessage() + " in " + template + context);
        }
        if (text == null) {
          String surplus = rendered;
          assertEquals(
              null,
              surplus,
              () -> "new Random(" + own + "L): " + expected + " in " + template + context);
        } else {
          texts++;
          assertEquals(text, rendered, () -> "new Random(" + own + "L) in " + template + context);
        }
      }
    }
    assertTrue(texts > count / 10, "only " + texts + " of " + count + " templates had a text");
  }

  @Test
  void rendersRandomTemplatesAsJinjaDoes() throws Exception {
    compare(4_000, 42);
  }

  @Test
  @Tag("soak")
  void rendersManyRandomTemplatesAsJinjaDoes() throws Exception {
    compare(200_000, 4711);
  }
}
