package dev.finch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.finch.inference.Answer;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/** llama.cpp's own {@code llama-bench} on the same file and threads, in turns with the Loader. */
record LlamaBenchTool(Path tool) implements Bench.Part {

  private static final int PROMPT_TOKENS = 256;

  @Override
  public void run(Bench bench) throws Exception {
    try (var loaded = bench.kit().load(bench.model(), bench.settings(1, 1024))) {
      int threads = loaded.ready.info().threads();
      loaded.ask(Bench.request("warm up", 2));
      for (int round = 0; round < bench.rounds(); round++) {
        String prompt = Bench.longPrompt(loaded, round, PROMPT_TOKENS);
        Answer answer = loaded.ask(Bench.request(prompt, bench.tokens()));
        Bench.print(
            "  Finch      : prompt %6.1f tokens/s (%d tokens), answer %5.1f tokens/s",
            answer.timings().promptPerSecond().orElse(0),
            answer.usage().promptTokens(),
            answer.timings().completionPerSecond().orElse(0));
        tool(bench, threads);
      }
    }
  }

  private void tool(Bench bench, int threads) throws Exception {
    double prompt = 0;
    double answer = 0;
    for (JsonNode test : measured(bench, threads)) {
      if (test.get("n_gen").asInt() == 0) {
        prompt = test.get("avg_ts").asDouble();
      } else {
        answer = test.get("avg_ts").asDouble();
      }
    }
    Bench.print(
        "  llama-bench: prompt %6.1f tokens/s (%d tokens), answer %5.1f tokens/s",
        prompt, PROMPT_TOKENS, answer);
  }

  private JsonNode measured(Bench bench, int threads) throws Exception {
    Process process =
        new ProcessBuilder(
                tool.toString(),
                "-m",
                bench.model().files().getFirst().toString(),
                "-t",
                String.valueOf(threads),
                "-p",
                String.valueOf(PROMPT_TOKENS),
                "-n",
                String.valueOf(bench.tokens()),
                "-r",
                "1",
                "-o",
                "json")
            .redirectError(Redirect.DISCARD)
            .start();
    try (InputStream out = process.getInputStream()) {
      return new ObjectMapper().readTree(out.readAllBytes());
    }
  }
}
