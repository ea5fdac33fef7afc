package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Role;
import java.util.Locale;

/** Turns what is asked into the tokens that the model continues. */
final class PromptEncoder {

  private final Engine engine;

  /**
   * A prompt in tokens.
   *
   * @param tokens at least one
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Encoded(int[] tokens) {}

  PromptEncoder(Engine engine) {
    this.engine = engine;
  }

  /**
   * The prompt's tokens.
   *
   * @throws FinchException with {@code BAD_REQUEST} where the model cannot take this prompt
   */
  Encoded encode(GenerateRequest request) {
    Encoded encoded =
        switch (request.prompt()) {
          case Prompt.Conversation conversation -> conversation(conversation);
          case Prompt.Raw raw -> new Encoded(raw(raw));
        };
    if (encoded.tokens().length == 0) {
      throw refused("The prompt is empty.", "Write something for the model to continue.");
    }
    return encoded;
  }

  private Encoded conversation(Prompt.Conversation conversation) {
    StringBuilder text = new StringBuilder();
    if (conversation.messages().getFirst().role() != Role.SYSTEM) {
      text.append("<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n");
    }
    for (ChatMessage message : conversation.messages()) {
      String role = message.role().name().toLowerCase(Locale.ROOT);
      text.append("<|im_start|>%s\n%s<|im_end|>\n".formatted(role, message.content()));
    }
    return new Encoded(engine.tokenize(text + "<|im_start|>assistant\n", true, true));
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
