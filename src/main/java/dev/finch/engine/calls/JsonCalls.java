package dev.finch.engine.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls that are JSON objects: one or several, in a list or one behind the other, with commas
 * or semicolons between them, in a fence of Markdown or without, and the mark behind them. Not
 * thread-safe.
 */
final class JsonCalls implements CallReader {

  /** More closing braces than were opened. */
  private static final int MOST_BRACES = 2;

  private enum State {
    BEFORE,
    FENCE,
    OBJECT,
    BEHIND,
    CLOSER
  }

  private final OfferedTools tools;
  private final boolean strict;
  private final List<String> closers;
  private final Fence fence = new Fence();
  private State state = State.BEFORE;
  private boolean fenced;
  private boolean listed;
  private boolean separated;
  private int braces;
  private @Nullable CallObject object;
  private @Nullable Words closer;

  /**
   * @param strict whether nothing but an object of an offered tool is a call, as where no mark
   *     stands before it
   * @param closers marks behind the calls
   */
  JsonCalls(OfferedTools tools, boolean strict, List<String> closers) {
    this.tools = tools;
    this.strict = strict;
    this.closers = closers;
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    return switch (state) {
      case BEFORE -> Characters.isBlank(c) ? Verdict.TAKEN : before(c, sink);
      case FENCE -> fence(c, sink);
      case OBJECT -> object(c, sink);
      case BEHIND -> Characters.isBlank(c) ? Verdict.TAKEN : behind(c, sink);
      case CLOSER -> closer(c, sink);
    };
  }

  private Verdict before(char c, CallSink sink) {
    return switch (c) {
      case '{' -> begin(c, sink);
      case '[' -> {
        boolean first = !listed;
        listed = true;
        yield first ? Verdict.TAKEN : Verdict.REFUSED;
      }
      case '`' -> {
        boolean first = !fenced && !listed;
        fenced = true;
        state = State.FENCE;
        yield first ? fence.open(c) : Verdict.REFUSED;
      }
      default -> Verdict.REFUSED;
    };
  }

  private Verdict fence(char c, CallSink sink) {
    Verdict verdict = fence.open(c);
    if (verdict != Verdict.PASSED) {
      return verdict;
    }
    state = State.BEFORE;
    return read(c, sink);
  }

  private Verdict begin(char c, CallSink sink) {
    object = new CallObject(tools, strict);
    state = State.OBJECT;
    separated = false;
    braces = 0;
    return object(c, sink);
  }

  private Verdict object(char c, CallSink sink) {
    CallObject current = object;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (verdict == Verdict.ENDED || verdict == Verdict.PASSED) {
      state = State.BEHIND;
      return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
    }
    return verdict;
  }

  private Verdict behind(char c, CallSink sink) {
    return switch (c) {
      case ',', ';' -> {
        boolean first = !separated;
        separated = true;
        yield first ? Verdict.TAKEN : Verdict.REFUSED;
      }
      case '{' -> begin(c, sink);
      case ']' -> {
        boolean open = listed;
        listed = false;
        if (open) {
          sink.commit();
        }
        yield open ? Verdict.TAKEN : Verdict.REFUSED;
      }
      case '}' -> {
        braces++;
        yield !strict && braces <= MOST_BRACES ? Verdict.TAKEN : Verdict.REFUSED;
      }
      default -> close(c, sink);
    };
  }

  private Verdict close(char c, CallSink sink) {
    List<String> all = new ArrayList<>(closers);
    if (fenced) {
      all.add(Fence.CLOSE);
    }
    Words words = new Words(all);
    if (!words.begins(c)) {
      return Verdict.REFUSED;
    }
    closer = words;
    state = State.CLOSER;
    return closer(c, sink);
  }

  private Verdict closer(char c, CallSink sink) {
    Words words = closer;
    if (words == null || !words.take(c)) {
      return Verdict.REFUSED;
    }
    String word = words.complete();
    if (word == null) {
      return Verdict.TAKEN;
    }
    sink.commit();
    fenced = fenced && !word.equals(Fence.CLOSE);
    state = State.BEHIND;
    return closers.contains(word) || closers.isEmpty() ? Verdict.ENDED : Verdict.TAKEN;
  }

  @Override
  public int tail() {
    return state == State.BEHIND || state == State.CLOSER ? Integer.MAX_VALUE : 0;
  }

  @Override
  public boolean closes(CharSequence held) {
    return !strict && state == State.BEHIND && held.toString().replace('}', ' ').isBlank();
  }
}
