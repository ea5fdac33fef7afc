package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Automata as rules: one for each state, which reads a character and goes on with another. */
final class AutomatonRules {

  private static final Automaton WRITABLE = Automaton.manyOf(CharacterSet.WRITABLE);

  private AutomatonRules() {}

  /** The texts that stand in a JSON string plainly or with short escapes. */
  static Automaton writable(Automaton automaton) {
    return automaton.and(WRITABLE).smallest();
  }

  /**
   * A body that derives what stands between the quotes.
   *
   * @param automaton from {@link #writable}, and not empty
   */
  static String body(Automaton automaton, Rules rules, String hint) {
    int[] uses = new int[automaton.size()];
    for (int state = 0; state < uses.length; state++) {
      automaton.steps(state).keySet().forEach(to -> uses[to]++);
    }
    String[] names = new String[automaton.size()];
    for (int state = 0; state < names.length; state++) {
      // A state with one way to it is written where that way is.
      boolean inline = state > 0 && uses[state] == 1 && !isBranching(automaton, state);
      names[state] = inline ? "" : rules.reserve(hint);
    }
    for (int state = 0; state < names.length; state++) {
      if (!names[state].isEmpty()) {
        rules.fill(names[state], ways(automaton, state, names));
      }
    }
    return names[0];
  }

  private static boolean isBranching(Automaton automaton, int state) {
    Map<Integer, CharacterSet> steps = automaton.steps(state);
    return steps.size() + (automaton.accepts(state) ? 1 : 0) != 1
        || steps.keySet().stream().anyMatch(to -> to == state);
  }

  private static String ways(Automaton automaton, int state, String[] names) {
    List<String> ways = new ArrayList<>();
    automaton.steps(state).forEach((to, set) -> ways.add(chain(automaton, to, set, names)));
    if (automaton.accepts(state)) {
      ways.add("\"\"");
    }
    return String.join(" | ", ways);
  }

  /** From a step on, as long as there is only one way. */
  private static String chain(Automaton automaton, int first, CharacterSet set, String[] names) {
    StringBuilder chain = new StringBuilder(set.inJson());
    int at = first;
    while (names[at].isEmpty()) {
      Map<Integer, CharacterSet> steps = automaton.steps(at);
      if (steps.isEmpty()) {
        return chain.toString();
      }
      var only = steps.entrySet().iterator().next();
      chain.append(' ').append(only.getValue().inJson());
      at = only.getKey();
    }
    return chain.append(' ').append(names[at]).toString();
  }
}
