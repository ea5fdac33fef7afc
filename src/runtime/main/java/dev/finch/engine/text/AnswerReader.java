package dev.finch.engine.text;

import dev.finch.engine.calls.CallParser;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a model writes as an answer: thoughts, text and tool calls, while it comes. Its input
 * is text without stop texts, special tokens written out; its output holds every character of it
 * that is not mark-up. Not thread-safe.
 */
public final class AnswerReader {

  private final @Nullable ThoughtSplitter thoughts;
  private final List<AnswerEvent.Content> begun = new ArrayList<>();
  private @Nullable CallParser calls;

  /** Characters of what was given that may yet come as text. */
  private int given;

  /** Characters that came since, while there were any. */
  private int since;

  private final @Nullable ThoughtCalls inThoughts;
  private boolean calledInThoughts;

  /**
   * A reader for the answer to this prompt.
   *
   * @param tools what the model may call; where there are none, nothing is taken for a call
   * @param single whether the answer is over with its first call
   */
  public AnswerReader(ChatTemplate.Rendered prompt, List<Tool> tools, boolean single) {
    this(
        prompt.toolFormat(),
        prompt.insideReasoning(),
        // Nothing of the parser is loaded for an answer that needs none.
        tools.isEmpty() && !prompt.toolFormat().marksText()
            ? null
            : new CallParser(prompt.toolFormat(), tools, single),
        tools.isEmpty() || prompt.toolFormat() == ToolFormat.HARMONY
            ? null
            : new ThoughtCalls(new CallParser(prompt.toolFormat(), tools, false), single));
    begin(prompt);
  }

  /**
   * A call may have begun in what was given of the answer, or be whole in it: the answer is both
   * together, so the call is told, and text that was given is not told again.
   */
  private void begin(ChatTemplate.Rendered prompt) {
    if (calls == null || prompt.beginning().isEmpty() || prompt.insideReasoning()) {
      return;
    }
    for (AnswerEvent.Content event : calls.add(prompt.beginning())) {
      if (isOfCall(event)) {
        begun.add(event);
      }
    }
    given = calls.undecided();
  }

  private static boolean isOfCall(AnswerEvent.Content event) {
    return event instanceof AnswerEvent.ToolCallStarted
        || event instanceof AnswerEvent.ToolCallArguments;
  }

  /** The calls that began in what was given, which come before all else. */
  private List<AnswerEvent.Content> begun() {
    List<AnswerEvent.Content> told = new ArrayList<>(begun);
    begun.clear();
    return told;
  }

  /** Without the text that was given. */
  private List<AnswerEvent.Content> withoutGiven(List<AnswerEvent.Content> events) {
    List<AnswerEvent.Content> told = new ArrayList<>();
    for (AnswerEvent.Content event : events) {
      if (event instanceof AnswerEvent.Delta said && given > 0) {
        int dropped = Math.min(given, said.text().length());
        given -= dropped;
        if (dropped < said.text().length()) {
          told.add(new AnswerEvent.Delta(said.text().substring(dropped)));
        }
      } else {
        told.add(event);
      }
    }
    return told;
  }

  /**
   * Reads a code point at a time while something given is undecided. What is undecided is the end
   * of all that came, so what is more than came since is given; the rest turned out to be mark-up.
   */
  private int behindGiven(CallParser parser, String text, List<AnswerEvent.Content> events) {
    int at = 0;
    while (given > 0 && at < text.length()) {
      int next = text.offsetByCodePoints(at, 1);
      events.addAll(withoutGiven(parser.add(text.substring(at, next))));
      since += next - at;
      given = Math.min(given, Math.max(0, parser.undecided() - since));
      at = next;
    }
    return at;
  }

  AnswerReader(
      ToolFormat format,
      boolean insideReasoning,
      @Nullable CallParser calls,
      @Nullable ThoughtCalls inThoughts) {
    // A format with channels says with them what is thought.
    this.thoughts =
        format == ToolFormat.HARMONY
            ? null
            : new ThoughtSplitter(ThoughtMarks.of(format), insideReasoning);
    this.calls = calls;
    this.inThoughts = inThoughts;
  }

  /** The mark-up of answers in a format, which some vocabularies hold as control tokens. */
  public static Set<String> marks(ToolFormat format) {
    Set<String> marks = new HashSet<>(CallParser.marks(format));
    for (ThoughtMarks each : ThoughtMarks.of(format)) {
      marks.add(each.open());
      marks.add(each.close());
    }
    return marks;
  }

  /** The events that the next piece completes. */
  public List<AnswerEvent.Content> add(String piece) {
    if (thoughts == null) {
      return said(piece);
    }
    List<AnswerEvent.Content> events = read(thoughts.add(piece));
    if (inThoughts != null && thoughts.isOver()) {
      events.addAll(inThoughts.end());
    }
    return events;
  }

  /** The events that the end of the answer completes. */
  public List<AnswerEvent.Content> finish() {
    return finish(false);
  }

  /**
   * The same.
   *
   * @param cut whether the model would have gone on, so that what looks like a call is half a one
   */
  public List<AnswerEvent.Content> finish(boolean cut) {
    List<AnswerEvent.Content> events =
        new ArrayList<>(thoughts == null ? List.of() : read(thoughts.finish()));
    if (inThoughts != null) {
      List<AnswerEvent.Content> last = cut ? inThoughts.end() : inThoughts.finish();
      calledInThoughts = last.stream().anyMatch(AnswerEvent.ToolCallStarted.class::isInstance);
      events.addAll(last);
    }
    if (calls != null) {
      events.addAll(begun());
      events.addAll(withoutGiven(cut ? calls.cut() : calls.finish()));
    }
    return events;
  }

  /** Whether the model wants tools called. */
  public boolean calledTools() {
    return calledInThoughts || (calls != null && calls.calls() > 0);
  }

  /** Whether the answer is over, whatever follows. */
  public boolean done() {
    return calls != null && calls.done();
  }

  private List<AnswerEvent.Content> said(String text) {
    if (calls == null) {
      return List.of(new AnswerEvent.Delta(text));
    }
    List<AnswerEvent.Content> events = begun();
    int behind = behindGiven(calls, text, events);
    if (behind < text.length()) {
      events.addAll(calls.add(text.substring(behind)));
    }
    return events;
  }

  private List<AnswerEvent.Content> read(List<ThoughtSplitter.Piece> pieces) {
    List<AnswerEvent.Content> events = new ArrayList<>();
    for (ThoughtSplitter.Piece piece : pieces) {
      if (!piece.thought()) {
        if (inThoughts != null) {
          events.addAll(inThoughts.end());
        }
        events.addAll(said(piece.text()));
      } else if (inThoughts == null) {
        events.add(new AnswerEvent.Reasoning(piece.text()));
      } else {
        events.addAll(inThoughts.add(piece.text()));
      }
    }
    return events;
  }
}
