package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no model, named as one where that is allowed. */
final class SpecialFilesIT {

  @TempDir static Path directory;

  @Test
  void pipesHoldNoThreadAndNothingOfAFileIsTold() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "finch.model",
            "builtin",
            "finch.cloud.enabled",
            "off",
            "finch.http.keyless-files",
            "on");
    Path secret = Files.writeString(directory.resolve("secret.gguf"), "root:x:0:0:and so on");
    try (RealServer server = RealServer.start(settings, directory)) {
      server.awaitReady();
      for (int i = 0; i < 20; i++) {
        String answer = load(server, pipe("pipe" + i + ".gguf"));
        assertTrue(answer.contains("\"failure\""), answer);
      }
      for (String other : new String[] {"/dev/zero", "/dev/tty", directory.toString()}) {
        assertTrue(load(server, Path.of(other)).contains("\"failure\""), other);
      }
      String told = load(server, secret);

      assertFalse(told.contains("726f6f74"), told);
      assertFalse(told.contains("root"), told);
      for (Path none : new Path[] {secret, Path.of("/etc/hostname")}) {
        var shown = server.post("/api/show", "{\"model\":\"file:" + none + "\"}");
        assertEquals(422, shown.statusCode(), shown.body());
      }
      assertEquals(200, server.get("/v1/models").statusCode());
      assertEquals(200, server.get("/health/ready").statusCode());
    }
  }

  private static String load(RealServer server, Path file) throws Exception {
    String body = "{\"action\":\"load\",\"model\":\"file:" + file + "\"}";
    return String.join("\n", server.lines("/v1/finch/model", body));
  }

  private static Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }
}
