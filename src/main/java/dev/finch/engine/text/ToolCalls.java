package dev.finch.engine.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.inference.AnswerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds tool calls in an answer while it grows, and sends them as events: the call as soon as its
 * name is known, its arguments as they come. What looks like a call and is none stays text, to the
 * last character. A call whose arguments break off has been announced by then: they are sent as far
 * as they came. Not thread-safe.
 */
@SuppressWarnings("JdkObsolete") // hitEnd: whether more text could make it a match
final class ToolCalls {

  private static final Pattern HEAD =
      Pattern.compile(
          "\\s*\\{\\s*\"name\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*,"
              + "\\s*\"(?:arguments|parameters)\"\\s*:\\s*(?=\\{)");
  private static final Pattern OBJECT = Pattern.compile("\\s*(?=\\{)");

  /** Not before there is a call: making one is slow in a cold JVM. */
  private static final class Json {
    static final JsonMapper MAPPER = new JsonMapper();
  }

  private enum State {
    TEXT,
    HEAD,
    WHOLE_OBJECT,
    ARGUMENTS,
    TAIL
  }

  private final CallSyntax syntax;
  private final Supplier<String> ids;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder opening = new StringBuilder();
  private State state = State.TEXT;
  private JsonExtent extent = new JsonExtent();
  private int calls;
  private boolean begun;
  private boolean behindACall;
  private List<AnswerEvent.Content> events = new ArrayList<>();

  ToolCalls(ToolFormat format) {
    this(format, () -> "call_" + UUID.randomUUID().toString().replace("-", ""));
  }

  ToolCalls(ToolFormat format, Supplier<String> ids) {
    this.syntax = CallSyntax.of(format);
    this.ids = ids;
  }

  /** How many calls have begun. */
  int calls() {
    return calls;
  }

  /** Takes the next piece of the answer. */
  List<AnswerEvent.Content> add(String piece) {
    text.append(piece);
    while (step()) {}
    return taken();
  }

  /** What is left at the end of the answer. */
  List<AnswerEvent.Content> finish() {
    boolean blankBehindACall = behindACall && text.toString().isBlank();
    switch (state) {
      case TEXT -> say(blankBehindACall ? "" : text.toString());
      case HEAD, WHOLE_OBJECT -> say(opening.toString() + text);
      case ARGUMENTS -> argue(text.toString());
      case TAIL -> say(syntax.isTail(text) ? "" : text.toString());
    }
    text.setLength(0);
    opening.setLength(0);
    state = State.TEXT;
    return taken();
  }

  private List<AnswerEvent.Content> taken() {
    List<AnswerEvent.Content> made = events;
    events = new ArrayList<>();
    return made;
  }

  /** Goes one step on; false where more text is needed. */
  private boolean step() {
    return switch (state) {
      case TEXT -> text();
      case HEAD -> head();
      case WHOLE_OBJECT -> wholeObject();
      case ARGUMENTS -> arguments();
      case TAIL -> tail();
    };
  }

  private boolean text() {
    CallSyntax.Opening found = syntax.opening(text, !begun);
    String before = text.substring(0, found.from());
    boolean blank = behindACall && before.isBlank();
    if (!before.isEmpty() && !blank) {
      begun = true;
      say(before);
      text.delete(0, found.from());
      return true;
    }
    if (!found.complete()) {
      return false;
    }
    begun = true;
    opening.append(text, 0, found.to());
    text.delete(0, found.to());
    state = State.HEAD;
    return true;
  }

  private boolean head() {
    Matcher head = HEAD.matcher(text);
    if (head.lookingAt()) {
      String name = unquoted(head.group(1));
      text.delete(0, head.end());
      if (name == null) {
        return giveUp(head.group());
      }
      opening.setLength(0);
      begin(name);
      state = State.ARGUMENTS;
      return true;
    }
    if (head.hitEnd()) {
      return false;
    }
    boolean object = OBJECT.matcher(text).lookingAt();
    state = object ? State.WHOLE_OBJECT : state;
    return object || giveUp("");
  }

  /** A call whose keys stand in an unusual order: understood when it is complete. */
  private boolean wholeObject() {
    int start = text.indexOf("{");
    JsonExtent whole = new JsonExtent();
    int end = whole.read(text, start);
    if (!whole.ended()) {
      return false;
    }
    String object = text.substring(start, end);
    text.delete(0, end);
    JsonNode call = call(object);
    if (call == null) {
      return giveUp(object);
    }
    opening.setLength(0);
    begin(call.get("name").textValue());
    JsonNode arguments = call.has("arguments") ? call.get("arguments") : call.get("parameters");
    argue(arguments == null ? "{}" : arguments.toString());
    text.insert(0, "}");
    state = State.TAIL;
    return true;
  }

  private static @Nullable JsonNode call(String object) {
    try {
      JsonNode call = Json.MAPPER.readTree(object);
      JsonNode arguments = call.has("arguments") ? call.get("arguments") : call.get("parameters");
      boolean valid = call.path("name").isTextual() && (arguments == null || arguments.isObject());
      return valid ? call : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable String unquoted(String name) {
    try {
      return Json.MAPPER.readTree('"' + name + '"').textValue();
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private boolean giveUp(String consumed) {
    say(opening + consumed);
    opening.setLength(0);
    state = State.TEXT;
    return true;
  }

  private boolean arguments() {
    if (text.isEmpty()) {
      return false;
    }
    int end = extent.read(text, 0);
    argue(text.substring(0, end));
    text.delete(0, end);
    if (extent.ended()) {
      state = State.TAIL;
    }
    return extent.ended();
  }

  private boolean tail() {
    CallSyntax.Tail tail = syntax.tail(text);
    if (tail == null) {
      return false;
    }
    text.delete(0, tail.length());
    state = tail.another() ? State.HEAD : State.TEXT;
    return true;
  }

  private void begin(String name) {
    events.add(new AnswerEvent.ToolCallStarted(calls, ids.get(), name));
    calls++;
    behindACall = true;
    extent = new JsonExtent();
  }

  private void say(String words) {
    if (!words.isEmpty()) {
      behindACall = false;
      events.add(new AnswerEvent.Delta(words));
    }
  }

  private void argue(String fragment) {
    if (!fragment.isEmpty()) {
      events.add(new AnswerEvent.ToolCallArguments(calls - 1, fragment));
    }
  }
}
