package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.FitReport;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code finch fit}: what was measured and what was chosen. */
@Command(name = "fit", description = "Show what this machine offers, which model it gets, and why.")
final class FitCommand extends ReportCommand<FitReport> {

  FitCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<FitReport> ask(Finch finch) {
    return finch.fitAsync();
  }

  @Override
  JsonNode json(FitReport fit) {
    return ReportJson.fit(fit);
  }

  @Override
  String text(FitReport fit) {
    return Tables.fit(fit);
  }
}
