package dev.finch.cli.repl;

import dev.finch.cli.terminal.StyledText;
import java.nio.file.Path;

/** Where a REPL reads lines and writes answers: a line editor, or a plain terminal. */
interface Screen extends AutoCloseable {

  /** What came from the user. */
  sealed interface Input {}

  /** A whole line, or several where they belong together. */
  record Line(String text) implements Input {}

  /** Ctrl-C at the prompt. */
  record Interrupted(boolean discardedText) implements Input {}

  /** Ctrl-D, or the end of the input. */
  record Ended() implements Input {}

  /** Shows the prompt and waits for the next input. */
  Input read();

  /** From now on what is typed is kept in this file, and can be recalled; size 0 keeps nothing. */
  void remember(Path file, int size);

  /** Writes at the cursor, at once; a text may come in pieces. Only while nothing is being read. */
  void write(String text);

  /** The same with styles. */
  void write(StyledText text);

  /** Puts a text on the clipboard, as far as the terminal allows it; false where none can. */
  boolean copy(String text);

  /** Writes a line of its own, above what is being typed. Any thread. */
  void notice(String line);

  /** Shows one line about what goes on behind, or none. Any thread. */
  void status(String line);

  /** Shows what the question waits for, in place of {@link #status} while it is not empty. */
  void working(String line);

  /** Whether bold, dim and colour can be shown. */
  boolean styled();

  int width();

  /** From now until the result is closed, Ctrl-C runs {@code action}. */
  Busy busy(Runnable action);

  /** The span in which an answer is given. */
  interface Busy extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}
