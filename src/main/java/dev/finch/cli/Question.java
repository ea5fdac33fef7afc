package dev.finch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts a question together from words, files and what is piped in. */
final class Question {

  private static final int LIMIT = 32 << 20;

  private Question() {}

  /**
   * The whole question, its parts separated by an empty line; empty where there is none.
   *
   * @param piped stdin where something may be piped in, or an empty stream
   * @throws UsageException where a file cannot be read or a part is larger than 32 MiB
   */
  static String read(String words, List<String> files, InputStream piped) {
    List<String> parts = new ArrayList<>();
    parts.add(words);
    boolean stdinTaken = false;
    for (String file : files) {
      stdinTaken |= file.equals("-");
      parts.add(file.equals("-") ? stdin(piped) : file(Path.of(file)));
    }
    if (!stdinTaken) {
      parts.add(stdin(piped));
    }
    parts.removeIf(String::isBlank);
    return String.join("\n\n", parts);
  }

  private static String file(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return text(path.toString(), in);
    } catch (NoSuchFileException e) {
      throw new UsageException(path + " does not exist.");
    } catch (IOException e) {
      throw new UsageException(path + " cannot be read: " + e.getMessage() + ".");
    }
  }

  // A closed stdin reads as an error; it holds no question either way.
  private static String stdin(InputStream piped) {
    try {
      return text("stdin", piped);
    } catch (IOException e) {
      return "";
    }
  }

  private static String text(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LIMIT + 1);
    if (bytes.length > LIMIT) {
      throw new UsageException(name + " is larger than 32 MiB, which no model can read.");
    }
    return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
  }
}
