package dev.finch.cli.command;

import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.model.Bytes;
import dev.finch.model.ModelReference;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code finch rm}: removes models from the cache. */
@Command(name = "rm", description = "Remove models from the cache.")
final class RemoveCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "REFERENCE", arity = "1..*", description = "the models")
  private List<String> references = List.of();

  private final Output output;

  RemoveCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    List<ModelReference> models = references.stream().map(ModelReference::parse).toList();
    try (Connection connection = common.connect()) {
      for (ModelReference model : models) {
        long freed = connection.finch().removeAsync(model).toCompletableFuture().join();
        output.print(model + ": " + Bytes.format(freed) + " freed\n");
      }
      return ExitCode.OK;
    }
  }
}
