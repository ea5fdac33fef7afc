package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the same file, the Loader writes what java-llama.cpp's own Java API writes. */
final class JavaApiEqualityIT {

  private static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "Hello!",
          "Count to five.",
          "Tell me a story.",
          "What is the opposite of hot?");

  @TempDir Path directory;

  @Test
  void greedyAnswersAreEqual() throws Exception {
    List<String> prompts = QUESTIONS.stream().map(JavaApiEqualityIT::chatMl).toList();
    LoaderKit kit = new LoaderKit();
    try (var loaded = kit.load(TinyChat.settings("context-length = 512"))) {
      List<String> ours =
          prompts.stream().map(prompt -> loaded.ask(continuing(prompt)).text()).toList();
      assertEquals(theirs(prompts), ours);
    } finally {
      kit.close();
    }
  }

  private List<String> theirs(List<String> prompts) throws IOException, InterruptedException {
    Path input = Files.writeString(directory.resolve("prompts"), String.join("\0", prompts));
    Path output = directory.resolve("answers");
    // Its loader deletes files whose names start with llama from the temporary directory.
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    new ChildJvm("-Djava.io.tmpdir=" + temporary)
        .run(JavaApiChild.class, TinyChat.model().files().getFirst(), input, output);
    return List.of(Files.readString(output).split("\0", -1));
  }

  private static GenerateRequest continuing(String prompt) {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw(prompt, null))
        .sampling(Sampling.builder().temperature(0.0).repeatPenalty(1.0).maxTokens(48).build())
        .build();
  }

  private static String chatMl(String question) {
    return "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
        + question
        + "<|im_end|>\n<|im_start|>assistant\n";
  }
}
