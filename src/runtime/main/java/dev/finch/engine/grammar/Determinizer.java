package dev.finch.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes automata of regular expressions by following all their ways at once. A way carries what it
 * still owes to look-aheads, as states of their own automata; look-behinds are followed from the
 * beginning of the text.
 */
final class Determinizer {

  /** Steps until an automaton is given up; a second or so. */
  private static final long MOST_WORK = 4_000_000;

  /** What stands before a place. */
  private enum Before {
    START,
    WORD,
    OTHER
  }

  private record Owed(int look, Before before, int state) {}

  private record Way(int state, Set<Owed> owed) {}

  private record Place(Set<Way> ways, Before before, List<Integer> behind) {}

  private final Nfa nfa;
  private final Before first;
  private final Map<Integer, Automaton> behind = new HashMap<>();
  private final Map<Integer, Map<Before, Automaton>> ahead = new HashMap<>();
  private int[] starts = {0};
  private int[] classes = {0};
  private int[] representatives = {0};
  private final AutomatonBudget budget;
  private long work;

  private Determinizer(Regex regex, Before first, AutomatonBudget budget) {
    this.budget = budget;
    this.first = first;
    nfa = new Nfa(regex);
    for (int look = 0; look < nfa.looks.size(); look++) {
      Regex.Look each = nfa.looks.get(look);
      if (each.ahead()) {
        Map<Before, Automaton> all = new HashMap<>();
        Regex rest = new Regex.Sequence(List.of(each.part(), Regex.ANYTHING));
        for (Before before : Before.values()) {
          all.put(before, new Determinizer(rest, before, budget).make().smallest());
        }
        ahead.put(look, all);
      } else {
        Regex until = new Regex.Sequence(List.of(Regex.ANYTHING, each.part()));
        behind.put(look, new Determinizer(until, Before.START, budget).make().smallest());
      }
    }
    cutAlphabet();
  }

  /** The texts that match as a whole. */
  static Automaton whole(Regex regex, AutomatonBudget budget) {
    return new Determinizer(regex, Before.START, budget).make();
  }

  /** The texts in which a match is found, as JSON Schema's {@code pattern} means it. */
  static Automaton containing(Regex regex, AutomatonBudget budget) {
    return whole(new Regex.Sequence(List.of(Regex.ANYTHING, regex, Regex.ANYTHING)), budget);
  }

  private void cutAlphabet() {
    Set<CharacterSet> sets = new HashSet<>();
    nfa.steps.forEach(
        steps ->
            steps.forEach(
                step -> {
                  if (step instanceof Nfa.Read read) {
                    sets.add(read.set());
                  }
                }));
    if (nfa.edged) {
      sets.add(CharacterSet.WORD);
    }
    Set<Integer> cuts = new HashSet<>(Set.of(0));
    for (CharacterSet set : sets) {
      for (Symbol.Range range : set.ranges()) {
        cuts.add(range.first());
        cuts.add(range.last() + 1);
      }
    }
    List<Automaton> others = new ArrayList<>(behind.values());
    ahead.values().forEach(all -> others.addAll(all.values()));
    others.forEach(each -> Arrays.stream(each.starts()).forEach(cuts::add));
    cuts.remove(Character.MAX_CODE_POINT + 1);
    starts = cuts.stream().mapToInt(Integer::intValue).sorted().toArray();
    classify(List.copyOf(sets), others);
  }

