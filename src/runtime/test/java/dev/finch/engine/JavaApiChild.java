package dev.finch.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers prompts greedily with java-llama.cpp's own Java API: {@code JavaApiChild MODEL PROMPTS
 * ANSWERS}, the files' entries ending with a null character. Run in a JVM of its own, which that
 * API keeps from ending and whose temporary directory it cleans.
 */
final class JavaApiChild {

  private JavaApiChild() {}

  public static void main(String[] args) throws Exception {
    ModelParameters parameters =
        new ModelParameters().setModel(args[0]).setCtxSize(512).setThreads(1).disableLog();
    LlamaModel model = new LlamaModel(parameters);
    List<String> answers = new ArrayList<>();
    for (String prompt : Files.readString(Path.of(args[1])).split("\0", -1)) {
      answers.add(
          model.complete(
              new InferenceParameters(prompt)
                  .setTemperature(0)
                  .setRepeatPenalty(1)
                  .setNPredict(48)));
    }
    Files.write(Path.of(args[2]), String.join("\0", answers).getBytes(StandardCharsets.UTF_8));
    Runtime.getRuntime().halt(0);
  }
}
