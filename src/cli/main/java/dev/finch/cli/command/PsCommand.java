package dev.finch.cli.command;

import dev.finch.RuntimeStatus;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code finch ps}: what the running server has loaded. */
@Command(name = "ps", description = "Show the model that the running `finch serve` has loaded.")
final class PsCommand extends RunningCommand implements Callable<Integer> {

  PsCommand(Output output) {
    super(output);
  }

  @Override
  public Integer call() {
    return onServer(
        "no `finch serve` runs here, so no model is loaded.",
        finch -> {
          RuntimeStatus status = finch.statusAsync().toCompletableFuture().join();
          if (common.json) {
            output.json(ReportJson.status(status));
          } else {
            output.print(Tables.status(status));
          }
          return ExitCode.OK;
        });
  }
}
