package dev.finch.engine.calls;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The marks of a family's calls, each with what reads the calls behind it. Calls of offered tools
 * at the beginning of a line are calls in every family, since all models forget their marks ({@link
 * BareCalls}).
 *
 * @param openings marks before calls, none the beginning of another
 * @param beginning a mark that the prompt has written already, so that what stands behind it comes
 *     first; or null
 * @param others marks beside these, which stand within and behind calls
 */
record CallSyntax(List<Opening> openings, @Nullable Opening beginning, List<String> others) {

  /**
   * A mark.
   *
   * @param reader of what stands behind it; null for one that only goes
   * @param always whether it is one where nothing can be called, too
   */
  record Opening(String mark, @Nullable Function<OfferedTools, CallReader> reader, boolean always) {

    Opening(String mark, Function<OfferedTools, CallReader> reader) {
      this(mark, reader, false);
    }
  }

  private static final String USUAL = "<tool_call>";
  private static final String USUAL_END = "</tool_call>";

  /** The marks that are most common, which models of other families write too. */
  private static final List<Opening> EVERYWHERE =
      List.of(
          marked(USUAL, USUAL_END),
          marked("<tool_calls>", "</tool_calls>"),
          new Opening("<function=", tools -> new ParameterCalls(tools, USUAL_END)),
          new Opening(">>>", tools -> new RecipientCalls(tools, false)));

  private static final List<String> DEEPSEEK_BEGINNINGS =
      List.of(
          "<｜tool▁calls▁begin｜>",
          "<｜tool▁calls｜>",
          "<｜tool_calls_begin｜>",
          "<｜tool calls begin｜>",
          "<｜tool\\_calls\\_begin｜>");

  private static final NamedCalls.Marks DEEPSEEK =
      new NamedCalls.Marks(
          "<｜tool▁call▁begin｜>",
          List.of("<｜tool▁sep｜>"),
          null,
          "<｜tool▁call▁end｜>",
          "<｜tool▁calls▁end｜>");

  private static final NamedCalls.Marks KIMI =
      new NamedCalls.Marks(
          "<|tool_call_begin|>",
          List.of("<|tool_call_argument_begin|>"),
          null,
          "<|tool_call_end|>",
          "<|tool_calls_section_end|>");

  private static final NamedCalls.Marks MISTRAL =
      new NamedCalls.Marks(null, List.of("[ARGS]"), "[CALL_ID]", null, null);

  CallSyntax {
    openings = List.copyOf(openings);
    others = List.copyOf(others);
  }

  static CallSyntax of(ToolFormat format) {
    CallSyntax own = own(format);
    List<Opening> all = new ArrayList<>(own.openings);
    for (Opening opening : EVERYWHERE) {
      if (all.stream().noneMatch(each -> each.mark().equals(opening.mark()))) {
        all.add(opening);
      }
    }
    return new CallSyntax(all, own.beginning, own.others);
  }

  private static CallSyntax own(ToolFormat format) {
    return switch (format) {
      case HERMES, QWEN_CODER, HAMMER -> hermes();
      case MISTRAL, MISTRAL_NAMED ->
          json(
              List.of(new Opening("[TOOL_CALLS]", tools -> new MistralCalls(tools, MISTRAL))),
              MISTRAL.all());
      case LLAMA3 -> llama();
      case PHI4 ->
          json(
              List.of(
                  marked("<|tool_call|>", "<|/tool_call|>"),
                  new Opening("functools", tools -> new JsonCalls(tools, true, List.of()))),
              List.of("<|/tool_call|>"));
      case COMMAND_R7B ->
          json(
              List.of(
                  new Opening(
                      "<|START_ACTION|>",
                      tools -> new JsonCalls(tools, false, List.of("<|END_ACTION|>"))),
                  new Opening("<|START_RESPONSE|>", null, true),
                  new Opening("<|END_RESPONSE|>", null, true)),
              List.of("<|END_ACTION|>"));
      case COMMAND_R ->
          json(
              List.of(new Opening("Action:", tools -> new JsonCalls(tools, true, List.of()))),
              List.of());
      case MINICPM3 -> minicpm();
      case FUNCTIONARY -> functionary();
      case DEEPSEEK, DEEPSEEK_V31 -> deepSeek();
      case HARMONY -> json(List.of(), List.of());
    };
  }

  private static CallSyntax json(List<Opening> openings, List<String> others) {
    return new CallSyntax(openings, null, others);
  }

  private static Opening marked(String open, String close) {
    return new Opening(open, tools -> new MarkedCalls(tools, false, close));
  }

  private static Opening strict(String open, String close) {
    return new Opening(open, tools -> new MarkedCalls(tools, true, close));
  }

  private static CallSyntax hermes() {
    return json(
        List.of(
            marked("<function_call>", "</function_call>"),
            marked("<TOOLCALL>", "</TOOLCALL>"),
            strict("<tools>", "</tools>"),
            strict("<response>", "</response>"),
            named("<|tool_calls_section_begin|>", KIMI)),
        KIMI.all());
  }

  private static Opening named(String mark, NamedCalls.Marks marks) {
    return new Opening(mark, tools -> new NamedCalls(tools, marks));
  }

  private static CallSyntax llama() {
    return json(
        List.of(new Opening("<|python_tag|>", tools -> new PythonCalls(tools, false, List.of()))),
        List.of());
  }

  private static CallSyntax functionary() {
    Opening recipient = new Opening(">>>", tools -> new RecipientCalls(tools, true), true);
    return new CallSyntax(List.of(recipient), recipient, List.of());
  }

  private static CallSyntax minicpm() {
    String close = "<|tool_call_end|>";
    return json(
        List.of(
            new Opening(
                "<|tool_call_start|>", tools -> new PythonCalls(tools, false, List.of(close)))),
        List.of(close));
  }

  private static CallSyntax deepSeek() {
    return json(
        Stream.concat(
                DEEPSEEK_BEGINNINGS.stream().map(mark -> named(mark, DEEPSEEK)),
                Stream.of(named("<｜tool▁call▁begin｜>", DEEPSEEK)))
            .toList(),
        DEEPSEEK.all());
  }

  /** The texts of all its marks. */
  Set<String> marks() {
    Set<String> marks = new HashSet<>(others);
    marks.add(USUAL_END);
    openings.forEach(opening -> marks.add(opening.mark()));
    return marks;
  }
}
