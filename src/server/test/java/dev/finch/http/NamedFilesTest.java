package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that settings of the server name, and what is none. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NamedFilesTest {

  @TempDir Path directory;

  @Test
  void whatIsNoFileIsRefusedAtOnceWithItsKeyAndItsKind() throws Exception {
    Path pem = Files.writeString(directory.resolve("some.pem"), "some");
    String[][] wrong = {
      {pipe("pipe").toString(), "is a pipe"},
      {"/dev/zero", "another device"},
      {"/dev/tty", "another device"},
      {directory.toString(), "is a directory"},
      {directory.resolve("none").toString(), "cannot be read"},
      {Files.createSymbolicLink(directory.resolve("link"), pipe("two")).toString(), "is a pipe"},
    };
    for (String[] each : wrong) {
      refused("finch.http.api-keys-file", "finch.http.api-keys-file = \"%s\"", each);
      refused(
          "finch.http.tls.certificate",
          "finch.http.tls { certificate = \"%s\", key = \"" + pem + "\" }",
          each);
      refused(
          "finch.http.tls.key",
          "finch.http.tls { certificate = \"" + pem + "\", key = \"%s\" }",
          each);
    }
  }

  /** Looked at each second: a pipe in its place would hold a thread each time. */
  @Test
  void keysStayWhereTheirFileBecameAPipe() throws Exception {
    Path file = Files.writeString(directory.resolve("keys"), "ann=key-of-ann\n");
    KeyRing ring = new KeyRing(Server.settings("finch.http.api-keys-file = \"" + file + "\""));
    Files.delete(file);
    pipe("keys");

    ring.refresh();

    assertTrue(ring.find(ApiKey.digestOf("key-of-ann")) != null);
  }

  private static void refused(String key, String settings, String[] file) {
    Failure failure =
        assertThrows(
                FinchException.class,
                () -> Server.settings("finch.http.api-keys=[]\n" + settings.formatted(file[0])))
            .failure();

    assertEquals(FailureCode.SETTINGS_INVALID, failure.code());
    assertTrue(failure.message().startsWith(key + ": " + file[0]), failure.message());
    assertTrue(failure.message().contains(file[1]), failure.message());
  }

  private Path pipe(String name) throws Exception {
    Path pipe = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }
}
