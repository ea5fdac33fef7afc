package dev.finch.http;

import dev.finch.Embeddings;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.model.ModelReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Embeds as Ollama does: what is longer than the model's context is cut to it, and vectors may be
 * asked for with fewer numbers. Only a text that was refused for its length costs more than one
 * question: it is cut where counting says, which computes nothing.
 */
final class OllamaEmbeddings {

  /** Counts for one text, which finds the place in some hundred thousand characters. */
  private static final int MOST_COUNTS = 24;

  /** Cuts after the counted one, since control tokens in a text count for fewer than they take. */
  private static final int MOST_CUTS = 8;

  private final Finch finch;

  OllamaEmbeddings(Finch finch) {
    this.finch = finch;
  }

  /**
   * The vectors of texts.
   *
   * @param truncate whether a text that is too long is cut; else it is refused with {@code
   *     CONTEXT_OVERFLOW}
   */
  CompletionStage<Embeddings> embed(EmbedRequest request, boolean truncate) {
    CompletionStage<Embeddings> whole = finch.embedAsync(request);
    return truncate
        ? whole.exceptionallyCompose(
            thrown -> {
              Failure.Overflow overflow = overflow(thrown);
              return overflow == null
                  ? CompletableFuture.failedFuture(thrown)
                  : cut(request, overflow.contextTokens());
            })
        : whole;
  }

  private static Failure.@Nullable Overflow overflow(Throwable thrown) {
    Failure failure = Refusals.failureOf(thrown);
    return failure.code() == FailureCode.CONTEXT_OVERFLOW ? failure.overflow().orElse(null) : null;
  }

  private CompletionStage<Embeddings> cut(EmbedRequest request, long most) {
    CompletionStage<List<String>> cut = CompletableFuture.completedFuture(new ArrayList<>());
    for (String input : request.inputs()) {
      cut =
          cut.thenCompose(
              done ->
                  cut(input, request.model(), most)
                      .thenApply(
                          text -> {
                            done.add(text);
                            return done;
                          }));
    }
    return cut.thenCompose(inputs -> embed(request, inputs, MOST_CUTS));
  }

  private CompletionStage<Embeddings> embed(EmbedRequest request, List<String> inputs, int cuts) {
    return finch
        .embedAsync(EmbedRequest.builder(inputs).model(request.model()).build())
        .exceptionallyCompose(
            thrown -> {
              Failure.Overflow overflow = overflow(thrown);
              if (overflow == null || cuts == 0) {
                return CompletableFuture.failedFuture(thrown);
              }
              double share = (double) overflow.contextTokens() / overflow.promptTokens();
              return embed(request, shorter(request.inputs(), inputs, share), cuts - 1);
            });
  }

  /** Which of them is too long is not said; those that were not cut are not. */
  private static List<String> shorter(List<String> whole, List<String> inputs, double share) {
    List<String> shorter = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      String input = inputs.get(i);
      boolean cut = input.length() < whole.get(i).length();
      shorter.add(cut ? beginning(input, (int) (input.length() * share)) : input);
    }
    return shorter;
  }

  /** No more than so many characters, and no half a one. */
  private static String beginning(String text, int length) {
    int end = Math.clamp(length, 1, text.length());
    boolean half = end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return text.substring(0, half ? end - 1 : end);
  }

  private CompletionStage<String> cut(String input, @Nullable ModelReference model, long most) {
    return count(input, model)
        .thenCompose(
            tokens ->
                tokens <= most
                    ? CompletableFuture.completedFuture(input)
                    : search(
                        new Search(input, model, most, 0, 0, input.length(), tokens, MOST_COUNTS)));
  }

  /**
   * Where a text is to be cut.
   *
   * @param fits characters that have no more tokens than may be
   * @param fewer the tokens that they have
   * @param tooLong characters that have more
   * @param more the tokens that they have
   * @param counts how often may be counted yet
   */
  private record Search(
      String input,
      @Nullable ModelReference model,
      long most,
      int fits,
      long fewer,
      int tooLong,
      long more,
      int counts) {

    /** By the tokens, and every second time in the middle: texts are not alike everywhere. */
    int next() {
      double share = counts % 2 == 0 ? (most - fewer + 0.5) / (more - fewer) : 0.5;
      int next = fits + (int) (share * (tooLong - fits));
      return Math.clamp(next, fits + 1, tooLong - 1);
    }

    boolean isOver() {
      return counts == 0 || tooLong - fits <= 1;
    }

    Search counted(int length, long tokens) {
      return tokens <= most
          ? new Search(input, model, most, length, tokens, tooLong, more, counts - 1)
          : new Search(input, model, most, fits, fewer, length, tokens, counts - 1);
    }
  }

  private CompletionStage<String> search(Search search) {
    if (search.isOver()) {
      return CompletableFuture.completedFuture(beginning(search.input(), search.fits()));
    }
    int next = search.next();
    return count(search.input().substring(0, next), search.model())
        .thenCompose(tokens -> search(search.counted(next, tokens)));
  }

  private CompletionStage<Long> count(String text, @Nullable ModelReference model) {
    return finch.countTokensAsync(
        GenerateRequest.builder()
            .prompt(new Prompt.Raw(text, null))
            .model(model)
            .privacy(Privacy.LOCAL_ONLY)
            .build());
  }

  /**
   * With the first numbers of each vector, which is made as long as before.
   *
   * @throws dev.finch.failure.FinchException where the body asks for more than there are
   */
  static Embeddings withDimensions(Embeddings embeddings, Body body) {
    Integer dimensions = body.integer("dimensions");
    List<float[]> vectors = new ArrayList<>();
    for (float[] vector : embeddings.vectors()) {
      if (dimensions != null && (dimensions < 1 || dimensions > vector.length)) {
        throw body.wrong("dimensions", "1 to " + vector.length + ", which this model has");
      }
      vectors.add(dimensions == null ? vector : first(vector, dimensions));
    }
    return new Embeddings(embeddings.model(), vectors, embeddings.promptTokens());
  }

  private static float[] first(float[] vector, int dimensions) {
    double square = 0;
    for (int i = 0; i < dimensions; i++) {
      square += (double) vector[i] * vector[i];
    }
    double length = square == 0 ? 1 : Math.sqrt(square);
    float[] unit = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }
}
