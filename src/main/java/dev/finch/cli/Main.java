package dev.finch.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The entry point. Decides by hand what was asked for, because people wait for the prompt: whatever
 * can be loaded later is.
 */
public final class Main {

  /**
   * What begins a command rather than a question. Here, because {@link Commands} describes them
   * with a library that the way to an answer never loads.
   */
  static final Set<String> COMMANDS =
      Set.of(
          "serve",
          "models",
          "fit",
          "pull",
          "rm",
          "prune",
          "verify",
          "status",
          "ledger",
          "doctor",
          "config",
          "completion",
          "man");

  private Main() {}

  /** Runs Finch and ends the process with one of the documented exit codes. */
  public static void main(String[] args) {
    Terminals terminals = Terminals.detect();
    if (args.length == 0 && terminals.editable()) {
      FastProvider.loadAhead();
      writeRawPrompt();
    }
    int code = run(args, terminals);
    if (System.getProperty(Training.PROPERTY) != null) {
      System.exit(code); // a halt would leave the class archive unwritten
    }
    Runtime.getRuntime().halt(code);
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
    try {
      String training = System.getProperty(Training.PROPERTY);
      if (training != null) {
        return Training.run(training);
      }
      if (args.length > 0 && COMMANDS.contains(args[0])) {
        return Commands.run(args, output);
      }
      List<String> arguments = Arrays.asList(args);
      boolean named = args.length > 0 && args[0].equals("ask");
      return AskCommand.run(
          AskArguments.parse(named ? arguments.subList(1, args.length) : arguments), output);
    } catch (Throwable e) {
      return Errors.print(err, e, verbose);
    }
  }
}
