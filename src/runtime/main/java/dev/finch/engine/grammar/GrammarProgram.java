package dev.finch.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A grammar written out as llama.cpp writes it: groups and repetitions are rules of their own, and
 * a rule is a list of alternatives, each a list of classes of characters and of other rules.
 * Immutable.
 *
 * <p>Positions number the elements of all alternatives. What follows an element stands at the next
 * position; {@link #ends} says whether nothing does.
 */
final class GrammarProgram {

  private static final int END = -1;

  private final int[] code;
  private final int[][] alternatives;
  private final List<CodePoints> classes;
  private final int root;

  /** Where JSON arrays and objects begin whose parts must be different. */
  private final BitSet distinct;

  private GrammarProgram(GrammarProgram all, int[][] alternatives) {
    code = all.code;
    classes = all.classes;
    root = all.root;
    distinct = all.distinct;
    this.alternatives = alternatives;
  }

  private GrammarProgram(Writer writer, int root, Set<String> distinct) {
    code = Arrays.copyOf(writer.code, writer.length);
    alternatives = writer.alternatives.toArray(int[][]::new);
    classes = List.copyOf(writer.classes);
    this.root = root;
    this.distinct = new BitSet();
    distinct.forEach(
        name -> Arrays.stream(alternatives[writer.number(name)]).forEach(this.distinct::set));
  }

  /**
   * Writes rules out that {@link GbnfRules} has checked.
   *
   * @param distinct rules that begin JSON arrays or objects whose parts must be different
   */
  static GrammarProgram of(Map<String, Symbol> rules, Set<String> distinct) {
    Writer writer = new Writer(rules);
    return new GrammarProgram(writer, writer.all(), distinct);
  }

  /** The same without the alternatives that lead to other rules than these. */
  GrammarProgram only(BitSet kept) {
    int[][] fewer = new int[alternatives.length][];
    for (int rule = 0; rule < fewer.length; rule++) {
      fewer[rule] =
          Arrays.stream(alternatives[rule]).filter(begin -> holdsOnly(begin, kept)).toArray();
    }
    return new GrammarProgram(this, fewer);
  }

  private boolean holdsOnly(int begin, BitSet kept) {
    for (int at = begin; !ends(at); at++) {
      if (!isClass(at) && !kept.get(ruleAt(at))) {
        return false;
      }
    }
    return true;
  }

  /** Whether something must be different somewhere. */
  boolean hasDistinct() {
    return !distinct.isEmpty();
  }

  /** Whether the parts of what begins here must be different. */
  boolean isDistinct(int position) {
    return distinct.get(position);
  }

  /** How many positions there are. */
  int length() {
    return code.length;
  }

  /** How many rules there are; those that have names come first, in their order. */
  int rules() {
    return alternatives.length;
  }

  int root() {
    return root;
  }

  /** Where a rule's alternatives begin. */
  int[] alternatives(int rule) {
    return alternatives[rule];
  }

  boolean ends(int position) {
    return code[position] == END;
  }

  /** Whether a class of characters stands here, not a rule. */
  boolean isClass(int position) {
    return (code[position] & 1) == 0;
  }

  CodePoints classAt(int position) {
    return classes.get(code[position] >> 1);
  }

  int ruleAt(int position) {
    return code[position] >> 1;
  }

  /** Writes one program; each rule's parts are written after it, so that nothing recurses. */
  private static final class Writer {
    final List<int[]> alternatives = new ArrayList<>();
    final List<CodePoints> classes = new ArrayList<>();
    int[] code = new int[256];
    int length;
    private final Map<String, Symbol> rules;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Symbol.CharacterClass, Integer> known = new HashMap<>();
    private final Deque<Part> open = new ArrayDeque<>();

    /** Rules that are another once and then a third, or nothing. */
    private final List<int[]> options = new ArrayList<>();

    /** A rule that has a number and is still to be written. */
    private record Part(int number, List<Symbol> choice) {}

    Writer(Map<String, Symbol> rules) {
      this.rules = rules;
    }

    int all() {
      for (String name : rules.keySet()) {
        names.put(name, reserve());
      }
      rules.forEach((name, body) -> open.add(new Part(number(name), choices(body))));
      while (!open.isEmpty()) {
        Part part = open.remove();
        int[] begins = new int[part.choice().size()];
        for (int i = 0; i < begins.length; i++) {
          begins[i] = length;
          sequence(part.choice().get(i));
          emit(END);
        }
        alternatives.set(part.number(), begins);
      }
      options.forEach(this::option);
      return number(Gbnf.ROOT);
    }

    private void option(int[] option) {
      int once = length;
      refer(option[1]);
      if (option[2] != END) {
        refer(option[2]);
      }
      emit(END);
      int nothing = length;
      emit(END);
      alternatives.set(option[0], new int[] {once, nothing});
    }

    private int number(String name) {
      Integer number = names.get(name);
      if (number == null) {
        throw new IllegalStateException("references are checked first: " + name);
      }
      return number;
    }

    private int reserve() {
      alternatives.add(new int[0]);
      return alternatives.size() - 1;
    }

    private static List<Symbol> choices(Symbol body) {
      return body instanceof Symbol.Choice choice ? choice.alternatives() : List.of(body);
    }

    private void sequence(Symbol symbol) {
      List<Symbol> parts =
          symbol instanceof Symbol.Sequence sequence ? sequence.symbols() : List.of(symbol);
      for (Symbol part : parts) {
        element(part);
      }
    }

    private void element(Symbol symbol) {
      switch (symbol) {
        case Symbol.Literal literal -> literal.text().codePoints().forEach(this::one);
        case Symbol.CharacterClass many -> emit(number(many) << 1);
        case Symbol.Reference reference -> refer(number(reference.rule()));
        case Symbol.Sequence _, Symbol.Choice _ -> refer(part(symbol));
        case Symbol.Repetition repetition -> repeated(repetition);
      }
    }

    private int part(Symbol symbol) {
      int number = reserve();
      open.add(new Part(number, choices(symbol)));
      return number;
    }

    private void one(int point) {
      emit(number(new Symbol.CharacterClass(List.of(new Symbol.Range(point, point)), false)) << 1);
    }

    private int number(Symbol.CharacterClass many) {
      return known.computeIfAbsent(
          many,
          added -> {
            classes.add(new CodePoints(added));
            return classes.size() - 1;
          });
    }

    /** As often as it must come, then a rule that is this once more and itself, or nothing. */
    private void repeated(Symbol.Repetition repetition) {
      int unit = part(repetition.symbol());
      for (int i = 0; i < repetition.min(); i++) {
        refer(unit);
      }
      if (repetition.max() == Symbol.Repetition.UNBOUNDED) {
        int more = reserve();
        options.add(new int[] {more, unit, more});
        refer(more);
        return;
      }
      int more = END;
      for (int i = repetition.min(); i < repetition.max(); i++) {
        int next = reserve();
        options.add(new int[] {next, unit, more});
        more = next;
      }
      if (more != END) {
        refer(more);
      }
    }

    private void refer(int rule) {
      emit(rule << 1 | 1);
    }

    private void emit(int element) {
      if (length == code.length) {
        code = Arrays.copyOf(code, 2 * length);
      }
      code[length++] = element;
    }
  }
}
