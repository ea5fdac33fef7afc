package dev.finch.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the rules of a written-out grammar hang together. Every question takes time in proportion to
 * the grammar, and none recurses.
 */
final class RuleGraph {

  private final GrammarProgram program;

  /** The rules of which an alternative refers to this one, once for each reference. */
  private final List<List<int[]>> users = new ArrayList<>();

  RuleGraph(GrammarProgram program) {
    this.program = program;
    for (int rule = 0; rule < program.rules(); rule++) {
      users.add(new ArrayList<>());
    }
    for (int rule = 0; rule < program.rules(); rule++) {
      for (int begin : program.alternatives(rule)) {
        for (int at = begin; !program.ends(at); at++) {
          if (!program.isClass(at)) {
            users.get(program.ruleAt(at)).add(new int[] {rule, begin});
          }
        }
      }
    }
  }

  /** The rules one of whose alternatives holds nothing but such rules, and classes if they may. */
  private BitSet closure(boolean classes) {
    BitSet found = new BitSet();
    int[] lacking = new int[program.length()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int rule = 0; rule < program.rules(); rule++) {
      for (int begin : program.alternatives(rule)) {
        for (int at = begin; !program.ends(at); at++) {
          lacking[begin] += program.isClass(at) && classes ? 0 : 1;
        }
        if (lacking[begin] == 0 && !found.get(rule)) {
          found.set(rule);
          open.add(rule);
        }
      }
    }
    while (!open.isEmpty()) {
      for (int[] user : users.get(open.remove())) {
        lacking[user[1]]--;
        if (lacking[user[1]] == 0 && !found.get(user[0])) {
          found.set(user[0]);
          open.add(user[0]);
        }
      }
    }
    return found;
  }

  /**
   * A rule that may begin with itself, and so never gets to its first character.
   *
   * @param named how many rules have names; one of them is given
   */
  OptionalInt beginningWithItself(int named) {
    List<List<Integer>> firsts = firsts(closure(false), named);
    int[] waiting = new int[program.rules()];
    firsts.forEach(each -> each.forEach(rule -> waiting[rule]++));
    Deque<Integer> open = new ArrayDeque<>();
    for (int rule = 0; rule < program.rules(); rule++) {
      if (waiting[rule] == 0) {
        open.add(rule);
      }
    }
    // Rules that nothing begins with are taken away until only circles, and what they lead to, are
    // left.
    BitSet left = new BitSet();
    left.set(0, program.rules());
    while (!open.isEmpty()) {
      int rule = open.remove();
      left.clear(rule);
      for (int first : firsts.get(rule)) {
        waiting[first]--;
        if (waiting[first] == 0) {
          open.add(first);
        }
      }
    }
    return left.isEmpty() ? OptionalInt.empty() : OptionalInt.of(inCircle(firsts, left, named));
  }

  /** From any rule that is left, backwards: that way leads into a circle. */
  private static int inCircle(List<List<Integer>> firsts, BitSet left, int named) {
    int[] before = new int[firsts.size()];
    left.stream().forEach(rule -> firsts.get(rule).forEach(first -> before[first] = rule));
    int at = left.nextSetBit(0);
    for (int i = 0; i < firsts.size(); i++) {
      at = before[at];
    }
    int start = at;
    do {
      if (at < named) {
        return at;
      }
      at = before[at];
    } while (at != start);
    return left.nextSetBit(0);
  }

  /** What each rule may begin with; a repetition that begins with itself only goes on. */
  private List<List<Integer>> firsts(BitSet nullable, int named) {
    List<List<Integer>> firsts = new ArrayList<>();
    for (int rule = 0; rule < program.rules(); rule++) {
      Set<Integer> found = new LinkedHashSet<>();
      for (int begin : program.alternatives(rule)) {
        for (int at = begin; !program.ends(at) && !program.isClass(at); at++) {
          int first = program.ruleAt(at);
          boolean goesOn = first == rule && rule >= named && program.ends(at + 1);
          if (!goesOn) {
            found.add(first);
          }
          if (!nullable.get(first)) {
            break;
          }
        }
      }
      firsts.add(List.copyOf(found));
    }
    return firsts;
  }

  /** The rules that derive some text. */
  BitSet ending() {
    return closure(true);
  }

  /** A rule that an answer can reach and never leave. */
  OptionalInt neverEnding(int named) {
    BitSet ending = closure(true);
    BitSet reached = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(program.root()));
    reached.set(program.root());
    while (!open.isEmpty()) {
      int rule = open.remove();
      if (rule < named && !ending.get(rule)) {
        return OptionalInt.of(rule);
      }
      for (int begin : program.alternatives(rule)) {
        for (int at = begin; !program.ends(at); at++) {
          if (!program.isClass(at) && !reached.get(program.ruleAt(at))) {
            reached.set(program.ruleAt(at));
            open.add(program.ruleAt(at));
          }
        }
      }
    }
    return OptionalInt.empty();
  }
}
