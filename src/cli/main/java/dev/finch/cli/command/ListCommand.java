package dev.finch.cli.command;

import dev.finch.ModelListing;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code finch list}: the models that are here. */
@Command(
    name = "list",
    aliases = "ls",
    description = "List the models that are here; `finch models` lists all that can be.")
final class ListCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  ListCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      List<ModelListing> models =
          connection.finch().modelsAsync().toCompletableFuture().join().stream()
              .filter(model -> model.cached() || model.loaded() || model.cachedBytes() > 0)
              .toList();
      if (common.json) {
        output.json(ReportJson.models(models));
      } else if (models.isEmpty()) {
        output.print(
            "No model is here. `finch pull REFERENCE` fetches one; `finch models` lists"
                + " them.\n");
      } else {
        output.print(Tables.models(models));
      }
      return ExitCode.OK;
    }
  }
}
