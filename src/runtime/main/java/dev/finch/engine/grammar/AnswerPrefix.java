package dev.finch.engine.grammar;

import dev.finch.engine.calls.CallParser;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Tool;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an answer that must follow a grammar: the grammar goes on where it ends, so that
 * both together are one answer.
 */
final class AnswerPrefix {

  /** Characters that are followed; a longer one is hardly a beginning. */
  private static final int LONGEST = 1 << 16;

  private static final int SHOWN = 20;

  private static final Pattern OBJECT = Pattern.compile("(?m)^[ \\t]*+\\{");

  private AnswerPrefix() {}

  static Gbnf exact(Gbnf grammar, String beginning) {
    return after(grammar, beginning, false);
  }

  /** White space is as little part of JSON here as it is in what is derived. */
  static Gbnf ofJson(Gbnf grammar, String beginning) {
    return after(grammar, beginning.stripLeading(), true);
  }

  /**
   * Text may stand before a call; what begins one must be one that is wanted.
   *
   * @param offered what a reader takes for calls
   * @param wanted those of them that the grammar derives
   */
  static Gbnf ofCalls(
      Gbnf grammar, ToolFormat format, List<Tool> offered, List<Tool> wanted, String beginning) {
    int mark = beginning.length();
    for (String each : CallParser.marks(format)) {
      int at = beginning.indexOf(each);
      mark = at < 0 ? mark : Math.min(mark, at);
    }
    if (mark < beginning.length()) {
      return after(grammar, beginning.substring(mark), true);
    }
    // A call without a mark begins the answer or a line; a mark may be cut anywhere.
    int line = beginning.stripTrailing().lastIndexOf('\n') + 1;
    for (int at : new int[] {0, line, beginning.lastIndexOf('<'), beginning.lastIndexOf('[')}) {
      String last = at < 0 ? "" : beginning.substring(at).stripLeading();
      if (follows(grammar, last)) {
        return grammar.after(last, true);
      }
    }
    Gbnf bare = unmarked(format, wanted, beginning);
    if (bare != null) {
      return bare;
    }
    CallParser parser = new CallParser(format, offered, false);
    parser.add(beginning);
    if (parser.calls() > 0) { // which is told, so another must not follow
      throw refused("holds a call that is none of those that were asked for");
    }
    return grammar;
  }

  /** A call without its marks goes on without them; null where none is begun. */
  private static @Nullable Gbnf unmarked(ToolFormat format, List<Tool> wanted, String beginning) {
    Matcher object = OBJECT.matcher(beginning);
    Gbnf bare = object.find() ? ToolCallGrammar.bare(format, wanted) : null;
    String last = bare == null ? "" : beginning.substring(object.end() - 1);
    return bare != null && follows(bare, last) ? bare.after(last, true) : null;
  }

  private static boolean follows(Gbnf grammar, String last) {
    return !last.isEmpty()
        && last.length() <= LONGEST
        && grammar.passed(last, true) == last.length();
  }

  private static Gbnf after(Gbnf grammar, String beginning, boolean blanks) {
    if (beginning.length() > LONGEST) {
      throw refused("is longer than " + LONGEST + " characters");
    }
    int passed = grammar.passed(beginning, blanks);
    if (passed < beginning.length()) {
      int end = Math.min(beginning.length(), passed + SHOWN);
      throw refused(
          "cannot begin what was asked for, from its character %d on: '%s'"
              .formatted(passed + 1, beginning.substring(passed, end)));
    }
    return grammar.after(beginning, blanks);
  }

  private static FinchException refused(String what) {
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST,
            "The last message, of the assistant, is the beginning of the answer, and " + what + ".",
            "Let it begin as the schema, the grammar or the tool wants it, keys in the schema's"
                + " order, or leave it out."));
  }
}
