package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file that passes the check in Java does not take llama.cpp, and the JVM, down. */
final class DamagedModelsIT {

  private static final int MUTANTS = 600;

  @TempDir Path directory;

  @Test
  void noneThatPassesTheCheckEndsTheJvm() throws Exception {
    String said = new ChildJvm("-Xmx256m").run(DamagedModelsChild.class, directory, MUTANTS);

    Matcher passed = Pattern.compile("(?m)^passed (\\d+) ran (\\d+)$").matcher(said);
    assertTrue(passed.find(), said);
    assertTrue(Integer.parseInt(passed.group(1)) >= 40, said);
    assertTrue(Integer.parseInt(passed.group(2)) >= 20, said);
  }

  @Test
  void noTokenizerThatPassesTheCheckEndsTheJvm() throws Exception {
    requireTokenizers(600, 0);
  }

  @Test
  @Tag("soak")
  void noneOfAHundredThousandTokenizersDoes() throws Exception {
    int passed = 0;
    for (int first = 0; first < 100_000; first += 4_000) {
      passed += requireTokenizers(4_000, first);
    }
    int all = passed;
    assertTrue(all >= 10_000, () -> all + " of 100,000 were given to llama.cpp");
  }

  private int requireTokenizers(int count, long first) throws Exception {
    String said =
        new ChildJvm("-Xmx256m")
            .within(Duration.ofMinutes(15))
            .run(DamagedTokenizersChild.class, directory, count, first);
    Matcher passed = Pattern.compile("(?m)^passed (\\d+) ran (\\d+)$").matcher(said);
    assertTrue(passed.find(), said);
    assertTrue(Integer.parseInt(passed.group(1)) >= count / 10, said);
    assertTrue(Integer.parseInt(passed.group(2)) >= count / 20, said);
    return Integer.parseInt(passed.group(1));
  }
}
