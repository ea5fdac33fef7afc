package dev.finch.cli.command;

import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.model.Bytes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code finch prune}: removes what Finch's own unfinished downloads left. */
@Command(
    name = "prune",
    description = "Remove parts of downloads that Finch began and left alone for a day.")
final class PruneCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();

  private final Output output;

  PruneCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      long freed = connection.finch().pruneAsync().toCompletableFuture().join();
      if (common.json) {
        output.json(ReportJson.pruned(freed));
      } else {
        output.print(Bytes.format(freed) + " freed\n");
      }
      return ExitCode.OK;
    }
  }
}
