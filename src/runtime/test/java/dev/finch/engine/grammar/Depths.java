package dev.finch.engine.grammar;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many rules deep the shallowest sentence of a rule is. */
final class Depths {

  private static final int ENDLESS = 1_000_000;

  private Depths() {}

  static Map<String, Integer> of(Gbnf gbnf) {
    Map<String, Integer> depths = new HashMap<>();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, Symbol> rule : gbnf.rules().entrySet()) {
        int depth = Math.min(ENDLESS, 1 + depth(rule.getValue(), depths));
        Integer before = depths.put(rule.getKey(), depth);
        changed |= before == null || before != depth;
      }
    }
    return depths;
  }

  /** Those that come to an end. */
  static List<Symbol> ending(List<Symbol> alternatives, Map<String, Integer> depths) {
    return alternatives.stream().filter(symbol -> depth(symbol, depths) < ENDLESS).toList();
  }

  static Symbol shallowest(List<Symbol> alternatives, Map<String, Integer> depths) {
    return alternatives.stream()
        .min(Comparator.comparingInt(symbol -> depth(symbol, depths)))
        .orElseThrow();
  }

  private static int depth(Symbol symbol, Map<String, Integer> depths) {
    return switch (symbol) {
      case Symbol.Literal _, Symbol.CharacterClass _ -> 0;
      case Symbol.Reference reference -> depths.getOrDefault(reference.rule(), ENDLESS);
      case Symbol.Sequence sequence ->
          sequence.symbols().stream().mapToInt(part -> depth(part, depths)).max().orElse(0);
      case Symbol.Choice choice ->
          choice.alternatives().stream().mapToInt(part -> depth(part, depths)).min().orElse(0);
      case Symbol.Repetition repetition ->
          repetition.min() == 0 ? 0 : depth(repetition.symbol(), depths);
    };
  }
}
