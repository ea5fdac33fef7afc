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
            "dev/finch/build/start/Texts");
    assertTrue(made.contains("texts made plain, 0 left"), made);
    assertEquals(texts(CLASSES), texts(jar + File.pathSeparator + CLASSES));
  }

  private static String classes(String kind) {
    return Path.of("target", "build", kind).toAbsolutePath().toString();
  }

  private static String texts(String classPath) throws Exception {
    return run(
        JAVA,
        "-Dfile.encoding=UTF-8",
        "-Dstdout.encoding=UTF-8",
        "-cp",
        classPath,
        "dev.finch.build.start.Texts");
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
