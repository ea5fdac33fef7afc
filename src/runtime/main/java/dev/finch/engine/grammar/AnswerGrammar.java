package dev.finch.engine.grammar;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grammar that an answer must follow, from what the request asks for. */
public final class AnswerGrammar {

  private static final int MOST_CALLS = 8;

  private AnswerGrammar() {}

  /**
   * The grammar of what goes on after a beginning.
   *
   * @param beginning what of the answer was given, or empty
   * @throws FinchException as the other does, and where no such answer begins so
   */
  public static @Nullable Gbnf of(
      GenerateRequest request, ToolFormat toolFormat, @Nullable String thinking, String beginning) {
    Gbnf whole = of(request, toolFormat, thinking);
    if (whole == null || beginning.isBlank()) {
      return whole;
    }
    if (mustCall(request)) {
      List<Tool> wanted = ToolCallGrammar.allowed(request.tools(), request.toolChoice());
      return AnswerPrefix.ofCalls(whole, toolFormat, request.tools(), wanted, beginning);
    }
    return request.format() instanceof ResponseFormat.Grammar
        ? AnswerPrefix.exact(whole, beginning)
        : AnswerPrefix.ofJson(whole, beginning);
  }

  private static boolean mustCall(GenerateRequest request) {
    boolean must =
        request.toolChoice() instanceof ToolChoice.Required
            || request.toolChoice() instanceof ToolChoice.Named;
    return must && !request.tools().isEmpty();
  }

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
    if (mustCall(request)) {
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
