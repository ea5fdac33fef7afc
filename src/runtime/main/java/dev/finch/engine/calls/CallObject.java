package dev.finch.engine.calls;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object that calls a tool: {@code {"name": …, "arguments": {…}}}, with other names
 * for the two where models use them, in any order, with other keys beside them, or inside {@code
 * {"type": "function", "function": {…}}}, or several in {@code {"tool_calls": […]}}, or as Python
 * prints it. Ends early where the last brace is forgotten. Not thread-safe.
 */
final class CallObject {

  private static final Set<String> NAMES =
      Set.of("name", "tool_name", "function", "function_name", "tool", "action", "recipient_name");
  private static final Set<String> ARGUMENTS =
      Set.of(
          "arguments",
          "parameters",
          "args",
          "input",
          "action_input",
          "tool_input",
          "tool_arguments",
          "params");
  private static final Set<String> WRAPPERS =
      Set.of("function", "function_call", "tool_call", "tool", "action");
  private static final Set<String> LISTS =
      Set.of("tool_calls", "function_calls", "tool_uses", "calls");
  private static final String CONTENT = "content";
  private static final Set<String> OTHERS =
      Set.of("type", "id", "tool_call_id", "index", "role", CONTENT);

  private enum State {
    PYTHON,
    OPEN,
    FIRST,
    KEY,
    KEY_TEXT,
    COLON,
    BEFORE_VALUE,
    VALUE,
    LIST,
    ARGUMENTS,
    BEHIND,
    LAST,
    ENDED
  }

  private final OfferedTools tools;
  private final boolean strict;
  private State state = State.OPEN;
  private boolean twice;
  private boolean wrapped;
  private boolean called;
  private StringBuilder text = new StringBuilder();
  private JsonScanner scanner = new JsonScanner();
  private String key = "";
  private @Nullable String name;
  private @Nullable String arguments;
  private final PythonObject python = new PythonObject();
  private final boolean listed;
  private @Nullable ArgumentsReader reader;
  private @Nullable CallList list;

  /**
   * @param strict whether only what calls an offered tool with arguments, and says nothing else
   *     before them, is a call
   */
  CallObject(OfferedTools tools, boolean strict) {
    this(tools, strict, false);
  }

  /**
   * @param listed whether it stands in the list of another, and then has none itself
   */
  CallObject(OfferedTools tools, boolean strict, boolean listed) {
    this.tools = tools;
    this.strict = strict;
    this.listed = listed;
  }

  /** Whether the name of a tool has come. */
  boolean means() {
    return name != null;
  }

  Verdict read(char c, CallSink sink) {
    return switch (state) {
      case KEY_TEXT, VALUE -> json(c, sink);
      case ARGUMENTS -> arguments(c, sink);
      case LIST -> list(c, sink);
      case PYTHON -> python(c, sink);
      case ENDED -> Verdict.PASSED;
      default -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : token(c, sink);
    };
  }

  private Verdict token(char c, CallSink sink) {
    return switch (state) {
      case OPEN -> c == '{' ? to(State.FIRST) : Verdict.REFUSED;
      case FIRST -> first(c, sink);
      case KEY -> c == '"' ? begin(State.KEY_TEXT, c, sink) : Verdict.REFUSED;
      case COLON -> c == ':' ? to(State.BEFORE_VALUE) : Verdict.REFUSED;
      case BEFORE_VALUE -> value(c, sink);
      case BEHIND -> behind(c, sink);
      case LAST -> last(c, sink);
      default -> Verdict.REFUSED;
    };
  }

  private Verdict first(char c, CallSink sink) {
    if (c == '{' && !twice && !wrapped) {
      twice = true;
      return Verdict.TAKEN;
    }
    if (c == '\'' && !twice && !wrapped) {
      state = State.PYTHON;
      python.read('{');
      return python.read(c);
    }
    return c == '}' ? behind(c, sink) : c == '"' ? begin(State.KEY_TEXT, c, sink) : Verdict.REFUSED;
  }

  /** Begins a key or a value, of which this is the first character. */
  private Verdict begin(State next, char c, CallSink sink) {
    state = next;
    scanner = new JsonScanner();
    text = new StringBuilder();
    return json(c, sink);
  }

