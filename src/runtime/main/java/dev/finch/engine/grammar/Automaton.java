package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic finite automaton over code points. Its alphabet is cut into intervals, and
 * intervals that no state tells apart are one class. State 0 is the first; -1 is the end without an
 * answer. Immutable.
 */
final class Automaton {

  /** More states than a pattern of a form has; beyond it a grammar would be too large. */
  static final int MAX_STATES = 4_000;

  static final int DEAD = -1;

  /** No text at all. */
  static final Automaton NONE =
      new Automaton(new int[] {0}, new int[] {0}, new int[][] {{DEAD}}, new BitSet());

  /** Larger ones are left as they are: splitting takes as many rounds as there are states. */
  private static final int MOST_SPLIT = 500;

  /** Thrown where an automaton would be larger than {@link #MAX_STATES}. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super("more than " + MAX_STATES + " states");
    }
  }

  private final int[] starts;
  private final int[] classes;
  private final int classCount;
  private final int[][] next;
  private final BitSet accepting;

  /**
   * @param starts where each interval begins; the first is 0
   * @param classes the class of each interval
   * @param next by state and class
   */
  Automaton(int[] starts, int[] classes, int[][] next, BitSet accepting) {
    this.starts = starts;
    this.classes = classes;
    this.next = next;
    this.accepting = accepting;
    classCount = Arrays.stream(classes).max().orElse(0) + 1;
  }

  /** Exactly this set's one-character texts, repeated any number of times. */
  static Automaton manyOf(CharacterSet set) {
    return Determinizer.whole(
        new Regex.Repeat(new Regex.Chars(set), 0, Symbol.Repetition.UNBOUNDED),
        new AutomatonBudget());
  }

  /** Exactly these texts. */
  static Automaton of(Collection<String> texts, AutomatonBudget budget) {
    return Determinizer.whole(
        new Regex.Choice(texts.stream().map(text -> Regex.of(new Symbol.Literal(text))).toList()),
        budget);
  }

  int size() {
    return next.length;
  }

  int[] starts() {
    return starts;
  }

  boolean accepts(int state) {
    return state >= 0 && accepting.get(state);
  }

  /** Whether every text is accepted from here; {@link #smallest} has one such state at most. */
  boolean acceptsAll(int state) {
    return accepts(state) && Arrays.stream(next[state]).allMatch(to -> to == state);
  }

  int after(int state, int codePoint) {
    return state < 0 ? DEAD : next[state][classOf(codePoint)];
  }

  /** The class of a code point. */
  int classAt(int codePoint) {
    return classOf(codePoint);
  }

  /** Where a class leads to. */
  int afterClass(int state, int number) {
    return state < 0 ? DEAD : next[state][number];
  }

  private int classOf(int codePoint) {
    int at = Arrays.binarySearch(starts, codePoint);
    return classes[at >= 0 ? at : -at - 2];
  }

  boolean accepts(String text) {
    int state = 0;
    for (int i = 0; i < text.length() && state >= 0; ) {
      int codePoint = text.codePointAt(i);
      state = after(state, codePoint);
      i += Character.charCount(codePoint);
    }
    return accepts(state);
  }

  /** The texts of both. */
  Automaton and(Automaton other) {
    return AutomatonProduct.of(this, other, AutomatonProduct.Way.BOTH);
  }

  /** The texts of this one that are none of the other's. */
  Automaton minus(Automaton other) {
    return AutomatonProduct.of(this, other, AutomatonProduct.Way.FIRST_ONLY);
  }

  /** The texts of either. */
  Automaton or(Automaton other) {
    return AutomatonProduct.of(this, other, AutomatonProduct.Way.EITHER);
  }

  /**
   * The texts of at least and at most this many code points.
   *
   * @param max -1 for any number
   */
  Automaton within(int min, int max) {
    int counts = max < 0 ? min : max;
    StatePairs pairs = new StatePairs();
    pairs.number(0, 0);
    List<int[]> rows = new ArrayList<>();
    for (int at = 0; at < pairs.size(); at++) {
      int state = pairs.first(at);
      int count = pairs.second(at);
      int[] row = new int[classCount];
      for (int c = 0; c < classCount; c++) {
        int to = max >= 0 && count == max ? DEAD : next[state][c];
        row[c] = to < 0 ? DEAD : pairs.number(to, Math.min(counts, count + 1));
      }
      rows.add(row);
    }
    BitSet ends = new BitSet();
    for (int i = 0; i < pairs.size(); i++) {
      ends.set(i, accepts(pairs.first(i)) && pairs.second(i) >= min);
    }
    return new Automaton(starts, classes, rows.toArray(int[][]::new), ends).live();
  }

  /** The code points of the shortest text; 0 where there is none. */
  int shortest() {
    int[] far = new int[next.length];
    Arrays.fill(far, -1);
    far[0] = 0;
    List<Integer> open = new ArrayList<>(List.of(0));
    for (int i = 0; i < open.size(); i++) {
      int at = open.get(i);
      if (accepting.get(at)) {
        return far[at];
      }
      for (int to : next[at]) {
        if (to >= 0 && far[to] < 0) {
          far[to] = far[at] + 1;
          open.add(to);
        }
      }
    }
    return 0;
  }

