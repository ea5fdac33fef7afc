package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.inference.GenerateRequest;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.provider.Inference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Greedy answers are the same alone and beside seven others. */
final class BatchInvarianceTest {

  private static final LoaderKit KIT = new LoaderKit();

  private static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "Hello!",
          "Count to five.",
          "What is two plus three?",
          "Tell me a story.",
          "What is the opposite of hot?",
          "Which day comes after Monday?",
          "What is the capital of Italy?");

  @AfterAll
  static void stop() {
    KIT.close();
  }

  @Test
  void inEightBits() {
    assertInvariant(TinyChat.model());
  }

  @Test
  void inSixteenBitsFromASplitFile() {
    Path folder = Path.of("src", "runtime", "test", "resources", "models");
    List<Path> parts =
        List.of(
            folder.resolve("tiny-chat-f16-00001-of-00002.gguf"),
            folder.resolve("tiny-chat-f16-00002-of-00002.gguf"));
    assertInvariant(local("tiny-chat F16", parts));
  }

  @Test
  void inThirtyTwoBits(@TempDir Path directory) throws IOException {
    Path file =
        Dequantized.write(TinyChat.model().files().getFirst(), directory.resolve("f32.gguf"));
    assertInvariant(local("tiny-chat F32", List.of(file)));
  }

  private static LocalModel local(String name, List<Path> files) {
    Path first = files.getFirst();
    return new LocalModel(
        new ModelSpec(
            new ModelReference.LocalFile(first),
            name,
            new ModelSpec.Origin.LocalFile(first),
            Optional.empty()),
        files,
        null);
  }

  private static void assertInvariant(LocalModel model) {
    try (var loaded = KIT.load(model, TinyChat.settings("slots = 8", "context-length = 256"))) {
      List<String> alone = QUESTIONS.stream().map(each -> loaded.ask(fresh(each)).text()).toList();
      List<TestProbe<Inference.Reply>> readers = new ArrayList<>();
      for (String question : QUESTIONS) {
        readers.add(loaded.send(fresh(question), Integer.MAX_VALUE));
      }
      List<String> together =
          readers.stream().map(reader -> LoaderKit.answer(reader).text()).toList();
      assertEquals(alone, together);
      assertEquals("The capital of France is Paris.", together.getFirst());
    }
  }

  private static GenerateRequest fresh(String question) {
    return TinyChat.greedy(question);
  }
}
