package dev.finch.cli.command;

import dev.finch.Finch;
import dev.finch.ModelListing;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import dev.finch.cli.output.ReportJson;
import dev.finch.cli.output.Tables;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.NearMatches;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code finch show}: what is known of one model. */
@Command(name = "show", description = "Show what is known of one model.")
final class ShowCommand implements Callable<Integer> {

  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "REFERENCE", description = "the model, for example qwen2.5-1.5b")
  private String reference = "";

  private final Output output;

  ShowCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    ModelReference wanted = ModelReference.parse(reference);
    try (Connection connection = common.connect()) {
      Finch finch = connection.finch();
      List<ModelListing> models = finch.modelsAsync().toCompletableFuture().join();
      ModelListing found =
          models.stream()
              .filter(model -> isMeant(model, wanted))
              .findFirst()
              .orElseGet(() -> unlisted(finch, wanted));
      if (found == null) {
        List<String> known = models.stream().map(model -> model.reference().toString()).toList();
        throw new FinchException(
            Failure.permanent(
                FailureCode.UNKNOWN_MODEL,
                "Nothing is known of a model " + reference + ".",
                NearMatches.question(reference, known) + "`finch models` lists them."));
      }
      if (common.json) {
        output.json(ReportJson.models(List.of(found)));
      } else {
        output.print(Tables.model(found));
      }
      return ExitCode.OK;
    }
  }

  /** What needs no download stands in no list; null where it is not here. */
  private static @Nullable ModelListing unlisted(Finch finch, ModelReference wanted) {
    boolean listed =
        wanted instanceof ModelReference.Auto
            || wanted instanceof ModelReference.Catalogued
            || wanted instanceof ModelReference.Hub;
    if (listed || !finch.isCachedAsync(wanted).toCompletableFuture().join()) {
      return null;
    }
    ModelInfo ready = finch.state().ready().orElse(null);
    boolean builtIn = wanted.equals(ModelReference.BUILT_IN);
    return new ModelListing(
        wanted,
        builtIn ? ModelSpec.BUILT_IN_NAME : wanted.toString(),
        Optional.empty(),
        OptionalLong.of(0),
        OptionalLong.empty(),
        Optional.empty(),
        0,
        true,
        Optional.empty(),
        false,
        false,
        ready != null && ready.reference().equals(wanted),
        Optional.empty());
  }

  /** With or without the quantization; {@code auto} is what selection would take. */
  private static boolean isMeant(ModelListing model, ModelReference wanted) {
    if (wanted.equals(ModelReference.AUTO)) {
      return model.chosen();
    }
    return model.reference().equals(wanted)
        || (wanted instanceof ModelReference.Catalogued(var name, _)
            && model.reference() instanceof ModelReference.Catalogued(var listed, _)
            && listed.equals(name));
  }
}
