package dev.finch.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The entry point. Decides by hand what was asked for, because people wait for the prompt: whatever
 * can be loaded later is.
 */
public final class Main {

  private Main() {}

  /** Runs Finch and ends the process with one of the documented exit codes. */
  public static void main(String[] args) {
    Runtime.getRuntime().halt(run(List.of(args)));
  }

  private static int run(List<String> arguments) {
    PrintStream out = utf8(FileDescriptor.out);
    PrintStream err = utf8(FileDescriptor.err);
    try {
      AskOptions options = AskArguments.parse(arguments);
      if (options.version()) {
        out.println("finch " + Version.current());
        return ExitCode.OK;
      }
      out.print(Help.ask());
      return ExitCode.OK;
    } catch (UsageException e) {
      err.println("finch: " + e.getMessage());
      return ExitCode.USAGE;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
