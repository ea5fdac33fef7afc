package dev.finch.cli.command;

import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.launch.ClassArchives;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.launch.Question;
import dev.finch.cli.launch.Requests;
import dev.finch.cli.launch.UsageException;
import dev.finch.cli.launch.Version;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ProgressLine;
import dev.finch.cli.repl.ReplCommand;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.Terminals;
import dev.finch.inference.GenerateRequest;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;

/** {@code finch [ask]}: one question, or the REPL. */
public final class AskCommand {

  private AskCommand() {}

  /** Answers one question, or runs the REPL until the user leaves; gives the exit code. */
  public static int run(AskOptions options, Output output) throws Exception {
    Terminals terminals = output.terminals();
    if (options.help() || options.version()) {
      output.print(
          options.help()
              ? Manual.help(Commands.commandLine(output))
              : "finch " + Version.current() + "\n");
      return ExitCode.OK;
    }
    boolean repl =
        options.words().isBlank()
            && options.files().isEmpty()
            && !options.json()
            && terminals.interactive();
    return repl ? ReplCommand.run(options, terminals) : once(options, output);
  }

  private static int once(AskOptions options, Output output) throws Exception {
    InputStream piped = output.terminals().input() ? InputStream.nullInputStream() : System.in;
    Consumer<String> told = options.quiet() ? _ -> {} : line -> output.note("finch: " + line);
    String question = Question.read(options.words(), options.files(), piped, told);
    if (question.isBlank()) {
      throw new UsageException(
          "There is no question. Give one as an argument, with -f or through stdin; `finch --help`"
              + " says more.");
    }
    return answer(options, Requests.oneShot(options, question, told), output);
  }

  /** Starts a runtime, asks it, and prints the answer. */
  private static int answer(AskOptions options, GenerateRequest request, Output output)
      throws InterruptedException {
    Terminals terminals = output.terminals();
    StandardStream err = output.err();
    Map<String, Object> flags = Requests.settings(options, false);
    ProgressLine progress =
        new ProgressLine(
            options, err, terminals.error() && !terminals.dumb(), columns(), System::nanoTime);
    boolean sameScreen = terminals.output() && terminals.error();
    // Told to end, it first settles what was sent to Claude, which closing the connection does.
    try (var _ = Interrupts.beforeEnd(() -> {});
        Connection connection = Connection.open(flags, options.server(), options.verbose())) {
      int code =
          new OneShot(
                  options,
                  output.out().throwing(),
                  err,
                  progress,
                  sameScreen,
                  connection.settings().key())
              .run(connection.finch(), request);
      if (!Interrupts.ending()) {
        ClassArchives.makeInBackground(connection.settings());
      }
      return code;
    }
  }

  private static int columns() {
    String columns = System.getenv("COLUMNS");
    try {
      return columns == null ? 80 : Math.max(20, Integer.parseInt(columns));
    } catch (NumberFormatException e) {
      return 80;
    }
  }
}
