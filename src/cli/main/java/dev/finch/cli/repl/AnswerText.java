package dev.finch.cli.repl;

import dev.finch.cli.output.Markdown;

/** Writes an answer's text as it comes, and leaves the cursor at the start of a line. */
final class AnswerText {

  private final Screen screen;
  private final Markdown markdown = new Markdown();
  private boolean lineOpen;

  AnswerText(Screen screen) {
    this.screen = screen;
  }

  void add(String text) {
    if (screen.styled()) {
      screen.write(markdown.feed(text));
    } else {
      screen.write(text);
    }
    lineOpen = !text.endsWith("\n");
  }

  void end() {
    if (screen.styled()) {
      screen.write(markdown.end());
    }
    if (lineOpen) {
      screen.write("\n");
    }
    lineOpen = false;
  }
}
