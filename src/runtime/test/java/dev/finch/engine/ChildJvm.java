package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for what may end one, with this one's class path. */
public final class ChildJvm {

  private final List<String> command = new ArrayList<>();
  private Duration limit = Duration.ofMinutes(3);

  public ChildJvm(String... options) {
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
  }

  /** How long it may take. */
  public ChildJvm within(Duration newLimit) {
    limit = newLimit;
    return this;
  }

  /** Runs a class with a main method to its good end; gives what it said. */
  public String run(Class<?> main, Object... arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile("child", ".log");
    command.add(main.getName());
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      String said = Files.readString(output);
      assertTrue(ended, () -> "it goes on after " + limit + "; it said at last: " + end(said));
      assertEquals(0, child.exitValue(), () -> end(said));
      return said;
    } finally {
      child.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  private static String end(String said) {
    return said.substring(Math.max(0, said.length() - 2000));
  }
}
