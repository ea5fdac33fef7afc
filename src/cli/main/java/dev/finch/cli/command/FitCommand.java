package dev.finch.cli.command;

import dev.finch.FitReport;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code finch fit}: what was measured and what was chosen. */
@Command(name = "fit", description = "Show what this machine offers, which model it gets, and why.")
final class FitCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  FitCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      FitReport fit = connection.finch().fitAsync().toCompletableFuture().join();
      if (common.json) {
        output.json(ReportJson.fit(fit));
      } else {
        output.print(Tables.fit(fit));
      }
      return ExitCode.OK;
    }
  }
}
