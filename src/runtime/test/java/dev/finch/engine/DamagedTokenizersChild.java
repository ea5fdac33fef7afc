package dev.finch.engine;

import dev.finch.gguf.TokenizerMutator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of its own that gives llama.cpp damaged tokenizers, those that pass the check in Java,
 * and turns texts into tokens and back with what loads: {@code DIRECTORY COUNT FIRST-SEED}. The
 * last seed that it names is the one that ended it.
 */
final class DamagedTokenizersChild {

  private static final List<String> TEXTS =
      List.of(
          "",
          "The capital of <|im_start|> is 🐦, isn't it?\n\n  12345",
          "</s><s><unk><mask> \u0000\u0001\ud800 \u2581 Ġ",
          "a".repeat(3_000),
          "漢字".repeat(800),
          " ".repeat(3_000) + "x");

  public static void main(String[] args) throws IOException {
    Mutants.run(
        Path.of(args[0]),
        Long.parseLong(args[2]),
        Integer.parseInt(args[1]),
        TokenizerMutator::mutate,
        DamagedTokenizersChild::speak);
  }

  private static void speak(Engine engine) {
    int size = engine.facts().weights().vocabularySize();
    engine.controlTexts();
    for (int token = 0; token < size; token++) {
      engine.piece(token);
      engine.pieceWithControls(token);
      engine.endsGeneration(token);
    }
    StepBatch batch = new StepBatch();
    for (String text : TEXTS) {
      for (int way = 0; way < 4; way++) {
        for (int token : engine.tokenize(text, way % 2 == 0, way > 1)) {
          if (token < 0 || token >= size) {
            throw new AssertionError("token " + token + " of " + size);
          }
          if (batch.size() < 60) {
            batch.add(token, batch.size(), 0, true);
          }
        }
      }
    }
    if (batch.size() > 0) {
      engine.decode(batch);
    }
  }

  private DamagedTokenizersChild() {}
}
