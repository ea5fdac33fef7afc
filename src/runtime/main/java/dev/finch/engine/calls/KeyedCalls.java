package dev.finch.engine.calls;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a call of an offered tool that begins with its name alone, as GLM and models without a form
 * of their own write it: {@code name} and an object, on the same line or the next, or pairs of
 * {@code <arg_key>key</arg_key>} and {@code <arg_value>value</arg_value>}. Not thread-safe.
 */
final class KeyedCalls implements CallReader {

  private static final String KEY = "<arg_key>";
  private static final String CLOSE_KEY = "</arg_key>";
  private static final String VALUE = "<arg_value>";
  private static final String CLOSE_VALUE = "</arg_value>";

  private static final int LONGEST_NAME = 256;

  private enum State {
    NAME,
    BEHIND_NAME,
    FIRST_MEMBER,
    ARGUMENTS,
    BEHIND,
    KEY,
    BEHIND_KEY,
    VALUE,
    BEHIND_VALUE
  }

  private final OfferedTools tools;
  private final @Nullable String close;
  private final TextMatcher words;
  private final TextMatcher valueMark = new TextMatcher(List.of(VALUE));
  private final List<String> valueEnds;
  private final StringBuilder read = new StringBuilder();
  private State state = State.NAME;
  private String tool = "";
  private boolean begun;
  private @Nullable ArgumentsReader arguments;
  private @Nullable ParameterValue value;

  /**
   * @param close the mark behind the call; where there is none, an object is meant as arguments
   *     only if the tool has a parameter of its first name
   */
  KeyedCalls(OfferedTools tools, @Nullable String close) {
    this.tools = tools;
    this.close = close;
    words = new TextMatcher(close == null ? List.of(KEY) : List.of(KEY, close));
    valueEnds =
        Stream.of(CLOSE_VALUE, "\n" + KEY, close == null ? "" : "\n" + close)
            .filter(end -> !end.isEmpty())
            .toList();
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    return switch (state) {
      case NAME -> name(c, sink);
      case FIRST_MEMBER -> firstMember(c, sink);
      case ARGUMENTS -> arguments(c, sink);
      case KEY -> key(c);
      case BEHIND_KEY -> behindKey(c);
      case VALUE -> value(c, sink);
      case BEHIND_NAME, BEHIND, BEHIND_VALUE -> {
        if (words.length() > 0 || words.begins(c)) {
          yield mark(c, sink);
        }
        yield CharacterKinds.isBlank(c) ? Verdict.TAKEN : other(c, sink);
      }
    };
  }

  @Override
  public boolean means() {
    return state != State.NAME && state != State.BEHIND_NAME && state != State.FIRST_MEMBER;
  }

  private Verdict name(char c, CallSink sink) {
    if (CharacterKinds.isName(c)) {
      read.append(c);
      return tools.mayBegin(read.toString()) ? Verdict.TAKEN : Verdict.REFUSED;
    }
    String meant = tools.named(read.toString(), true);
    if (meant == null) {
      return Verdict.REFUSED;
    }
    tool = meant;
    state = State.BEHIND_NAME;
    return read(c, sink);
  }

  private Verdict mark(char c, CallSink sink) {
    if (!words.take(c)) {
      return other(c, sink);
    }
    String word = words.complete();
    if (word == null) {
      return Verdict.TAKEN;
    }
    if (word.equals(close)) {
      if (state == State.BEHIND_NAME) {
        sink.call(tool, "{}");
      } else if (state == State.BEHIND_VALUE) {
        end(sink);
      }
      return Verdict.ENDED;
    }
    read.setLength(0);
    boolean right = state != State.BEHIND;
    state = State.KEY;
    return right ? Verdict.TAKEN : Verdict.REFUSED;
  }

  /** What is no mark. */
  private Verdict other(char c, CallSink sink) {
    if (state == State.BEHIND_NAME && c == '{' && words.length() == 0) {
      read.setLength(0);
      state = State.FIRST_MEMBER;
      return firstMember(c, sink);
    }
    if (state == State.BEHIND_VALUE) {
      sink.close("}");
    }
    return Verdict.REFUSED;
  }

  /** Waits for the name of the first member, or the end of an object that has none. */
  private Verdict firstMember(char c, CallSink sink) {
    read.append(c);
    if (close != null) {
      return replay(sink);
    }
    int quote = read.indexOf("\"");
    if (quote < 0) {
      boolean blank = read.length() == 1 || CharacterKinds.isBlank(c) || c == '{';
      return c == '}' ? replay(sink) : blank ? bounded() : Verdict.REFUSED;
    }
    boolean whole = c == '"' && quote < read.length() - 1;
    if (!whole) {
      return c == '\\' || c == '\n' ? Verdict.REFUSED : bounded();
    }
    String name = read.substring(quote + 1, read.length() - 1);
    return tools.takes(tool, name) ? replay(sink) : Verdict.REFUSED;
  }

  private Verdict bounded() {
    return read.length() > LONGEST_NAME ? Verdict.REFUSED : Verdict.TAKEN;
  }

  private Verdict replay(CallSink sink) {
    arguments = new ArgumentsReader(tools, tool);
    state = State.ARGUMENTS;
    String held = read.toString();
    Verdict verdict = Verdict.TAKEN;
    for (int i = 0; i < held.length() && verdict == Verdict.TAKEN; i++) {
      verdict = arguments(held.charAt(i), sink);
    }
    return verdict;
  }

  private Verdict arguments(char c, CallSink sink) {
    ArgumentsReader current = arguments;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (!verdict.isOver()) {
      return verdict;
    }
    state = State.BEHIND;
    if (close == null) {
      return verdict == Verdict.PASSED ? Verdict.REFUSED : Verdict.ENDED;
    }
    return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
  }

  private Verdict key(char c) {
    read.append(c);
    int end = read.length() - CLOSE_KEY.length();
    if (c != '>' || end < 0 || !read.substring(end).equals(CLOSE_KEY)) {
      return bounded();
    }
    String name = read.substring(0, end).strip();
    value = new ParameterValue(valueEnds, name, tools.types(tool, name), !begun);
    state = State.BEHIND_KEY;
    return name.isEmpty() ? Verdict.REFUSED : Verdict.TAKEN;
  }

  private Verdict behindKey(char c) {
    if (valueMark.length() == 0 && CharacterKinds.isBlank(c)) {
      return Verdict.TAKEN;
    }
    if (!valueMark.take(c)) {
      return Verdict.REFUSED;
    }
    state = valueMark.complete() == null ? State.BEHIND_KEY : State.VALUE;
    return Verdict.TAKEN;
  }

  private Verdict value(char c, CallSink sink) {
    if (!begun) {
      begun = true;
      sink.begin(tool);
      sink.argue('{');
    }
    ParameterValue current = value;
    String end = current == null ? CLOSE_VALUE : current.read(c, sink);
    sink.commit();
    if (end == null) {
      return Verdict.TAKEN;
    }
    if (close != null && end.endsWith(close)) {
      end(sink);
      return Verdict.ENDED;
    }
    read.setLength(0);
    state = end.endsWith(KEY) ? State.KEY : State.BEHIND_VALUE;
    return Verdict.TAKEN;
  }

  private void end(CallSink sink) {
    sink.argue('}');
    sink.end();
    state = State.BEHIND;
  }

  @Override
  public int tail() {
    return state == State.BEHIND ? Integer.MAX_VALUE : words.length();
  }
}
