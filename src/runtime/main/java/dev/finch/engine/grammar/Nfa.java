package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/** A regular expression as states and what leads from one to another. Built once, then read. */
final class Nfa {

  /** Repetitions are written out; this many states take some milliseconds. */
  private static final int MAX_STATES = 40_000;

  /** What leads to a state. */
  sealed interface Step {
    int to();
  }

  record Free(int to) implements Step {}

  record Read(CharacterSet set, int to) implements Step {}

  record At(Regex.Edge edge, int to) implements Step {}

  record Owe(int look, int to) implements Step {}

  final List<List<Step>> steps = new ArrayList<>();

  /** The look-arounds that {@link Owe} numbers. */
  final List<Regex.Look> looks = new ArrayList<>();

  /** Whether some step depends on the character before. */
  boolean edged;

  final int end;

  Nfa(Regex regex) {
    int start = state();
    end = build(regex, start);
  }

  private int state() {
    if (steps.size() >= MAX_STATES) {
      throw new Automaton.TooLargeException();
    }
    steps.add(new ArrayList<>(2));
    return steps.size() - 1;
  }

  private void link(int from, Step step) {
    steps.get(from).add(step);
  }

  /** Builds a part behind a state; gives the state behind it. */
  private int build(Regex regex, int from) {
    return switch (regex) {
      case Regex.Chars chars -> {
        int to = state();
        link(from, new Read(chars.set(), to));
        yield to;
      }
      case Regex.Sequence sequence -> {
        int at = from;
        for (Regex part : sequence.parts()) {
          at = build(part, at);
        }
        yield at;
      }
      case Regex.Choice choice -> {
        int to = state();
        for (Regex way : choice.ways()) {
          int begin = state();
          link(from, new Free(begin));
          link(build(way, begin), new Free(to));
        }
        yield to;
      }
      case Regex.Repeat repeat -> repeated(repeat, from);
      case Regex.Edge edge -> {
        edged = true;
        int to = state();
        link(from, new At(edge, to));
        yield to;
      }
      case Regex.Look look -> {
        edged = true;
        int to = state();
        looks.add(look);
        link(from, new Owe(looks.size() - 1, to));
        yield to;
      }
    };
  }

  private int repeated(Regex.Repeat repeat, int from) {
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      at = build(repeat.part(), at);
    }
    if (repeat.max() == Symbol.Repetition.UNBOUNDED) {
      int begin = state();
      link(at, new Free(begin));
      link(build(repeat.part(), begin), new Free(begin));
      return begin;
    }
    int to = state();
    for (int i = repeat.min(); i < repeat.max(); i++) {
      link(at, new Free(to));
      at = build(repeat.part(), at);
    }
    link(at, new Free(to));
    return to;
  }
}
