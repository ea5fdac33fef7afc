package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stack that overflows costs a request; memory that is out ends the process. */
final class OutOfMemoryIT {

  @Test
  void memoryThatIsOutEndsTheProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = output(process);

    assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
    assertTrue(process.exitValue() != 0, output);
    assertTrue(output.contains("survived a stack that overflowed"), output);
    assertEquals(-1, output.indexOf("survived the end of memory"), output);
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Serves, and asks for what goes wrong. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Server server = Server.start("");
      String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      server.finch.thrown = new StackOverflowError();
      server.post("/v1/messages/count_tokens", body);
      System.out.println("survived a stack that overflowed");
      server.finch.thrown = new OutOfMemoryError("as if");
      server.post("/v1/messages/count_tokens", body);
      for (int i = 0; i < 50; i++) {
        server.get("/health/live");
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
      System.out.println("survived the end of memory");
      System.exit(0);
    }
  }
}
