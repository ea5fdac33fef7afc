package dev.finch.cli;

import dev.finch.cli.launch.ClassArchives;
import dev.finch.cli.launch.LauncherJvm;
import dev.finch.platform.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes {@link ClassArchives}, each step in a JVM of its own. */
final class ArchiveMaker {

  private static final String WORK = "making";
  private static final long STEP_SECONDS = 180;

  /** Variables that would lead a training run another way. */
  private static final Pattern ELSEWHERE = Pattern.compile("(?i)(ANTHROPIC|FINCH|HF)_.*|.*_PROXY");

  private final Path home;
  private final ClassArchives archives;

  ArchiveMaker(Path home) {
    this.home = home;
    this.archives = new ClassArchives(home);
  }

  /**
   * Makes them where they are not fresh and no other process is making them.
   *
   * @throws IOException where a step fails or the directory cannot be written to
   */
  void makeWhereDue(Path directory) throws IOException {
    OwnerOnly.createDirectories(directory);
    try (FileChannel channel =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null && !archives.fresh(directory)) {
        deleteUnfinished(directory);
        make(directory);
      }
    }
  }

  // What a maker that was killed has left behind.
  private static void deleteUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, WORK + "*")) {
      for (Path work : left) {
        deleteTree(work);
      }
    }
  }

  // A process that starts meanwhile uses what already fits together.
  private void make(Path directory) throws IOException {
    Path work = Files.createTempDirectory(directory, WORK);
    try {
      Path list = classList(work);
      Path base = work.resolve(ClassArchives.BASE);
      step(
          work,
          LauncherJvm.dumping(
              home,
              List.of(
                  "-Xshare:dump",
                  "-XX:+AOTClassLinking",
                  "-XX:SharedClassListFile=" + list,
                  "-XX:SharedArchiveFile=" + base)));
      Files.deleteIfExists(directory.resolve(ClassArchives.STAMP));
      // The top names its base by path and checks its content, so the base goes to its place first.
      base = publish(base, directory.resolve(ClassArchives.BASE));
      Path top = work.resolve(ClassArchives.TOP);
      train(
          work,
          Training.EVERYTHING,
          "-XX:SharedArchiveFile=" + base,
          "-XX:ArchiveClassesAtExit=" + top);
      publish(top, directory.resolve(ClassArchives.TOP));
      archives.writeStamp(directory);
    } finally {
      deleteTree(work);
    }
  }

  // The classes of the prompt and no more, because every class of the base is linked before main.
  private Path classList(Path work) throws IOException {
    Path list = work.resolve("classes");
    train(work, Training.PROMPT, "-Xshare:off", "-XX:DumpLoadedClassList=" + list);
    return list;
  }

  private void train(Path work, String training, String... options) throws IOException {
    step(work, LauncherJvm.of(home, List.of(options), training));
  }

  private static void step(Path work, ProcessBuilder jvm) throws IOException {
    isolate(jvm.environment(), work);
    Path log = work.resolve("log");
    jvm.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = jvm.start();
    try {
      if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("making the class archives failed:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("making the class archives was interrupted", e);
    }
  }

  // A training run must neither see the user's settings nor leave anything behind.
  private static void isolate(Map<String, String> environment, Path work) {
    environment.keySet().removeIf(name -> ELSEWHERE.matcher(name).matches());
    environment.put("FINCH_CLASS_ARCHIVE", "off"); // or it would have archives made for itself
    environment.put("HOME", work.toString());
    environment.put("HF_HOME", work.resolve("hub").toString());
    environment.put("XDG_STATE_HOME", work.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", work.resolve("cache").toString());
    environment.put("XDG_CONFIG_HOME", work.resolve("config").toString());
    environment.put("TERM", "xterm-256color");
  }

  private static Path publish(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
