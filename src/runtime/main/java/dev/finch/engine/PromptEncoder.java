package dev.finch.engine;

import dev.finch.engine.text.ChatTemplate;
import dev.finch.engine.text.ThinkingSettings;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import dev.finch.jinja.TemplateException;
import java.util.ArrayList;
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

  /** Readies what the first grammar needs. Any thread may call it. */
  void prepareGrammars() {
    engine.prepareGrammars();
  }

  /** What has to be known of the model's templates; loads what the first prompt needs. */
  List<String> notes() {
    return template.notes();
  }

  /**
   * The prompt's tokens. Any thread may ask.
   *
   * @param counter counts them, and may end it
   * @throws FinchException with {@code BAD_REQUEST} where the model cannot take this prompt
   */
  Encoded encode(GenerateRequest request, TokenCounter counter) {
    if (request.showsImages()) {
      throw refused(
          "The local model reads no images.", "Leave the image out, or let Claude answer.");
    }
    Encoded encoded =
        switch (request.prompt()) {
          case Prompt.Conversation conversation -> conversation(conversation, request, counter);
          case Prompt.Raw raw -> new Encoded(raw(raw, counter), null);
        };
    if (encoded.tokens().length == 0) {
      throw refused("The prompt is empty.", "Write something for the model to continue.");
    }
    return encoded;
  }

  private Encoded conversation(
      Prompt.Conversation conversation, GenerateRequest request, TokenCounter counter) {
    List<Tool> tools =
        request.toolChoice() instanceof ToolChoice.None ? List.of() : request.tools();
    ChatTemplate.Rendered rendered = rendered(conversation, tools, request);
    rendered.notes().forEach(note -> LOG.debug("Request {}: {}", request.id(), note));
    return new Encoded(tokens(rendered.spans(), counter), rendered);
  }

  private ChatTemplate.Rendered rendered(
      Prompt.Conversation conversation, List<Tool> tools, GenerateRequest request) {
    try {
      return template.prompt(
          conversation.messages(), tools, ThinkingSettings.of(request.cloudOptions()));
    } catch (TemplateException e) {
      throw switch (e.kind()) {
        case CANCELLED -> e;
        case REFUSED ->
            refused(
                "The model's chat template does not take this conversation: "
                    + ChatTemplate.described(e)
                    + ".",
                "Change the conversation as the template says, or ask another model.");
        case SYNTAX, UNSUPPORTED, FAILED, EXHAUSTED ->
            refused(
                "The model's chat template cannot be rendered for this conversation: "
                    + ChatTemplate.described(e)
                    + ".",
                "Leave out what the template does not know, or ask another model.");
      };
    }
  }

  private int[] tokens(List<ChatTemplate.Span> spans, TokenCounter counter) {
    String beginning = engine.facts().chat().beginning();
    ChatTemplate.Span first = spans.getFirst();
    boolean begun = !beginning.isEmpty() && first.controls() && first.text().startsWith(beginning);
    List<int[]> pieces = new ArrayList<>();
    for (ChatTemplate.Span span : spans) {
      boolean addSpecial = pieces.isEmpty() && !begun;
      pieces.add(engine.tokenize(span.text(), addSpecial, span.controls(), counter));
    }
    return pieces.size() == 1
        ? pieces.getFirst()
        : pieces.stream().flatMapToInt(IntStream::of).toArray();
  }

  private int[] raw(Prompt.Raw raw, TokenCounter counter) {
    String suffix = raw.suffix();
    if (suffix == null) {
      return engine.tokenize(raw.text(), true, true, counter);
    }
    InfillTokens infill = engine.infillTokens();
    if (infill == null) {
      throw refused(
          "This model was not trained to fill in the middle.",
          "Leave the suffix out, or use a model for code.");
    }
    int[] before = engine.tokenize(raw.text(), false, false, counter);
    int[] after = engine.tokenize(suffix, false, false, counter);
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
