package dev.finch.engine.calls;

import org.jspecify.annotations.Nullable;

/**
 * Reads what stands behind {@code >>>}, as Functionary 3.2 writes it: whom the following is for, on
 * a line of its own. A tool is given its arguments; what is for all is text. Not thread-safe.
 */
final class RecipientCalls implements CallReader {

  private static final String ALL = "all";

  private final OfferedTools tools;
  private final boolean all;
  private final StringBuilder name = new StringBuilder();
  private @Nullable ArgumentsReader arguments;

  /**
   * @param all whether that a text is for all is mark-up
   */
  RecipientCalls(OfferedTools tools, boolean all) {
    this.tools = tools;
    this.all = all;
  }

  @Override
  public Verdict read(char c, CallSink sink) {
    ArgumentsReader reader = arguments;
    if (reader != null) {
      Verdict verdict = reader.read(c, sink);
      return verdict == Verdict.PASSED ? Verdict.REFUSED : verdict;
    }
    if (CharacterKinds.isName(c)) {
      name.append(c);
      String begun = name.toString();
      boolean may = (all && ALL.startsWith(begun)) || tools.mayBegin(begun);
      return may ? Verdict.TAKEN : Verdict.REFUSED;
    }
    String written = name.toString();
    if (all && c == '\n' && written.equals(ALL)) {
      return Verdict.ENDED;
    }
    String meant = tools.named(written, true);
    if (meant == null) {
      return Verdict.REFUSED;
    }
    arguments = new ArgumentsReader(tools, meant);
    return arguments.read(c, sink);
  }

  @Override
  public int tail() {
    return 0;
  }
}
