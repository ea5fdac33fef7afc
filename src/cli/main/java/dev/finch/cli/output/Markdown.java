package dev.finch.cli.output;

import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.StyledText;

/**
 * Shows the light part of Markdown as it streams: headings and {@code **bold**} in bold, code
 * dimmed, list marks as bullets. Every other character stays as it came; a mark is held back only
 * until the next character decides what it is.
 */
public final class Markdown {

  private final StyledText.Builder out = new StyledText.Builder();
  private final StringBuilder held = new StringBuilder();
  private boolean lineStart = true;
  private boolean bold;
  private boolean heading;
  private boolean code;
  private boolean fenced;

  /** The next piece of the answer, as it is to be shown. */
  public StyledText feed(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      accept(piece.charAt(i));
    }
    return out.taken();
  }

  /** What was still held back, and the end of any style. */
  public StyledText end() {
    settle();
    if (bold || code || heading || fenced) {
      out.control(Control.PLAIN);
    }
    return out.taken();
  }

  private void accept(char c) {
    boolean continues =
        held.length() > 0 && held.charAt(0) == c && (c == '*' || c == '`' || c == '#');
    if (held.length() > 0 && !continues) {
      if (held.charAt(0) == '#' && c == ' ') {
        held.setLength(0);
        heading = true;
        style();
        return;
      }
      if (listMark() && c == ' ') {
        held.setLength(0);
        out.text("• ");
        lineStart = false;
        return;
      }
      settle();
    }
    if (marks(c)) {
      held.append(c);
      return;
    }
    if (c == '\n') {
      newline();
    } else {
      out.text(c);
      lineStart &= c == ' ';
    }
  }

  private boolean marks(char c) {
    if (fenced) {
      return c == '`' && (lineStart || held.length() > 0);
    }
    if (code) {
      return c == '`';
    }
    return c == '*'
        || c == '`'
        || (c == '#' && (lineStart || held.length() > 0))
        || (c == '-' && lineStart);
  }

  private boolean listMark() {
    return !fenced
        && lineStart
        && held.length() == 1
        && (held.charAt(0) == '*' || held.charAt(0) == '-');
  }

  // The held marks are whole: another character came.
  private void settle() {
    String mark = held.toString();
    held.setLength(0);
    switch (mark) {
      case "" -> {}
      case "**" -> {
        bold = !bold;
        style();
      }
      case "`" -> {
        code = !code;
        style();
      }
      case "```" -> {
        fenced = !fenced;
        code = false;
        style();
      }
      default -> out.text(mark);
    }
    if (!mark.isEmpty()) {
      lineStart = false;
    }
  }

  private void newline() {
    if (heading || (code && !fenced)) {
      heading = false;
      code = false;
      style();
    }
    out.text('\n');
    lineStart = true;
  }

  private void style() {
    out.control(Control.PLAIN);
    if (bold || heading) {
      out.control(Control.BOLD);
    }
    if (code || fenced) {
      out.control(Control.CODE);
    }
  }
}
