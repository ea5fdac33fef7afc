package dev.finch.engine.grammar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of a grammar while it is written. Names are given in order, so it is deterministic. */
final class Rules {

  private final Map<String, String> bodies = new LinkedHashMap<>();
  private final Map<String, String> names = new HashMap<>();

  /** The last number that was put after a name. */
  private final Map<String, Integer> taken = new HashMap<>();

  /** The rules of lists whose parts must all be different. */
  private final Set<String> distinct = new HashSet<>();

  private long written;

  /** The schema whose rules are being written, as a JSON pointer. */
  private String place = "";

  /** Another schema's rules follow; gives the one before. */
  String at(String pointer) {
    String before = place;
    place = pointer;
    return before;
  }

  /** A rule with this body, which begins a JSON array or object whose parts are all different. */
  String defineDistinct(String hint, String body) {
    String name = names.computeIfAbsent("\0" + body, _ -> reserve(hint));
    if (distinct.add(name)) {
      fill(name, body);
    }
    return name;
  }

  Set<String> distinct() {
    return distinct;
  }

  /** Whether another's rules may be added. */
  boolean haveRoomFor(Rules others) {
    return written + others.written < Gbnf.MAX_LENGTH / 2;
  }

  /** A rule that derives nothing at all. */
  String none() {
    return "none";
  }

  /** A rule with this body; equal bodies share one. */
  String define(String hint, String body) {
    String known = names.get(body);
    if (known != null) {
      return known;
    }
    String name = reserve(hint);
    fill(name, body);
    names.put(body, name);
    return name;
  }

  /** A name whose body follows, so that the body may refer to it. */
  String reserve(String hint) {
    String base = hint.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String wanted = base.isEmpty() || base.equals(Gbnf.ROOT) || base.equals(none()) ? "rule" : base;
    String name = wanted;
    while (bodies.containsKey(name)) {
      name = wanted + "-" + taken.merge(wanted, 2, (last, _) -> last + 1);
    }
    bodies.put(name, none());
    return name;
  }

  void fill(String name, String body) {
    written += body.length();
    if (written > Gbnf.MAX_LENGTH) {
      throw SchemaFault.refused(
          place,
          "it needs a grammar of more than %,d characters".formatted(Gbnf.MAX_LENGTH),
          "Ask for less at once.");
    }
    bodies.put(name, body);
  }

  /** The grammar that begins with this body. */
  String text(String root) {
    StringBuilder text = new StringBuilder("root ::= ").append(root).append('\n');
    text.append("none ::= \"x\" none\n");
    bodies.forEach((name, body) -> text.append(name).append(" ::= ").append(body).append('\n'));
    return text.toString();
  }

  /** A body that derives one of these. */
  static String choice(List<String> alternatives) {
    return alternatives.size() == 1
        ? alternatives.getFirst()
        : "(" + String.join(" | ", alternatives) + ")";
  }

  /** A body that derives exactly this text. */
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    text.codePoints().forEach(codePoint -> literal.append(escaped(codePoint, "\"\\")));
    return literal.append('"').toString();
  }

  /** A body that derives one code point of these ranges. */
  static String oneOf(List<Symbol.Range> ranges) {
    StringBuilder many = new StringBuilder("[");
    for (Symbol.Range range : ranges) {
      many.append(escaped(range.first(), "\"\\[]-^"));
      if (range.last() > range.first()) {
        many.append('-').append(escaped(range.last(), "\"\\[]-^"));
      }
    }
    return many.append(']').toString();
  }

  /** A code point as it stands in a set. */
  static String inClass(int codePoint) {
    return escaped(codePoint, "\"\\[]-^");
  }

  private static String escaped(int codePoint, String special) {
    if (codePoint < 0x20 || codePoint == 0x7F || special.indexOf(codePoint) >= 0) {
      return "\\x%02X".formatted(codePoint);
    }
    boolean printable =
        !Character.isISOControl(codePoint)
            && Character.getType(codePoint) != Character.SURROGATE
            && !Character.isWhitespace(codePoint);
    if (codePoint == ' ' || (printable && codePoint < 0x80)) {
      return Character.toString(codePoint);
    }
    return codePoint < 0x10000 ? "\\u%04X".formatted(codePoint) : "\\U%08X".formatted(codePoint);
  }
}