  /** The code points of the longest text, or -1 where there is none. Every state is live. */
  int longest() {
    int[] waiting = new int[next.length];
    for (int[] row : next) {
      Arrays.stream(row).filter(to -> to >= 0).forEach(to -> waiting[to]++);
    }
    int[] far = new int[next.length];
    List<Integer> open = new ArrayList<>();
    if (waiting[0] == 0) {
      open.add(0);
    }
    for (int i = 0; i < open.size(); i++) {
      for (int to : next[open.get(i)]) {
        if (to >= 0) {
          far[to] = Math.max(far[to], far[open.get(i)] + 1);
          if (--waiting[to] == 0) {
            open.add(to);
          }
        }
      }
    }
    return open.size() < next.length ? -1 : Arrays.stream(far).max().orElse(0);
  }

  /** Whether it accepts no text. */
  boolean isEmpty() {
    return next.length == 1 && accepting.isEmpty();
  }

  /** The same without states from which no text is accepted. */
  Automaton live() {
    List<List<Integer>> before = new ArrayList<>();
    for (int i = 0; i < next.length; i++) {
      before.add(new ArrayList<>());
    }
    for (int i = 0; i < next.length; i++) {
      for (int to : next[i]) {
        if (to >= 0) {
          before.get(to).add(i);
        }
      }
    }
    BitSet live = (BitSet) accepting.clone();
    List<Integer> open = new ArrayList<>(live.stream().boxed().toList());
    while (!open.isEmpty()) {
      for (int from : before.get(open.removeLast())) {
        if (!live.get(from)) {
          live.set(from);
          open.add(from);
        }
      }
    }
    live.set(0);
    int[] renamed = new int[next.length];
    Arrays.fill(renamed, DEAD);
    int count = 0;
    for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
      renamed[i] = count++;
    }
    int[][] rows = new int[count][];
    BitSet ends = new BitSet();
    for (int i = 0; i < next.length; i++) {
      if (renamed[i] >= 0) {
        rows[renamed[i]] = Arrays.stream(next[i]).map(to -> to < 0 ? DEAD : renamed[to]).toArray();
        ends.set(renamed[i], accepting.get(i));
      }
    }
    boolean loopsOnly = ends.isEmpty();
    return new Automaton(starts, classes, loopsOnly ? new int[][] {dead(classCount)} : rows, ends);
  }

  private static int[] dead(int classes) {
    int[] row = new int[classes];
    Arrays.fill(row, DEAD);
    return row;
  }

  /**
   * The same with as few states as possible: those that nothing tells apart are one. Groups are
   * split until none splits any more.
   */
  Automaton smallest() {
    if (next.length > MOST_SPLIT) {
      return this;
    }
    int[] groups = new int[next.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = accepting.get(i) ? 1 : 0;
    }
    int count = 0;
    while (true) {
      Map<List<Integer>, Integer> known = new HashMap<>();
      int[] finer = new int[groups.length];
      for (int i = 0; i < groups.length; i++) {
        List<Integer> signature = new ArrayList<>(classCount + 1);
        signature.add(groups[i]);
        for (int to : next[i]) {
          signature.add(to < 0 ? DEAD : groups[to]);
        }
        finer[i] = known.computeIfAbsent(signature, _ -> known.size());
      }
      groups = finer;
      if (known.size() == count) {
        break;
      }
      count = known.size();
    }
    int[][] rows = new int[Arrays.stream(groups).max().orElse(0) + 1][];
    BitSet ends = new BitSet();
    for (int i = 0; i < groups.length; i++) {
      int[] named = groups;
      rows[groups[i]] = Arrays.stream(next[i]).map(to -> to < 0 ? DEAD : named[to]).toArray();
      ends.set(groups[i], accepting.get(i));
    }
    return new Automaton(starts, classes, rows, ends);
  }

  /** The characters that lead from a state to each other state, in the order of their classes. */
  Map<Integer, CharacterSet> steps(int state) {
    Map<Integer, List<Symbol.Range>> steps = new LinkedHashMap<>();
    for (int i = 0; i < starts.length; i++) {
      int to = next[state][classes[i]];
      if (to >= 0) {
        int last = i + 1 < starts.length ? starts[i + 1] - 1 : Character.MAX_CODE_POINT;
        steps.computeIfAbsent(to, _ -> new ArrayList<>()).add(new Symbol.Range(starts[i], last));
      }
    }
    Map<Integer, CharacterSet> sets = new LinkedHashMap<>();
    steps.forEach((to, ranges) -> sets.put(to, CharacterSet.of(ranges)));
    return sets;
  }

  /** All texts where these are at most so many, else null. */
  @Nullable List<String> texts(int most) {
    List<String> found = new ArrayList<>();
    return collect(0, "", most, found) ? found : null;
  }

  private boolean collect(int state, String text, int most, List<String> found) {
    if (text.length() > 4 * most || found.size() > most) {
      return false;
    }
    if (accepts(state)) {
      found.add(text);
    }
    for (Map.Entry<Integer, CharacterSet> step : steps(state).entrySet()) {
      for (Symbol.Range range : step.getValue().ranges()) {
        if (range.last() - range.first() >= most) {
          return false;
        }
        for (int point = range.first(); point <= range.last(); point++) {
          if (!collect(step.getKey(), text + Character.toString(point), most, found)) {
            return false;
          }
        }
      }
    }
    return found.size() <= most;
  }
}
