package dev.finch.engine;

import dev.finch.gguf.GgufReader;
import dev.finch.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;

/** A small model file with a chat template of a test's own; its answers are noise. */
public final class TemplatedModel {

  private static final ModelConfig SMALL =
      new ModelConfig("qwen2", 1, 64, 64, 2, 2, 32, 2048, 256, true);

  private TemplatedModel() {}

  /** Writes the file, with the tokenizer of the demonstration model. */
  public static void write(Path file, String template) throws IOException {
    RandomModel.of(SMALL, 1, GgufReader.read(TinyChat.model().files().getFirst()))
        .text("tokenizer.chat_template", template)
        .write(file);
  }
}
