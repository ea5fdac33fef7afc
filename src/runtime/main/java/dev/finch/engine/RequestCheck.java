package dev.finch.engine;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.engine.grammar.AnswerGrammar;
import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.text.ChatTemplate;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelInfo;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks what is asked against what the loaded model can do, before a step is decoded for it. Any
 * thread may ask.
 */
final class RequestCheck {

  private final EngineSettings settings;
  private final ModelInfo info;
  private final PromptEncoder encoder;
  private final int vocabularySize;

  RequestCheck(EngineSettings settings, ModelInfo info, PromptEncoder encoder, int vocabularySize) {
    this.settings = settings;
    this.info = info;
    this.encoder = encoder;
    this.vocabularySize = vocabularySize;
  }

  /**
   * The request with its prompt in tokens and every default filled in.
   *
   * @param counter from {@link #counter}
   * @throws FinchException with {@code BAD_REQUEST} or {@code CONTEXT_OVERFLOW}
   */
  PreparedRequest admit(Submission submission, TokenCounter counter) {
    GenerateRequest request = submission.request();
    PromptEncoder.Encoded prompt = encoded(request, counter);
    requireRoom(prompt.tokens().length, "");
    return new PreparedRequest(
        submission, prompt, sampling(request), grammar(request, prompt), adapters(request));
  }

  private @Nullable Gbnf grammar(GenerateRequest request, PromptEncoder.Encoded prompt) {
    ChatTemplate.Rendered rendered = prompt.rendered();
    Gbnf grammar =
        rendered == null
            ? AnswerGrammar.of(request, ToolFormat.HERMES, null)
            : AnswerGrammar.of(
                request, rendered.toolFormat(), rendered.thoughtsEnd(), rendered.beginning());
    if (grammar != null) {
      encoder.prepareGrammars();
    }
    return grammar;
  }

  private PromptEncoder.Encoded encoded(GenerateRequest request, TokenCounter counter) {
    try {
      return encoder.encode(request, counter);
    } catch (TokenCounter.Exceeded e) {
      requireRoom(Math.max(e.estimate, info.contextLength()), "about ");
      throw e;
    }
  }

  /** What counts this request's tokens no further than the model can hold. */
  TokenCounter counter() {
    return TokenCounter.upTo(info.contextLength());
  }

  private Sampling sampling(GenerateRequest request) {
    for (int token : request.sampling().logitBias().keySet()) {
      if (token < 0 || token >= vocabularySize) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.BAD_REQUEST,
                "logit_bias: token %d (expected: 0 to %d)".formatted(token, vocabularySize - 1),
                "Token ids are those of the model that answers."));
      }
    }
    return settings.resolve(request.sampling(), info.contextLength());
  }

  private void requireRoom(long promptTokens, String about) {
    if (promptTokens >= info.contextLength()) {
      throw new FinchException(
          Failure.permanent(
                  FailureCode.CONTEXT_OVERFLOW,
                  "The prompt has %s%,d tokens, but %s holds %,d here, prompt and answer together."
                      .formatted(about, promptTokens, info.name(), info.contextLength()),
                  "Shorten the conversation, or raise finch.engine.context-length.")
              .overflow(promptTokens, info.contextLength()));
    }
  }

  private Map<String, Double> adapters(GenerateRequest request) {
    Map<String, Double> scales = new TreeMap<>();
    if (request.adapters().isEmpty()) {
      settings.adapters().forEach((name, adapter) -> scales.put(name, adapter.scale()));
    } else {
      request.adapters().forEach((name, scale) -> scales.put(known(name), scale));
    }
    scales.values().removeIf(scale -> scale == 0);
    return Map.copyOf(scales);
  }

  private String known(String adapter) {
    if (!settings.adapters().containsKey(adapter)) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "There is no adapter '%s' (known: %s)."
                  .formatted(adapter, settings.adapters().keySet()),
              "Name it under finch.adapters."));
    }
    return adapter;
  }
}
