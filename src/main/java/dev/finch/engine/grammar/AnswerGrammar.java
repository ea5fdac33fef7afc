package dev.finch.engine.grammar;

import dev.finch.engine.text.ToolFormat;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.ToolChoice;
import org.jspecify.annotations.Nullable;

/** The grammar that an answer must follow, from what the request asks for. */
public final class AnswerGrammar {

  private AnswerGrammar() {}

  /**
   * A checked grammar, or null where the answer is free.
   *
   * @param toolFormat how the model writes tool calls
   * @throws FinchException with {@code BAD_REQUEST} where the request's grammar, schema or tool
   *     choice is not one that can be kept
   */
  public static @Nullable Gbnf of(GenerateRequest request, ToolFormat toolFormat) {
    boolean mustCall =
        request.toolChoice() instanceof ToolChoice.Required
            || request.toolChoice() instanceof ToolChoice.Named;
    if (mustCall && !request.tools().isEmpty()) {
      return ToolCallGrammar.of(
          toolFormat, ToolCallGrammar.allowed(request.tools(), request.toolChoice()));
    }
    return switch (request.format()) {
      case ResponseFormat.Text _ -> null;
      case ResponseFormat.JsonObject _ -> SchemaGrammar.anyObject();
      case ResponseFormat.JsonSchema json -> SchemaGrammar.of(json.schema());
      case ResponseFormat.Grammar grammar -> Gbnf.check(grammar.gbnf());
    };
  }
}
