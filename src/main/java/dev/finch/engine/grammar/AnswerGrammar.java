package dev.finch.engine.grammar;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.ToolChoice;
import org.jspecify.annotations.Nullable;

/** The grammar that an answer must follow, from what the request asks for. */
public final class AnswerGrammar {

  private static final int MOST_CALLS = 8;

  private AnswerGrammar() {}

  /**
   * A checked grammar, or null where the answer is free.
   *
   * @param toolFormat how the model writes tool calls
   * @param thinking what ends the thoughts that the prompt has opened, or null
   * @throws FinchException with {@code BAD_REQUEST} where the request's grammar, schema or tool
   *     choice is not one that can be kept
   */
  public static @Nullable Gbnf of(
      GenerateRequest request, ToolFormat toolFormat, @Nullable String thinking) {
    boolean mustCall =
        request.toolChoice() instanceof ToolChoice.Required
            || request.toolChoice() instanceof ToolChoice.Named;
    if (mustCall && !request.tools().isEmpty()) {
      return ToolCallGrammar.of(
          toolFormat,
          thinking,
          ToolCallGrammar.allowed(request.tools(), request.toolChoice()),
          Boolean.FALSE.equals(request.cloudOptions().parallelToolCalls()) ? 1 : MOST_CALLS);
    }
    // Without them all of the answer would be thoughts.
    String thoughts = thinking == null ? "" : ToolCallGrammar.thoughts(thinking);
    return switch (request.format()) {
      case ResponseFormat.Text _ -> null;
      case ResponseFormat.JsonObject _ -> SchemaGrammar.anyObject(thoughts);
      case ResponseFormat.JsonSchema json -> SchemaGrammar.of(json.schema(), thoughts);
      case ResponseFormat.Grammar grammar -> Gbnf.check(grammar.gbnf());
    };
  }
}
