package dev.finch.engine.grammar;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer may stand in its grammar. What was found once is kept, so that a vocabulary is
 * looked through at the cost of its characters. Nothing recurses, equal ways are one, and work is
 * bounded: a grammar with too many ways through it fails its own request. Confined to one thread.
 */
final class GrammarStates {

  /** Ways through a grammar at one place of an answer; schemas have tens. */
  private static final int MOST_WAYS = 4096;

  /** Steps between two tokens; about a tenth of a second. */
  private static final int MOST_WORK = 1_000_000;

  /** What is kept of steps and stacks before it is made anew. */
  private static final int MOST_KEPT = 400_000;

  /** What is still to come, the next element first. Equal ones are the same. */
  private static final class Stack {
    final int position;
    final @Nullable Stack rest;
    final int hash;

    Stack(int position, @Nullable Stack rest) {
      this.position = position;
      this.rest = rest;
      hash = 31 * System.identityHashCode(rest) + position;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Stack stack && stack.position == position && stack.rest == rest;
    }
  }

  /** All ways that an answer may go on. */
  static final class State {
    private final Set<Stack> ways;
    private final boolean mayEnd;
    private final Map<Integer, State> next = new HashMap<>();

    private State(Set<Stack> ways, boolean mayEnd) {
      this.ways = ways;
      this.mayEnd = mayEnd;
    }

    /** Whether the answer may end here. */
    boolean mayEnd() {
      return mayEnd;
    }

    /** Whether it can neither go on nor end. */
    boolean isDead() {
      return ways.isEmpty() && !mayEnd;
    }
  }

  private record Identity(Set<Stack> ways, boolean mayEnd) {}

  private final GrammarProgram program;
  private Map<Stack, Stack> stacks = new HashMap<>();
  private Map<Identity, State> states = new HashMap<>();
  private int kept;
  private int work;

  GrammarStates(GrammarProgram program) {
    this.program = program;
  }

  /** Another token is to be chosen. */
  void rest() {
    work = 0;
  }

  /** Where an answer begins. */
  State first() {
    Set<Stack> ways = new LinkedHashSet<>();
    List<@Nullable Stack> begins = new ArrayList<>();
    for (int begin : program.alternatives(program.root())) {
      begins.add(program.ends(begin) ? null : stack(begin, null));
    }
    return state(ways, close(begins, ways));
  }

  /** Where it stands after one more character. */
  State after(State state, int point) {
    State known = state.next.get(point);
    if (known != null) {
      return known;
    }
    List<@Nullable Stack> gone = new ArrayList<>();
    for (Stack way : state.ways) {
      spend();
      if (program.classAt(way.position).holds(point)) {
        gone.add(past(way));
      }
    }
    Set<Stack> ways = new LinkedHashSet<>();
    boolean mayEnd = close(gone, ways);
    State next = state(ways, mayEnd);
    state.next.put(point, next);
    kept++;
    return next;
  }

  /** Whether this character may begin a list whose parts must be different. */
  boolean beginsDistinct(State state, int point) {
    return state.ways.stream()
        .anyMatch(
            way -> program.isDistinct(way.position) && program.classAt(way.position).holds(point));
  }

  /** Whether some character of these may come next. */
  boolean mayGoOn(State state, int first, int last) {
    return state.ways.stream().anyMatch(way -> program.classAt(way.position).mayHold(first, last));
  }

  /** The state, made anew where too much was kept; all others are to be forgotten. */
  State kept(State state) {
    if (kept + stacks.size() < MOST_KEPT) {
      return state;
    }
    stacks = new HashMap<>();
    states = new HashMap<>();
    kept = 0;
    Set<Stack> ways = new LinkedHashSet<>();
    state.ways.forEach(way -> ways.add(copied(way)));
    return state(ways, state.mayEnd);
  }

  private Stack copied(Stack way) {
    Deque<Integer> positions = new ArrayDeque<>();
    for (Stack at = way; at != null; at = at.rest) {
      positions.push(at.position);
    }
    Stack copy = null;
    while (!positions.isEmpty()) {
      copy = stack(positions.pop(), copy);
    }
    return requireNonNull(copy);
  }

  /** What is left when the element on top is done. */
  private @Nullable Stack past(Stack way) {
    int next = way.position + 1;
    return program.ends(next) ? way.rest : stack(next, way.rest);
  }

  /** Opens rules until classes of characters are on top; gives whether nothing may be left. */
  private boolean close(List<@Nullable Stack> begun, Set<Stack> ways) {
    boolean mayEnd = false;
    Set<Stack> seen = new HashSet<>();
    List<@Nullable Stack> open = new ArrayList<>(begun);
    while (!open.isEmpty()) {
      Stack way = open.removeLast();
      if (way == null) {
        mayEnd = true;
      } else if (seen.add(way)) {
        spend();
        if (program.isClass(way.position)) {
          ways.add(way);
          requireFew(ways.size());
        } else {
          Stack rest = past(way);
          for (int begin : program.alternatives(program.ruleAt(way.position))) {
            spend();
            open.add(program.ends(begin) ? rest : stack(begin, rest));
          }
        }
      }
    }
    return mayEnd;
  }

  private Stack stack(int position, @Nullable Stack rest) {
    Stack wanted = new Stack(position, rest);
    Stack known = stacks.putIfAbsent(wanted, wanted);
    return known == null ? wanted : known;
  }

  private State state(Set<Stack> ways, boolean mayEnd) {
    return states.computeIfAbsent(new Identity(ways, mayEnd), _ -> new State(ways, mayEnd));
  }

  private void spend() {
    work++;
    if (work > MOST_WORK) {
      throw refused("needs more than %,d steps for one token".formatted(MOST_WORK));
    }
  }

  private static void requireFew(int ways) {
    if (ways > MOST_WAYS) {
      throw refused("has more than %,d ways to go on at one place".formatted(MOST_WAYS));
    }
  }

  private static FinchException refused(String what) {
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST,
            "The grammar " + what + ".",
            "Make it less ambiguous: no two alternatives should begin alike."));
  }
}
