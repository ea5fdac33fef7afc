package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Filters of text. */
final class TextFilters {

  private static final int TRUNCATE_LEEWAY = 5;

  private TextFilters() {}

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return switch (name) {
      case "upper", "lower", "capitalize" -> {
        arguments.bind(rendering, name, 0);
        yield Methods.call(rendering, soft(rendering, value), name, Arguments.NONE);
      }
      case "title" -> {
        arguments.bind(rendering, name, 0);
        yield title(rendering, Texts.str(rendering, value));
      }
      case "trim" -> {
        @Nullable Object[] given = arguments.bind(rendering, name, 0, "chars");
        Arguments chars = given[0] == null ? Arguments.NONE : Arguments.of(given[0]);
        yield Methods.call(rendering, soft(rendering, value), "strip", chars);
      }
      case "center" -> {
        @Nullable Object[] given = arguments.bind(rendering, name, 0, "width");
        Object width = given[0] == null ? 80L : given[0];
        yield Methods.call(rendering, soft(rendering, value), "center", Arguments.of(width));
      }
      case "replace" -> replace(rendering, value, arguments);
      case "join" -> join(rendering, value, arguments);
      case "format" -> format(rendering, value, arguments);
      case "indent" -> indent(rendering, value, arguments);
      case "truncate" -> truncate(rendering, value, arguments);
      case "wordcount" -> {
        arguments.bind(rendering, name, 0);
        yield wordCount(rendering, Texts.str(rendering, value));
      }
      case "wordwrap" -> wordWrap(rendering, value, arguments);
      default -> {
        arguments.bind(rendering, name, 0);
        yield new PrettyPrint(rendering).print(value);
      }
    };
  }

  private static Object soft(Rendering rendering, Object value) {
    return value instanceof Markup ? value : Texts.str(rendering, value);
  }

  private static String title(Rendering rendering, String text) {
    rendering.text(text.length());
    StringBuilder out = new StringBuilder(text.length());
    boolean begins = true;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean separates = PythonCharacters.isSpace(c) || "-({[<".indexOf(c) >= 0;
      String one = Character.toString(c);
      out.append(
          begins && !separates ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
      begins = separates;
    }
    return out.toString();
  }

  private static Object replace(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given = arguments.bind(rendering, "replace", 2, "old", "new", "count");
    Object old = Filters.given(given[0]);
    Object replacement = Filters.given(given[1]);
    long count =
        given[2] == null || given[2] instanceof None ? -1 : Numbers.index(rendering, given[2]);
    if (!rendering.autoescape) {
      return TextMethods.replace(
          rendering,
          Texts.str(rendering, value),
          Texts.str(rendering, old),
          Texts.str(rendering, replacement),
          count);
    }
    boolean html =
        value instanceof Markup || old instanceof Markup || replacement instanceof Markup;
    if (!html) {
      return TextMethods.replace(
          rendering,
          Texts.str(rendering, value),
          Texts.str(rendering, old),
          Texts.str(rendering, replacement),
          count);
    }
    return new Markup(
        TextMethods.replace(
            rendering,
            Texts.escaped(rendering, value),
            Texts.escaped(rendering, old),
            Texts.escaped(rendering, replacement),
            count));
  }

  private static Object join(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given = arguments.bind(rendering, "join", 0, "d", "attribute");
    Object separator = given[0] == null ? "" : given[0];
    Object items = value;
    if (given[1] != null && !(given[1] instanceof None)) {
      items =
          SequenceFilters.apply(
              rendering,
              "map",
              new SequenceValue.ListValue(Values.list(rendering, value)),
              Arguments.NONE.with("attribute", given[1]));
    }
    List<Object> parts = new ArrayList<>();
    boolean html = separator instanceof Markup;
    for (Object item : Values.list(rendering, items)) {
      html |= item instanceof Markup;
      rendering.made(8);
      parts.add(item);
    }
    boolean escape = html && rendering.autoescape;
    parts.replaceAll(item -> escape ? Texts.escaped(rendering, item) : Texts.str(rendering, item));
    String mark = escape ? Texts.escaped(rendering, separator) : Texts.str(rendering, separator);
    String text = TextMethods.join(rendering, mark, new SequenceValue.ListValue(parts));
    return escape ? new Markup(text) : text;
  }

  private static Object format(Rendering rendering, Object value, Arguments arguments) {
    if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
      throw rendering.error("can't handle positional and keyword arguments at the same time");
    }
    Object values = new SequenceValue.TupleValue(arguments.positional());
    if (!arguments.named().isEmpty()) {
      DictValue named = new DictValue(arguments.named().size());
      arguments.named().forEach(named::put);
      values = named;
    }
    return Operators.binary(rendering, "%", soft(rendering, value), values);
  }

  private static Object indent(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given = arguments.bind(rendering, "indent", 0, "width", "first", "blank");
    Object width = given[0] == null ? 4L : given[0];
    String indentation = Values.string(width);
    if (indentation == null) {
      indentation = Texts.repeat(rendering, " ", Numbers.index(rendering, width));
    }
    boolean blank = given[2] != null && Values.truth(given[2]);
    String text = Texts.string(rendering, value, "what is indented");
    List<Object> lines = TextSplit.lines(rendering, text + "\n", false);
    StringBuilder out = new StringBuilder();
    if (given[1] != null && Values.truth(given[1])) {
      out.append(indentation);
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      rendering.text((long) line.length() + indentation.length());
      if (i > 0) {
        out.append('\n').append(blank || !line.isEmpty() ? indentation : "");
      }
      out.append(line);
    }
    return value instanceof Markup ? new Markup(out.toString()) : out.toString();
  }

  private static Object truncate(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given =
        arguments.bind(rendering, "truncate", 0, "length", "killwords", "end", "leeway");
    String end = given[2] == null ? "..." : Texts.string(rendering, given[2], "the end");
    long length = given[0] == null ? 255 : Numbers.index(rendering, given[0]);
    long leeway =
        given[3] == null || given[3] instanceof None
            ? TRUNCATE_LEEWAY
            : Numbers.index(rendering, given[3]);
    int endLength = end.codePointCount(0, end.length());
    if (length < endLength) {
      throw rendering.error("expected length >= " + endLength + ", got " + length);
    }
    if (leeway < 0) {
      throw rendering.error("expected leeway >= 0, got " + leeway);
    }
    int size = Values.length(value);
    if (size >= 0 && size <= Math.min(length, 1L << 40) + Math.min(leeway, 1L << 40)) {
      return value;
    }
    String text = Texts.string(rendering, value, "what is truncated");
    rendering.text(text.length());
    String cut = text.substring(0, text.offsetByCodePoints(0, (int) (length - endLength)));
    if (given[1] == null || !Values.truth(given[1])) {
      int blank = cut.lastIndexOf(' ');
      cut = blank < 0 ? cut : cut.substring(0, blank);
    }
    return value instanceof Markup ? new Markup(cut + Markup.escape(end)) : cut + end;
  }

  private static long wordCount(Rendering rendering, String text) {
    rendering.characters(text.length());
    long count = 0;
    boolean inside = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      boolean word = PythonCharacters.isWord(text.codePointAt(i));
      count += word && !inside ? 1 : 0;
      inside = word;
    }
    return count;
  }

  private static Object wordWrap(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given =
        arguments.bind(
            rendering,
            "wordwrap",
            0,
            "width",
            "break_long_words",
            "wrapstring",
            "break_on_hyphens");
    long width = given[0] == null ? 79 : Numbers.index(rendering, given[0]);
    boolean breakWords = given[1] == null || Values.truth(given[1]);
    String mark =
        given[2] == null || given[2] instanceof None
            ? "\n"
            : Texts.string(rendering, given[2], "the wrap string");
    boolean hyphens = given[3] == null || Values.truth(given[3]);
    String text = Texts.string(rendering, value, "what is wrapped");
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Object line : TextSplit.lines(rendering, text, false)) {
      out.append(first ? "" : mark);
      first = false;
      boolean begins = true;
      for (String part : new WordWrap(rendering, width, breakWords, hyphens).wrap((String) line)) {
        rendering.text((long) part.length() + mark.length());
        out.append(begins ? "" : mark).append(part);
        begins = false;
      }
    }
    return out.toString();
  }
}
