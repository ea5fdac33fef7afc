package dev.finch.cli.command;

import dev.finch.Finch;
import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.output.AnswerJson;
import dev.finch.cli.output.AnswerStream;
import dev.finch.cli.output.Demonstration;
import dev.finch.cli.output.Errors;
import dev.finch.cli.output.Follower;
import dev.finch.cli.output.Footer;
import dev.finch.cli.output.JsonText;
import dev.finch.cli.output.ProgressLine;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.model.ModelInfo;
import dev.finch.wire.AnswerCollector;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Asks one question: the answer goes to stdout, all else to stderr. */
final class OneShot {

  private final AskOptions options;
  private final OutputStream out;
  private final PrintStream err;
  private final ProgressLine progress;
  private final boolean sameScreen;
  private final boolean key;
  private final AnswerCollector collector = new AnswerCollector();
  private boolean lineOpen;

  /**
   * @param sameScreen whether stdout and stderr are one terminal, so that progress must make room
   *     for the answer
   * @param key whether there is a key for Claude
   */
  OneShot(
      AskOptions options,
      OutputStream out,
      PrintStream err,
      ProgressLine progress,
      boolean sameScreen,
      boolean key) {
    this.options = options;
    this.out = out;
    this.err = err;
    this.progress = progress;
    this.sameScreen = sameScreen;
    this.key = key;
  }

  /** Asks and gives the exit code. */
  int run(Finch finch, GenerateRequest request) throws InterruptedException {
    if (!options.quiet()) {
      finch.states().subscribe(new Follower<>(progress::show));
    }
    AnswerStream stream = AnswerStream.of(finch.stream(request));
    try (var _ = Interrupts.during(stream::cancel);
        var _ = Interrupts.beforeEnd(stream::cancel)) {
      while (true) {
        AnswerEvent event = stream.next();
        if (!stream.cancelled() || event instanceof AnswerEvent.Terminal) {
          collector.add(event);
          print(event);
        }
        switch (event) {
          case AnswerEvent.Finished end -> {
            return finished(finch, end);
          }
          case AnswerEvent.Failed failed -> {
            return failed(failed.failure());
          }
          default -> {}
        }
      }
    } catch (IOException e) {
      // Main tells why.
      stream.cancel();
      return StandardStream.isBrokenPipe(e) ? ExitCode.BROKEN_PIPE : ExitCode.FAILED;
    }
  }

  private void print(AnswerEvent event) throws IOException {
    if (event instanceof AnswerEvent.Started && sameScreen) {
      progress.hide();
    }
    if (options.json()) {
      if (options.stream()) {
        line(JsonText.line(AnswerJson.event(event)));
      }
    } else if (event instanceof AnswerEvent.Delta delta) {
      write(delta.text());
      lineOpen = !delta.text().endsWith("\n");
    }
  }

  private int finished(Finch finch, AnswerEvent.Finished end) throws IOException {
    closeLine();
    progress.hide();
    if (options.json() && !options.stream()) {
      line(JsonText.line(AnswerJson.answer(collector.answer())));
    }
    Provenance who = collector.provenance();
    if (who != null) {
      report(finch, who, end);
    }
    return ExitCode.OK;
  }

  private void report(Finch finch, Provenance who, AnswerEvent.Finished end) {
    if (who.demonstration() && options.bare()) {
      err.print(options.quiet() ? Demonstration.SHORT : Demonstration.afterOneShot(key));
    }
    if (!options.quiet()) {
      ModelInfo answered = finch.state().ready().orElse(null);
      if (answered != null && who.provider() != Provenance.Provider.CLAUDE) {
        answered.notes().forEach(note -> err.println("finch: " + note));
      }
      err.println(Footer.of(who, end));
    }
    err.flush();
  }

  private int failed(Failure failure) throws IOException {
    closeLine();
    progress.hide();
    if (options.json() && !options.stream()) {
      line(JsonText.line(AnswerJson.failure(failure)));
    }
    Errors.print(err, new FinchException(failure), options.verbose());
    return ExitCode.ofQuestion(failure.code());
  }

  private void closeLine() throws IOException {
    if (lineOpen) {
      write("\n");
      lineOpen = false;
    }
  }

  private void line(String text) throws IOException {
    write(text + "\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
