package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Hugging Face's own clients, driven by scripts that speak JSON. */
enum ForeignClient {
  JAVASCRIPT("node", "src/runtime/test/resources/interop/hub.mjs") {
    @Override
    List<String> installation(Path modules) {
      return List.of(
          "npm",
          "install",
          "--silent",
          "--no-audit",
          "--no-fund",
          "--prefix",
          modules.toString(),
          "@huggingface/hub@2.17.5");
    }
  },
  PYTHON("python3", "src/runtime/test/resources/interop/hub.py") {
    @Override
    List<String> installation(Path modules) {
      return List.of(
          "python3",
          "-m",
          "pip",
          "install",
          "--quiet",
          "--retries",
          "0",
          "--target",
          modules.toString(),
          "huggingface_hub==2.0.0");
    }
  };

  private final String interpreter;
  private final String script;

  ForeignClient(String interpreter, String script) {
    this.interpreter = interpreter;
    this.script = script;
  }

  abstract List<String> installation(Path modules);

  /** Whether it is there now; false where its language or its registry is not. */
  boolean install(Path modules) throws Exception {
    return run(installation(modules), modules, new StringBuilder()) == 0;
  }

  /** What the script says, which has to be JSON and nothing else, warnings neither. */
  JsonNode call(Path modules, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(interpreter, script));
    command.addAll(List.of(arguments));
    StringBuilder output = new StringBuilder();
    assertEquals(0, run(command, modules, output), output.toString());
    return new ObjectMapper().readTree(output.toString());
  }

  private static int run(List<String> command, Path modules, StringBuilder output)
      throws Exception {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder
          .environment()
          .putAll(
              Map.of(
                  "HUB_MODULES", modules.toString(),
                  "PYTHONPATH", modules.toString(),
                  "HF_HUB_DISABLE_XET", "1",
                  "HF_HUB_DISABLE_PROGRESS_BARS", "1",
                  "HF_HUB_DISABLE_TELEMETRY", "1"));
      Process process = builder.start();
      output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertTrue(process.waitFor(2, TimeUnit.MINUTES));
      return process.exitValue();
    } catch (IOException e) {
      return 127;
    }
  }
}
