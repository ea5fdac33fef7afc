package dev.finch.engine.calls;

import java.util.Map;

/**
 * Reads the arguments of a call whose name is known. An object is passed on as it comes, once its
 * first character behind the brace is seen; what is no object is, once it is whole, if it is known
 * what it means ({@link GivenArguments}). Braces that stand doubled, as some templates show them,
 * are read as one. What is inside an object was promised with its first brace: it is passed on to
 * its last, whatever it holds. What is known to be meant as JSON becomes it: line ends in a text,
 * Python's words, a comma before a closing brace. Not thread-safe.
 */
final class ArgumentsReader {

  private enum State {
    BEFORE,
    FIRST,
    OBJECT,
    TWICE,
    VALUE,
    ENDED
  }

  private static final Map<String, String> PYTHON =
      Map.of("True", "true", "False", "false", "None", "null");

  private static final int LONGEST_WORD = 5;
  private static final int MOST_BLANKS = 1 << 12;

  private final OfferedTools tools;
  private final String name;
  private final JsonScanner scanner = new JsonScanner();
  private final StringBuilder value = new StringBuilder();
  private final StringBuilder opening = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private final StringBuilder comma = new StringBuilder();
  private State state = State.BEFORE;
  private boolean twice;
  private boolean text;
  private boolean escaped;
  private int depth;

  ArgumentsReader(OfferedTools tools, String name) {
    this.tools = tools;
    this.name = name;
  }

  Verdict read(char c, CallSink sink) {
    return switch (state) {
      case BEFORE -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : begin(c, sink);
      case FIRST -> first(c, sink);
      case OBJECT -> object(c, sink);
      case TWICE -> twice(c, sink);
      case VALUE -> value(c, sink);
      case ENDED -> Verdict.PASSED;
    };
  }

  private Verdict begin(char c, CallSink sink) {
    if (c == '{') {
      opening.append(c);
      state = State.FIRST;
      return Verdict.TAKEN;
    }
    state = State.VALUE;
    return value(c, sink);
  }

  private Verdict first(char c, CallSink sink) {
    if (CharacterKinds.isBlank(c)) {
      opening.append(c);
      return Verdict.TAKEN;
    }
    if (c != '{' && c != '}' && c != '"') {
      return Verdict.REFUSED;
    }
    sink.begin(name);
    sink.argue(opening);
    depth = 1;
    state = State.OBJECT;
    twice = c == '{';
    return twice ? Verdict.TAKEN : object(c, sink);
  }

  private Verdict object(char c, CallSink sink) {
    if (text) {
      inText(c, sink);
      return Verdict.TAKEN;
    }
    if (waits(c, sink)) {
      sink.commit();
      return Verdict.TAKEN;
    }
    sink.argue(c);
    switch (c) {
      case '"' -> text = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {}
    }
    if (depth > 0) {
      return Verdict.TAKEN;
    }
    sink.end();
    state = twice ? State.TWICE : State.ENDED;
    return twice ? Verdict.TAKEN : Verdict.ENDED;
  }

  /** Whether a character waits for what follows: a word for its end, a comma for a value. */
  private boolean waits(char c, CallSink sink) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      release(comma, sink);
      word.append(c);
      if (word.length() > LONGEST_WORD) {
        release(word, sink);
      }
      return true;
    }
    if (!word.isEmpty()) {
      sink.argue(PYTHON.getOrDefault(word.toString(), word.toString()));
      word.setLength(0);
    }
    boolean blank = CharacterKinds.isBlank(c) && !comma.isEmpty() && comma.length() < MOST_BLANKS;
    if (blank || (c == ',' && comma.isEmpty())) {
      comma.append(c);
      return true;
    }
    if (c == '}' || c == ']') {
      comma.setLength(0);
    }
    release(comma, sink);
    return false;
  }

  private static void release(StringBuilder waiting, CallSink sink) {
    if (!waiting.isEmpty()) {
      sink.argue(waiting);
      waiting.setLength(0);
    }
  }

  private void inText(char c, CallSink sink) {
    if (c < ' ' && !escaped) {
      StringBuilder safe = new StringBuilder();
      JsonValues.escape(c, safe);
      sink.argue(safe);
    } else {
      sink.argue(c);
    }
    text = escaped || c != '"';
    escaped = !escaped && c == '\\';
  }

  private Verdict twice(char c, CallSink sink) {
    if (CharacterKinds.isBlank(c)) {
      return Verdict.TAKEN;
    }
    state = State.ENDED;
    if (c == '}') {
      sink.commit();
    }
    return c == '}' ? Verdict.ENDED : Verdict.PASSED;
  }

  private Verdict value(char c, CallSink sink) {
    Verdict verdict = scanner.read(c);
    if (verdict != Verdict.PASSED) {
      value.append(c);
    }
    if (!verdict.isOver()) {
      return verdict;
    }
    String arguments = GivenArguments.of(tools, name, value);
    if (arguments == null) {
      return Verdict.REFUSED;
    }
    if (verdict == Verdict.PASSED) {
      // The character behind is held already, and no part of the call.
      sink.call(name, arguments);
      sink.held().append(c);
    } else {
      sink.call(name, arguments);
    }
    state = State.ENDED;
    return verdict;
  }

  /** Whether the call has been announced. */
  boolean begun() {
    return state != State.BEFORE && state != State.FIRST && state != State.VALUE;
  }
}
