package dev.finch.cli.repl;

import dev.finch.ModelListing;
import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.StyledText;
import dev.finch.cli.terminal.Terminals;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.terminal.spi.Pty;
import org.jspecify.annotations.Nullable;

/** Puts a REPL together: the screen first, the runtime behind it. */
public final class ReplCommand {

  private ReplCommand() {}

  /** Runs in the user's terminal until the user leaves; gives the exit code. */
  public static int run(AskOptions options, Terminals terminals) {
    return run(options, terminals, null);
  }

  /**
   * Runs until the user leaves.
   *
   * @param pty a terminal to use instead of the user's, or null
   */
  public static int run(AskOptions options, Terminals terminals, @Nullable Pty pty) {
    AtomicReference<List<String>> models = new AtomicReference<>(List.of("auto", "builtin"));
    Backend backend = new Backend(options);
    Screen screen = screen(terminals, pty, models, backend::boot);
    LicenseQuestion licenses = new LicenseQuestion(screen, backend);
    Repl repl = new Repl(screen, backend, new Dialogue(options), licenses);
    StatusLine status = new StatusLine(screen, System::nanoTime);
    backend.whenSetUp(settings -> screen.remember(settings.historyFile(), settings.historySize()));
    backend.whenChanged(
        state -> {
          status.show(state);
          licenses.show(state, repl::loading);
        });
    backend
        .finch()
        .thenAccept(finch -> finch.modelsAsync().thenAccept(list -> models.set(references(list))));
    if (screen instanceof PlainScreen) {
      backend.boot();
    }
    Thread reader = Thread.currentThread();
    StandardStream err = StandardStream.err(terminals);
    try (var _ = Interrupts.atEnd(() -> end(repl, backend, reader, err))) {
      return repl.run();
    } finally {
      try {
        screen.close();
      } finally {
        backend.close();
      }
    }
  }

  // A thread that waits for keys does not come back; one that waits for an answer does.
  private static void end(Repl repl, Backend backend, Thread reader, StandardStream err) {
    if (repl.leave()) {
      Interrupts.await(reader);
    } else {
      backend.close();
    }
    err.println("finch: ended by a signal.");
    err.flush();
  }

  private static Screen screen(
      Terminals terminals,
      @Nullable Pty pty,
      AtomicReference<List<String>> models,
      Runnable whenReading) {
    StandardStream out = StandardStream.out(terminals);
    if (!terminals.editable()) {
      return new PlainScreen(System.in, out);
    }
    try {
      EditorScreen editor = EditorScreen.open(pty, terminals.color(), whenReading);
      editor.completeWith(new ReplCompleter(models::get));
      return editor;
    } catch (IOException | RuntimeException | LinkageError e) {
      out.show(StyledText.of(Control.START_OF_LINE));
      return new PlainScreen(System.in, out);
    }
  }

  private static List<String> references(List<ModelListing> models) {
    return models.stream().map(model -> model.reference().toString()).toList();
  }
}
