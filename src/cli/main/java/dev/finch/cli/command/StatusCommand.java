package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.RuntimeStatus;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code finch status}: what a runtime does. */
@Command(name = "status", description = "Show what a runtime does; with --server, a running one.")
final class StatusCommand extends ReportCommand<RuntimeStatus> {

  StatusCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<RuntimeStatus> ask(Finch finch) {
    return finch.statusAsync();
  }

  @Override
  JsonNode json(RuntimeStatus status) {
    return ReportJson.status(status);
  }

  @Override
  String text(RuntimeStatus status) {
    return Tables.status(status);
  }
}
