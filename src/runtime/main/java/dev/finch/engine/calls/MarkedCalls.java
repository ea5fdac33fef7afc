package dev.finch.engine.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands behind a mark that several shapes share, by what comes first: JSON, a function
 * with its parameters as tags, the name of a tool, or the mark of one call among several. Not
 * thread-safe.
 */
final class MarkedCalls implements CallReader {

  private static final String FUNCTION = "<function=";
  private static final String ONE = "<tool_call>";
  private static final String CLOSE_ONE = "</tool_call>";

  private final OfferedTools tools;
  private final boolean strict;
  private final String close;
  private final TextMatcher words;
  private @Nullable CallReader chosen;
  private boolean one;
  private boolean called;

  /**
   * @param strict as of {@link JsonCalls}
   * @param close the mark behind the calls
   */
  MarkedCalls(OfferedTools tools, boolean strict, String close) {
    this.tools = tools;
    this.strict = strict;
    this.close = close;
    List<String> all = new ArrayList<>(List.of(FUNCTION, close));
    if (!close.equals(CLOSE_ONE)) {
      all.add(ONE);
    }
    words = new TextMatcher(all);
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    CallReader reader = chosen;
    if (reader != null) {
      return chosen(reader, c, sink);
    }
    if (words.length() > 0 || words.begins(c)) {
      return mark(c);
    }
    if (CharacterKinds.isBlank(c)) {
      return Verdict.TAKEN;
    }
    chosen =
        c != '`' && tools.mayBegin(String.valueOf(c))
            ? new KeyedCalls(tools, close)
            : new JsonCalls(tools, strict, List.of(close));
    return chosen.read(c, sink);
  }

  private Verdict chosen(CallReader reader, char c, CallSink sink) {
    Verdict verdict = reader.read(c, sink);
    if (verdict != Verdict.ENDED || !one) {
      return verdict;
    }
    chosen = null;
    one = false;
    called = true;
    sink.commit();
    return Verdict.TAKEN;
  }

  private Verdict mark(char c) {
    if (!words.take(c)) {
      return Verdict.REFUSED;
    }
    String word = words.complete();
    if (word == null) {
      return Verdict.TAKEN;
    }
    if (word.equals(close)) {
      return called ? Verdict.ENDED : Verdict.REFUSED;
    }
    one = word.equals(ONE);
    chosen = one ? new MarkedCalls(tools, strict, CLOSE_ONE) : new ParameterCalls(tools, close);
    return Verdict.TAKEN;
  }

  @Override
  public int tail() {
    return chosen == null ? called ? Integer.MAX_VALUE : words.length() : chosen.tail();
  }

  @Override
  public boolean closes(CharSequence held) {
    return chosen != null && chosen.closes(held);
  }
}
