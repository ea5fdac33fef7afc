package dev.finch.build;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Makes the distribution that needs no JDK: {@code RuntimeImage DISTRIBUTION IMAGE TIMESTAMP}
 * copies the distribution, links a Java runtime into it, and makes class archives with exactly that
 * runtime.
 */
final class RuntimeImage {

  /** What {@code jdeps} finds in the jars, less what only their unused parts need. */
  private static final String MODULES =
      "java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.sql,"
          + "jdk.jfr,jdk.management,jdk.net,jdk.unsupported";

  private final Path image;

  private RuntimeImage(Path image) {
    this.image = image;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    RuntimeImage made = new RuntimeImage(Path.of(args[1]).toAbsolutePath());
    made.clear();
    made.copy(Path.of(args[0]).toAbsolutePath());
    made.link();
    // The archive's entries get this time too, and class archives tell a changed jar by its time.
    made.touch(FileTime.from(Instant.parse(args[2])));
    made.makeClassArchives();
  }

  private void clear() throws IOException {
    if (!Files.exists(image)) {
      return;
    }
    walk(
        image,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failed)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void copy(Path distribution) throws IOException {
    Path otherArchives = distribution.resolve("lib").resolve("archive");
    walk(
        distribution,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (directory.equals(otherArchives)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(image.resolve(distribution.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                image.resolve(distribution.relativize(file)),
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void link() throws IOException {
    List<String> arguments =
        List.of(
            "--add-modules",
            MODULES,
            "--output",
            image.resolve("runtime").toString(),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages");
    ToolProvider jlink = ToolProvider.findFirst("jlink").orElseThrow();
    if (jlink.run(System.out, System.err, arguments.toArray(String[]::new)) != 0) {
      throw new IOException("jlink failed");
    }
  }

  private void touch(FileTime time) throws IOException {
    walk(
        image,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink()) {
              Files.setLastModifiedTime(file, time);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void makeClassArchives() throws IOException, InterruptedException {
    Process training =
        new ProcessBuilder(
                image.resolve("runtime").resolve("bin").resolve("java").toString(),
                "-Dfinch-launcher.home=" + image,
                "-Dfinch-launcher.training=own",
                "-jar",
                image.resolve("lib").resolve("finch.jar").toString())
            .inheritIO()
            .start();
    if (training.waitFor() != 0) {
      System.err.println("No class archives: the image starts slower, and that is all.");
    }
  }

  private static void walk(Path root, SimpleFileVisitor<Path> visitor) throws IOException {
    Files.walkFileTree(root, visitor);
  }
}
