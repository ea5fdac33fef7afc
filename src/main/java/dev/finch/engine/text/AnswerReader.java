package dev.finch.engine.text;

import dev.finch.inference.AnswerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads what a model writes as an answer: thoughts, text and tool calls, while it comes. Its input
 * is text without stop texts, special tokens written out; its output holds every character of it
 * that is not mark-up. Not thread-safe.
 */
public final class AnswerReader {

  /** Mark-up of answers that some models write as control tokens. */
  public static final Set<String> MARKS =
      Set.of(
          "<think>", "</think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>");

  private final Thoughts thoughts;
  private final ToolCalls calls;
  private final boolean tools;

  /**
   * A reader for the answer to this prompt.
   *
   * @param tools whether the model may call tools; where not, nothing is taken for a call
   */
  public AnswerReader(ChatTemplate.Rendered prompt, boolean tools) {
    this(prompt.insideReasoning(), new ToolCalls(prompt.toolFormat()), tools);
  }

  AnswerReader(boolean insideReasoning, ToolCalls calls, boolean tools) {
    this.thoughts = new Thoughts(insideReasoning);
    this.calls = calls;
    this.tools = tools;
  }

  /** The events that the next piece completes. */
  public List<AnswerEvent.Content> add(String piece) {
    return read(thoughts.add(piece));
  }

  /** The events that the end of the answer completes. */
  public List<AnswerEvent.Content> finish() {
    List<AnswerEvent.Content> events = read(thoughts.finish());
    events.addAll(calls.finish());
    return events;
  }

  /** Whether the model wants tools called. */
  public boolean calledTools() {
    return calls.calls() > 0;
  }

  private List<AnswerEvent.Content> read(List<Thoughts.Piece> pieces) {
    List<AnswerEvent.Content> events = new ArrayList<>();
    for (Thoughts.Piece piece : pieces) {
      if (piece.thought()) {
        events.add(new AnswerEvent.Reasoning(piece.text()));
      } else if (tools) {
        events.addAll(calls.add(piece.text()));
      } else {
        events.add(new AnswerEvent.Delta(piece.text()));
      }
    }
    return events;
  }
}
