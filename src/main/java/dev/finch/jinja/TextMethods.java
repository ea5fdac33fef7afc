package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      case "split" -> new Sequence.ListValue(split(false));
      case "rsplit" -> new Sequence.ListValue(split(true));
      case "splitlines" -> {
        Object keep = bind(0, "keepends")[0];
        yield new Sequence.ListValue(lines(rendering, text, keep != null && Values.truth(keep)));
      }
      case "partition", "rpartition" -> partition();
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
        yield pad(rendering, text, name, given(values[0]), values[1] == null ? " " : values[1]);
      }
      case "zfill" -> zfill();
      case "expandtabs" -> expandTabs();
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
        yield name.startsWith("is") ? (Object) is() : cased();
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

  private String cased() {
    rendering.text(text.length());
    return switch (name) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "casefold" -> caseFolded();
      case "capitalize" -> capitalize(text);
      case "title" -> title();
      default -> swapCase();
    };
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.codePointAt(0)) + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    return upper.length() > Character.charCount(c)
        ? upper.substring(0, upper.offsetByCodePoints(0, 1))
            + upper.substring(upper.offsetByCodePoints(0, 1)).toLowerCase(Locale.ROOT)
        : Character.toString(title);
  }

  private String title() {
    StringBuilder out = new StringBuilder(text.length());
    boolean inside = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (inside) {
        out.append(Character.toString(c).toLowerCase(Locale.ROOT));
      } else {
        out.append(titleCase(c));
      }
      inside = Characters.isCased(c);
    }
    return out.toString();
  }

  private String swapCase() {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String one = Character.toString(c);
              out.append(
                  Character.isUpperCase(c)
                      ? one.toLowerCase(Locale.ROOT)
                      : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
            });
    return out.toString();
  }

  private boolean is() {
    return switch (name) {
      case "isalnum" -> all(c -> Characters.isAlpha(c) || Characters.isNumeric(c));
      case "isalpha" -> all(Characters::isAlpha);
      case "isdecimal" -> all(Characters::isDecimal);
      case "isdigit" -> all(Characters::isDigitLike);
      case "isnumeric" -> all(Characters::isNumeric);
      case "isspace" -> all(Characters::isSpace);
      case "isascii" -> text.isEmpty() || all(c -> c < 0x80);
      case "isprintable" -> text.isEmpty() || all(Characters::isPrintable);
      case "isupper" -> isCased(text, true);
      case "islower" -> isCased(text, false);
      case "istitle" -> isTitle();
      default -> isIdentifier();
    };
  }

  private boolean all(IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  /** Whether there are letters with case, and all have this one. */
  static boolean isCased(String text, boolean upper) {
    boolean any = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (Characters.isCased(c)) {
        if (upper ? !Character.isUpperCase(c) : !Character.isLowerCase(c)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  private boolean isTitle() {
    boolean inside = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (upper ? inside : Character.isLowerCase(c) && !inside) {
        return false;
      }
      inside = Characters.isCased(c);
      any |= inside;
    }
    return any;
  }

  private boolean isIdentifier() {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return (first == '_' || Character.isUnicodeIdentifierStart(first))
        && text.codePoints()
            .allMatch(
                c ->
                    c == '_'
                        || (Character.isUnicodeIdentifierPart(c)
                            && !Character.isIdentifierIgnorable(c)));
  }

  private String strip() {
    Object chars = bind(0, "chars")[0];
    IntPredicate stripped = Characters::isSpace;
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
        wanted instanceof Sequence sequence && sequence.isTuple()
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
    if (separator == null || separator instanceof None) {
      return words(limit, right);
    }
    String mark = string(separator, name + "()");
    if (mark.isEmpty()) {
      throw rendering.error("empty separator");
    }
    List<Object> parts = new ArrayList<>();
    if (right) {
      int to = text.length();
      int at = Search.last(rendering, text, mark, text.length());
      while (at >= 0 && parts.size() < limit) {
        add(parts, text.substring(at + mark.length(), to));
        to = at;
        at = to < mark.length() ? -1 : Search.last(rendering, text, mark, to);
      }
      add(parts, text.substring(0, to));
      return parts.reversed().stream().toList();
    }
    int from = 0;
    for (int at = Search.first(rendering, text, mark, 0);
        at >= 0 && parts.size() < limit;
        at = Search.first(rendering, text, mark, from)) {
      add(parts, text.substring(from, at));
      from = at + mark.length();
    }
    add(parts, text.substring(from));
    return parts;
  }

  private void add(List<Object> parts, String part) {
    rendering.made(part.length() + 48);
    rendering.step();
    parts.add(part);
  }

  private List<Object> words(long limit, boolean right) {
    List<Object> words = new ArrayList<>();
    int from = 0;
    int to = text.length();
    while (true) {
      while (from < to && Characters.isSpace(text.charAt(right ? to - 1 : from))) {
        from += right ? 0 : 1;
        to -= right ? 1 : 0;
      }
      if (from >= to) {
        break;
      }
      if (words.size() >= limit) {
        add(words, text.substring(from, to));
        break;
      }
      int edge = right ? to : from;
      while (right ? edge > from : edge < to) {
        if (Characters.isSpace(text.charAt(right ? edge - 1 : edge))) {
          break;
        }
        edge += right ? -1 : 1;
      }
      add(words, right ? text.substring(edge, to) : text.substring(from, edge));
      if (right) {
        to = edge;
      } else {
        from = edge;
      }
    }
    return right ? words.reversed().stream().toList() : words;
  }

  /** Lines as {@code splitlines} cuts them. */
  static List<Object> lines(Rendering rendering, String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    int i = 0;
    while (i < text.length()) {
      if (!Characters.isLineBreak(text.charAt(i))) {
        i++;
        continue;
      }
      int end = i;
      i += text.startsWith("\r\n", i) ? 2 : 1;
      rendering.made(end - from + 48L);
      rendering.step();
      lines.add(text.substring(from, keepEnds ? i : end));
      from = i;
    }
    if (from < text.length()) {
      rendering.text(text.length() - from);
      lines.add(text.substring(from));
    }
    return lines;
  }

  private Object partition() {
    String mark = string(bind(1, "sep")[0], name + "()");
    if (mark.isEmpty()) {
      throw rendering.error("empty separator");
    }
    rendering.text(text.length());
    boolean right = name.equals("rpartition");
    int at =
        right
            ? Search.last(rendering, text, mark, text.length())
            : Search.first(rendering, text, mark, 0);
    if (at < 0) {
      return right ? new Sequence.TupleValue("", "", text) : new Sequence.TupleValue(text, "", "");
    }
    return new Sequence.TupleValue(text.substring(0, at), mark, text.substring(at + mark.length()));
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

  static String pad(Rendering rendering, String text, String how, Object width, Object filling) {
    long wanted = Numbers.index(rendering, width);
    String fill = Texts.string(rendering, filling, "the fill character");
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw rendering.error("The fill character must be exactly one character long");
    }
    long missing = wanted - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    long left =
        switch (how) {
          case "center" -> missing / 2 + (missing & wanted & 1);
          case "rjust" -> missing;
          default -> 0;
        };
    return Texts.repeat(rendering, fill, left)
        + text
        + Texts.repeat(rendering, fill, missing - left);
  }

  private String zfill() {
    long width = Numbers.index(rendering, given(bind(1, "width")[0]));
    long missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    int sign = !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    return text.substring(0, sign) + Texts.repeat(rendering, "0", missing) + text.substring(sign);
  }

  private String expandTabs() {
    Object size = bind(0, "tabsize")[0];
    long tab = size == null ? 8 : Numbers.index(rendering, size);
    StringBuilder out = new StringBuilder();
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long blanks = tab <= 0 ? 0 : tab - column % tab;
        out.append(Texts.repeat(rendering, " ", blanks));
        column += blanks;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    rendering.text(out.length());
    return out.toString();
  }

  /** A letter at a time: Java's small sigma at the end of a word is another. */
  private String caseFolded() {
    StringBuilder folded = new StringBuilder();
    text.codePoints().forEach(c -> Characters.caseFolded(c, folded));
    return folded.toString();
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
        case Long other when Character.isValidCodePoint(other.intValue()) ->
            out.appendCodePoint(other.intValue());
        default -> out.appendCodePoint(c);
      }
    }
    return out.toString();
  }
}
