package dev.finch.cli;

import dev.finch.model.DownloadProgress;

/** A pull on screen: a bar in a terminal, a line per tenth in a log, an object per step as JSON. */
final class PullDisplay {

  private static final String ERASE = "\r\u001b[K";

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
      output.err().print(ERASE + DownloadBar.of(name, progress));
      output.err().flush();
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
