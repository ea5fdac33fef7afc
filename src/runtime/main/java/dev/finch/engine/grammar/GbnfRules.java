package dev.finch.engine.grammar;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the rules of a grammar so that an answer can follow it. */
final class GbnfRules {

  /** Repetitions are written out; this many elements take some megabytes. */
  private static final long MAX_ELEMENTS = 500_000;

  private final String text;
  private final Map<String, Symbol> rules;

  GbnfRules(String text, Map<String, Symbol> rules) {
    this.text = text;
    this.rules = rules;
  }

  /** The checked rules, written out. */
  GrammarProgram check() {
    GrammarProgram program = written(Set.of());
    List<String> names = List.copyOf(rules.keySet());
    RuleGraph graph = new RuleGraph(program);
    requireBeginnings(graph, names);
    graph
        .neverEnding(names.size())
        .ifPresent(rule -> refuse(names.get(rule), "never comes to an end"));
    return program;
  }

  /**
   * The checked rules without the ways that never come to an end.
   *
   * @return null where no way does
   */
  @Nullable GrammarProgram ending(Set<String> distinct) {
    GrammarProgram program = written(distinct);
    BitSet ending = new RuleGraph(program).ending();
    if (!ending.get(program.root())) {
      return null;
    }
    GrammarProgram rest = program.only(ending);
    requireBeginnings(new RuleGraph(rest), List.copyOf(rules.keySet()));
    return rest;
  }

  private GrammarProgram written(Set<String> distinct) {
    if (!rules.containsKey(Gbnf.ROOT)) {
      throw Gbnf.refused(text, text.length(), "there is no rule named root");
    }
    rules.values().forEach(this::checkReferences);
    long elements = rules.values().stream().mapToLong(GbnfRules::elements).sum();
    if (elements > MAX_ELEMENTS) {
      throw Gbnf.refused(
          text, 0, "written out, it has more than %,d elements".formatted(MAX_ELEMENTS));
    }
    return GrammarProgram.of(rules, distinct);
  }

  private void requireBeginnings(RuleGraph graph, List<String> names) {
    graph
        .beginningWithItself(names.size())
        .ifPresent(rule -> refuse(names.get(rule), "begins with itself (left recursion)"));
  }

  private void refuse(String rule, String what) {
    throw Gbnf.refused(text, position(rule), "the rule " + rule + " " + what);
  }

  private int position(String rule) {
    return Math.max(0, ("\n" + text).indexOf("\n" + rule));
  }

  private void checkReferences(Symbol symbol) {
    switch (symbol) {
      case Symbol.Reference reference -> {
        if (!rules.containsKey(reference.rule())) {
          throw Gbnf.refused(
              text, reference.position(), "the rule " + reference.rule() + " is not defined");
        }
      }
      case Symbol.Sequence sequence -> sequence.symbols().forEach(this::checkReferences);
      case Symbol.Choice choice -> choice.alternatives().forEach(this::checkReferences);
      case Symbol.Repetition repetition -> checkReferences(repetition.symbol());
      case Symbol.Literal _, Symbol.CharacterClass _ -> {}
    }
  }

  private static long elements(Symbol symbol) {
    return switch (symbol) {
      case Symbol.Literal literal -> literal.text().length();
      case Symbol.CharacterClass many -> 1 + many.ranges().size();
      case Symbol.Reference _ -> 1;
      case Symbol.Sequence sequence -> sum(sequence.symbols());
      case Symbol.Choice choice -> choice.alternatives().size() + sum(choice.alternatives());
      case Symbol.Repetition repetition ->
          Math.min(
              MAX_ELEMENTS + 1,
              elements(repetition.symbol())
                  * Math.max(1, Math.max(repetition.min(), repetition.max())));
    };
  }

  private static long sum(List<Symbol> symbols) {
    return symbols.stream().mapToLong(GbnfRules::elements).sum();
  }
}
