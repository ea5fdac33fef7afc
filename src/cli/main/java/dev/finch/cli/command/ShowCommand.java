package dev.finch.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.Finch;
import dev.finch.ModelListing;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code finch show}: what is known of one model. */
@Command(name = "show", description = "Show what is known of one model.")
final class ShowCommand extends ReportCommand<ModelListing> {

  @Parameters(paramLabel = "REFERENCE", description = "the model, for example qwen2.5-1.5b")
  private String reference = "";

  ShowCommand(Output output) {
    super(output);
  }

  @Override
  void check() {
    ModelReference.parse(reference);
  }

  @Override
  CompletionStage<ModelListing> ask(Finch finch) {
    ModelReference wanted = ModelReference.parse(reference);
    return finch
        .modelsAsync()
        .thenCompose(
            models ->
                models.stream()
                    .filter(model -> isMeant(model, wanted))
                    .findFirst()
                    .map(CompletableFuture::completedStage)
                    .orElseGet(() -> unlisted(finch, wanted, models)));
  }

  @Override
  JsonNode json(ModelListing model) {
    return ReportJson.models(List.of(model));
  }

  @Override
  String text(ModelListing model) {
    return Tables.model(model);
  }

  /** What needs no download stands in no list. */
  private CompletionStage<ModelListing> unlisted(
      Finch finch, ModelReference wanted, List<ModelListing> models) {
    boolean listed =
        wanted instanceof ModelReference.Auto
            || wanted instanceof ModelReference.Catalogued
            || wanted instanceof ModelReference.Hub;
    if (listed) {
      return CompletableFuture.failedStage(unknown(models));
    }
    return finch
        .isCachedAsync(wanted)
        .thenApply(
            here -> {
              if (!here) {
                throw unknown(models);
              }
              return listing(finch, wanted);
            });
  }

  private FinchException unknown(List<ModelListing> models) {
    List<String> known = models.stream().map(model -> model.reference().toString()).toList();
    return new FinchException(
        Failure.permanent(
            FailureCode.UNKNOWN_MODEL,
            "Nothing is known of a model " + reference + ".",
            NearMatches.question(reference, known) + "`finch models` lists them."));
  }

  private static ModelListing listing(Finch finch, ModelReference wanted) {
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
