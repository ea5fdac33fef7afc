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

/** {@code finch models}: the catalogue and what else is cached. */
@Command(
    name = "models",
    description = "List the catalogue: size, memory, licence, what is cached.")
final class ModelsCommand extends ReportCommand<List<ModelListing>> {

  ModelsCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<List<ModelListing>> ask(Finch finch) {
    return finch.modelsAsync();
  }

  @Override
  JsonNode json(List<ModelListing> models) {
    return ReportJson.models(models);
  }

  @Override
  String text(List<ModelListing> models) {
    return Tables.models(models);
  }
}
