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

/** {@code finch models}: the catalogue and what else is cached. */
@Command(
    name = "models",
    description = "List the catalogue: size, memory, licence, what is cached.")
final class ModelsCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  ModelsCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      List<ModelListing> models = connection.finch().modelsAsync().toCompletableFuture().join();
      if (common.json) {
        output.json(ReportJson.models(models));
      } else {
        output.print(Tables.models(models));
      }
      return ExitCode.OK;
    }
  }
}
