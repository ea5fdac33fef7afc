package dev.finch.cli.command;

import dev.finch.LedgerSummary;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code finch ledger}: what left this machine. */
@Command(name = "ledger", description = "Show what ever went to the cloud, and what it cost.")
final class LedgerCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();
  private final Output output;

  LedgerCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    try (Connection connection = common.connect()) {
      LedgerSummary ledger = connection.finch().ledgerAsync().toCompletableFuture().join();
      if (common.json) {
        output.json(ReportJson.ledger(ledger));
      } else {
        output.print(Tables.ledger(ledger));
      }
      return ExitCode.OK;
    }
  }
}
