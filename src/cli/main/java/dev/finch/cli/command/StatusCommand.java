package dev.finch.cli.command;

import dev.finch.RuntimeStatus;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code finch status}: what a runtime does. */
@Command(name = "status", description = "Show what a runtime does; with --server, a running one.")
final class StatusCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  StatusCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      RuntimeStatus status = connection.finch().statusAsync().toCompletableFuture().join();
      if (common.json) {
        output.json(ReportJson.status(status));
      } else {
        output.print(Tables.status(status));
      }
      return ExitCode.OK;
    }
  }
}
