package dev.finch.cli;

import dev.finch.cli.command.AskCommand;
import dev.finch.cli.command.Commands;
import dev.finch.cli.command.Invocation;
import dev.finch.cli.launch.AskArguments;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.launch.LauncherJvm;
import dev.finch.cli.launch.RawArguments;
import dev.finch.cli.launch.UsageException;
import dev.finch.cli.output.Errors;
import dev.finch.cli.output.Output;
import dev.finch.cli.repl.Repl;
import dev.finch.cli.terminal.FastProvider;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.Terminals;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The entry point. Decides by hand what was asked for, because people wait for the prompt: whatever
 * can be loaded later is.
 */
public final class Main {

  private Main() {}

  /** Runs Finch and ends the process with one of the documented exit codes. */
  public static void main(String[] args) {
    Terminals terminals = Terminals.detect();
    if (args.length == 0 && terminals.editable()) {
      FastProvider.loadAhead();
      writeRawPrompt();
    }
    int code = run(args, terminals);
    if (System.getProperty(LauncherJvm.TRAINING) != null) {
      System.exit(code); // a halt would leave the class archive unwritten
    }
    if (!Interrupts.ending()) {
      Runtime.getRuntime().halt(code);
    }
    // Who was told to end by a signal ends with that signal's code, as soon as this thread is gone.
  }

  // The first thing on screen: what is typed from here on is kept by the terminal until the line
  // editor reads it.
  private static void writeRawPrompt() {
    try (OutputStream out =
        new FileOutputStream(FileDescriptor.out) {
          @Override
          public void close() {}
        }) {
      out.write(Repl.PROMPT.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // The terminal is gone; the editor will find out.
    }
  }

  private static int run(String[] args, Terminals terminals) {
    StandardStream out = StandardStream.out(terminals);
    StandardStream err = StandardStream.err(terminals);
    Output output = new Output(terminals, out, err);
    // What libraries and the log print goes the same way.
    System.setOut(out);
    System.setErr(err);
    boolean verbose = Arrays.asList(args).contains("--verbose");
    int code = run(args, output, verbose);
    out.flush();
    return written(out, code, err);
  }

  /** What could not be written is not done, whatever the command says. */
  private static int written(StandardStream out, int code, StandardStream err) {
    IOException failure = out.failure();
    if (failure == null) {
      return code;
    }
    if (StandardStream.isBrokenPipe(failure)) {
      return code == ExitCode.OK ? ExitCode.BROKEN_PIPE : code;
    }
    err.println("finch: stdout cannot be written: " + failure.getMessage() + ".");
    return code == ExitCode.OK ? ExitCode.FAILED : code;
  }

  private static int run(String[] args, Output output, boolean verbose) {
    try {
      String training = System.getProperty(LauncherJvm.TRAINING);
      if (training != null) {
        return Training.run(training);
      }
      return switch (Invocation.of(RawArguments.of(args))) {
        case Invocation.Command command ->
            Commands.run(command.arguments().toArray(String[]::new), output);
        case Invocation.Ask ask -> AskCommand.run(AskArguments.parse(ask.arguments()), output);
        case Invocation.Refused refused -> throw new UsageException(refused.message());
      };
    } catch (Throwable e) {
      if (Interrupts.ending()) {
        return ExitCode.CANCELLED; // what broke was being taken down
      }
      return Errors.print(output.err(), e, verbose);
    }
  }
}
