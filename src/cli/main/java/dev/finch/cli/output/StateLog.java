package dev.finch.cli.output;

import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.time.Duration;

/**
 * States as lines of a server's log: each once, a download at every tenth and with what holds it
 * up.
 */
public final class StateLog {

  private final Output output;
  private final DownloadLog downloads = new DownloadLog(Duration.ofMinutes(10), System::nanoTime);
  private String last = "";

  public StateLog(Output output) {
    this.output = output;
  }

  /** Writes a line, where this state is worth one. */
  public synchronized void show(RuntimeState state) {
    ModelState serving = state.serving().orElse(null);
    ModelState preparing = state.preparing().orElse(null);
    ModelState shown = preparing == null ? serving : preparing;
    if (shown == null) {
      return;
    }
    String step = key(shown);
    boolean news =
        shown instanceof ModelState.Downloading downloading
            ? downloads.newTrouble(downloading.progress()) != null
                || downloads.due(downloading.progress())
            : !step.equals(last);
    if (news) {
      last = step;
      output.note("finch: " + state.describe());
      if (shown instanceof ModelState.Ready ready) {
        ready.info().notes().forEach(note -> output.note("finch: " + note));
      }
    }
  }

  private static String key(ModelState state) {
    return switch (state) {
      case ModelState.Downloading _ -> "downloading";
      case ModelState.Loading _ -> "loading";
      default -> state.describe();
    };
  }
}
