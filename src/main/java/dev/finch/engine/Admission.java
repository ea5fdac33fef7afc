package dev.finch.engine;

import dev.finch.engine.grammar.AnswerGrammar;
import dev.finch.engine.text.ChatTemplate;
import dev.finch.engine.text.ToolFormat;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference.Generate;
import dev.finch.inference.Provenance;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Checks what is asked against what the loaded model can do, before any work is done for it. */
final class Admission {

  private final EngineSettings settings;
  private final ModelInfo info;
  private final PromptEncoder encoder;
  private final int vocabularySize;
  private final LongSupplier clock;

  Admission(
      EngineSettings settings,
      ModelInfo info,
      PromptEncoder encoder,
      int vocabularySize,
      LongSupplier clock) {
    this.settings = settings;
    this.info = info;
    this.encoder = encoder;
    this.vocabularySize = vocabularySize;
    this.clock = clock;
  }

  /**
   * The request with its prompt in tokens and every default filled in.
   *
   * @throws FinchException with {@code BAD_REQUEST} or {@code CONTEXT_OVERFLOW}
   */
  Attempt admit(Generate generate) {
    GenerateRequest request = generate.request();
    PromptEncoder.Encoded prompt = encoder.encode(request);
    requireRoom(prompt.tokens().length);
    Provenance provenance = Provenance.local(info.name(), generate.reason(), info.demonstration());
    return new Attempt(
        generate,
        prompt,
        sampling(request),
        AnswerGrammar.of(request, toolFormat(prompt)),
        adapters(request),
        new Outbox(generate.attempt(), generate.replyTo(), provenance, generate.demand()),
        clock.getAsLong());
  }

  private static ToolFormat toolFormat(PromptEncoder.Encoded prompt) {
    ChatTemplate.Rendered rendered = prompt.rendered();
    return rendered == null ? ToolFormat.HERMES : rendered.toolFormat();
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

  private void requireRoom(int promptTokens) {
    if (promptTokens >= info.contextLength()) {
      throw new FinchException(
          Failure.permanent(
                  FailureCode.CONTEXT_OVERFLOW,
                  "The prompt has %,d tokens, but %s holds %,d here, prompt and answer together."
                      .formatted(promptTokens, info.name(), info.contextLength()),
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
