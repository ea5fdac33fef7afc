package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Screens and texts compared with what they were agreed to be; every number may differ. */
final class Golden {

  private static final Path SCREENS = Path.of("src", "cli", "test", "resources", "screens");

  private Golden() {}

  static void assertScreen(String name, List<String> rows) throws IOException {
    String shown = String.join("\n", rows).stripTrailing() + "\n";
    assertEquals(
        anyNumbers(Files.readString(SCREENS.resolve(name))),
        anyNumbers(shown),
        "the screen was:\n" + shown);
  }

  /** The text with every number, and the unit that goes with it, in one form. */
  static String anyNumbers(String text) {
    return text.replaceAll("[0-9]+([.,][0-9]+)?", "#")
        .replaceAll("# [kMG]?B", "# B")
        .replaceAll("(# (h|min|ms|s)\\b ?)+", "# s ")
        .replaceAll(" +\n", "\n");
  }

  /** The fenced block of a Markdown file that contains {@code mark}. */
  static String block(Path file, String mark) throws IOException {
    String text = Files.readString(file);
    int at = text.indexOf(mark);
    int begin = text.lastIndexOf("```", at);
    int end = text.indexOf("```", at);
    if (at < 0 || begin < 0 || end < 0) {
      return "";
    }
    return text.substring(text.indexOf('\n', begin) + 1, end);
  }
}
