package dev.finch.download;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a few megabytes, where this process may mount one. */
record SmallDisk(Path path) implements AutoCloseable {

  static SmallDisk mount(Path path, long bytes) throws IOException {
    Files.createDirectories(path);
    boolean mounted =
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", path.toString()));
    if (!mounted) {
      System.err.println("SKIPPED: a full disk needs the right to mount a tmpfs");
    }
    assumeTrue(mounted, "mounting a tmpfs needs root");
    return new SmallDisk(path);
  }

  @Override
  public void close() {
    run(List.of("umount", "-l", path.toString()));
  }

  private static boolean run(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
