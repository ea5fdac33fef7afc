package dev.finch.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two class archives that {@code bin/finch} hands to the JVM: a small static base with
 * what the prompt needs, and a dynamic top with the rest. The JVM refuses an archive of another
 * build or of jars with other times, so they are never needed for correctness; the stamp beside
 * them tells when to make them anew.
 */
final class ClassArchives {

  private static final String BASE = "base.jsa";
  private static final String TOP = "top.jsa";
  private static final String STAMP = "stamp";
  private static final long STEP_SECONDS = 180;

  /** As in bin/finch: an archive serves only the flags that it was made with. */
  private static final List<String> FLAGS =
      List.of(
          "-Xlog:disable",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "--sun-misc-unsafe-memory-access=allow");

  private final Path home;

  ClassArchives(Path home) {
    this.home = home;
  }

  /** The archives that belong to the distribution itself. */
  Path own() {
    return home.resolve("lib").resolve("archive").resolve(javaBuild());
  }

  /** The archives made for this user; the path is the one that bin/finch looks at. */
  Path cached(Path cacheDirectory) {
    Path base = cacheDirectory.resolve("archive");
    return base.resolve(home.getRoot().relativize(home)).resolve(javaBuild());
  }

  private static String javaBuild() {
    return System.getProperty("java.runtime.version");
  }

  /** Whether archives lie there that this JVM and these jars made. */
  boolean fresh(Path directory) {
    try {
      return Files.readString(directory.resolve(STAMP)).equals(stamp(directory));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private String stamp(Path directory) throws IOException {
    StringBuilder text = new StringBuilder(System.getProperty("java.vm.version")).append('\n');
    for (Path file : new TreeSet<>(jars())) {
      text.append(describe(file)).append('\n');
    }
    return text.append(describe(directory.resolve(BASE)))
        .append('\n')
        .append(describe(directory.resolve(TOP)))
        .append('\n')
        .toString();
  }

  private static String describe(Path file) throws IOException {
    return file.getFileName() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
  }

  private List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(home.resolve("lib"), "*.jar")) {
      files.forEach(jars::add);
    }
    return jars;
  }

  /**
   * Makes both archives; a process that starts meanwhile uses what already fits together.
   *
   * @throws IOException where a step fails or the directory cannot be written to
   */
  void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path work = Files.createTempDirectory(directory, "making");
    try {
      Path list = work.resolve("classes");
      step(work, List.of("-Xshare:off", "-XX:DumpLoadedClassList=" + list), Training.PROMPT);
      Path base = work.resolve(BASE);
      step(
          work,
          List.of(
              "-Xshare:dump",
              "-XX:+AOTClassLinking",
              "-XX:SharedClassListFile=" + list,
              "-XX:SharedArchiveFile=" + base),
          null);
      Files.deleteIfExists(directory.resolve(STAMP));
      // The top names its base by path and checks its content, so the base goes to its place first.
      base = publish(base, directory.resolve(BASE));
      Path top = work.resolve(TOP);
      step(
          work,
          List.of("-XX:SharedArchiveFile=" + base, "-XX:ArchiveClassesAtExit=" + top),
          Training.EVERYTHING);
      publish(top, directory.resolve(TOP));
      Files.writeString(directory.resolve(STAMP), stamp(directory));
    } finally {
      deleteTree(work);
    }
  }

  private static Path publish(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }

  private void step(Path work, List<String> options, @Nullable String training) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(options);
    command.add("-Dfinch-launcher.home=" + home);
    if (training == null) {
      command.addAll(List.of("-cp", launcher()));
    } else {
      command.add("-D" + Training.PROPERTY + "=" + training);
      command.addAll(List.of("-jar", launcher()));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    isolate(builder.environment(), work);
    File log = work.resolve("log").toFile();
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    Process process = builder.start();
    try {
      if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(
            "making the class archives failed:\n" + Files.readString(log.toPath()));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("making the class archives was interrupted", e);
    }
  }

  private String launcher() {
    return home.resolve("lib").resolve("finch.jar").toString();
  }

  // A training run must neither see the user's settings nor leave anything behind.
  private static void isolate(Map<String, String> environment, Path work) {
    environment
        .keySet()
        .removeIf(name -> name.startsWith("ANTHROPIC_") || name.startsWith("FINCH_"));
    environment.put("HOME", work.toString());
    environment.put("HF_HOME", work.resolve("hub").toString());
    environment.put("XDG_STATE_HOME", work.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", work.resolve("cache").toString());
    environment.put("XDG_CONFIG_HOME", work.resolve("config").toString());
    environment.put("TERM", "xterm-256color");
  }

  /**
   * Starts the making in a process of its own where it is due; it goes on after this one has ended.
   * A directory that cannot be written to is left alone.
   */
  static void makeInBackground(CliSettings settings) {
    Path home = Installation.home();
    if (home == null
        || !settings.classArchives()
        || "off".equals(System.getenv("FINCH_CLASS_ARCHIVE"))) {
      return;
    }
    ClassArchives archives = new ClassArchives(home);
    Path cached = archives.cached(settings.cacheDirectory());
    if (archives.fresh(archives.own())) {
      archives.forget(cached);
      return;
    }
    if (archives.fresh(cached) || !PrivateFiles.directory(cached)) {
      return;
    }
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xlog:disable",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Dfinch-launcher.home=" + home,
              "-D" + Training.PROPERTY + "=" + cached,
              "-jar",
              archives.launcher());
      File nothing = new File("/dev/null");
      builder.redirectInput(ProcessBuilder.Redirect.from(nothing));
      builder.redirectOutput(ProcessBuilder.Redirect.to(nothing));
      builder.redirectError(ProcessBuilder.Redirect.to(nothing));
      builder.start();
    } catch (IOException e) {
      // The next start is as slow as this one was.
    }
  }

  // bin/finch looks there first.
  private void forget(Path directory) {
    for (String file : List.of(BASE, TOP, STAMP)) {
      try {
        Files.deleteIfExists(directory.resolve(file));
      } catch (IOException e) {
        // The next run tries again.
      }
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
