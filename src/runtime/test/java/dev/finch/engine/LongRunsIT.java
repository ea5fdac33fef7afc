package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of any shape get llama.cpp's own tokens, and end no process. */
final class LongRunsIT {

  /** All that b4916 knows, one for each set of expressions. */
  private static final List<String> PRE_TOKENIZERS =
      List.of(
          "qwen2",
          "default",
          "llama-bpe",
          "deepseek-llm",
          "deepseek-coder",
          "deepseek-v3",
          "falcon",
          "mpt",
          "starcoder",
          "gpt-2",
          "refact",
          "command-r",
          "stablelm2",
          "olmo",
          "dbrx",
          "smaug-bpe",
          "poro-chat",
          "chatglm-bpe",
          "viking",
          "jais",
          "tekken",
          "smollm",
          "codeshell",
          "bloom",
          "gpt3-finnish",
          "exaone",
          "chameleon",
          "minerva-7b",
          "megrez",
          "gpt-4o",
          LongRunsChild.SENTENCE_PIECES);

  @TempDir Path directory;

  @Test
  void givesTheTokensOfLlamaCppForRunsOfEveryScript() throws Exception {
    String said = fuzz(1, 12_000, 60_000, PRE_TOKENIZERS);
    assertTrue(said.contains("texts "), said);
  }

  @Test
  void givesTheTokensOfLlamaCppForRunsOfNearlyAMebibyte() throws Exception {
    String said = fuzz(2, 6_000, 900_000, List.of("qwen2", "gpt-4o"));
    assertTrue(said.contains("texts "), said);
  }

  @Test
  void aModelIsFreedAfterTheTextsUnderWay() throws Exception {
    String said =
        new ChildJvm("-Xmx512m").within(Duration.ofMinutes(15)).run(UnloadChild.class, 12);
    assertTrue(said.matches("(?s).*finished [1-9]\\d* refused 36\\R?.*"), said);
  }

  @Test
  @Tag("soak")
  void goesOnGivingThem() throws Exception {
    for (int seed = 10; seed < 20; seed++) {
      // llama.cpp itself takes more than ten minutes for some texts of 900,000 characters.
      String said = fuzz(seed, 60_000, seed % 2 == 0 ? 60_000 : 200_000, PRE_TOKENIZERS);
      assertTrue(said.contains("texts "), said);
    }
  }

  private String fuzz(long seed, int milliseconds, int longest, List<String> names)
      throws Exception {
    List<Object> arguments = new ArrayList<>(List.of(directory, seed, milliseconds, longest));
    arguments.addAll(names);
    // The time is looked at between texts, and llama.cpp takes minutes for some of these.
    return new ChildJvm("-Xmx512m")
        .within(Duration.ofMinutes(15))
        .run(LongRunsChild.class, arguments.toArray());
  }
}
