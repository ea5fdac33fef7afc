package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When {@code bin/finch} builds a source checkout: the real script in a copy of the real tree,
 * where a Maven that only says that it was called stands first in the path.
 */
final class CheckoutIT {

  private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path checkout;

  @BeforeEach
  void copyTheTree() throws Exception {
    for (String part : List.of("bin", "conf", "src")) {
      try (Stream<Path> files = Files.walk(Path.of(part))) {
        for (Path file : files.toList()) {
          Path copy = checkout.resolve(file);
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else if (part.equals("src")) {
            Files.createFile(copy);
          } else {
            Files.copy(file, copy);
          }
        }
      }
    }
    Files.copy(Path.of("pom.xml"), checkout.resolve("pom.xml"));
    Path jar = checkout.resolve("target/finch/lib/finch.jar");
    Files.createDirectories(jar.getParent());
    Files.createFile(jar);
    Path maven = Files.createDirectories(checkout.resolve("path")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\necho \"$@\" >'" + called() + "'\nexit 1\n");
    assertTrue(maven.toFile().setExecutable(true));
    age(checkout, BUILT.minusSeconds(60));
    Files.setLastModifiedTime(jar, FileTime.from(BUILT));
  }

  static Stream<String> whatBelongsToTheCommandLine() {
    Stream<String> shared = Stream.of("pom.xml", "bin/finch", "conf/application.conf");
    Stream<String> modules =
        House.modules().stream()
            .filter(module -> !module.equals("testkit"))
            .flatMap(module -> Stream.of("src/" + module + "/pom.xml", aFile(module, "main")));
    return Stream.concat(shared, Stream.concat(modules, Stream.of("src/cli/assembly/layout.xml")));
  }

  @ParameterizedTest
  @MethodSource("whatBelongsToTheCommandLine")
  void aChangedSourceBuilds(String file) throws Exception {
    change(file);
    start();
    assertEquals(
        "-q -B -Plaunch -Dmaven.test.skip -pl src/cli -am package",
        Files.readString(called()).strip());
  }

  @Test
  void anUnchangedTreeDoesNot() throws Exception {
    start();
    assertFalse(Files.exists(called()));
  }

  @Test
  void whatOnlyTestsNeedDoesNot() throws Exception {
    for (String module : List.of("runtime", "server", "cli")) {
      change(aFile(module, "test"));
    }
    change(aFile("testkit", "main"));
    change("src/example/java/dev/finch/example/AskOnce.java");
    start();
    assertFalse(Files.exists(called()));
  }

  private Path called() {
    return checkout.resolve("called");
  }

  private void change(String file) throws IOException {
    Files.setLastModifiedTime(checkout.resolve(file), FileTime.from(BUILT.plusSeconds(60)));
  }

  private void start() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(checkout.resolve("bin/finch").toString(), "--version")
            .redirectErrorStream(true)
            .redirectOutput(checkout.resolve("output").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("PATH", checkout.resolve("path") + ":" + System.getenv("PATH"));
    environment.put("FINCH_JAVA_HOME", System.getProperty("java.home"));
    environment.put("HOME", checkout.toString());
    environment.remove("FINCH_BUILD");
    assertTrue(builder.start().waitFor(60, TimeUnit.SECONDS));
  }

  private static String aFile(String module, String kind) {
    try (Stream<Path> files = Files.walk(Path.of("src", module, kind))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void age(Path root, Instant time) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }
}
