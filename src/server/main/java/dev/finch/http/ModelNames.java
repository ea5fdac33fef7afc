package dev.finch.http;

import static java.util.Objects.requireNonNull;

import dev.finch.Finch;
import dev.finch.ModelListing;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.settings.NearMatches;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a client means by a model's name: {@code auto}, {@code local} and {@code claude} choose the
 * leg, {@code claude-*} asks for that Claude model, a known reference is that model, and anything
 * else is unknown. Aliases from the settings are applied first.
 */
final class ModelNames {

  static final List<String> LEGS = List.of("auto", "local", "claude");

  /**
   * What a name stands for.
   *
   * @param model the local model that must answer, or null for the one that serves
   * @param cloudModel the Claude model to use, or null for the configured one
   */
  record Meaning(@Nullable ModelReference model, @Nullable String cloudModel, Privacy privacy) {}

  private final Finch finch;
  private final ModelPermission permission;
  private final Map<String, String> aliases;

  ModelNames(Finch finch, Map<String, String> aliases) {
    this.finch = finch;
    this.permission = new ModelPermission(finch);
    this.aliases = aliases;
  }

  /** Puts the meaning of a name and of the call's own headers into a request. */
  CompletionStage<GenerateRequest.Builder> route(
      Call call, @Nullable String name, GenerateRequest.Builder request) {
    Privacy wished = FinchHeaders.privacy(call);
    request.whenNotReady(FinchHeaders.whenNotReady(call));
    return meaning(call, name)
        .thenApply(
            meaning ->
                request
                    .model(meaning.model())
                    .cloudModel(meaning.cloudModel())
                    .privacy(FinchHeaders.strictest(wished, meaning.privacy())));
  }

  /** A request for vectors from the model that a name means; Claude makes none. */
  CompletionStage<EmbedRequest> embedding(Call call, @Nullable String name, List<String> inputs) {
    return meaning(call, name)
        .thenApply(
            meaning -> {
              if (meaning.privacy() == Privacy.CLOUD_ONLY) {
                throw Refusals.badRequest(
                    "model: "
                        + Replies.ascii(ModelReference.shown(requireNonNull(name)))
                        + " (Claude makes no vectors;"
                        + " expected: a local model, or local for the one that serves).");
              }
              return EmbedRequest.builder(inputs).model(meaning.model()).build();
            });
  }

  /**
   * Fails with {@code UNKNOWN_MODEL} where no model is called so, and with {@code FORBIDDEN} where
   * {@link ModelPermission#toAsk} says so.
   */
  CompletionStage<Meaning> meaning(Call call, @Nullable String name) {
    String asked = name == null || name.isBlank() ? "auto" : name.strip();
    String alias = alias(asked, aliases);
    String wanted = alias == null ? asked : alias;
    Meaning leg = leg(wanted);
    if (leg != null) {
      return CompletableFuture.completedFuture(leg);
    }
    ModelInfo serving = finch.state().ready().orElse(null);
    if (serving != null && serving.name().equals(wanted)) {
      // Answers call a model by its name for people, and clients send back what they were told.
      return CompletableFuture.completedFuture(
          new Meaning(serving.reference(), null, Privacy.LOCAL_FIRST));
    }
    ModelReference reference = ModelReference.parse(wanted);
    if (reference.equals(ModelReference.BUILT_IN)
        || (serving != null && serving.reference().equals(reference))) {
      return CompletableFuture.completedFuture(new Meaning(reference, null, Privacy.LOCAL_FIRST));
    }
    // Whoever wrote the alias runs this server, and means it for those who use the name.
    Rights rights = alias == null ? call.rights() : Rights.ADMIN;
    return permission
        .toAsk(rights, reference)
        .thenCompose(_ -> finch.modelsAsync())
        .thenCompose(
            models ->
                exists(reference, models)
                    .thenApply(
                        exists -> {
                          if (exists) {
                            return new Meaning(reference, null, Privacy.LOCAL_FIRST);
                          }
                          throw unknown(wanted, models);
                        }));
  }

  /** As {@link #meaning}, and fails where what is named could not answer now: it is not here. */
  CompletionStage<Meaning> known(Call call, String name) {
    return meaning(call, name)
        .thenCompose(
            meaning ->
                isHere(meaning)
                    .thenApply(
                        here -> {
                          if (!here) {
                            throw notHere(name, meaning);
                          }
                          return meaning;
                        }));
  }

  private CompletionStage<Boolean> isHere(Meaning meaning) {
    ModelReference model = meaning.model();
    if (meaning.privacy() == Privacy.CLOUD_ONLY) {
      return finch.statusAsync().thenApply(status -> status.cloudConfigured());
    }
    return model == null || isServing(model)
        ? CompletableFuture.completedFuture(true)
        : finch.isCachedAsync(model);
  }

