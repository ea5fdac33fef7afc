package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Java's patterns recurse once for each round of a repeated group, so that a long text overflows
 * the stack. Text from outside is matched by none.
 */
final class RecursivePatternsTest {

  /** With a bound on the text, which each of them has before it. */
  private static final List<String> BOUNDED = List.of("KeepAlive.java");

  private static final Pattern USE =
      Pattern.compile(
          "(?:Pattern\\.compile|\\.matches|\\.replaceAll|\\.replaceFirst|\\.split)\\(\\s*(\".{0,300})");

  @Test
  void noPatternRepeatsAGroupWithoutABound() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : House.sources()) {
      Matcher use = USE.matcher(Files.readString(file));
      while (use.find()) {
        if (repeatsAGroup(use.group(1)) && !BOUNDED.contains(file.getFileName().toString())) {
          found.add(file + ": " + use.group(1));
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void seesThem() {
    assertTrue(repeatsAGroup("\"(?s)(?:[^a]|b)*\""));
    assertTrue(repeatsAGroup("\"(a|b)+x\""));
    assertTrue(repeatsAGroup("\"(ab){2,}\""));
    assertTrue(!repeatsAGroup("\"a\\\\)*[)+]*(ab){2}(c)?\""));
  }

  private static boolean repeatsAGroup(String literal) {
    boolean inClass = false;
    for (int i = 0; i + 1 < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c == '\\') {
        i += literal.startsWith("\\\\", i) ? 2 : 1; // in the source a backslash is two
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == ')' && ("*+".indexOf(literal.charAt(i + 1)) >= 0 || isOpen(literal, i + 1))) {
        return true;
      } else if (c == '"' && i > 0) {
        return false;
      }
    }
    return false;
  }

  private static boolean isOpen(String literal, int at) {
    int end = literal.indexOf('}', at);
    return literal.charAt(at) == '{' && end > 0 && literal.charAt(end - 1) == ',';
  }
}
