package dev.finch.cli.command;

import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code finch stop}: takes the running server's model out of memory. */
@Command(
    name = "stop",
    description = "Unload the model of the running `finch serve`; the server goes on.")
final class StopCommand extends RunningCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "REFERENCE",
      arity = "0..1",
      description = "the model; without one, whichever is loaded")
  private @Nullable String reference;

  StopCommand(Output output) {
    super(output);
  }

  @Override
  public Integer call() {
    ModelReference wanted = reference == null ? null : ModelReference.parse(reference);
    return onServer(
        "no `finch serve` runs here, so there is no model to unload.",
        finch -> {
          ModelInfo loaded = finch.state().ready().orElse(null);
          if (loaded == null || (wanted != null && !isMeant(loaded, wanted))) {
            output.note(
                "finch: "
                    + (wanted == null ? "no model" : wanted + " is not")
                    + (wanted == null ? " is loaded." : " loaded.")
                    + " The server itself ends with Ctrl-C or SIGTERM.");
            return ExitCode.OK;
          }
          finch.unloadAsync().toCompletableFuture().join();
          output.print(loaded.name() + " is unloaded.\n");
          return ExitCode.OK;
        });
  }

  private static boolean isMeant(ModelInfo loaded, ModelReference wanted) {
    return loaded.reference().equals(wanted)
        || (wanted instanceof ModelReference.Catalogued(var name, _)
            && loaded.reference() instanceof ModelReference.Catalogued(var listed, _)
            && listed.equals(name));
  }
}
