package dev.finch.engine.text;

import dev.finch.engine.calls.CallParser;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.AnswerEvent.Content;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the calls that a model writes without having ended its thoughts. They count where they are
 * whole and the last that comes: what is followed by the end of the thoughts, or by more of them,
 * was only thought of. Thoughts pass as they come, save what may be such a call. Not thread-safe.
 */
final class ThoughtCalls {

  /** Characters that may be held before they are thoughts after all. */
  private static final int MOST_HELD = 1 << 20;

  private final boolean single;
  private @Nullable CallParser parser;

  /** What came and is not told yet. */
  private final StringBuilder held = new StringBuilder();

  private final List<Content> calls = new ArrayList<>();

  /** How many calls were only thought of. */
  private int idle;

  /**
   * @param parser of calls, for nothing else
   * @param single whether only the first call counts
   */
  ThoughtCalls(CallParser parser, boolean single) {
    this.parser = parser;
    this.single = single;
  }

  /** The events of a further piece of the thoughts. */
  List<Content> add(String piece) {
    CallParser current = parser;
    StringBuilder thoughts = new StringBuilder();
    for (int i = 0; i < piece.length(); i++) {
      held.append(piece.charAt(i));
      if (current != null) {
        sort(current.add(piece.substring(i, i + 1)), current, thoughts);
      }
    }
    if (held.length() > MOST_HELD) {
      parser = null;
    }
    if (parser == null) {
      release(held.length(), thoughts);
    }
    return reasoning(thoughts.toString());
  }

  private void sort(List<Content> events, CallParser current, StringBuilder thoughts) {
    for (Content event : events) {
      if (!(event instanceof AnswerEvent.Delta delta)) {
        calls.add(event);
      } else if (calls.isEmpty()) {
        release(delta.text().length(), thoughts);
      } else if (!delta.text().isBlank()) {
        release(held.length() - current.undecided(), thoughts);
        idle = current.calls();
      }
    }
  }

  /** So much of what is held is thoughts, and so are the calls in it. */
  private void release(int length, StringBuilder thoughts) {
    thoughts.append(held, 0, length);
    held.delete(0, length);
    calls.clear();
  }

  /** The thoughts ended. */
  List<Content> end() {
    parser = null;
    calls.clear();
    List<Content> rest = reasoning(held.toString());
    held.setLength(0);
    return rest;
  }

  /** The answer ended, and the thoughts did not. */
  List<Content> finish() {
    CallParser current = parser;
    if (current == null) {
      return end();
    }
    StringBuilder thoughts = new StringBuilder();
    sort(current.finish(), current, thoughts);
    List<Content> events = new ArrayList<>(reasoning(thoughts.toString()));
    if (calls.isEmpty() || !current.isWhole()) {
      events.addAll(end());
      return events;
    }
    held.setLength(0);
    calls.stream().map(this::renumbered).filter(this::counts).forEach(events::add);
    return events;
  }

  private Content renumbered(Content event) {
    return switch (event) {
      case AnswerEvent.ToolCallStarted call ->
          new AnswerEvent.ToolCallStarted(call.index() - idle, call.id(), call.name());
      case AnswerEvent.ToolCallArguments more ->
          new AnswerEvent.ToolCallArguments(more.index() - idle, more.fragment());
      default -> event;
    };
  }

  private boolean counts(Content event) {
    return switch (event) {
      case AnswerEvent.ToolCallStarted call -> !single || call.index() == 0;
      case AnswerEvent.ToolCallArguments more -> !single || more.index() == 0;
      default -> true;
    };
  }

  private static List<Content> reasoning(String text) {
    return text.isEmpty() ? List.of() : List.of(new AnswerEvent.Reasoning(text));
  }
}
