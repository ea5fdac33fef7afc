package dev.finch.engine.calls;

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
    BEHIND
  }

  private final OfferedTools tools;
  private final boolean strict;
  private final CallEndReader closing;
  private final Fence fence = new Fence();
  private State state = State.BEFORE;
  private boolean listed;
  private boolean separated;
  private int braces;
  private @Nullable CallObject object;

  /**
   * @param strict whether nothing but an object of an offered tool is a call, as where no mark
   *     stands before it
   * @param closers marks behind the calls
   */
  JsonCalls(OfferedTools tools, boolean strict, List<String> closers) {
    this.tools = tools;
    this.strict = strict;
    this.closing = new CallEndReader(closers);
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    if (closing.isReading()) {
      return closing.read(c, sink);
    }
    return switch (state) {
      case BEFORE -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : before(c, sink);
      case FENCE -> fence(c, sink);
      case OBJECT -> object(c, sink);
      case BEHIND -> CharacterKinds.isBlank(c) ? Verdict.TAKEN : behind(c, sink);
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
        boolean first = !closing.isFenced() && !listed;
        closing.fenced();
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
    if (verdict.isOver()) {
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
      default -> closing.begins(c) ? closing.read(c, sink) : Verdict.REFUSED;
    };
  }

  @Override
  public boolean means() {
    return object != null && object.means();
  }

  @Override
  public int tail() {
    return state == State.BEHIND ? Integer.MAX_VALUE : 0;
  }

  @Override
  public boolean closes(CharSequence held) {
    return !strict
        && state == State.BEHIND
        && !closing.isReading()
        && held.toString().replace('}', ' ').isBlank();
  }
}
