package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Strings of a schema. */
record StringRules(JsonRules json, Rules rules) {

  /** Repetitions are written out, so that a longer string would cost more than it is worth. */
  private static final int LONGEST = 2_000;

  /** What is written before a pattern that may match anywhere. */
  private static final int BEFORE = 60;

  /** States of an automaton that counts characters. */
  private static final int MOST_COUNTED = 3_000;

  /** Formats whose texts are told apart by their form alone. */
  private static final Set<String> EXACT =
      Set.of("date", "time", "date-time", "duration", "uuid", "ipv4", "ipv6");

  String body(Conjunction all, List<JsonNode> excluded, String name) {
    Bounds length = all.length;
    if (length.isEmpty()) {
      throw SchemaFault.unsatisfiable(all.path, "maxLength is below minLength");
    }
    if (length.min() > LONGEST) {
      throw SchemaFault.wrong(
          all.path, "minLength is %,d (expected: at most %,d)".formatted(length.min(), LONGEST));
    }
    int max = length.max() < 0 ? -1 : Math.min(length.max(), LONGEST);
    if (isFree(all) && excluded.isEmpty()) {
      return length.equals(Bounds.ANY)
          ? json.string()
          : rules.define("string", quoted(counted(json.character(), length.min(), max)));
    }
    String repeated = excluded.isEmpty() ? repeated(all, max) : null;
    if (repeated != null) {
      return rules.define("string", quoted(repeated));
    }
    try {
      Automaton automaton = AutomatonRules.writable(language(all, excluded, true));
      if (automaton.isEmpty()) {
        automaton = AutomatonRules.writable(language(all, excluded, false));
      }
      if (automaton.isEmpty() && !all.patterns.isEmpty() && !isFormatFree(all)) {
        // A pattern that leaves nothing of a format's texts means another format of that name.
        Conjunction rest = all.copy();
        rest.formats.clear();
        automaton = AutomatonRules.writable(language(rest, excluded, true));
      }
      if (automaton.isEmpty()) {
        throw SchemaFault.unsatisfiable(
            all.path, "no string has all of its patterns, formats and lengths");
      }
      return rules.define("string", quoted(AutomatonRules.body(automaton, rules, name)));
    } catch (Automaton.TooLargeException e) {
      throw SchemaFault.tooLarge(all.path);
    }
  }

  /** All texts where these are at most so many, else null. */
  static @Nullable List<String> few(Conjunction all, int most) {
    if (isFree(all) && (all.length.max() < 0 || all.length.max() > 0)) {
      return null;
    }
    Automaton automaton = language(all, List.of(), false);
    return automaton.longest() < 0 ? null : automaton.texts(most);
  }

  private static boolean isFree(Conjunction all) {
    return all.patterns.isEmpty()
        && all.notPatterns.isEmpty()
        && all.formats.stream().noneMatch(StringFormats::isKnown);
  }

  private static String counted(String body, int min, int max) {
    return body + "{" + min + "," + (max < 0 ? "" : max) + "}";
  }

  private static String quoted(String body) {
    return "\"\\\"\" " + body + " \"\\\"\"";
  }

  /** The body where there is one pattern that repeats one class of characters, else null. */
  private static @Nullable String repeated(Conjunction all, int most) {
    if (all.patterns.size() != 1 || !all.notPatterns.isEmpty() || !isFormatFree(all)) {
      return null;
    }
    Regex regex = RegexParser.parse(all.patterns.iterator().next(), all.path + "/pattern");
    if (!(regex instanceof Regex.Sequence sequence)
        || sequence.parts().size() != 3
        || sequence.parts().getFirst() != Regex.Edge.START
        || sequence.parts().getLast() != Regex.Edge.END
        || !(sequence.parts().get(1) instanceof Regex.Repeat repeat)
        || !(repeat.part() instanceof Regex.Chars chars)) {
      return null;
    }
    String one = chars.set().inJson();
    int min = Math.max(repeat.min(), all.length.min());
    int max = new Bounds(0, repeat.max()).and(new Bounds(0, most)).max();
    return one.isEmpty() || (max >= 0 && max < min) ? null : counted("(" + one + ")", min, max);
  }

  private static boolean isFormatFree(Conjunction all) {
    return all.formats.stream().noneMatch(StringFormats::isKnown);
  }

  /** Whether two formats that are told apart by their form have no text in common. */
  static boolean areApart(Conjunction both) {
    long known = both.formats.stream().filter(EXACT::contains).count();
    return known > 1
        && known == both.formats.size()
        && !Set.of("date", "time").containsAll(both.formats)
        && formats(both).isEmpty();
  }

