package dev.finch.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.Reference;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;

/**
 * JLine's editor with two additions: a large paste stands in the line as one short mark, and the
 * status line is painted under the editor's own lock, so that it never lands inside a redraw.
 */
final class LineEditor extends LineReaderImpl {

  private static final int SHOWN_LINES = 12;
  private static final int SHOWN_CHARACTERS = 2_000;
  private static final int LARGEST_PASTE = 8 << 20;

  private static final int SMALLEST_SCREEN = 4;

  private int reservedRows;
  private final List<String> pastes = new ArrayList<>();

  LineEditor(Terminal terminal, Map<String, Object> variables) {
    super(terminal, "finch", variables);
    KeyMap<Binding> emacs = requireNonNull(getKeyMaps().get(EMACS));
    for (String home : List.of("\033[H", "\033OH", "\033[1~")) {
      emacs.bind(new Reference(BEGINNING_OF_LINE), home);
    }
    for (String end : List.of("\033[F", "\033OF", "\033[4~")) {
      emacs.bind(new Reference(END_OF_LINE), end);
    }
  }

  @Override
  public boolean beginPaste() {
    String text = doReadStringUntil(BRACKETED_PASTE_END).replace("\r\n", "\n").replace('\r', '\n');
    long lines = text.lines().count();
    if (lines <= SHOWN_LINES && text.length() <= SHOWN_CHARACTERS) {
      getBuffer().write(text);
      return true;
    }
    if (text.length() > LARGEST_PASTE) {
      text = text.substring(0, LARGEST_PASTE);
    }
    pastes.add(text);
    getBuffer().write(mark(pastes.size(), text));
    return true;
  }

  private static String mark(int number, String text) {
    return "[paste "
        + number
        + ": "
        + text.lines().count()
        + " lines, "
        + text.length()
        + " characters]";
  }

  /** The line with its pastes in place of their marks. */
  String expand(String line) {
    String expanded = line;
    for (int i = 0; i < pastes.size(); i++) {
      expanded = expanded.replace(mark(i + 1, pastes.get(i)), pastes.get(i));
    }
    pastes.clear();
    return expanded;
  }

  /** Loads what was typed in earlier sessions, in front of what was typed in this one. */
  void remember(Path file, int size) {
    lock.lock();
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (size == 0 || directory == null || !PrivateFiles.directory(directory)) {
        return;
      }
      PrivateFiles.file(file);
      setVariable(HISTORY_SIZE, size);
      setVariable(HISTORY_FILE_SIZE, size);
      setVariable(HISTORY_FILE, file);
      List<String> typed = new ArrayList<>();
      getHistory().forEach(entry -> typed.add(entry.line()));
      getHistory().load();
      typed.forEach(getHistory()::add);
    } catch (IOException e) {
      setVariable(HISTORY_FILE, null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Paints the last row of the screen, which everything else then scrolls above; an empty text
   * gives the row back.
   */
  void paint(String text) {
    lock.lock();
    try {
      int rows = terminal.getSize().getRows();
      if (rows < SMALLEST_SCREEN) {
        return;
      }
      StringBuilder out = new StringBuilder();
      if (text.isEmpty()) {
        out.append("\0337\033[r\033[").append(rows).append(";1H\033[2K\0338");
        reservedRows = 0;
      } else {
        if (rows != reservedRows) {
          // Down and up again: where the cursor stands on the last row, this scrolls it off.
          out.append("\033D\033[A\0337\033[1;").append(rows - 1).append("r\0338");
          reservedRows = rows;
        }
        out.append("\0337\033[").append(rows).append(";1H\033[2K").append(text).append("\0338");
      }
      terminal.writer().write(out.toString());
      terminal.writer().flush();
    } finally {
      lock.unlock();
    }
  }

  /** Writes while nothing is being read; the status line waits meanwhile. */
  void write(String text) {
    lock.lock();
    try {
      terminal.writer().write(text);
      terminal.writer().flush();
    } finally {
      lock.unlock();
    }
  }
}
