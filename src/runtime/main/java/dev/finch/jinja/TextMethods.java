package dev.finch.jinja;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's {@code str}. */
final class TextMethods {

  private static final Set<String> ALL =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "encode",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "maketrans",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "translate",
          "upper",
          "zfill");

  private final Rendering rendering;
  private final String text;
  private final String name;
  private final Arguments arguments;

  private TextMethods(Rendering rendering, String text, String name, Arguments arguments) {
    this.rendering = rendering;
    this.text = text;
    this.name = name;
    this.arguments = arguments;
  }

  static boolean exists(String name) {
    return ALL.contains(name);
  }

  static Object call(Rendering rendering, String text, String name, Arguments arguments) {
    rendering.characters(text.length());
    return new TextMethods(rendering, text, name, arguments).call();
  }

  private Object call() {
    return switch (name) {
      case "strip", "lstrip", "rstrip" -> strip();
      case "startswith", "endswith" -> affix();
      case "split" -> new SequenceValue.ListValue(split(false));
      case "rsplit" -> new SequenceValue.ListValue(split(true));
      case "splitlines" -> {
        Object keep = bind(0, "keepends")[0];
        yield new SequenceValue.ListValue(
            TextSplit.lines(rendering, text, keep != null && Values.truth(keep)));
      }
      case "partition", "rpartition" -> {
        String mark = string(bind(1, "sep")[0], name + "()");
        yield new TextSplit(rendering, text).partition(mark, name.equals("rpartition"));
      }
      case "join" -> join(rendering, text, given(bind(1, "iterable")[0]));
      case "replace" -> {
        @Nullable Object[] values = bind(2, "old", "new", "count");
        long count = values[2] == null ? -1 : Numbers.index(rendering, values[2]);
        yield replace(
            rendering, text, string(values[0], "replace()"), string(values[1], "replace()"), count);
      }
      case "removeprefix" -> {
        String prefix = string(bind(1, "prefix")[0], "removeprefix()");
        yield text.startsWith(prefix) ? part(prefix.length(), text.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = string(bind(1, "suffix")[0], "removesuffix()");
        yield text.endsWith(suffix) && !suffix.isEmpty()
            ? part(0, text.length() - suffix.length())
            : text;
      }
      case "find", "rfind", "index", "rindex" -> find();
      case "count" -> count();
      case "center", "ljust", "rjust" -> {
        @Nullable Object[] values = bind(1, "width", "fillchar");
        yield TextPadding.pad(
            rendering, text, name, given(values[0]), values[1] == null ? " " : values[1]);
      }
      case "zfill" -> {
        long width = Numbers.index(rendering, given(bind(1, "width")[0]));
        yield TextPadding.zfill(rendering, text, width);
      }
      case "expandtabs" -> {
        Object size = bind(0, "tabsize")[0];
        long tab = size == null ? 8 : Numbers.index(rendering, size);
        yield TextPadding.expandTabs(rendering, text, tab);
      }
      case "format" -> new BraceFormat(rendering, arguments).format(text);
      case "format_map" -> {
        Object map = given(bind(1, "mapping")[0]);
        yield new BraceFormat(rendering, Arguments.of(), map).format(text);
      }
      case "translate" -> translate(given(bind(1, "table")[0]));
      case "encode", "maketrans" ->
          throw rendering.unsupported("str." + name + "() is not supported");
      default -> {
        bind(0);
        if (name.startsWith("is")) {
          yield TextCase.is(name, text);
        }
        rendering.text(text.length());
        yield TextCase.cased(name, text);
      }
    };
  }

  private @Nullable Object[] bind(int required, String... parameters) {
    return arguments.bind(rendering, name, required, parameters);
  }

  private static Object given(@Nullable Object value) {
    return value == null ? None.NONE : value;
  }

  private String string(@Nullable Object value, String what) {
    return Texts.string(rendering, given(value), what + " argument");
  }

  private String part(int from, int to) {
    rendering.text(to - from);
    return text.substring(from, to);
  }

  private String strip() {
    Object chars = bind(0, "chars")[0];
    IntPredicate stripped = PythonCharacters::isSpace;
    if (chars != null && !(chars instanceof None)) {
      String set = string(chars, name + "()");
      rendering.steps(((long) text.length() * set.length()) >> 4);
      stripped = c -> set.indexOf(c) >= 0;
    }
    int from = 0;
    int to = text.length();
    if (!name.equals("rstrip")) {
      while (from < to && stripped.test(text.codePointAt(from))) {
        from += Character.charCount(text.codePointAt(from));
      }
    }
    if (!name.equals("lstrip")) {
      while (to > from && stripped.test(text.codePointBefore(to))) {
        to -= Character.charCount(text.codePointBefore(to));
      }
    }
    return part(from, to);
  }

  /**
   * The text between two places, counted in code points; null where the first is behind its end.
   */
  private @Nullable String window(@Nullable Object start, @Nullable Object end) {
    if (start == null && end == null) {
      return text;
    }
    int length = text.codePointCount(0, text.length());
    if (start != null && !(start instanceof None) && Numbers.index(rendering, start) > length) {
      return null;
    }
    long from = Methods.place(rendering, start, 0, length);
    long to = Methods.place(rendering, end, length, length);
    return from > to
        ? null
        : part(text.offsetByCodePoints(0, (int) from), text.offsetByCodePoints(0, (int) to));
  }

  private Object affix() {
    @Nullable Object[] values = bind(1, "prefix", "start", "end");
    String window = window(values[1], values[2]);
    Object wanted = given(values[0]);
    List<Object> options =
        wanted instanceof SequenceValue sequence && sequence.isTuple()
            ? sequence.items()
            : List.of(wanted);
    rendering.steps(options.size());
    for (Object option : options) {
      String affix = string(option, name + " first");
      if (window != null
          && (name.equals("startswith") ? window.startsWith(affix) : window.endsWith(affix))) {
        return true;
      }
    }
    return false;
  }

  private Object find() {
    @Nullable Object[] values = bind(1, "sub", "start", "end");
    String wanted = string(values[0], name + "()");
    String window = window(values[1], values[2]);
    int at =
        window == null
            ? -1
            : name.startsWith("r")
                ? Search.last(rendering, window, wanted, window.length())
                : Search.first(rendering, window, wanted, 0);
    if (window == null || at < 0) {
      if (name.endsWith("index")) {
        throw rendering.error("substring not found");
      }
      return -1L;
    }
    long from = Methods.place(rendering, values[1], 0, text.codePointCount(0, text.length()));
    return from + window.codePointCount(0, at);
  }

  private Object count() {
    @Nullable Object[] values = bind(1, "sub", "start", "end");
    String wanted = string(values[0], "count()");
    String window = window(values[1], values[2]);
    if (window == null) {
      return 0L;
    }
    if (wanted.isEmpty()) {
      return window.codePointCount(0, window.length()) + 1L;
    }
    long count = 0;
    for (int at = Search.first(rendering, window, wanted, 0);
        at >= 0;
        at = Search.first(rendering, window, wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  static String replace(
      Rendering rendering, String text, String old, String replacement, long count) {
    if (count == 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    long left = count;
    int from = 0;
    int at = Search.first(rendering, text, old, 0);
    while (at >= 0 && left-- != 0) {
      rendering.text((long) at - from + replacement.length());
      out.append(text, from, at).append(replacement);
      from = at + old.length();
      if (old.isEmpty()) {
        if (at >= text.length()) {
          return out.toString();
        }
        int next = text.offsetByCodePoints(at, 1);
        out.append(text, at, next);
        from = next;
      }
      at = Search.first(rendering, text, old, from);
      if (old.isEmpty() && from >= text.length()) {
        at = text.length();
      }
    }
    rendering.text(text.length() - from);
    return out.append(text, from, text.length()).toString();
  }

  private List<Object> split(boolean right) {
    @Nullable Object[] values = bind(0, "sep", "maxsplit");
    long limit = values[1] == null ? -1 : Numbers.index(rendering, values[1]);
    limit = limit < 0 ? Long.MAX_VALUE : limit;
    Object separator = values[0];
    rendering.made(text.length());
    TextSplit pieces = new TextSplit(rendering, text);
    return separator == null || separator instanceof None
        ? pieces.words(limit, right)
        : pieces.at(string(separator, name + "()"), limit, right);
  }

  static String join(Rendering rendering, String separator, Object items) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    for (Object item : Values.list(rendering, items)) {
      String part = Values.string(item);
      if (part == null) {
        throw rendering.error(
            "sequence item " + i + ": expected str instance, " + Values.type(item) + " found");
      }
      rendering.text((long) part.length() + separator.length());
      out.append(i++ == 0 ? "" : separator).append(part);
    }
    return out.toString();
  }

  private String translate(Object table) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      Object mapped = Access.item(rendering, table, (long) c);
      rendering.step();
      switch (mapped) {
        case None _ -> {}
        case String other -> {
          rendering.text(other.length());
          out.append(other);
        }
        case Long other when other >= 0 && other <= Character.MAX_CODE_POINT ->
            out.appendCodePoint(other.intValue());
        default -> out.appendCodePoint(c);
      }
    }
    return out.toString();
  }
}
