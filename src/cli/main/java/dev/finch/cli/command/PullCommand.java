package dev.finch.cli.command;

import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.output.Follower;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.PullDisplay;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code finch pull}: fetches a model into the cache. */
@Command(name = "pull", description = "Fetch a model into the cache; goes on where it was cut.")
final class PullCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "REFERENCE", description = "the model, for example qwen2.5-1.5b")
  private String reference = "";

  @Mixin private LicenseOption licenses = new LicenseOption();

  private final Output output;

  PullCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    ModelReference model = ModelReference.parse(reference);
    Map<String, Object> flags = licenses.flags();
    flags.put("finch.supervisor.prepare", "none");
    PullDisplay display = new PullDisplay(output, model.toString(), common.json);
    try (Connection connection = Connection.open(flags, common.server, common.verbose)) {
      Follower<DownloadProgress> pull = Follower.of(connection.finch().pull(model), display::show);
      try (var _ = Interrupts.during(pull::cancel);
          var _ = Interrupts.beforeEnd(pull::cancel)) {
        pull.done().join();
        return ExitCode.OK;
      } catch (CancellationException e) {
        output.note(
            "finch: cancelled; what has come is kept, and the next pull goes on from there.");
        return ExitCode.CANCELLED;
      } finally {
        display.end();
      }
    }
  }
}