  private boolean isServing(ModelReference reference) {
    ModelInfo serving = finch.state().ready().orElse(null);
    return serving != null && serving.reference().equals(reference);
  }

  /**
   * Whether there can be such a model: an entry of the catalogue in any quantization that it has, a
   * repository, whose files are the Hub's to know, or a file or random weights that are here.
   */
  private CompletionStage<Boolean> exists(ModelReference reference, List<ModelListing> models) {
    return switch (reference) {
      case ModelReference.Auto _, ModelReference.BuiltIn _, ModelReference.Hub _ ->
          CompletableFuture.completedFuture(true);
      case ModelReference.Catalogued _
          when models.stream().anyMatch(model -> model.reference().equals(reference)) ->
          CompletableFuture.completedFuture(true);
      case ModelReference.Catalogued named when isListed(named, models) ->
          finch.isCachedAsync(named).thenApply(_ -> true);
      case ModelReference.Catalogued _ -> cached(reference);
      case ModelReference.LocalFile _, ModelReference.Random _ -> cached(reference);
    };
  }

  private static boolean isListed(ModelReference.Catalogued named, List<ModelListing> models) {
    return models.stream()
        .anyMatch(
            model ->
                model.reference() instanceof ModelReference.Catalogued entry
                    && entry.name().equals(named.name()));
  }

  /** A name that the catalogue does not know is of no model here. */
  private CompletionStage<Boolean> cached(ModelReference reference) {
    return finch
        .isCachedAsync(reference)
        .exceptionally(
            thrown -> {
              if (Refusals.failureOf(thrown).code() == FailureCode.UNKNOWN_MODEL) {
                return false;
              }
              throw new CompletionException(thrown);
            });
  }

  /**
   * The legs, the model that serves, and every other that can answer without a download. Claude is
   * among them only where it could be asked.
   */
  CompletionStage<Set<String>> offered() {
    return finch.statusAsync().thenCompose(status -> offered(status.cloudConfigured()));
  }

  private CompletionStage<Set<String>> offered(boolean claude) {
    Set<String> ids = new LinkedHashSet<>(LEGS);
    if (!claude) {
      ids.remove("claude");
    }
    ModelInfo serving = finch.state().ready().orElse(null);
    if (serving != null) {
      ids.add(serving.reference().toString());
    }
    return finch
        .modelsAsync()
        .thenApply(
            listings -> {
              for (ModelListing listing : listings) {
                // What is loaded stands there already, under the name by which it was.
                if (listing.cached() && !(listing.loaded() && serving != null)) {
                  ids.add(listing.reference().toString());
                }
              }
              return ids;
            });
  }

  /** What stands for a name in the settings, the longest beginning with a star first; or null. */
  static @Nullable String alias(String name, Map<String, String> aliases) {
    String exact = aliases.get(name);
    if (exact != null) {
      return exact;
    }
    String best = "";
    for (String pattern : aliases.keySet()) {
      if (pattern.endsWith("*")
          && name.startsWith(pattern.substring(0, pattern.length() - 1))
          && pattern.length() > best.length()) {
        best = pattern;
      }
    }
    return best.isEmpty() ? null : aliases.get(best);
  }

  static @Nullable Meaning leg(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "auto", "auto:latest" -> new Meaning(null, null, Privacy.LOCAL_FIRST);
      case "local", "local:latest" -> new Meaning(null, null, Privacy.LOCAL_ONLY);
      case "claude", "claude:latest" -> new Meaning(null, null, Privacy.CLOUD_ONLY);
      default -> name.startsWith("claude-") ? new Meaning(null, name, Privacy.CLOUD_ONLY) : null;
    };
  }

  private static FinchException notHere(String name, Meaning meaning) {
    ModelReference model = meaning.model();
    return new FinchException(
        Failure.permanent(
            FailureCode.UNKNOWN_MODEL,
            "The model '" + ModelReference.shown(name) + "' is not here.",
            model == null
                ? "There is no key for Claude (ANTHROPIC_API_KEY)."
                : "`finch pull " + ModelReference.shown(model.toString()) + "` fetches it."));
  }

  private static FinchException unknown(String name, List<ModelListing> models) {
    List<String> known = new ArrayList<>(LEGS);
    models.forEach(model -> known.add(model.reference().toString()));
    String shown = ModelReference.shown(name);
    int quantization = shown.startsWith("hf:") ? -1 : shown.indexOf(':');
    String bare = quantization < 1 ? shown : shown.substring(0, quantization);
    return new FinchException(
        Failure.permanent(
            FailureCode.UNKNOWN_MODEL,
            "There is no model '" + shown + "' here.",
            NearMatches.question(bare, known)
                + "GET /v1/models lists them; finch.http.model-aliases maps other names."));
  }
}
