package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file that passes the check in Java does not take llama.cpp, and the JVM, down. */
final class DamagedModelsIT {

  private static final int MUTANTS = 400;

  @TempDir Path directory;

  @Test
  void noneThatPassesTheCheckEndsTheJvm() throws Exception {
    String said = new ChildJvm("-Xmx256m").run(DamagedModelsChild.class, directory, MUTANTS);

    Matcher passed = Pattern.compile("(?m)^passed (\\d+) ran (\\d+)$").matcher(said);
    assertTrue(passed.find(), said);
    assertTrue(Integer.parseInt(passed.group(1)) >= 40, said);
    assertTrue(Integer.parseInt(passed.group(2)) >= 20, said);
  }
}
