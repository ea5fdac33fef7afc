package dev.finch.engine.grammar;

import java.util.SplittableRandom;

/** Random grammars. The same seed, the same grammar. */
public final class RandomGbnf {

  private final SplittableRandom random;
  private boolean wild;
  private int rules;

  public RandomGbnf(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One that llama.cpp follows too: nothing that may be empty is repeated, little is ambiguous. */
  public String tame() {
    return grammar(false);
  }

  /** One of whatever kind: empty repetitions, circles, ambiguity, large counts. */
  public String wild() {
    return grammar(true);
  }

  private String grammar(boolean wild) {
    this.wild = wild;
    rules = 1 + random.nextInt(5);
    StringBuilder text = new StringBuilder();
    for (int rule = 0; rule < rules; rule++) {
      text.append(rule == 0 ? "root" : "r" + rule).append(" ::= ");
      text.append(choice(rule, 3)).append('\n');
    }
    return text.toString();
  }

  private String choice(int rule, int depth) {
    StringBuilder choice = new StringBuilder(sequence(rule, depth));
    for (int i = random.nextInt(3); i > 0; i--) {
      choice.append(" | ").append(sequence(rule, depth));
    }
    return choice.toString();
  }

  private String sequence(int rule, int depth) {
    StringBuilder sequence = new StringBuilder();
    for (int i = random.nextInt(wild ? 0 : 1, 4); i > 0; i--) {
      sequence.append(repeated(rule, depth)).append(' ');
    }
    return sequence.isEmpty() ? "\"\"" : sequence.toString();
  }

  private String repeated(int rule, int depth) {
    int kind = random.nextInt(8);
    if (kind > 4) {
      return symbol(rule, depth);
    }
    // A text or a class is never empty.
    String unit = wild ? symbol(rule, depth) : terminal();
    return unit
        + switch (kind) {
          case 0 -> "*";
          case 1 -> "+";
          case 2 -> "?";
          case 3 -> "{" + random.nextInt(3) + "," + (3 + random.nextInt(wild ? 40 : 3)) + "}";
          default -> "{" + (1 + random.nextInt(3)) + ",}";
        };
  }

  private String symbol(int rule, int depth) {
    return switch (random.nextInt(5)) {
      case 0 -> depth > 0 ? "(" + choice(rule, depth - 1) + ")" : terminal();
      case 1 -> {
        int other = wild ? random.nextInt(rules) : rule + 1 + random.nextInt(rules);
        yield other >= rules ? terminal() : other == 0 ? "root" : "r" + other;
      }
      default -> terminal();
    };
  }

  private String terminal() {
    return switch (random.nextInt(12)) {
      case 0 -> "\"the \"";
      case 1 -> "[a-z]";
      case 2 -> "[^a-m\\n]";
      case 3 -> ".";
      case 4 -> "\"é\"";
      case 5 -> "[à-ÿ]";
      case 6 -> "[0-9]";
      case 7 -> "\" \"";
      case 8 -> "\"😀\"";
      case 9 -> "[^\"\\\\]";
      case 10 -> "[ \\t]";
      default -> "\"" + (char) ('a' + random.nextInt(26)) + "\"";
    };
  }
}
