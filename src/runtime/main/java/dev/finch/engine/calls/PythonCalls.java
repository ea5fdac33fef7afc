package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls that are Python's, {@code name(key="value", n=1)}: one or several, in a list, on
 * lines of their own, in a fence of Markdown or without. Where JSON comes instead, it is read as
 * that. Not thread-safe.
 */
final class PythonCalls implements CallReader {

  private static final int LONGEST_NAME = 256;
  private static final String BUILT_IN = ".call";

  private enum State {
    BEFORE,
    FENCE,
    NAME,
    ARGUMENTS,
    BEHIND
  }

  private final OfferedTools tools;
  private final boolean strict;
  private final List<String> closers;
  private final CallEndReader closing;
  private final Fence fence = new Fence();
  private final StringBuilder name = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private State state = State.BEFORE;
  private boolean listed;
  private boolean separated;
  private boolean called;
  private int depth;
  private char quote;
  private boolean escaped;
  private @Nullable JsonCalls json;

  /**
   * @param strict whether only offered tools can be called
   * @param closers marks behind the calls
   */
  PythonCalls(OfferedTools tools, boolean strict, List<String> closers) {
    this.tools = tools;
    this.strict = strict;
    this.closers = closers;
    this.closing = new CallEndReader(closers);
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    JsonCalls other = json;
    if (other != null) {
      return other.read(c, sink);
    }
    if (closing.isReading()) {
      return closing.read(c, sink);
    }
    return switch (state) {
      case BEFORE -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : before(c, sink);
      case FENCE -> fence(c, sink);
      case NAME -> name(c);
      case ARGUMENTS -> arguments(c, sink);
      case BEHIND -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : behind(c, sink);
    };
  }

  private Verdict before(char c, CallSink sink) {
    if (c == '`' && !closing.isFenced() && !listed) {
      closing.fenced();
      state = State.FENCE;
      return fence.open(c);
    }
    if (c == '[' && !listed) {
      listed = true;
      return Verdict.TAKEN;
    }
    if (c == '{') {
      return json(c, sink);
    }
    if (strict && closing.isFenced() && !listed && !fence.isForTools()) {
      // Code that somebody asked for looks like this.
      return Verdict.REFUSED;
    }
    state = State.NAME;
    return name(c);
  }

  private Verdict json(char c, CallSink sink) {
    JsonCalls other = new JsonCalls(tools, strict, closers);
    json = other;
    if (closing.isFenced()) {
      "```json\n".chars().forEach(each -> other.read((char) each, sink));
    }
    if (listed) {
      other.read('[', sink);
    }
    return other.read(c, sink);
  }

  private Verdict fence(char c, CallSink sink) {
    Verdict verdict = fence.open(c);
    if (verdict != Verdict.PASSED) {
      return verdict;
    }
    state = State.BEFORE;
    return read(c, sink);
  }

  private Verdict name(char c) {
    if (c == '(' && !name.isEmpty()) {
      state = State.ARGUMENTS;
      depth = 1;
      return Verdict.TAKEN;
    }
    name.append(c);
    return CharacterKinds.isName(c) && name.length() <= LONGEST_NAME
        ? Verdict.TAKEN
        : Verdict.REFUSED;
  }

  private Verdict arguments(char c, CallSink sink) {
    if (quote != 0) {
      quote = c == quote && !escaped ? 0 : quote;
      escaped = !escaped && c == '\\';
    } else {
      switch (c) {
        case '\'', '"' -> quote = c;
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> depth--;
        default -> {}
      }
    }
    if (depth > 0) {
      arguments.append(c);
      return Verdict.TAKEN;
    }
    return c == ')' && call(sink) ? Verdict.TAKEN : Verdict.REFUSED;
  }

  private boolean call(CallSink sink) {
    String written = name.toString();
    String plain =
        written.endsWith(BUILT_IN)
            ? written.substring(0, written.length() - BUILT_IN.length())
            : written;
    String meant = tools.named(plain, strict);
    String read = PythonLiteral.arguments(arguments.toString());
    if (meant == null || read == null) {
      return false;
    }
    sink.call(meant, read);
    called = true;
    name.setLength(0);
    arguments.setLength(0);
    separated = false;
    state = State.BEHIND;
    return true;
  }

  private Verdict behind(char c, CallSink sink) {
    if ((c == ',' || c == ';') && !separated) {
      separated = true;
      return Verdict.TAKEN;
    }
    if (c == ']' && listed) {
      listed = false;
      sink.commit();
      return Verdict.TAKEN;
    }
    if (closing.begins(c)) {
      return closing.read(c, sink);
    }
    if (strict && !separated && !closing.isFenced()) {
      return Verdict.REFUSED;
    }
    state = State.NAME;
    return name(c);
  }

  @Override
  public boolean means() {
    return json != null && json.means();
  }

  @Override
  public int tail() {
    if (json != null) {
      return json.tail();
    }
    return called && (state == State.BEHIND || state == State.NAME) ? Integer.MAX_VALUE : 0;
  }

  @Override
  public boolean closes(CharSequence held) {
    return json != null && json.closes(held);
  }
}
