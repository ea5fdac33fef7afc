package dev.finch.cli.terminal;

import static java.util.Objects.requireNonNull;

import dev.finch.cli.launch.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.MaskingCallback;
import org.jline.reader.Reference;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * JLine's editor with two additions: a large paste stands in the line as one short mark, and the
 * status line is painted under the editor's own lock, so that it never lands inside a redraw.
 */
public final class LineEditor extends LineReaderImpl {

  private static final int SHOWN_LINES = 12;
  private static final int SHOWN_CHARACTERS = 2_000;
  private static final int LARGEST_PASTE = 8 << 20;

  private static final int SMALLEST_SCREEN = 4;
  private static final String LAST_ROW = "\033[9999;1H";

  /** Leaves the cursor's own row alone: a character at the margin is under the cursor still. */
  private static final String ERASE_BELOW = "\033D\0337\r\033[J\0338\033[A";

  private static final long PATIENCE_MILLIS = 2_000;
  private static final String IGNORE_KEY = "ignore-key";
  private static final Set<String> RECALLING =
      Set.of(
          UP_LINE_OR_SEARCH,
          UP_LINE_OR_HISTORY,
          UP_HISTORY,
          BEGINNING_OF_HISTORY,
          HISTORY_SEARCH_BACKWARD,
          HISTORY_INCREMENTAL_SEARCH_BACKWARD);

  /** What is pasted or recalled was not always written by the user. */
  private static final MaskingCallback SHOWN =
      new MaskingCallback() {
        @Override
        public String display(String line) {
          return ForeignText.sameLength(line);
        }

        @Override
        public String history(String line) {
          return line;
        }
      };

  /** Where earlier lines lie, and how many. */
  private record Remembered(Path file, int size) {}

  private final CompletableFuture<Remembered> remembered = new CompletableFuture<>();
  private final List<String> pastes = new ArrayList<>();
  private boolean recalled;
  private int reservedRows;

  public LineEditor(Terminal terminal, Map<String, Object> variables) {
    super(terminal, "finch", variables);
  }

  @Override
  public String readLine(@Nullable String prompt) {
    if (getKeyMaps().isEmpty()) {
      bindKeys();
    }
    return super.readLine(prompt, null, SHOWN, null);
  }

  /** Redraws this line with an eye on wide characters; to be called when its reading begins. */
  public void watchMargin() {
    display = new MarginDisplay(terminal, size);
    display.setDelayLineWrap(isSet(Option.DELAY_LINE_WRAP));
  }

  /** None before a line is edited: one that was typed before the editor was there needs no keys. */
  @Override
  public Map<String, KeyMap<Binding>> defaultKeyMaps() {
    return new HashMap<>();
  }

  private void bindKeys() {
    getKeyMaps().putAll(super.defaultKeyMaps());
    KeyMap<Binding> emacs = requireNonNull(getKeyMaps().get(EMACS));
    for (String home : List.of("\033[H", "\033OH", "\033[1~")) {
      emacs.bind(new Reference(BEGINNING_OF_LINE), home);
    }
    for (String end : List.of("\033[F", "\033OF", "\033[4~")) {
      emacs.bind(new Reference(END_OF_LINE), end);
    }
    // A terminal sends the first form until the editor has told it to send the second.
    for (String form : List.of("\033[", "\033O")) {
      emacs.bind(new Reference(UP_LINE_OR_SEARCH), form + "A");
      emacs.bind(new Reference(DOWN_LINE_OR_SEARCH), form + "B");
      emacs.bind(new Reference(FORWARD_CHAR), form + "C");
      emacs.bind(new Reference(BACKWARD_CHAR), form + "D");
    }
    emacs.bind(new Reference(DELETE_CHAR), "\033[3~");
    getWidgets().put(IGNORE_KEY, this::ignoreKey);
    ignoreOtherKeys(emacs);
  }

  // Nobody is offered vi's keys, and filling their maps takes milliseconds at each start.

  @Override
  public KeyMap<Binding> viCmd() {
    return new KeyMap<>();
  }

  @Override
  public KeyMap<Binding> viInsertion() {
    return new KeyMap<>();
  }

  @Override
  public KeyMap<Binding> viOpp() {
    return new KeyMap<>();
  }

