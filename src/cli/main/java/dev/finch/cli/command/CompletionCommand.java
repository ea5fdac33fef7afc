package dev.finch.cli.command;

import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code finch completion}: a script that teaches a shell Finch's commands and options. */
@Command(
    name = "completion",
    description = "Print a completion script, for example: source <(finch completion bash)")
final class CompletionCommand implements Callable<Integer> {

  /** The shells that there is a script for. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
  private Shell shell = Shell.bash;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

  private final Output output;

  CompletionCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    CommandLine root = Commands.commandLine(output);
    output.print(
        switch (shell) {
          case bash -> Completions.bash(root);
          case zsh -> Completions.zsh(root);
          case fish -> Completions.fish(root);
        });
    return ExitCode.OK;
  }
}