  /** Intervals that no set and no other automaton tells apart are one class. */
  private void classify(List<CharacterSet> sets, List<Automaton> others) {
    List<List<Integer>> seen = new ArrayList<>();
    Map<List<Integer>, Integer> known = new HashMap<>();
    List<Integer> firsts = new ArrayList<>();
    List<CodePoints> quick =
        sets.stream()
            .map(set -> new CodePoints(new Symbol.CharacterClass(set.ranges(), false)))
            .toList();
    classes = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      int point = starts[i];
      List<Integer> signature = new ArrayList<>();
      quick.forEach(set -> signature.add(set.holds(point) ? 1 : 0));
      others.forEach(other -> signature.add(other.classAt(point)));
      classes[i] =
          known.computeIfAbsent(
              signature,
              added -> {
                seen.add(added);
                firsts.add(point);
                return seen.size() - 1;
              });
    }
    representatives = firsts.stream().mapToInt(Integer::intValue).toArray();
  }

  private Automaton make() {
    Map<Place, Integer> numbers = new HashMap<>();
    List<Place> places = new ArrayList<>();
    List<int[]> rows = new ArrayList<>();
    BitSet ends = new BitSet();
    List<Integer> zeros = behind.keySet().stream().map(_ -> 0).toList();
    number(numbers, places, new Place(Set.of(new Way(0, Set.of())), first, zeros));
    for (int at = 0; at < places.size(); at++) {
      Place place = places.get(at);
      ends.set(at, mayEnd(place));
      int[] row = new int[representatives.length];
      for (int c = 0; c < row.length; c++) {
        Place next = after(place, representatives[c]);
        row[c] = next == null ? Automaton.DEAD : number(numbers, places, next);
      }
      rows.add(row);
    }
    return new Automaton(starts, classes, rows.toArray(int[][]::new), ends).live();
  }

  private static int number(Map<Place, Integer> numbers, List<Place> places, Place place) {
    return numbers.computeIfAbsent(
        place,
        _ -> {
          if (places.size() >= Automaton.MAX_STATES) {
            throw new Automaton.TooLargeException();
          }
          places.add(place);
          return places.size() - 1;
        });
  }

  private boolean mayEnd(Place place) {
    return closed(place, null).stream()
        .anyMatch(way -> way.state() == nfa.end && way.owed().stream().allMatch(this::paid));
  }

  private boolean paid(Owed owed) {
    return automaton(owed).accepts(owed.state()) != nfa.looks.get(owed.look()).negative();
  }

  private Automaton automaton(Owed owed) {
    Automaton found = ahead.getOrDefault(owed.look(), Map.of()).get(owed.before());
    if (found == null) {
      throw new IllegalStateException("no look-ahead: " + owed.look());
    }
    return found;
  }

  private @Nullable Place after(Place place, int point) {
    boolean word = CharacterSet.WORD.holds(point);
    Set<Way> next = new HashSet<>();
    for (Way way : closed(place, word)) {
      Set<Owed> owed = null;
      for (Nfa.Step step : nfa.steps.get(way.state())) {
        spend();
        if (step instanceof Nfa.Read read && read.set().holds(point)) {
          owed = owed == null ? later(way.owed(), point) : owed;
          if (owed != null) {
            next.add(new Way(read.to(), owed));
          }
        }
      }
    }
    if (next.isEmpty()) {
      return null;
    }
    Before before = !nfa.edged ? first : word ? Before.WORD : Before.OTHER;
    List<Integer> moved = new ArrayList<>();
    int i = 0;
    for (Automaton each : behind.values()) {
      moved.add(each.after(place.behind().get(i++), point));
    }
    return new Place(next, before, moved);
  }

  /** What is owed after one more character, or null where it can no longer be paid. */
  private @Nullable Set<Owed> later(Set<Owed> owed, int point) {
    Set<Owed> later = new HashSet<>();
    for (Owed each : owed) {
      boolean negative = nfa.looks.get(each.look()).negative();
      int state = automaton(each).after(each.state(), point);
      boolean settled = state < 0 || automaton(each).acceptsAll(state);
      if (settled && negative != state < 0) {
        return null;
      }
      if (!settled) {
        later.add(new Owed(each.look(), each.before(), state));
      }
    }
    return later;
  }

  /**
   * The ways without a character.
   *
   * @param wordNext whether a word's character comes next; null at the end of the text
   */
  private Set<Way> closed(Place place, @Nullable Boolean wordNext) {
    Set<Way> seen = new HashSet<>(place.ways());
    Deque<Way> open = new ArrayDeque<>(place.ways());
    while (!open.isEmpty()) {
      Way way = open.remove();
      for (Nfa.Step step : nfa.steps.get(way.state())) {
        spend();
        Set<Owed> owed =
            switch (step) {
              case Nfa.Free _ -> way.owed();
              case Nfa.Read _ -> null;
              case Nfa.At at -> holds(at.edge(), place.before(), wordNext) ? way.owed() : null;
              case Nfa.Owe owe -> owing(way, owe, place);
            };
        Way next = owed == null ? null : new Way(step.to(), owed);
        if (next != null && seen.add(next)) {
          open.add(next);
        }
      }
    }
    return seen;
  }

  private static boolean holds(Regex.Edge edge, Before before, @Nullable Boolean wordNext) {
    boolean boundary = (before == Before.WORD) != Boolean.TRUE.equals(wordNext);
    return switch (edge) {
      case START -> before == Before.START;
      case END -> wordNext == null;
      case BOUNDARY -> boundary;
      case NO_BOUNDARY -> !boundary;
    };
  }

  private @Nullable Set<Owed> owing(Way way, Nfa.Owe owe, Place place) {
    Regex.Look look = nfa.looks.get(owe.look());
    if (!look.ahead()) {
      int number = List.copyOf(behind.keySet()).indexOf(owe.look());
      Automaton until = behind.get(owe.look());
      boolean stands = until != null && until.accepts(place.behind().get(number));
      return stands != look.negative() ? way.owed() : null;
    }
    Set<Owed> more = new HashSet<>(way.owed());
    more.add(new Owed(owe.look(), place.before(), 0));
    return more;
  }

  private void spend() {
    budget.spend(1);
    work++;
    if (work > MOST_WORK) {
      throw new Automaton.TooLargeException();
    }
  }
}
