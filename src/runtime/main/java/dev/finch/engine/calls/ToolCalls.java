package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent.Content;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parts the calls in an answer from its text while it comes: a call as soon as its name is known,
 * its arguments as they come. What looks like a call and is none stays text, to the last character;
 * white space around calls is neither. Holds back only what may still be a call, and no more than
 * {@link CallSink#MOST_HELD} characters of it; each character is looked at a bounded number of
 * times. A call whose arguments break off has been announced by then: they are sent as far as they
 * came. Not thread-safe.
 */
final class ToolCalls implements AnswerParser {

  private static final int MOST_BLANKS = 1 << 12;

  private final List<CallSyntax.Opening> openings;
  private final String firsts;
  private final boolean calling;
  private final OfferedTools tools;
  private final CallSink sink;

  /** What may be the beginning of a mark. */
  private final StringBuilder pending = new StringBuilder();

  /** White space that belongs to nothing where a call follows it. */
  private final StringBuilder blanks = new StringBuilder();

  private @Nullable CallReader reader;

  /** Whether what is read stands behind a mark that nobody writes but for a call. */
  private boolean marked;

  private final TextFences fences = new TextFences();
  private boolean lineStart = true;
  private boolean besideCalls = true;

  /**
   * @param calling whether anything can be a call; where not, only marks that say nothing go
   */
  ToolCalls(ToolFormat format, OfferedTools tools, boolean calling, CallSink sink) {
    CallSyntax syntax = CallSyntax.of(format);
    this.openings = syntax.openings().stream().filter(each -> calling || each.always()).toList();
    this.firsts =
        openings.stream().map(each -> each.mark().substring(0, 1)).collect(Collectors.joining());
    this.calling = calling;
    this.tools = tools;
    this.sink = sink;
    CallSyntax.Opening beginning = syntax.beginning();
    if (beginning != null && beginning.reader() != null) {
      reader = beginning.reader().apply(tools);
    }
  }

  @Override
  public List<Content> add(CharSequence piece) {
    for (int i = 0; i < piece.length() && !sink.done(); i++) {
      read(piece.charAt(i));
    }
    return sink.taken();
  }

  @Override
  public List<Content> finish() {
    CallReader last = reader;
    if (last != null && !last.closes(sink.held())) {
      sink.held().chars().forEach(c -> release((char) c));
    }
    pending.chars().forEach(c -> release((char) c));
    if (sink.begun() == 0) {
      sayBlanks();
    }
    sink.commit();
    pending.setLength(0);
    blanks.setLength(0);
    reader = null;
    return sink.taken();
  }

  @Override
  public void dropHalfCall() {
    CallReader open = reader;
    if (open != null && (marked || open.means())) {
      sink.commit();
      reader = null;
    }
    if (isMostlyMark(pending)) {
      pending.setLength(0);
    }
  }

  /** Marks that are words may be meant as words, and one sign may be any. */
  private static boolean isMostlyMark(CharSequence begun) {
    return begun.length() > 1 && !Character.isLetter(begun.charAt(0));
  }

  @Override
  public int undecided() {
    return pending.length() + blanks.length() + sink.held().length();
  }

  private void read(char c) {
    CallReader current = reader;
    if (current != null) {
      call(current, c);
    } else if (pending.isEmpty() && !mayBegin(c)) {
      release(c);
    } else {
      pending.append(c);
      settle();
    }
  }

  private boolean mayBegin(char c) {
    return firsts.indexOf(c) >= 0 || (lineStart && isBare(c));
  }

  private boolean isBare(char c) {
    return calling && !fences.isOpen() && BareCalls.mayBegin(tools, c);
  }

  private void call(CallReader current, char c) {
    StringBuilder held = sink.held();
    int begun = sink.begun();
    held.append(c);
    Verdict verdict = held.length() > CallSink.MOST_HELD ? Verdict.REFUSED : current.read(c, sink);
    if (sink.begun() > begun) {
      blanks.setLength(0);
      besideCalls = true;
    }
    switch (verdict) {
      case TAKEN -> {}
      case ENDED -> {
        sink.commit();
        leave();
      }
      case REFUSED, PASSED -> refused(current, c);
    }
  }

  private void leave() {
    reader = null;
    marked = false;
    lineStart = true;
  }

  private void refused(CallReader current, char c) {
    StringBuilder held = sink.held();
    String rest = held.isEmpty() ? "" : held.substring(0, held.length() - 1);
    int again = Math.max(0, rest.length() - current.tail());
    sink.commit();
    leave();
    for (int i = 0; i < again; i++) {
      release(rest.charAt(i));
    }
    for (int i = again; i < rest.length(); i++) {
      read(rest.charAt(i));
    }
    read(c);
  }

  /** Decides about as much of the pending text as can be decided. */
  private void settle() {
    while (!pending.isEmpty()) {
      String rest = pending.toString();
      boolean may = false;
      for (CallSyntax.Opening opening : openings) {
        if (opening.mark().equals(rest)) {
          open(opening);
          return;
        }
        may |= opening.mark().startsWith(rest);
      }
      if (may) {
        return;
      }
      char first = rest.charAt(0);
      if (lineStart && isBare(first)) {
        pending.setLength(0);
        reader = new BareCalls(tools);
        rest.chars().forEach(c -> read((char) c));
        return;
      }
      pending.deleteCharAt(0);
      release(first);
    }
  }

  private void open(CallSyntax.Opening opening) {
    Function<OfferedTools, CallReader> behind = opening.reader();
    if (behind == null) {
      lineStart = true;
    } else {
      reader = behind.apply(tools);
      marked = isMostlyMark(opening.mark());
      sink.held().append(pending);
    }
    pending.setLength(0);
  }

  /** It is no part of a call. */
  private void release(char c) {
    boolean blank = CharacterKinds.isBlank(c);
    fences.read(c);
    lineStart = c == '\n' || (lineStart && blank);
    if (blank && besideCalls && blanks.length() < MOST_BLANKS) {
      blanks.append(c);
      return;
    }
    besideCalls = false;
    sayBlanks();
    sink.say(c);
  }

  private void sayBlanks() {
    blanks.chars().forEach(c -> sink.say((char) c));
    blanks.setLength(0);
  }
}
