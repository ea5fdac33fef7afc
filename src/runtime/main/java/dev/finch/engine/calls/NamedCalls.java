package dev.finch.engine.calls;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads calls whose name stands before their arguments, with marks between them: {@code
 * name[ARGS]{…}}, {@code function<｜tool▁sep｜>name} with the arguments in a fence, and the like. Not
 * thread-safe.
 */
final class NamedCalls implements CallReader {

  /**
   * The marks.
   *
   * @param opener before a name where another mark stands before the first, or null
   * @param separators between the name and what follows it
   * @param id before what numbers the call, behind the name, or null
   * @param end behind the arguments of each call, or null
   * @param close behind the last call, or null
   */
  record Marks(
      @Nullable String opener,
      List<String> separators,
      @Nullable String id,
      @Nullable String end,
      @Nullable String close) {

    List<String> all() {
      return Stream.concat(separators.stream(), Stream.of(opener, id, end, close))
          .filter(mark -> mark != null)
          .map(String::valueOf)
          .toList();
    }
  }

  private static final int LONGEST_NAME = 256;
  private static final String KIND = "function";

  private enum State {
    NAME,
    ID,
    BEHIND_NAME,
    FENCE,
    ARGUMENTS,
    BEHIND
  }

  private final OfferedTools tools;
  private final Marks marks;
  private final TextMatcher words;
  private final StringBuilder name = new StringBuilder();
  private State state = State.NAME;
  private boolean marked;
  private boolean called;
  private Fence fence = new Fence();
  private boolean fenced;
  private @Nullable ArgumentsReader arguments;

  NamedCalls(OfferedTools tools, Marks marks) {
    this.tools = tools;
    this.marks = marks;
    this.words =
        new TextMatcher(Stream.concat(marks.all().stream(), Stream.of(Fence.CLOSE)).toList());
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    return switch (state) {
      case FENCE -> fence(c, sink);
      case ARGUMENTS -> arguments(c, sink);
      case NAME, ID, BEHIND_NAME, BEHIND -> {
        boolean mark =
            words.length() > 0 || (words.begins(c) && !(c == '`' && state != State.BEHIND));
        yield mark ? mark(c, sink) : CharacterKinds.isBlank(c) ? blank() : character(c, sink);
      }
    };
  }

  private Verdict mark(char c, CallSink sink) {
    if (!words.take(c)) {
      return Verdict.REFUSED;
    }
    String word = words.complete();
    return word == null ? Verdict.TAKEN : mark(word, sink);
  }

  private Verdict mark(String word, CallSink sink) {
    if (state == State.BEHIND) {
      return behind(word, sink);
    }
    if (word.equals(marks.opener())) {
      return name.isEmpty() ? Verdict.TAKEN : Verdict.REFUSED;
    }
    if (name.isEmpty() || !(word.equals(marks.id()) || marks.separators().contains(word))) {
      return Verdict.REFUSED;
    }
    marked = true;
    state = word.equals(marks.id()) ? State.ID : State.BEHIND_NAME;
    return Verdict.TAKEN;
  }

  private Verdict behind(String word, CallSink sink) {
    if (word.equals(Fence.CLOSE)) {
      boolean open = fenced;
      fenced = false;
      if (open) {
        sink.commit();
      }
      return open ? Verdict.TAKEN : Verdict.REFUSED;
    }
    if (word.equals(marks.close())) {
      sink.commit();
      return Verdict.ENDED;
    }
    if (word.equals(marks.opener())) {
      next();
      return Verdict.TAKEN;
    }
    if (word.equals(marks.end())) {
      sink.commit();
      return Verdict.TAKEN;
    }
    return Verdict.REFUSED;
  }

  private void next() {
    state = State.NAME;
    name.setLength(0);
    marked = false;
    fenced = false;
    fence = new Fence();
  }

  private Verdict blank() {
    if (state == State.NAME && !name.isEmpty()) {
      state = State.BEHIND_NAME;
    }
    return Verdict.TAKEN;
  }

  private Verdict character(char c, CallSink sink) {
    return switch (state) {
      case NAME -> CharacterKinds.isName(c) ? named(c) : behindName(c, sink);
      case ID -> CharacterKinds.isName(c) ? Verdict.TAKEN : behindName(c, sink);
      case BEHIND_NAME -> {
        if (marked && KIND.contentEquals(name) && CharacterKinds.isName(c)) {
          // What stood before the mark is the kind of call, and the name follows.
          name.setLength(0);
          marked = false;
          state = State.NAME;
          yield named(c);
        }
        yield behindName(c, sink);
      }
      default -> Verdict.REFUSED;
    };
  }

  private Verdict named(char c) {
    name.append(c);
    return name.length() > LONGEST_NAME ? Verdict.REFUSED : Verdict.TAKEN;
  }

  private Verdict behindName(char c, CallSink sink) {
    String meant = tools.named(name.toString(), false);
    if (meant == null) {
      return Verdict.REFUSED;
    }
    if (c == '`' && !fenced) {
      fenced = true;
      state = State.FENCE;
      return fence.open(c);
    }
    arguments = new ArgumentsReader(tools, meant);
    state = State.ARGUMENTS;
    return arguments(c, sink);
  }

  private Verdict fence(char c, CallSink sink) {
    Verdict verdict = fence.open(c);
    if (verdict != Verdict.PASSED) {
      return verdict;
    }
    state = State.BEHIND_NAME;
    marked = false;
    return CharacterKinds.isBlank(c) ? Verdict.TAKEN : behindName(c, sink);
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
