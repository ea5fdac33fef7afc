package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.model.Bytes;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code finch prune}: removes what Finch's own unfinished downloads left. */
@Command(
    name = "prune",
    description = "Remove parts of downloads that Finch began and left alone for a day.")
final class PruneCommand extends ReportCommand<Long> {

  PruneCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<Long> ask(Finch finch) {
    return finch.pruneAsync();
  }

  @Override
  JsonNode json(Long freed) {
    return ReportJson.pruned(freed);
  }

  @Override
  String text(Long freed) {
    return Bytes.format(freed) + " freed\n";
  }
}
