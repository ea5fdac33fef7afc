package dev.finch.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code str} and {@code repr}, and what else concerns text as a whole. */
final class Texts {

  private Texts() {}

  /** Python's {@code str(value)}. */
  static String str(Rendering rendering, Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Undefined _ -> "";
      default -> repr(rendering, value);
    };
  }

  static String repr(Rendering rendering, Object value) {
    return switch (value) {
      case None _ -> "None";
      case Boolean truth -> truth ? "True" : "False";
      case Double number -> Numbers.text(number);
      case Number number -> Numbers.text(rendering, number);
      default -> {
        StringBuilder out = new StringBuilder();
        repr(rendering, value, out);
        yield out.toString();
      }
    };
  }

  static void repr(Rendering rendering, Object value, StringBuilder out) {
    rendering.enter();
    int before = out.length();
    switch (value) {
      case String text -> quote(rendering, text, out);
      case Markup markup -> {
        out.append("Markup(");
        quote(rendering, markup.text(), out);
        out.append(')');
      }
      case Undefined _ -> out.append("Undefined");
      case SequenceValue.ListValue list -> items(rendering, "[", list.items(), "]", out);
      case SequenceValue tuple ->
          items(rendering, "(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out);
      case DictValue dict -> dict(rendering, dict, out);
      case DictView view -> items(rendering, Values.type(view) + "([", view.items(), "])", out);
      case RangeValue range -> {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        out.append(range.step() == 1 ? ")" : ", " + range.step() + ")");
      }
      case Namespace namespace -> {
        out.append("<Namespace ");
        dict(rendering, namespace.dict(), out);
        out.append('>');
      }
      case MacroValue macro ->
          out.append("<Macro ")
              .append(macro.name().isEmpty() ? "anonymous" : "'" + macro.name() + "'")
              .append('>');
      case LoopValue loop ->
          out.append("<LoopContext ")
              .append(loop.index())
              .append('/')
              .append(loop.length())
              .append('>');
      case Callable callable -> out.append(callable.description());
      case IteratorValue iterator -> out.append('<').append(iterator.type()).append(" object>");
      default -> out.append(repr(rendering, value));
    }
    rendering.made(Math.max(0, out.length() - before));
    rendering.leave();
  }

  private static void items(
      Rendering rendering, String open, List<Object> items, String close, StringBuilder out) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      repr(rendering, items.get(i), out);
    }
    out.append(close);
  }

  private static void dict(Rendering rendering, DictValue dict, StringBuilder out) {
    out.append('{');
    int start = out.length();
    dict.forEach(
        (key, value) -> {
          if (out.length() > start) {
            out.append(", ");
          }
          repr(rendering, key, out);
          out.append(": ");
          repr(rendering, value, out);
        });
    out.append('}');
  }

  private static void quote(Rendering rendering, String text, StringBuilder out) {
    rendering.characters(text.length());
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (PythonCharacters.isPrintable(c)) {
            out.appendCodePoint(c);
          } else {
            escape(c, out);
          }
        }
      }
    }
    out.append(quote);
  }

  private static void escape(int c, StringBuilder out) {
    String hex = Integer.toHexString(c);
    int width = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out.append(width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U");
    out.repeat('0', width - hex.length()).append(hex);
  }

  /** Python's {@code ascii(value)}. */
  static String ascii(Rendering rendering, Object value) {
    String text = repr(rendering, value);
    rendering.text(10L * text.length());
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c < 0x80) {
                out.append((char) c);
              } else {
                escape(c, out);
              }
            });
    return out.toString();
  }

  /** By code points, as Python orders text. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean pairs = Character.isSurrogate(x) && Character.isSurrogate(y);
        return pairs || Character.isSurrogate(x) == Character.isSurrogate(y)
            ? Character.compare(x, y)
            : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  static boolean contains(Rendering rendering, String text, Object part) {
    String wanted = Values.string(part);
    if (wanted == null) {
      throw rendering.error(
          "'in <string>' requires string as left operand, not " + Values.type(part));
    }
    return Search.first(rendering, text, wanted, 0) >= 0;
  }

  /** A value that must be a string. */
  static String string(Rendering rendering, Object value, String what) {
    String text = Values.string(value);
    if (text == null) {
      if (value instanceof Undefined undefined) {
        throw rendering.error(undefined.message());
      }
      throw rendering.error(what + " must be str, not " + Values.type(value));
    }
    return text;
  }

  static Object concat(Rendering rendering, String a, String b) {
    rendering.text((long) a.length() + b.length());
    return a.concat(b);
  }

  static String repeat(Rendering rendering, String text, long count) {
    if (count <= 0 || text.isEmpty()) {
      return "";
    }
    long length = count > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : count * text.length();
    if (length > Integer.MAX_VALUE - 64) {
      throw rendering.exhausted("a text grows too large");
    }
    rendering.text(length);
    return text.repeat((int) count);
  }

  /** HTML where a value is, escaped text where it is not. */
  static String escaped(Rendering rendering, Object value) {
    if (value instanceof Markup markup) {
      return markup.text();
    }
    String text = str(rendering, value);
    rendering.text(5L * text.length());
    return Markup.escape(text);
  }

  /** Whether all characters are of one {@code char} each. */
  static boolean isFlat(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The character at a place, counted in code points; null where there is none. */
  static @Nullable String characterAt(Rendering rendering, String text, long index) {
    rendering.characters(text.length());
    int length = text.codePointCount(0, text.length());
    long place = index < 0 ? index + length : index;
    if (place < 0 || place >= length) {
      return null;
    }
    return Values.character(text.codePointAt(text.offsetByCodePoints(0, (int) place)));
  }
}
