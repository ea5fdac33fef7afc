package dev.finch.engine.calls;

import java.util.List;

/** The fences of Markdown around calls. Not thread-safe. */
final class Fence {

  static final String CLOSE = "```";

  private static final List<String> OPEN =
      List.of("```json", "```JSON", "```tool_call", "```tool_code", "```python");

  private static final String FOR_TOOLS = "```tool_";

  private final StringBuilder read = new StringBuilder();

  /** Whether the line says that calls follow. */
  boolean isForTools() {
    return read.indexOf(FOR_TOOLS) == 0;
  }

  /**
   * Reads the next character of a line that opens a fence.
   *
   * @return {@link Verdict#PASSED} where it ended before this character
   */
  Verdict open(char c) {
    String line = read.append(c).toString();
    for (String open : OPEN) {
      if (open.startsWith(line)) {
        return Verdict.TAKEN;
      }
    }
    String before = line.substring(0, line.length() - 1);
    boolean opened = before.equals(CLOSE) || OPEN.contains(before);
    return opened && (CharacterKinds.isBlank(c) || c == '{' || c == '[')
        ? Verdict.PASSED
        : Verdict.REFUSED;
  }
}
