package dev.finch.cli;

import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;

/** States as lines of a server's log: each once, a download at every tenth. */
final class StateLog {

  private final Output output;
  private String last = "";

  StateLog(Output output) {
    this.output = output;
  }

  synchronized void show(RuntimeState state) {
    ModelState serving = state.serving();
    ModelState preparing = state.preparing();
    ModelState shown = preparing == null ? serving : preparing;
    if (shown == null) {
      return;
    }
    String step = key(shown);
    if (!step.equals(last)) {
      last = step;
      output.note("finch: " + state.describe());
    }
  }

  private static String key(ModelState state) {
    return switch (state) {
      case ModelState.Downloading downloading ->
          downloading.progress().phase() + " " + (int) (downloading.progress().fraction() * 10);
      case ModelState.Loading _ -> "loading";
      default -> state.describe();
    };
  }
}
