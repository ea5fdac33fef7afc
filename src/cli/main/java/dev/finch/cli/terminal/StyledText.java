package dev.finch.cli.terminal;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The only thing that is written to a terminal: text of which {@link ForeignText} has taken every
 * control character away, with Finch's own {@link Control}s between its parts.
 */
public final class StyledText {

  private final String sequences;

  private StyledText(String sequences) {
    this.sequences = sequences;
  }

  /** A whole text without styles. */
  public static StyledText of(String text) {
    return new StyledText(ForeignText.of(text));
  }

  /** A whole text in one style. */
  public static StyledText of(Control style, String text) {
    return new StyledText(style.sequence() + ForeignText.of(text) + Control.PLAIN.sequence());
  }

  /** A control and no text. */
  public static StyledText of(Control control) {
    return new StyledText(control.sequence());
  }

  /** Tells the terminal to put a text on the clipboard (OSC 52), also through ssh. */
  public static StyledText onClipboard(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new StyledText("\u001b]52;c;" + Base64.getEncoder().encodeToString(bytes) + "\u0007");
  }

  /** The next piece of a text that comes in pieces. */
  public static StyledText next(ForeignText stream, String piece) {
    return new StyledText(stream.shown(piece));
  }

  /** This one, and then the other. */
  public StyledText with(StyledText more) {
    return new StyledText(sequences + more.sequences);
  }

  boolean isEmpty() {
    return sequences.isEmpty();
  }

  /** What the terminal gets. */
  @Override
  public String toString() {
    return sequences;
  }

  /** Collects text and controls; for text that comes in pieces. One thread. */
  public static final class Builder {

    private final ForeignText foreign = new ForeignText();
    private final StringBuilder sequences = new StringBuilder();
    private final StringBuilder text = new StringBuilder();

    /** Text that others wrote. */
    public Builder text(String more) {
      text.append(more);
      return this;
    }

    /** One character of it. */
    public Builder text(char more) {
      text.append(more);
      return this;
    }

    /** Behind what was collected so far. */
    public Builder control(Control control) {
      settle();
      sequences.append(control.sequence());
      return this;
    }

    /** What was collected since the last time. */
    public StyledText taken() {
      settle();
      StyledText taken = new StyledText(sequences.toString());
      sequences.setLength(0);
      return taken;
    }

    private void settle() {
      sequences.append(foreign.shown(text.toString()));
      text.setLength(0);
    }
  }
}
