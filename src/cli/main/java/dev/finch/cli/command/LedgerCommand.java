package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.LedgerSummary;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;

/** {@code finch ledger}: what left this machine. */
@Command(name = "ledger", description = "Show what ever went to the cloud, and what it cost.")
final class LedgerCommand extends ReportCommand<LedgerSummary> {

  LedgerCommand(Output output) {
    super(output);
  }

  @Override
  CompletionStage<LedgerSummary> ask(Finch finch) {
    return finch.ledgerAsync();
  }

  @Override
  JsonNode json(LedgerSummary ledger) {
    return ReportJson.ledger(ledger);
  }

  @Override
  String text(LedgerSummary ledger) {
    return Tables.ledger(ledger);
  }
}
