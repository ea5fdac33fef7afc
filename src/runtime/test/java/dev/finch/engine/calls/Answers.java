package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads answers in pieces, and tells what was in them. */
final class Answers {

  static final List<Tool> TOOLS =
      List.of(
          Tool.of(
              "get_weather",
              "Weather",
              """
              {"type": "object", "properties": {"city": {"type": "string"},
               "days": {"type": "integer"}, "live": {"type": "boolean"},
               "tags": {"type": "array", "items": {"type": "string"}},
               "at": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}\
              """),
          Tool.of("clock", null, "{}"),
          Tool.of("find", null, "{\"properties\": {\"query\": {\"type\": \"string\"}}}"),
          Tool.of(
              "sum",
              null,
              "{\"properties\": {\"of\": {\"type\": \"array\"}, \"why\": {}},"
                  + " \"required\": [\"of\"]}"));

  /** What was said, in order of its kind; calls as {@code name(arguments)}. */
  record Said(String thoughts, String text, List<String> calls) {

    static Said text(String text) {
      return new Said("", text, List.of());
    }

    static Said calls(String... calls) {
      return new Said("", "", List.of(calls));
    }
  }

  private Answers() {}

  static CallParser parser(ToolFormat format) {
    AtomicInteger ids = new AtomicInteger();
    return new CallParser(format, TOOLS, false, () -> "id" + ids.getAndIncrement());
  }

  /** Reads an answer whose pieces end at these places. */
  static Said read(ToolFormat format, String answer, int... ends) {
    CallParser parser = parser(format);
    List<AnswerEvent.Content> events = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      events.addAll(parser.add(answer.substring(from, end)));
      from = end;
    }
    events.addAll(parser.add(answer.substring(from)));
    events.addAll(parser.finish());
    return said(events);
  }

  /**
   * Gathers events, whose order it checks: what belongs to a call follows its beginning at once.
   */
  static Said said(List<AnswerEvent.Content> events) {
    StringBuilder thoughts = new StringBuilder();
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    boolean open = false;
    for (AnswerEvent.Content event : events) {
      switch (event) {
        case AnswerEvent.Delta delta -> text.append(required(delta.text()));
        case AnswerEvent.Reasoning thought -> thoughts.append(required(thought.text()));
        case AnswerEvent.ToolCallStarted call -> {
          require(call.index() == calls.size(), event);
          calls.add(call.name() + "(");
        }
        case AnswerEvent.ToolCallArguments more -> {
          require(open && more.index() == calls.size() - 1, event);
          calls.set(more.index(), calls.getLast() + required(more.fragment()));
        }
      }
      open =
          event instanceof AnswerEvent.ToolCallStarted
              || event instanceof AnswerEvent.ToolCallArguments;
    }
    calls.replaceAll(call -> call + ")");
    return new Said(thoughts.toString(), text.toString(), List.copyOf(calls));
  }

  private static String required(String text) {
    if (text.isEmpty()) {
      throw new AssertionError("an empty piece");
    }
    return text;
  }

  private static void require(boolean right, AnswerEvent event) {
    if (!right) {
      throw new AssertionError("out of order: " + event);
    }
  }
}
