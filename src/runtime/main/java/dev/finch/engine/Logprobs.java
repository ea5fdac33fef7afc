package dev.finch.engine;

import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenLogprob.Alternative;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Log probabilities of a step's tokens, before sampling changes them. */
final class Logprobs {

  private Logprobs() {}

  /**
   * A chosen token among its likeliest alternatives.
   *
   * @param logits of the whole vocabulary
   * @param alternatives how many to report
   */
  static TokenLogprob of(Engine engine, float[] logits, int token, int alternatives) {
    double normalizer = logSumExp(logits);
    List<Alternative> likeliest = new ArrayList<>();
    for (int id : likeliest(logits, alternatives)) {
      likeliest.add(new Alternative(text(engine, id), id, logits[id] - normalizer));
    }
    return new TokenLogprob(text(engine, token), token, logits[token] - normalizer, likeliest);
  }

  private static double logSumExp(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }

  private static List<Integer> likeliest(float[] logits, int count) {
    Comparator<Integer> byLogit = Comparator.comparingDouble(id -> logits[id]);
    PriorityQueue<Integer> best = new PriorityQueue<>(byLogit);
    for (int id = 0; id < logits.length && count > 0; id++) {
      if (best.size() < count) {
        best.add(id);
      } else if (logits[id] > logits[best.element()]) {
        best.remove();
        best.add(id);
      }
    }
    return best.stream().sorted(byLogit.reversed()).toList();
  }

  private static String text(Engine engine, int token) {
    return new String(engine.pieceWithControls(token), StandardCharsets.UTF_8);
  }
}
