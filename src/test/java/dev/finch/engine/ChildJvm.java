package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for what may end one, with this one's class path. */
public final class ChildJvm {

  private final List<String> command = new ArrayList<>();

  public ChildJvm(String... options) {
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
  }

  /**
   * Runs a class with a main method to its good end, within minutes; gives what it said. Where it
   * ends otherwise, the log that the failure names is left.
   */
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
      assertTrue(child.waitFor(3, TimeUnit.MINUTES), () -> "it goes on; see " + output);
      String said = Files.readString(output);
      assertEquals(0, child.exitValue(), () -> "see " + output + "\n" + said);
      Files.delete(output);
      return said;
    } finally {
      child.destroyForcibly();
    }
  }
}
