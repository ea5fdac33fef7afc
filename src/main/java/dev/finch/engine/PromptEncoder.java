package dev.finch.engine;

import dev.finch.engine.text.ChatTemplate;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what is asked into the tokens that the model continues. */
final class PromptEncoder {

  private static final Logger LOG = LoggerFactory.getLogger(PromptEncoder.class);

  private final Engine engine;
  private final ChatTemplate template;

  /** Whether it was said that ChatML stands in for the model's template; once is enough. */
  private volatile boolean announced;

  /**
   * A prompt in tokens.
   *
   * @param tokens at least one
   * @param rendered how the chat template rendered it, or null for raw text
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Encoded(int[] tokens, ChatTemplate.@Nullable Rendered rendered) {}

  PromptEncoder(Engine engine) {
    this.engine = engine;
    EngineFacts.ChatTexts texts = engine.facts().chat();
    template =
        ChatTemplate.of(
            texts.template(),
            texts.toolTemplate(),
            texts.beginning(),
            texts.end(),
            engine.controlTexts());
  }

  /** Loads what the first prompt needs. */
  void warmUp() {
    template.warmUp();
  }

  /**
   * The prompt's tokens.
   *
   * @throws FinchException with {@code BAD_REQUEST} where the model cannot take this prompt
   */
  Encoded encode(GenerateRequest request) {
    if (request.showsImages()) {
      throw refused(
          "The local model reads no images.", "Leave the image out, or let Claude answer.");
    }
    Encoded encoded =
        switch (request.prompt()) {
          case Prompt.Conversation conversation -> conversation(conversation, request);
          case Prompt.Raw raw -> new Encoded(raw(raw), null);
        };
    if (encoded.tokens().length == 0) {
      throw refused("The prompt is empty.", "Write something for the model to continue.");
    }
    return encoded;
  }

  private Encoded conversation(Prompt.Conversation conversation, GenerateRequest request) {
    List<Tool> tools =
        request.toolChoice() instanceof ToolChoice.None ? List.of() : request.tools();
    ChatTemplate.Rendered rendered = template.prompt(conversation.messages(), tools);
    if (rendered.fallback() && !announced) {
      announced = true;
      LOG.warn("{}", rendered.notes().getFirst());
    }
    rendered.notes().forEach(note -> LOG.debug("Request {}: {}", request.id(), note));
    return new Encoded(tokens(rendered.spans()), rendered);
  }

  private int[] tokens(List<ChatTemplate.Span> spans) {
    String beginning = engine.facts().chat().beginning();
    ChatTemplate.Span first = spans.getFirst();
    boolean begun = !beginning.isEmpty() && first.controls() && first.text().startsWith(beginning);
    IntStream tokens = IntStream.of(engine.tokenize(first.text(), !begun, first.controls()));
    for (ChatTemplate.Span span : spans.subList(1, spans.size())) {
      int[] more = engine.tokenize(span.text(), false, span.controls());
      tokens = IntStream.concat(tokens, IntStream.of(more));
    }
    return tokens.toArray();
  }

  private int[] raw(Prompt.Raw raw) {
    String suffix = raw.suffix();
    if (suffix == null) {
      return engine.tokenize(raw.text(), true, true);
    }
    InfillTokens infill = engine.infillTokens();
    if (infill == null) {
      throw refused(
          "This model was not trained to fill in the middle.",
          "Leave the suffix out, or use a model for code.");
    }
    int[] before = engine.tokenize(raw.text(), false, false);
    int[] after = engine.tokenize(suffix, false, false);
    int[] tokens = new int[before.length + after.length + 3];
    tokens[0] = infill.prefix();
    System.arraycopy(before, 0, tokens, 1, before.length);
    tokens[before.length + 1] = infill.suffix();
    System.arraycopy(after, 0, tokens, before.length + 2, after.length);
    tokens[tokens.length - 1] = infill.middle();
    return tokens;
  }

  private static FinchException refused(String message, String hint) {
    return new FinchException(Failure.permanent(FailureCode.BAD_REQUEST, message, hint));
  }
}
