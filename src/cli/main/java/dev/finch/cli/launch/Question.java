package dev.finch.cli.launch;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts a question together from words, files and what is piped in. */
public final class Question {

  private Question() {}

  /**
   * The whole question, its parts separated by an empty line; empty where there is none.
   *
   * @param piped stdin where something may be piped in, or an empty stream
   * @param told hears of what was converted
   * @throws UsageException where a file cannot be read, or a part is no text or larger than 32 MiB
   */
  public static String read(
      String words, List<String> files, InputStream piped, Consumer<String> told) {
    List<String> parts = new ArrayList<>();
    parts.add(words);
    boolean stdinTaken = false;
    for (String file : files) {
      stdinTaken |= file.equals("-");
      parts.add(file.equals("-") ? stdin(piped, told) : TextInput.file(file, told).stripTrailing());
    }
    if (!stdinTaken) {
      parts.add(stdin(piped, told));
    }
    parts.removeIf(String::isBlank);
    return String.join("\n\n", parts);
  }

  // A closed stdin reads as an error; it holds no question either way.
  private static String stdin(InputStream piped, Consumer<String> told) {
    String line = "waiting for stdin to end; where nothing comes from there, add </dev/null.";
    try (var _ = WaitingNote.of(line, told)) {
      return TextInput.stream("stdin", piped, told).stripTrailing();
    } catch (IOException e) {
      return "";
    }
  }
}
