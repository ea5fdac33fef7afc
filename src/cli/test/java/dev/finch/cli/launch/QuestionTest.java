package dev.finch.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionTest {

  @TempDir Path directory;
  private final List<String> told = new ArrayList<>();

  @Test
  void appendsFilesAndWhatIsPipedIn() throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), "from a file\n");
    assertEquals(
        "Explain\n\nfrom a file\n\nfrom a pipe",
        Question.read("Explain", List.of(file.toString()), piped("from a pipe\n"), told::add));
  }

  @Test
  void readsStdinOnceWhereADashNamesIt() {
    assertEquals("piped", Question.read("", List.of("-"), piped("piped"), told::add));
  }

  @Test
  void takesAClosedStdinAsEmpty() {
    InputStream closed =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Bad file descriptor");
          }

          @Override
          public int read(byte[] to, int offset, int length) throws IOException {
            return read();
          }
        };
    assertEquals("Hi", Question.read("Hi", List.of(), closed, told::add));
  }

  @Test
  void saysWhichFileIsMissing() {
    String missing = directory.resolve("none").toString();
    UsageException e =
        assertThrows(
            UsageException.class, () -> Question.read("", List.of(missing), piped(""), told::add));
    assertEquals(missing + " does not exist.", String.valueOf(e.getMessage()));
  }

  private static InputStream piped(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
