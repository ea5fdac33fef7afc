package dev.finch.cli;

import java.util.Collections;
import java.util.StringTokenizer;

/** The help text of a question and of the REPL, laid out from {@link AskOption}. */
final class Help {

  private static final int COLUMN = 28;
  private static final int WIDTH = 96;

  private Help() {}

  static String ask() {
    StringBuilder text = new StringBuilder();
    text.append("finch [ask] [options] [question]\n\n");
    text.append("Without a question in a terminal: the REPL. What is piped in is part of it.\n\n");
    for (AskOption option : AskOption.values()) {
      String label = option.label();
      String left = "  " + String.join(", ", option.names()) + (label == null ? "" : " " + label);
      text.append(left);
      int column = left.length();
      if (column >= COLUMN) {
        text.append('\n');
        column = 0;
      }
      for (Object word : Collections.list(new StringTokenizer(option.description()))) {
        if (column + word.toString().length() + 1 > WIDTH) {
          text.append('\n');
          column = 0;
        }
        int pad = Math.max(1, COLUMN - column);
        text.append(" ".repeat(pad)).append(word);
        column += pad + word.toString().length();
      }
      text.append('\n');
    }
    return text.toString();
  }
}
