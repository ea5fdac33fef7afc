package dev.finch.cli.command;

import dev.finch.VerifiedFile;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.PullDisplay;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code finch verify}: hashes again what is cached, and mends it. */
@Command(
    name = "verify",
    description = "Hash again what is cached, whoever wrote it, and fetch anew what is damaged.")
final class VerifyCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      paramLabel = "REFERENCE",
      arity = "0..1",
      description = "the model; without one, all that are cached")
  private @Nullable String reference;

  @Mixin private LicenseOption licenses = new LicenseOption();

  private final Output output;

  VerifyCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    ModelReference model = reference == null ? null : ModelReference.parse(reference);
    PullDisplay display = new PullDisplay(output, reference == null ? "cache" : reference, false);
    Map<String, Object> flags = licenses.flags();
    flags.put("finch.supervisor.prepare", "none");
    try (Connection connection = Connection.open(flags, common.server, common.verbose)) {
      List<VerifiedFile> files =
          connection
              .finch()
              .verifyAsync(model, progress -> show(progress, display))
              .toCompletableFuture()
              .join();
      display.end();
      if (common.json) {
        output.json(ReportJson.verified(files));
      } else {
        output.print(Tables.verified(files));
      }
      for (VerifiedFile file : files) {
        var failure = file.failure().orElse(null);
        if (failure != null) {
          output.note("finch: " + file.model() + ": " + failure.describe());
        }
      }
      return files.stream().anyMatch(VerifiedFile::broken) ? ExitCode.FAILED : ExitCode.OK;
    }
  }

  private void show(DownloadProgress progress, PullDisplay display) {
    if (!common.json && progress.phase() == DownloadProgress.Phase.VERIFYING) {
      display.show(progress);
    }
  }
}
