package dev.finch.cli.terminal;

/** What Finch itself tells a terminal to do. No other sequence reaches one. */
public enum Control {
  BOLD("\u001b[1m"),
  DIM("\u001b[2m"),
  CODE("\u001b[36m"),
  PLAIN("\u001b[0m"),

  /** Back to the start of the line, which is empty then. */
  ERASE_LINE("\r\u001b[K"),

  /** The same for the line above. */
  ERASE_LINE_ABOVE("\u001b[A\r\u001b[J"),

  /** Back to the start of the line. */
  START_OF_LINE("\r");

  private final String sequence;

  Control(String sequence) {
    this.sequence = sequence;
  }

  String sequence() {
    return sequence;
  }
}
