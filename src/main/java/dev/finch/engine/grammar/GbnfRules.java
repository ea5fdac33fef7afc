package dev.finch.engine.grammar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What must hold between the rules of a grammar so that llama.cpp can follow it. */
final class GbnfRules {

  /** llama.cpp writes repetitions out; this many elements take it some megabytes. */
  private static final long MAX_ELEMENTS = 500_000;

  private enum Mark {
    ENTERED,
    DONE
  }

  private final String text;
  private final Map<String, Symbol> rules;

  GbnfRules(String text, Map<String, Symbol> rules) {
    this.text = text;
    this.rules = rules;
  }

  void check() {
    if (!rules.containsKey(Gbnf.ROOT)) {
      throw Gbnf.refused(text, text.length(), "there is no rule named root");
    }
    rules.values().forEach(this::checkReferences);
    long elements = rules.values().stream().mapToLong(GbnfRules::elements).sum();
    if (elements > MAX_ELEMENTS) {
      throw Gbnf.refused(
          text, 0, "written out, it has more than %,d elements".formatted(MAX_ELEMENTS));
    }
    Set<String> nullable = closure(GbnfRules::isNullable);
    Map<String, Mark> marks = new HashMap<>();
    rules.keySet().forEach(rule -> checkLeftRecursion(rule, nullable, marks));
    Set<String> productive = closure(GbnfRules::isProductive);
    for (String rule : reachable()) {
      if (!productive.contains(rule)) {
        throw Gbnf.refused(text, position(rule), "the rule " + rule + " never comes to an end");
      }
    }
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

  private interface Property {
    boolean holds(Symbol symbol, Predicate<String> ofRule);
  }

  /** The rules that have a property which spreads from the rules that they refer to. */
  private Set<String> closure(Property property) {
    Set<String> found = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Map.Entry<String, Symbol> rule : rules.entrySet()) {
        if (!found.contains(rule.getKey()) && property.holds(rule.getValue(), found::contains)) {
          grown |= found.add(rule.getKey());
        }
      }
    }
    return found;
  }

  /** Whether a symbol derives the empty text. */
  private static boolean isNullable(Symbol symbol, Predicate<String> rule) {
    return switch (symbol) {
      case Symbol.Literal literal -> literal.text().isEmpty();
      case Symbol.CharacterClass _ -> false;
      case Symbol.Reference reference -> rule.test(reference.rule());
      case Symbol.Sequence sequence ->
          sequence.symbols().stream().allMatch(part -> isNullable(part, rule));
      case Symbol.Choice choice ->
          choice.alternatives().stream().anyMatch(part -> isNullable(part, rule));
      case Symbol.Repetition repetition ->
          repetition.min() == 0 || isNullable(repetition.symbol(), rule);
    };
  }

  /** Whether a symbol derives any text at all. */
  private static boolean isProductive(Symbol symbol, Predicate<String> rule) {
    return switch (symbol) {
      case Symbol.Literal _, Symbol.CharacterClass _ -> true;
      case Symbol.Reference reference -> rule.test(reference.rule());
      case Symbol.Sequence sequence ->
          sequence.symbols().stream().allMatch(part -> isProductive(part, rule));
      case Symbol.Choice choice ->
          choice.alternatives().stream().anyMatch(part -> isProductive(part, rule));
      case Symbol.Repetition repetition ->
          repetition.min() == 0 || isProductive(repetition.symbol(), rule);
    };
  }

  private Set<String> reachable() {
    Set<String> reached = new HashSet<>(Set.of(Gbnf.ROOT));
    Deque<String> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      Set<String> next = new HashSet<>();
      collect(rule(open.pop()), next);
      next.stream().filter(reached::add).forEach(open::push);
    }
    return reached;
  }

  private static void collect(Symbol symbol, Set<String> names) {
    switch (symbol) {
      case Symbol.Reference reference -> names.add(reference.rule());
      case Symbol.Sequence sequence -> sequence.symbols().forEach(part -> collect(part, names));
      case Symbol.Choice choice -> choice.alternatives().forEach(part -> collect(part, names));
      case Symbol.Repetition repetition -> collect(repetition.symbol(), names);
      case Symbol.Literal _, Symbol.CharacterClass _ -> {}
    }
  }

  private void checkLeftRecursion(String name, Set<String> nullable, Map<String, Mark> marks) {
    if (marks.get(name) == Mark.DONE) {
      return;
    }
    if (marks.put(name, Mark.ENTERED) == Mark.ENTERED) {
      throw Gbnf.refused(
          text, position(name), "the rule " + name + " begins with itself (left recursion)");
    }
    Set<String> first = new HashSet<>();
    leftmost(rule(name), nullable, first);
    first.forEach(rule -> checkLeftRecursion(rule, nullable, marks));
    marks.put(name, Mark.DONE);
  }

  private Symbol rule(String name) {
    Symbol rule = rules.get(name);
    if (rule == null) {
      throw new IllegalStateException("references are checked first: " + name);
    }
    return rule;
  }

  /** The rules that a symbol may begin with; whether it may also be empty. */
  private static boolean leftmost(Symbol symbol, Set<String> nullable, Set<String> first) {
    return switch (symbol) {
      case Symbol.Literal literal -> literal.text().isEmpty();
      case Symbol.CharacterClass _ -> false;
      case Symbol.Reference reference -> {
        first.add(reference.rule());
        yield nullable.contains(reference.rule());
      }
      case Symbol.Sequence sequence -> {
        for (Symbol part : sequence.symbols()) {
          if (!leftmost(part, nullable, first)) {
            yield false;
          }
        }
        yield true;
      }
      case Symbol.Choice choice -> {
        boolean empty = false;
        for (Symbol part : choice.alternatives()) {
          empty |= leftmost(part, nullable, first);
        }
        yield empty;
      }
      case Symbol.Repetition repetition ->
          leftmost(repetition.symbol(), nullable, first) || repetition.min() == 0;
    };
  }
}