  private static Automaton formats(Conjunction all) {
    Automaton automaton = Automaton.manyOf(CharacterSet.WRITABLE);
    for (String format : all.formats) {
      if (StringFormats.isKnown(format)) {
        automaton = automaton.and(StringFormats.automaton(format));
      }
    }
    return automaton;
  }

  /**
   * The texts that meet all.
   *
   * @param narrow whether what stands before a pattern that may match anywhere is short
   */
  private static Automaton language(Conjunction all, List<JsonNode> excluded, boolean narrow) {
    Automaton automaton = isFormatFree(all) ? null : formats(all);
    boolean alone = automaton == null && all.patterns.size() == 1;
    for (String pattern : all.patterns) {
      Automaton one = pattern(all.references(), pattern, all.path + "/pattern", narrow && alone);
      automaton = automaton == null ? one : automaton.and(one);
      all.references().budget().spend(10L * automaton.size());
    }
    Automaton whole = automaton == null ? Automaton.manyOf(CharacterSet.WRITABLE) : automaton;
    for (String pattern : all.notPatterns) {
      whole = whole.minus(all.references().pattern(pattern, all.path));
    }
    List<String> texts = new ArrayList<>();
    excluded.forEach(value -> texts.add(value.textValue()));
    whole =
        (texts.isEmpty() ? whole : whole.minus(Automaton.of(texts, all.references().budget())))
            .smallest();
    Bounds length = all.length;
    return length.equals(Bounds.ANY) ? whole : counted(whole, length, all.references().budget());
  }

  private static Automaton counted(Automaton automaton, Bounds length, AutomatonBudget budget) {
    int longest = automaton.longest();
    boolean counts = length.max() >= 0 && (longest < 0 || longest > length.max());
    if (!counts) {
      return length.min() <= 0 ? automaton : automaton.within(length.min(), -1);
    }
    int least = Math.max(length.min(), automaton.shortest());
    int room = Math.max(least + 1, MOST_COUNTED / automaton.size());
    budget.spend(10L * (least + room));
    return automaton.within(length.min(), Math.min(length.max(), Math.min(room, LONGEST)));
  }

  private static Automaton pattern(
      References references, String pattern, String path, boolean narrow) {
    Regex regex = RegexParser.parse(pattern, path);
    boolean anchored =
        regex == Regex.Edge.START
            || (regex instanceof Regex.Sequence sequence
                && !sequence.parts().isEmpty()
                && sequence.parts().getFirst() == Regex.Edge.START);
    if (!narrow || anchored) {
      return references.pattern(pattern, path);
    }
    Regex before =
        new Regex.Repeat(new Regex.Chars(CharacterSet.of(0, Character.MAX_CODE_POINT)), 0, BEFORE);
    try {
      return Determinizer.whole(
          new Regex.Sequence(List.of(before, regex, Regex.ANYTHING)), references.budget());
    } catch (Automaton.TooLargeException e) {
      return references.pattern(pattern, path);
    }
  }

  /** The texts that meet a schema, or null where any does. */
  static @Nullable Automaton language(References references, JsonNode schema, String path) {
    try {
      return language(new Conjunction(references, path).add(schema, path), 0);
    } catch (Automaton.TooLargeException e) {
      throw SchemaFault.tooLarge(path);
    } catch (SchemaFault.UnsatisfiableException e) {
      return Automaton.NONE;
    }
  }

  private static @Nullable Automaton language(Conjunction all, int depth) {
    List<JsonNode> listed = all.listed();
    if (listed != null) {
      return Automaton.of(
          listed.stream().filter(JsonNode::isTextual).map(JsonNode::textValue).toList(),
          all.references().budget());
    }
    if (!all.open.isEmpty()) {
      return union(all, depth);
    }
    if (!all.types().contains("string") && all.types != null) {
      return Automaton.NONE;
    }
    List<JsonNode> excluded = all.excluded.stream().filter(JsonNode::isTextual).toList();
    return isFree(all) && all.length.equals(Bounds.ANY) && excluded.isEmpty()
        ? null
        : language(all, excluded, false);
  }

  private static @Nullable Automaton union(Conjunction all, int depth) {
    if (depth > 8) {
      throw Conjunction.undecided(all.path, "names that have too many choices");
    }
    Conjunction.Open open = all.open.removeFirst();
    Automaton union = Automaton.NONE;
    for (Choices.Way way : new Choices(all, open).ways()) {
      try {
        Automaton one = language(way.taken(all), depth + 1);
        if (one == null) {
          return null;
        }
        union = union.or(one);
      } catch (SchemaFault.UnsatisfiableException _) {
        // this way has no texts
      }
    }
    return union;
  }
}
