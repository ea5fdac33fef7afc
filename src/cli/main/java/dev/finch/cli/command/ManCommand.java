package dev.finch.cli.command;

import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code finch man}: the man page, for those who package Finch. */
@Command(name = "man", hidden = true, description = "Print the man page.")
final class ManCommand implements Callable<Integer> {

  private final Output output;

  ManCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    output.print(Manual.page(Commands.commandLine(output)));
    return ExitCode.OK;
  }
}
