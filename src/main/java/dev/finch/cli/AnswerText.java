package dev.finch.cli;

/** Writes an answer's text as it comes, and leaves the cursor at the start of a line. */
final class AnswerText {

  private final Screen screen;
  private final Markdown markdown = new Markdown();
  private boolean lineOpen;

  AnswerText(Screen screen) {
    this.screen = screen;
  }

  void add(String text) {
    screen.write(screen.styled() ? markdown.feed(text) : text);
    lineOpen = !text.endsWith("\n");
  }

  void end() {
    String rest = screen.styled() ? markdown.end() : "";
    screen.write(lineOpen ? rest + "\n" : rest);
    lineOpen = false;
  }
}
