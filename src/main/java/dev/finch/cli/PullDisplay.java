package dev.finch.cli;

import dev.finch.model.DownloadProgress;

/** A pull on screen: a bar in a terminal, a line per tenth in a log, an object per step as JSON. */
final class PullDisplay {

  private static final StyledText ERASE = StyledText.of(Control.ERASE_LINE);

  private final Output output;
  private final String name;
  private final boolean json;
  private final boolean paints;
  private String lastStep = "";
  private boolean painted;

  PullDisplay(Output output, String name, boolean json) {
    this.output = output;
    this.name = name;
    this.json = json;
    this.paints = output.terminals().error() && !output.terminals().dumb();
  }

  synchronized void show(DownloadProgress progress) {
    if (json) {
      output.print(ReportJson.progress(name, progress) + "\n");
    } else if (paints) {
      painted = true;
      String line = ForeignText.line(DownloadBar.of(name, progress));
      output.err().show(ERASE.with(StyledText.of(line)));
    } else {
      String step = progress.phase() + " " + (int) (progress.fraction() * 10);
      if (!step.equals(lastStep)) {
        lastStep = step;
        output.note(DownloadBar.of(name, progress));
      }
    }
  }

  synchronized void end() {
    if (painted) {
      output.note("");
    }
  }
}
