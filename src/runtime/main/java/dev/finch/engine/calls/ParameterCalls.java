package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls whose parameters stand in tags of their own, as Qwen3-Coder writes them, from behind
 * {@code <function=}: {@code name><parameter=key>value</parameter></function>}. A value is text
 * where the tool's schema wants text, and passed on as it comes; else it is JSON, or what Python
 * prints, where the schema takes what it stands for. Functions with JSON between their tags are
 * read too. Not thread-safe.
 */
final class ParameterCalls implements CallReader {

  private static final String FUNCTION = "<function=";
  private static final String PARAMETER = "<parameter=";
  private static final String CLOSE_PARAMETER = "</parameter>";
  private static final String CLOSE_FUNCTION = "</function>";

  private static final List<String> ENDS =
      List.of(CLOSE_PARAMETER, "\n" + PARAMETER, "\n" + CLOSE_FUNCTION);

  private static final int LONGEST_NAME = 256;

  private enum State {
    NAME,
    BODY,
    KEY,
    VALUE,
    ARGUMENTS,
    BEHIND
  }

  private final OfferedTools tools;
  private final @Nullable String close;
  private final TextMatcher words;
  private final StringBuilder name = new StringBuilder();
  private State state = State.NAME;
  private String function = "";
  private boolean begun;
  private boolean parameters;
  private boolean called;
  private @Nullable ParameterValue value;
  private @Nullable ArgumentsReader arguments;

  /**
   * @param close the mark behind the calls, or null
   */
  ParameterCalls(OfferedTools tools, @Nullable String close) {
    this.tools = tools;
    this.close = close;
    this.words =
        new TextMatcher(
            close == null
                ? List.of(FUNCTION, PARAMETER, CLOSE_FUNCTION)
                : List.of(FUNCTION, PARAMETER, CLOSE_FUNCTION, close));
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    return switch (state) {
      case NAME, KEY -> name(c);
      case VALUE -> value(c, sink);
      case ARGUMENTS -> arguments(c, sink);
      case BODY, BEHIND -> {
        if (words.length() > 0 || words.begins(c)) {
          yield mark(c, sink);
        }
        yield CharacterKinds.isBlank(c) ? Verdict.TAKEN : other(c, sink);
      }
    };
  }

  private Verdict name(char c) {
    if (c != '>') {
      name.append(c);
      return name.length() > LONGEST_NAME || c == '<' || c == '\n'
          ? Verdict.REFUSED
          : Verdict.TAKEN;
    }
    String read = name.toString();
    name.setLength(0);
    if (state == State.KEY) {
      return parameter(read.strip());
    }
    String meant = tools.named(read, false);
    function = meant == null ? "" : meant;
    state = State.BODY;
    return meant == null ? Verdict.REFUSED : Verdict.TAKEN;
  }

  private Verdict parameter(String key) {
    value = new ParameterValue(ENDS, key, tools.types(function, key), !parameters);
    state = State.VALUE;
    return key.isEmpty() ? Verdict.REFUSED : Verdict.TAKEN;
  }

  private Verdict mark(char c, CallSink sink) {
    if (!words.take(c)) {
      return refused(sink);
    }
    String word = words.complete();
    return word == null ? Verdict.TAKEN : mark(word, sink);
  }

  private Verdict mark(String word, CallSink sink) {
    if (state == State.BEHIND) {
      return behind(word, sink);
    }
    return switch (word) {
      case PARAMETER -> {
        name.setLength(0);
        state = State.KEY;
        yield Verdict.TAKEN;
      }
      case CLOSE_FUNCTION -> {
        end(sink);
        yield Verdict.TAKEN;
      }
      default -> {
        // The function's own end was forgotten.
        if (word.equals(close) && begun) {
          end(sink);
          yield Verdict.ENDED;
        }
        yield Verdict.REFUSED;
      }
    };
  }

  private Verdict behind(String word, CallSink sink) {
    if (word.equals(FUNCTION)) {
      name.setLength(0);
      begun = false;
      parameters = false;
      state = State.NAME;
      return Verdict.TAKEN;
    }
    if (word.equals(CLOSE_FUNCTION) || word.equals(close)) {
      sink.commit();
      return word.equals(close) ? Verdict.ENDED : Verdict.TAKEN;
    }
    return Verdict.REFUSED;
  }

  private void begin(CallSink sink) {
    if (!begun) {
      begun = true;
      sink.begin(function);
      sink.argue('{');
    }
  }

  private void end(CallSink sink) {
    begin(sink);
    sink.argue('}');
    sink.end();
    called = true;
    state = State.BEHIND;
  }

  private Verdict value(char c, CallSink sink) {
    begin(sink);
    ParameterValue current = value;
    String end = current == null ? CLOSE_FUNCTION : current.read(c, sink);
    sink.commit();
    if (end == null) {
      return Verdict.TAKEN;
    }
    parameters = true;
    if (end.endsWith(CLOSE_FUNCTION)) {
      end(sink);
    } else {
      state = end.endsWith(PARAMETER) ? State.KEY : State.BODY;
    }
    return Verdict.TAKEN;
  }

  /** Something else follows; a function whose end was forgotten ends here. */
  private Verdict refused(CallSink sink) {
    if (begun && state == State.BODY) {
      sink.close("}");
    }
    return Verdict.REFUSED;
  }

  private Verdict other(char c, CallSink sink) {
    if (state != State.BODY || parameters || c != '{') {
      return refused(sink);
    }
    arguments = new ArgumentsReader(tools, function);
    state = State.ARGUMENTS;
    return arguments(c, sink);
  }

  private Verdict arguments(char c, CallSink sink) {
    ArgumentsReader current = arguments;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (verdict.isOver()) {
      called = true;
      state = State.BEHIND;
      return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
    }
    return verdict;
  }

  @Override
  public int tail() {
    return called && state == State.BEHIND ? Integer.MAX_VALUE : words.length();
  }
}
