package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import dev.finch.engine.TemplatedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says of a model's own chat template. */
final class OwnTemplateIT {

  @TempDir private Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void oneThatCannotBeRenderedIsToldBesideTheAnswer() throws Exception {
    Distribution.Result answered = ask("{% include 'x' %}", "Hi");

    assertEquals(ExitCode.OK, answered.code(), answered.err());
    assertTrue(
        answered.err().contains("finch: The model's own template cannot be rendered: "),
        answered.err());
    assertTrue(answered.err().contains("{% include %}"), answered.err());
    assertTrue(answered.err().contains("ChatML is used instead."), answered.err());
  }

  @Test
  void whatOneRefusesOfAQuestionIsAnErrorOfUsageInItsWords() throws Exception {
    String template =
        "{% for m in messages %}{% if 'bad' in m.content %}{{ raise_exception('no bad words') }}"
            + "{% endif %}{{ m.content }}{% endfor %}";
    Distribution.Result refused = ask(template, "a bad one");
    assertEquals(ExitCode.USAGE, refused.code(), refused.err());
    assertTrue(refused.err().contains("no bad words"), refused.err());
    assertEquals("", refused.out());

    Distribution.Result taken = ask(template, "a good one");
    assertEquals(ExitCode.OK, taken.code(), taken.err());
    assertFalse(taken.err().contains("template"), taken.err());
  }

  private Distribution.Result ask(String template, String question) throws Exception {
    Path file = Files.createTempDirectory(directory, "own").resolve("own.gguf");
    TemplatedModel.write(file, template);
    return Distribution.run(
        world.process("--local", "--max-tokens", "4", "--model", "file:" + file, question), "");
  }
}
