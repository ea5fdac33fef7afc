package dev.finch.build.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copies of classes do what the classes do. */
class StartClassesIT {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final String CLASSES = classes("test-classes");
  private static final String TOOLS = classes("classes");

  @TempDir Path directory;

  @Test
  void putsTextsTogetherAsTheJvmDoes() throws Exception {
    Path jar =
        copies("dev/finch/build/start/Texts", "0 lambdas, 0 switches and \\d+ texts.*, 0 left");
    assertSame("dev.finch.build.start.Texts", jar);
  }

  @Test
  void lambdasAndSwitchesGiveWhatTheJvmsOwnGive() throws Exception {
    Path jar =
        copies(
            "dev/finch/build/start/Linked", "1\\d lambdas, 3 switches and \\d+ texts.*, \\d left");
    assertSame("dev.finch.build.start.Linked", jar);
  }

  /** Makes copies of the classes that begin so, and holds the summary to what is expected. */
  private Path copies(String classes, String summary) throws Exception {
    Path jar = directory.resolve("start.jar");
    String made =
        run(
            JAVA,
            "-cp",
            TOOLS,
            "dev.finch.build.start.StartClasses",
            CLASSES,
            jar.toString(),
            "1",
            "2026-11-22T00:00:00Z",
            classes);
    assertTrue(made.matches("(?s).*" + summary + ".*"), made);
    return jar;
  }

  private static void assertSame(String main, Path jar) throws Exception {
    String own = said(main, CLASSES);
    assertTrue(own.length() > 100, own);
    assertEquals(own, said(main, jar + File.pathSeparator + CLASSES));
  }

  private static String classes(String kind) {
    return Path.of("target", "build", kind).toAbsolutePath().toString();
  }

  private static String said(String main, String classPath) throws Exception {
    return run(JAVA, "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", classPath, main);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String out;
    try (var reader = process.inputReader()) {
      out = String.join("\n", reader.lines().toList());
    }
    assertEquals(0, process.waitFor(), out);
    return out;
  }
}