  @Override
  public KeyMap<Binding> visual() {
    return new KeyMap<>();
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
  public String expand(String line) {
    String expanded = line;
    for (int i = 0; i < pastes.size(); i++) {
      expanded = expanded.replace(mark(i + 1, pastes.get(i)), pastes.get(i));
    }
    pastes.clear();
    return expanded;
  }

  // A key without a meaning leaves the known ones at one of their prefixes.
  private static void ignoreOtherKeys(KeyMap<Binding> keys) {
    Set<String> known = keys.getBoundKeys().keySet();
    Set<String> prefixes = new HashSet<>();
    for (String key : known) {
      if (key.startsWith("\033[") || key.startsWith("\033O")) {
        for (int end = 2; end < key.length(); end++) {
          prefixes.add(key.substring(0, end));
        }
      }
    }
    prefixes.removeAll(known);
    prefixes.add("\033O"); // in place of Alt-O, because the keypad's keys begin with it
    prefixes.forEach(prefix -> keys.bind(new Reference(IGNORE_KEY), prefix));
  }

  // Its rest would be typed into the line.
  private boolean ignoreKey() {
    int c = readCharacter();
    while (c >= ' ' && c < '@') {
      c = readCharacter();
    }
    return true;
  }

  @Override
  public Binding readBinding(KeyMap<Binding> keys, @Nullable KeyMap<Binding> local) {
    Binding binding = super.readBinding(keys, local);
    if (binding instanceof Reference key && RECALLING.contains(key.name())) {
      try {
        remembered.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        return binding;
      }
      recall();
    }
    return binding;
  }

  /**
   * From now on lines can be recalled from this file. Any thread: the editor's own reads it before
   * the next line, or at once where the user asks for an earlier line.
   */
  public void remember(Path file, int size) {
    remembered.complete(new Remembered(file, size));
  }

  /** Loads what was typed in earlier sessions, in front of what was typed in this one; once. */
  public void recall() {
    Remembered history = remembered.getNow(null);
    if (history != null && !recalled) {
      recalled = true;
      load(history.file(), history.size());
    }
  }

  private void load(Path file, int size) {
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
      getHistory().moveToEnd();
    } catch (IOException e) {
      setVariable(HISTORY_FILE, null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Paints the last row of the screen, which everything else then scrolls above; an empty text
   * gives the row back. Any thread.
   */
  public void paint(StyledText text) {
    lock.lock();
    try {
      int rows = terminal.getSize().getRows();
      if (rows >= SMALLEST_SCREEN) {
        print(statusRow(text, rows));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Paints the last row again after the screen's size has changed. A terminal then forgets which
   * row was reserved, and moves what it shows: the old status line is somewhere below what is being
   * written or typed. Any thread.
   */
  public void repaint(StyledText text) {
    lock.lock();
    try {
      int rows = terminal.getSize().getRows();
      if (reading) {
        display.update(List.of(), 0);
      }
      reservedRows = 0;
      print(
          "\0337\033[r\0338" + ERASE_BELOW + (rows < SMALLEST_SCREEN ? "" : statusRow(text, rows)));
      if (reading) {
        redisplay(true);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Erases what is below the cursor's row, where a status line may have been left behind. */
  public void eraseBelow() {
    lock.lock();
    try {
      print(ERASE_BELOW);
    } finally {
      lock.unlock();
    }
  }

  // The terminal may be smaller or larger already than it has said: it is asked for the last of
  // very many rows, and a text that is too long must not wrap.
  private String statusRow(StyledText text, int rows) {
    if (text.isEmpty()) {
      reservedRows = 0;
      return "\0337\033[r" + LAST_ROW + "\033[2K\0338";
    }
    String reserved = "";
    if (rows != reservedRows) {
      // Down and up again: where the cursor stands on the last row, this scrolls it off.
      reserved = "\033D\033[A\0337\033[1;" + (rows - 1) + "r\0338";
      reservedRows = rows;
    }
    return reserved + "\0337" + LAST_ROW + "\033[2K\033[?7l" + text + "\033[?7h\0338";
  }

  private void print(String sequences) {
    terminal.writer().write(sequences);
    terminal.writer().flush();
  }

  /** Writes while nothing is being read; the status line waits meanwhile. */
  public void write(StyledText text) {
    lock.lock();
    try {
      print(text.toString());
    } finally {
      lock.unlock();
    }
  }

  /** Writes lines of their own above what is being typed. Any thread. */
  public void printAbove(StyledText text) {
    printAbove(text.toString());
  }
}
