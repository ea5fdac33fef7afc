package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that used the engine ends when its last own thread does. */
final class JvmExitIT {

  @TempDir Path directory;

  @Test
  void theJvmEndsByItselfAfterTheModelIsFreed() throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ExitChild.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(child.waitFor(3, TimeUnit.MINUTES), "the JVM goes on");
      assertEquals(0, child.exitValue(), Files.readString(output));
      assertTrue(
          Files.readString(output).contains("The capital of France is Paris."),
          Files.readString(output));
    } finally {
      child.destroyForcibly();
    }
  }
}
