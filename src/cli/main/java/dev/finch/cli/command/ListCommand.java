package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.ModelListing;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.List;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code finch list}: the models that are here. */
@Command(
    name = "list",
    aliases = "ls",
    description = "List the models that are here; `finch models` lists all that can be.")
final class ListCommand extends ReportCommand<List<ModelListing>> {

  ListCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<List<ModelListing>> ask(Finch finch) {
    return finch
        .modelsAsync()
        .thenApply(
            models ->
                models.stream()
                    .filter(model -> model.cached() || model.loaded() || model.cachedBytes() > 0)
                    .toList());
  }

  @Override
  JsonNode json(List<ModelListing> models) {
    return ReportJson.models(models);
  }

  @Override
  String text(List<ModelListing> models) {
    return models.isEmpty()
        ? "No model is here. `finch pull REFERENCE` fetches one; `finch models` lists them.\n"
        : Tables.models(models);
  }
}
