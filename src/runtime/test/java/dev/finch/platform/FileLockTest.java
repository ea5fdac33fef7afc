package dev.finch.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLockTest {

  @TempDir private Path temp;

  @Test
  void excludesASecondHolderInTheSameProcessUntilItIsClosed() throws IOException {
    Path file = temp.resolve("a.lock");
    FileLock first = FileLock.tryAcquire(file).orElseThrow();
    assertTrue(FileLock.tryAcquire(file).isEmpty());

    first.close();
    first.close();
    try (FileLock second = FileLock.tryAcquire(file).orElseThrow()) {
      assertTrue(Files.exists(file), "a lock file is never removed: " + second);
    }
  }

  @Test
  void isTheLockThatOtherProgramsSee() throws Exception {
    assumeTrue(flock("--version") == 0, "needs util-linux's flock");
    Path file = temp.resolve("b.lock");
    try (FileLock held = FileLock.tryAcquire(file).orElseThrow()) {
      assertEquals(1, flock("--nonblock", file.toString(), "true"), held.toString());
    }
    assertEquals(0, flock("--nonblock", file.toString(), "true"));
  }

  @Test
  void respectsTheLockOfAnotherProgramAndSurvivesItsDeath() throws Exception {
    assumeTrue(flock("--version") == 0, "needs util-linux's flock");
    Path file = temp.resolve("c.lock");
    Path ready = temp.resolve("ready");
    Process other =
        new ProcessBuilder(
                "flock", "--no-fork", file.toString(), "sh", "-c", "touch " + ready + "; read x")
            .start();
    while (!Files.exists(ready)) {
      Thread.onSpinWait();
    }
    assertFalse(FileLock.tryAcquire(file).isPresent());

    other.destroyForcibly().waitFor();
    other.descendants().forEach(ProcessHandle::destroyForcibly);
    FileLock.tryAcquire(file).orElseThrow().close();
  }

  @Test
  void saysWhichFileCannotBeOpened() {
    IOException failure =
        assertThrows(IOException.class, () -> FileLock.tryAcquire(temp.resolve("absent/d.lock")));
    assertTrue(String.valueOf(failure.getMessage()).contains("d.lock"), failure.toString());
  }

  private static int flock(String... arguments) throws InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("flock"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return 127;
    }
  }
}
