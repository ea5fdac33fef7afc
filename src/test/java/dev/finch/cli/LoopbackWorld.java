package dev.finch.cli;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.download.LoopbackHub;
import dev.finch.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A Hub and a Claude on loopback for a distribution to talk to. The models of the catalogue that
 * examples name are all the tiny one, under its own hash.
 */
final class LoopbackWorld implements AutoCloseable {

  static final String REPOSITORY = "acme/tiny-GGUF";
  static final String FILE = "tiny-q8_0.gguf";

  final LoopbackHub hub = LoopbackHub.start();
  final LoopbackClaude claude = LoopbackClaude.start();
  final Distribution finch;
  private final Path model;

  LoopbackWorld(Path directory) throws IOException {
    finch = new Distribution(Distribution.assembled(), directory);
    model = directory.resolve(FILE);
    try (InputStream tiny =
        LoopbackWorld.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(tiny, model);
    }
    hub.serve(REPOSITORY, FILE, model);
    claude.answerAlways(ClaudeScript.text("Hello Anna, this is Claude."));
  }

  long modelBytes() throws IOException {
    return Files.size(model);
  }

  /** Makes catalogue names stand for the tiny model, in the user's own settings. */
  void catalogue(String... names) throws IOException {
    ModelFile file = hub.modelFile(REPOSITORY, FILE);
    StringBuilder settings = new StringBuilder();
    for (String name : names) {
      settings.append(
          """
          finch.catalogue.models."%s" {
            repository = "%s", revision = "%s"
            variants { q4_k_m = [{ path = "%s", size = %d, sha256 = "%s" }] }
          }
          """
              .formatted(
                  name,
                  REPOSITORY,
                  hub.commit(REPOSITORY),
                  file.path(),
                  file.size().orElse(-1),
                  file.sha256().orElse(null)));
    }
    Files.createDirectories(finch.config().getParent());
    Files.writeString(finch.config(), settings);
  }

  /** A command that finds both servers; {@code auto} is the tiny model. */
  ProcessBuilder process(String... arguments) {
    ProcessBuilder builder = finch.process(arguments);
    enter(builder.environment());
    return builder;
  }

  void enter(Map<String, String> environment) {
    finch.isolate(environment);
    environment.put("FINCH_MODEL", "hf:" + REPOSITORY);
    environment.put("HF_ENDPOINT", hub.endpoint());
    environment.put("ANTHROPIC_BASE_URL", claude.url());
    environment.put("ANTHROPIC_API_KEY", "sk-ant-test");
  }

  @Override
  public void close() {
    hub.close();
    claude.close();
  }
}