  private Verdict python(char c, CallSink sink) {
    if (python.read(c) == Verdict.TAKEN) {
      return Verdict.TAKEN;
    }
    String json = python.json();
    Verdict verdict = json == null ? Verdict.REFUSED : Verdict.TAKEN;
    CallObject same = new CallObject(tools, strict, listed);
    for (int i = 0; json != null && i < json.length() && verdict == Verdict.TAKEN; i++) {
      verdict = same.read(json.charAt(i), sink);
    }
    state = State.ENDED;
    return verdict;
  }

  private Verdict json(char c, CallSink sink) {
    Verdict verdict = scanner.read(c);
    if (verdict == Verdict.TAKEN || verdict == Verdict.ENDED) {
      text.append(c);
    }
    if (verdict.isOver()) {
      boolean right = state == State.KEY_TEXT ? key() : value();
      if (!right) {
        return Verdict.REFUSED;
      }
      return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
    }
    return verdict;
  }

  private boolean key() {
    String read = JsonValues.unquoted(text);
    key = read == null ? "" : read;
    state = State.COLON;
    return !strict
        || called
        || NAMES.contains(key)
        || ARGUMENTS.contains(key)
        || WRAPPERS.contains(key)
        || (LISTS.contains(key) && !listed)
        || OTHERS.contains(key);
  }

  private Verdict value(char c, CallSink sink) {
    if (called) {
      return begin(State.VALUE, c, sink);
    }
    if (c == '{' && !wrapped && WRAPPERS.contains(key)) {
      wrapped = true;
      return to(State.FIRST);
    }
    if (c == '[' && !listed && !wrapped && LISTS.contains(key)) {
      list = new CallList(tools, strict);
      state = State.LIST;
      return list(c, sink);
    }
    if (strict && (LISTS.contains(key) || (key.equals(CONTENT) && c != 'n'))) {
      return Verdict.REFUSED;
    }
    if (name != null && ARGUMENTS.contains(key)) {
      reader = new ArgumentsReader(tools, name);
      state = State.ARGUMENTS;
      return arguments(c, sink);
    }
    return begin(State.VALUE, c, sink);
  }

  private boolean value() {
    state = State.BEHIND;
    if (called) {
      return true;
    }
    if (name == null && NAMES.contains(key)) {
      String written = JsonValues.unquoted(text);
      name = written == null ? null : tools.named(written, strict);
      return name != null;
    }
    if (ARGUMENTS.contains(key)) {
      // What they mean may depend on the tool, whose name is still to come.
      arguments = text.toString();
    }
    return true;
  }

  private Verdict arguments(char c, CallSink sink) {
    ArgumentsReader current = reader;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (verdict.isOver()) {
      called = true;
      state = State.BEHIND;
      return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
    }
    return verdict;
  }

  private Verdict behind(char c, CallSink sink) {
    if (c == ',') {
      return to(State.KEY);
    }
    if (c != '}') {
      return called ? Verdict.PASSED : Verdict.REFUSED;
    }
    if (!called && !call(sink)) {
      return Verdict.REFUSED;
    }
    sink.commit();
    if (wrapped) {
      wrapped = false;
      return to(State.BEHIND);
    }
    state = twice ? State.LAST : State.ENDED;
    return twice ? Verdict.TAKEN : Verdict.ENDED;
  }

  private boolean call(CallSink sink) {
    if (name == null || (strict && arguments == null)) {
      return false;
    }
    String given = arguments == null ? "{}" : GivenArguments.of(tools, name, arguments);
    if (given == null) {
      return false;
    }
    called = true;
    sink.call(name, given);
    return true;
  }

  private Verdict list(char c, CallSink sink) {
    CallList current = list;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (verdict == Verdict.ENDED) {
      called = true;
      state = State.BEHIND;
      return Verdict.TAKEN;
    }
    return verdict;
  }

  private Verdict last(char c, CallSink sink) {
    state = State.ENDED;
    if (c == '}') {
      sink.commit();
    }
    return c == '}' ? Verdict.ENDED : Verdict.PASSED;
  }

  private Verdict to(State next) {
    state = next;
    return Verdict.TAKEN;
  }
}
