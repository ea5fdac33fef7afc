package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent.Content;
import dev.finch.inference.Tool;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds tool calls in an answer while it grows, in the format of the model's family, and sends them
 * as events: the call as soon as its name is known, its arguments as they come, always as an
 * object. What looks like a call and is none stays text, to the last character. Not thread-safe.
 */
public final class CallParser {

  private final CallSink sink;
  private final AnswerParser parser;

  /**
   * A parser for one answer.
   *
   * @param tools what may be called; where there are none, nothing is a call
   * @param single whether the answer is over with its first call
   */
  public CallParser(ToolFormat format, List<Tool> tools, boolean single) {
    this(format, tools, new CallSink(single));
  }

  /** The same with ids for the calls. */
  public CallParser(ToolFormat format, List<Tool> tools, boolean single, Supplier<String> ids) {
    this(format, tools, new CallSink(single, ids));
  }

  private CallParser(ToolFormat format, List<Tool> tools, CallSink sink) {
    OfferedTools offered = new OfferedTools(tools);
    this.sink = sink;
    this.parser =
        format == ToolFormat.HARMONY
            ? new Harmony(offered, !tools.isEmpty(), sink)
            : new ToolCalls(format, offered, !tools.isEmpty(), sink);
  }

  /** The mark-up of a family's answers, which some vocabularies hold as control tokens. */
  public static Set<String> marks(ToolFormat format) {
    return format == ToolFormat.HARMONY ? Harmony.MARKS : CallSyntax.of(format).marks();
  }

  /** The events that the next piece completes. */
  public List<Content> add(CharSequence piece) {
    return parser.add(piece);
  }

  /** The events that the end of the answer completes. */
  public List<Content> finish() {
    return parser.finish();
  }

  /**
   * The events that the end of an answer completes which was broken off. Half a call, its arguments
   * not begun, is neither a call nor text.
   */
  public List<Content> cut() {
    parser.dropHalfCall();
    return parser.finish();
  }

  /** Characters that may be part of a call yet, or text. */
  public int undecided() {
    return parser.undecided();
  }

  /** How many calls are whole. */
  public int ended() {
    return sink.ended();
  }

  /** How many calls have begun. */
  public int calls() {
    return sink.begun();
  }

  /** Whether every call that began has ended. */
  public boolean isWhole() {
    return sink.begun() == sink.ended();
  }

  /** Whether nothing of the answer counts any more. */
  public boolean done() {
    return sink.done();
  }
}
