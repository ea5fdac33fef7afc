package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.finch.cli.launch.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others put where Finch keeps its files, and what Finch leaves where others read. */
final class StrangersFilesIT {

  private static final int NOBODY = 65534;
  private static final String[] QUESTION = {"-q", "--model", "builtin", "The capital of France?"};

  @TempDir Path directory;
  private Distribution finch;

  @BeforeEach
  void locate() {
    finch = new Distribution(Distribution.assembled(), directory);
  }

  @Test
  void writesItsLibraryAndItsModelAnewWhereSomethingOfTheSameSizeLies() throws Exception {
    assertEquals(ExitCode.OK, finch.run(QUESTION).code());
    List<Path> files = made();
    assertEquals(2, files.size(), files::toString);
    for (Path file : files) {
      byte[] right = Files.readAllBytes(file);
      Files.delete(file);
      Files.write(file, new byte[right.length]);
      Distribution.Result result = finch.run(QUESTION);
      assertEquals(ExitCode.OK, result.code(), result.err());
      assertArrayEquals(right, Files.readAllBytes(file));
    }
  }

  @Test
  void opensNoLibraryInADirectoryOfAnotherUser() throws Exception {
    assertEquals(ExitCode.OK, finch.run(QUESTION).code());
    Path cache = directory.resolve("cache").resolve("finch");
    assumeTrue(Files.getAttribute(cache, "unix:uid").equals(0), "only root gives files away");
    Files.setAttribute(cache.resolve("native"), "unix:uid", NOBODY);
    Distribution.Result result = finch.run(QUESTION);
    assertTrue(result.code() != ExitCode.OK && result.out().isBlank(), result.out());
    assertTrue(result.err().contains("belongs to user " + NOBODY), result.err());
    assertTrue(result.err().contains("finch.directories.cache"), result.err());
  }

  @Test
  void writesNoModelIntoADirectoryOfAnotherUserAndSaysWhatToDo() throws Exception {
    Path cache = Files.createDirectories(directory.resolve("cache").resolve("finch"));
    assumeTrue(Files.getAttribute(cache, "unix:uid").equals(0), "only root gives files away");
    Files.setAttribute(cache, "unix:uid", NOBODY);
    Distribution.Result result = finch.run(QUESTION);
    assertTrue(result.err().contains("belongs to user " + NOBODY), result.err());
    assertTrue(result.err().contains("to a directory of your own"), result.err());
    assertFalse(result.err().contains("Free some space"), result.err());
  }

  @Test
  void usesNoClassArchiveOfAnotherUser() throws Exception {
    Path archive =
        directory
            .resolve("cache/finch/archive" + Distribution.assembled())
            .resolve(System.getProperty("java.runtime.version"));
    Files.createDirectories(archive);
    Path base = Files.writeString(archive.resolve("base.jsa"), "no archive");
    assertTrue(arguments().contains("-XX:SharedArchiveFile=" + base), arguments());
    assumeTrue(Files.getAttribute(base, "unix:uid").equals(0), "only root gives files away");
    for (Path theirs : List.of(base, archive)) {
      Files.setAttribute(theirs, "unix:uid", NOBODY);
      assertFalse(arguments().contains(base.toString()), arguments());
      Files.setAttribute(theirs, "unix:uid", 0);
    }
  }

  @Test
  void aCrashLeavesItsReportInThePrivateStateAndNowhereElse() throws Exception {
    Path work = Files.createDirectory(directory.resolve("work"));
    ProcessBuilder builder = finch.process("serve", "--port", "0", "--model", "builtin");
    builder.directory(work.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try (ServerProcess server = ServerProcess.start(builder)) {
      Process process = server.process();
      new ProcessBuilder("kill", "-SEGV", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
    assertEquals(List.of(), list(work));
    List<String> state = list(finch.state());
    assertTrue(state.stream().anyMatch(name -> name.matches("hs_err_\\d+\\.log")), state::toString);
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(finch.state())));
  }

  @Test
  void aHomeThatCannotBeWrittenLeavesNoReportAtAll() throws Exception {
    ProcessBuilder builder = launched();
    builder.environment().put("XDG_STATE_HOME", "/proc/nothing");
    assertTrue(
        Distribution.run(builder, "").out().contains("-XX:ErrorFile=/dev/null"), "ErrorFile");
  }

  /** What the launcher starts Java with. */
  private String arguments() throws Exception {
    ProcessBuilder builder = launched();
    builder.environment().remove("FINCH_CLASS_ARCHIVE");
    return Distribution.run(builder, "").out();
  }

  /** The launcher with a Java that says how it was called. */
  private ProcessBuilder launched() throws IOException {
    Path jdk = directory.resolve("jdk");
    Path java = jdk.resolve("bin").resolve("java");
    if (!Files.exists(java)) {
      Files.createDirectories(java.getParent());
      Files.writeString(
          jdk.resolve("release"),
          "JAVA_VERSION=\"25\"\nJAVA_RUNTIME_VERSION=\"%s\"\n"
              .formatted(System.getProperty("java.runtime.version")));
      Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }
    ProcessBuilder builder = finch.process("status");
    builder.environment().put("FINCH_JAVA_HOME", jdk.toString());
    return builder;
  }

  private List<Path> made() throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("cache"))) {
      return all.filter(file -> file.toString().matches(".*(\\.so|\\.dylib|builtin-.*\\.gguf)"))
          .toList();
    }
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
