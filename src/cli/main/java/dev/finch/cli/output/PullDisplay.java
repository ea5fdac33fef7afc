package dev.finch.cli.output;

import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.ForeignText;
import dev.finch.cli.terminal.StyledText;
import dev.finch.model.DownloadProgress;
import java.time.Duration;

/** A pull on screen: a bar in a terminal, a line per tenth in a log, an object per step as JSON. */
public final class PullDisplay {

  private static final StyledText ERASE = StyledText.of(Control.ERASE_LINE);

  private final Output output;
  private final String name;
  private final boolean json;
  private final boolean paints;
  private final DownloadLog log = new DownloadLog(Duration.ofSeconds(30), System::nanoTime);
  private boolean painted;

  public PullDisplay(Output output, String name, boolean json) {
    this.output = output;
    this.name = name;
    this.json = json;
    this.paints = output.terminals().error() && !output.terminals().dumb();
  }

  /** Shows how far it is, where that is worth a line. */
  public synchronized void show(DownloadProgress progress) {
    if (json) {
      output.print(JsonText.line(ReportJson.progress(name, progress)) + "\n");
      return;
    }
    String trouble = log.newTrouble(progress);
    if (trouble != null) {
      end();
      output.note("finch: " + trouble);
    }
    if (paints) {
      painted = true;
      String line = ForeignText.line(DownloadBar.of(name, progress));
      output.err().show(ERASE.with(StyledText.of(line)));
    } else if (log.due(progress)) {
      output.note(DownloadBar.of(name, progress));
    }
  }

  /** Leaves the bar as it stands, and goes on below it. */
  public synchronized void end() {
    if (painted) {
      output.note("");
      painted = false;
    }
  }
}
