package dev.finch.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sentences of a grammar: whether a text is one, and random ones. */
final class Sentences {

  /** What is still to come: a linked stack of symbols, shared between the ways of deriving. */
  private record Rest(Symbol symbol, @Nullable Rest next) {}

  private static final int SOON = 60;

  private Sentences() {}

  /** Whether a grammar derives this text; follows all ways at once, as llama.cpp does. */
  static boolean accepts(Gbnf gbnf, String text) {
    Set<@Nullable Rest> states = new HashSet<>();
    open(gbnf, root(gbnf), states, new HashSet<>());
    for (int codePoint : text.codePoints().toArray()) {
      Set<@Nullable Rest> next = new HashSet<>();
      for (@Nullable Rest state : states) {
        if (state == null) {
          continue;
        }
        switch (state.symbol()) {
          case Symbol.Literal literal -> {
            if (literal.text().codePointAt(0) == codePoint) {
              String rest = literal.text().substring(Character.charCount(codePoint));
              open(gbnf, new Rest(new Symbol.Literal(rest), state.next()), next, new HashSet<>());
            }
          }
          case Symbol.CharacterClass many -> {
            if (many.holds(codePoint)) {
              open(gbnf, state.next(), next, new HashSet<>());
            }
          }
          default -> throw new IllegalStateException("not a terminal: " + state.symbol());
        }
      }
      states = next;
    }
    return states.contains(null);
  }

  private static Rest root(Gbnf gbnf) {
    return new Rest(rule(gbnf, Gbnf.ROOT), null);
  }

  private static Symbol rule(Gbnf gbnf, String name) {
    return Objects.requireNonNull(gbnf.rules().get(name), name);
  }

  /** Expands until a terminal stands first, or nothing is left. */
  private static void open(
      Gbnf gbnf, @Nullable Rest rest, Set<@Nullable Rest> states, Set<Rest> seen) {
    if (rest == null) {
      states.add(null);
      return;
    }
    if (!seen.add(rest)) {
      return;
    }
    @Nullable Rest next = rest.next();
    switch (rest.symbol()) {
      case Symbol.Literal literal when literal.text().isEmpty() -> open(gbnf, next, states, seen);
      case Symbol.Literal _, Symbol.CharacterClass _ -> states.add(rest);
      case Symbol.Reference reference ->
          open(gbnf, new Rest(rule(gbnf, reference.rule()), next), states, seen);
      case Symbol.Sequence sequence -> {
        @Nullable Rest all = next;
        for (Symbol symbol : sequence.symbols().reversed()) {
          all = new Rest(symbol, all);
        }
        open(gbnf, all, states, seen);
      }
      case Symbol.Choice choice ->
          choice.alternatives().forEach(symbol -> open(gbnf, new Rest(symbol, next), states, seen));
      case Symbol.Repetition repetition -> {
        if (repetition.min() == 0) {
          open(gbnf, next, states, seen);
        }
        if (repetition.max() != 0) {
          Symbol fewer =
              new Symbol.Repetition(
                  repetition.symbol(),
                  Math.max(0, repetition.min() - 1),
                  Math.max(Symbol.Repetition.UNBOUNDED, repetition.max() - 1));
          open(gbnf, new Rest(repetition.symbol(), new Rest(fewer, next)), states, seen);
        }
      }
    }
  }

  /** One token for each byte. */
  private static final Vocabulary BYTES = new Vocabulary(256, token -> new byte[] {(byte) token});

  /** Whether an answer may be this text, as it is followed while a model speaks. */
  static boolean follows(Gbnf gbnf, String text) {
    GrammarCursor cursor = gbnf.cursor(BYTES);
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      if (!cursor.allows(next & 0xFF)) {
        return false;
      }
      cursor.accept(next & 0xFF);
    }
    return cursor.mayEnd();
  }

  /** A random sentence of a schema's grammar in which nothing comes again that must not. */
  static String deriveDistinct(Gbnf gbnf, Random random) {
    for (int i = 0; i < 1_000; i++) {
      String sentence = derive(gbnf, random);
      if (follows(gbnf, sentence)) {
        return sentence;
      }
    }
    throw new AssertionError("nothing can be derived: " + gbnf.text());
  }

  /** A random sentence; a long one takes the shortest way to its end. */
  static String derive(Gbnf gbnf, Random random) {
    Map<String, Integer> depths = Depths.of(gbnf);
    StringBuilder text = new StringBuilder();
    Deque<Symbol> rest = new ArrayDeque<>(List.of(rule(gbnf, Gbnf.ROOT)));
    int steps = 0;
    while (!rest.isEmpty()) {
      boolean hurry = steps++ > SOON;
      switch (rest.pop()) {
        case Symbol.Literal literal -> text.append(literal.text());
        case Symbol.CharacterClass many -> text.appendCodePoint(character(many, random));
        case Symbol.Reference reference -> rest.push(rule(gbnf, reference.rule()));
        case Symbol.Sequence sequence -> sequence.symbols().reversed().forEach(rest::push);
        case Symbol.Choice choice -> {
          List<Symbol> alternatives = Depths.ending(choice.alternatives(), depths);
          rest.push(
              hurry
                  ? Depths.shallowest(alternatives, depths)
                  : alternatives.get(random.nextInt(alternatives.size())));
        }
        case Symbol.Repetition repetition -> {
          boolean open = repetition.max() == Symbol.Repetition.UNBOUNDED;
          int most =
              open ? repetition.min() + 3 : Math.min(repetition.max(), repetition.min() + 40);
          boolean endless = Depths.ending(List.of(repetition.symbol()), depths).isEmpty();
          int times =
              hurry || endless ? repetition.min() : random.nextInt(repetition.min(), most + 1);
          boolean full =
              !endless && !hurry && !open && repetition.max() < 300 && random.nextInt(8) == 0;
          for (int i = 0; i < (full ? repetition.max() : times); i++) {
            rest.push(repetition.symbol());
          }
        }
      }
    }
    return text.toString();
  }

  private static int character(Symbol.CharacterClass many, Random random) {
    if (!many.negated()) {
      Symbol.Range range = many.ranges().get(random.nextInt(many.ranges().size()));
      return random.nextInt(range.first(), range.last() + 1);
    }
    List<Integer> candidates = new ArrayList<>();
    for (int codePoint :
        new int[] {' ', 'a', 'Z', '0', '\'', '/', '{', 'é', '中', 0x1F426, '\u2028'}) {
      if (many.holds(codePoint)) {
        candidates.add(codePoint);
      }
    }
    return candidates.get(random.nextInt(candidates.size()));
  }
}
