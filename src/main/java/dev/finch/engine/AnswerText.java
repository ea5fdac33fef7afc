package dev.finch.engine;

import dev.finch.engine.text.StopMatcher;
import dev.finch.engine.text.Utf8Assembler;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of an answer's tokens into its content: whole code points, without stop texts.
 */
final class AnswerText {

  private final Utf8Assembler assembler = new Utf8Assembler();
  private final StopMatcher stops;
  private List<TokenLogprob> logprobs = new ArrayList<>();
  private boolean stopped;

  AnswerText(List<String> stops) {
    this.stops = new StopMatcher(stops);
  }

  /** Takes a token's bytes and, where they were asked for, its log probability. */
  List<AnswerEvent.Content> add(byte[] piece, @Nullable TokenLogprob logprob) {
    if (logprob != null) {
      logprobs.add(logprob);
    }
    return release(assembler.add(piece));
  }

  /** Whether a stop text has come. */
  boolean stopped() {
    return stopped;
  }

  /** What was held back, at the end of the answer. */
  List<AnswerEvent.Content> finish() {
    if (stopped) {
      return List.of();
    }
    List<AnswerEvent.Content> content = new ArrayList<>(release(assembler.finish()));
    if (!stopped) {
      content.addAll(delta(stops.finish()));
    }
    return content;
  }

  private List<AnswerEvent.Content> release(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    StopMatcher.Step step = stops.add(text);
    stopped = step.stop() != null;
    return delta(step.text());
  }

  private List<AnswerEvent.Content> delta(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<TokenLogprob> made = logprobs;
    logprobs = new ArrayList<>();
    return List.of(new AnswerEvent.Delta(text, made));
  }
}
