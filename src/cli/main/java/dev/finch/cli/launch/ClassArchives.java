package dev.finch.cli.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The two class archives that {@code bin/finch} hands to the JVM: a small static base with what the
 * prompt needs, and a dynamic top with the rest. The JVM refuses an archive of another build or of
 * jars with other times, so they are never needed for correctness; the stamp beside them tells when
 * to make them anew.
 */
public final class ClassArchives {

  public static final String BASE = "base.jsa";
  public static final String TOP = "top.jsa";
  public static final String STAMP = "stamp";

  private final Path home;

  /**
   * @param home the distribution
   */
  public ClassArchives(Path home) {
    this.home = home;
  }

  /** The archives that belong to the distribution itself. */
  public Path own() {
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
  public boolean fresh(Path directory) {
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
      for (Path file : files) { // a lambda here is in no archive, and loading its class opens a jar
        jars.add(file);
      }
    }
    return jars;
  }

  /** Says that what lies there now fits this JVM and these jars. */
  public void writeStamp(Path directory) throws IOException {
    Files.writeString(directory.resolve(STAMP), stamp(directory));
  }

  /**
   * Starts the making in a process of its own where it is due; it goes on after this one has ended.
   * A directory that cannot be written to is left alone.
   */
  public static void makeInBackground(CliSettings settings) {
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
      LauncherJvm.of(home, List.of(), cached.toString()).start();
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
}
