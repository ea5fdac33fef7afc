package dev.finch.engine.grammar;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A grammar in llama.cpp's GBNF, read and checked. llama.cpp itself takes a grammar with a mistake
 * for none at all, recurses without an end where nothing is consumed, and takes exponential time
 * where alternatives begin alike; so no grammar is given to it. Immutable and thread-safe.
 */
public final class Gbnf {

  /** Characters of a grammar. */
  static final int MAX_LENGTH = 1 << 20;

  /** The rule that derives the whole answer. */
  static final String ROOT = "root";

  private static final Vocabulary NO_TOKENS = new Vocabulary(0, _ -> new byte[0]);

  private final String text;
  private final Map<String, Symbol> rules;
  private final GrammarProgram program;
  private final String beginning;
  private final boolean blanks;

  private Gbnf(
      String text,
      Map<String, Symbol> rules,
      GrammarProgram program,
      String beginning,
      boolean blanks) {
    this.text = text;
    this.rules = rules;
    this.program = program;
    this.beginning = beginning;
    this.blanks = blanks;
  }

  private Gbnf(String text, Map<String, Symbol> rules, GrammarProgram program) {
    this(text, Collections.unmodifiableMap(new LinkedHashMap<>(rules)), program, "", false);
  }

  /**
   * The same for what goes on after a beginning that {@link #passed} whole.
   *
   * @param blanks as in {@link #passed}
   */
  Gbnf after(String beginning, boolean blanks) {
    return new Gbnf(text, rules, program, beginning, blanks);
  }

  /**
   * How many characters of this text an answer may begin with; all where it may begin so.
   *
   * @param blanks whether white space may stand wherever JSON lets it
   */
  int passed(String beginning, boolean blanks) {
    return new GrammarCursor(program, NO_TOKENS).begin(beginning, blanks);
  }

  /**
   * Reads a grammar.
   *
   * @throws FinchException with {@code BAD_REQUEST}, line and column where it is not one that
   *     llama.cpp takes and keeps, or derives no text at all
   */
  public static Gbnf check(String text) {
    Map<String, Symbol> rules = new GbnfParser(text).parse();
    return new Gbnf(text, rules, new GbnfRules(text, rules).check());
  }

  /**
   * Reads a grammar that was made of a schema: what can never come to an end is left out.
   *
   * @param distinct rules of JSON arrays and objects whose parts must be different
   * @return null where nothing is left
   */
  static @Nullable Gbnf ofSchema(String text, Set<String> distinct) {
    Map<String, Symbol> rules = new GbnfParser(text).parse();
    GrammarProgram program = new GbnfRules(text, rules).ending(distinct);
    return program == null ? null : new Gbnf(text, rules, program);
  }

  /** The grammar as it was read. What must be different in a schema's values is not in it. */
  public String text() {
    return text;
  }

  /** The beginning of an answer in a model's tokens. */
  public GrammarCursor cursor(Vocabulary vocabulary) {
    GrammarCursor cursor = new GrammarCursor(program, vocabulary);
    cursor.begin(beginning, blanks);
    return cursor;
  }

  /** The rules by name, in the order in which they are written. */
  Map<String, Symbol> rules() {
    return rules;
  }

  static FinchException refused(String text, int position, String what) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      boolean newLine = text.charAt(i) == '\n';
      line += newLine ? 1 : 0;
      column = newLine ? 1 : column + 1;
    }
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST,
            "grammar, line %d, column %d: %s".formatted(line, column, what),
            "Correct the grammar; it must be llama.cpp's GBNF with a rule named root."));
  }
}
