package dev.finch.cli.repl;

import dev.finch.cli.terminal.Columns;
import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.FastTerminal;
import dev.finch.cli.terminal.ForeignText;
import dev.finch.cli.terminal.LineEditor;
import dev.finch.cli.terminal.StyledText;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.spi.Pty;
import org.jspecify.annotations.Nullable;

/** A terminal with a line editor, history, completion and a status line at the bottom. */
final class EditorScreen implements Screen {

  private final FastTerminal terminal;
  private final LineEditor editor;
  private final boolean styled;
  private final Runnable whenReading;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private boolean first = true;
  private boolean announced;
  private String status = "";
  private String working = "";
  private String painted = "";
  private final ForeignText answers = new ForeignText();

  private EditorScreen(
      FastTerminal terminal, LineEditor editor, boolean styled, Runnable whenReading) {
    this.terminal = terminal;
    this.editor = editor;
    this.styled = styled;
    this.whenReading = whenReading;
  }

  /**
   * Takes the terminal over from the raw prompt.
   *
   * @param pty one to use instead of the user's, or null
   * @param whenReading run once, when the editor is ready for keys
   */
  static EditorScreen open(@Nullable Pty pty, boolean styled, Runnable whenReading)
      throws IOException {
    FastTerminal terminal = pty == null ? FastTerminal.open() : FastTerminal.open(pty);
    Map<String, Object> variables = new HashMap<>();
    variables.put(LineReader.SECONDARY_PROMPT_PATTERN, "... ");
    LineEditor editor = new LineEditor(terminal, variables);
    editor.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
    editor.setOpt(LineReader.Option.HISTORY_IGNORE_SPACE);
    editor.setOpt(LineReader.Option.HISTORY_REDUCE_BLANKS);
    editor.setOpt(LineReader.Option.DISABLE_HIGHLIGHTER);
    editor.unsetOpt(LineReader.Option.INSERT_TAB);
    editor.setParser(new ReplParser());
    EditorScreen screen = new EditorScreen(terminal, editor, styled, whenReading);
    terminal.handle(Terminal.Signal.INT, _ -> screen.interrupted.set(true));
    terminal.onResize(screen::resized);
    editor.getWidgets().put(LineReader.CALLBACK_INIT, screen::onReading);
    return screen;
  }

  void completeWith(Completer completer) {
    editor.setCompleter(completer);
  }

  // The editor waits for keys, and Ctrl-C is its own from here on: one that came while nobody read
  // is handed to it.
  private boolean onReading() {
    editor.watchMargin();
    if (!announced) {
      announced = true;
      whenReading.run();
    }
    if (interrupted.getAndSet(false)) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  @Override
  public Input read() {
    if (first) {
      first = false;
      String line = typedAhead();
      silence();
      if (line == null) {
        editor.write(StyledText.of(Control.ERASE_LINE));
      } else if (hasKeys(line)) {
        // Keys such as arrow up: they mean something to the editor only.
        editor.write(StyledText.of(Control.ERASE_LINE_ABOVE));
        editor.runMacro(line + "\r");
      } else {
        announced = true;
        whenReading.run();
        return new Line(line);
      }
    }
    while (true) {
      try {
        if (!terminal.isInterrupted()) {
          Thread.interrupted(); // what is left of a Ctrl-C that was answered
        }
        editor.recall();
        return new Line(editor.expand(editor.readLine(Repl.PROMPT)));
      } catch (UserInterruptException e) {
        if (terminal.takeInterrupt()) {
          return new Interrupted(!e.getPartialLine().isEmpty());
        }
      } catch (EndOfFileException e) {
        return new Ended();
      }
    }
  }

  private static boolean hasKeys(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  // A whole line that came while the terminal still edited lines itself is on screen already.
  private static @Nullable String typedAhead() {
    try {
      if (System.in.available() == 0) {
        return null;
      }
      InputStream in = new FileInputStream(FileDescriptor.in);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
        line.write(b);
      }
      return line.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void remember(Path file, int size) {
    editor.remember(file, size);
  }

  @Override
  public void write(String text) {
    editor.write(StyledText.next(answers, text));
  }

  @Override
  public void write(StyledText text) {
    editor.write(text);
  }

  // The terminal itself copies.
  @Override
  public boolean copy(String text) {
    editor.write(StyledText.onClipboard(text));
    return true;
  }

  @Override
  public void notice(String line) {
    editor.printAbove(StyledText.of(line));
  }

  @Override
  public synchronized void status(String line) {
    status = line;
    paint();
  }

  @Override
  public synchronized void working(String line) {
    working = line;
    paint();
  }

  private void paint() {
    String line = working.isEmpty() ? status : working;
    if (line.equals(painted)) {
      return;
    }
    painted = line;
    editor.paint(fitted(line));
  }

  private synchronized void resized() {
    if (!painted.isEmpty()) {
      editor.repaint(fitted(painted));
    }
  }

  private StyledText fitted(String line) {
    String shown = Columns.fit(ForeignText.line(line), Math.max(20, width()));
    return line.isEmpty() || !styled ? StyledText.of(shown) : StyledText.of(Control.DIM, shown);
  }

  @Override
  public boolean styled() {
    return styled;
  }

  @Override
  public int width() {
    return terminal.getSize().getColumns();
  }

  @Override
  public Busy busy(Runnable action) {
    Terminal.SignalHandler previous =
        terminal.handle(
            Terminal.Signal.INT,
            _ -> {
              terminal.takeInterrupt();
              action.run();
            });
    return () -> terminal.handle(Terminal.Signal.INT, previous);
  }

  // Whatever is typed while nobody reads is kept for the next line and not shown in between; the
  // terminal's own ways come back when it is closed.
  private void silence() {
    Attributes silent = new Attributes(terminal.getAttributes());
    silent.setLocalFlag(LocalFlag.ECHO, false);
    silent.setLocalFlag(LocalFlag.ICANON, false);
    terminal.setAttributes(silent);
  }

  @Override
  public void close() {
    status("");
    working("");
    editor.eraseBelow();
    try {
      editor.recall();
      editor.getHistory().save();
      terminal.close();
    } catch (IOException e) {
      // The terminal is gone; there is nobody to tell.
    }
  }
}
