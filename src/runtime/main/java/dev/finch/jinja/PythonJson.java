package dev.finch.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** JSON as Python's {@code json.dumps} writes it. */
public final class PythonJson {

  /** For values that were bounded when they came in. */
  private static final Limits UNLIMITED =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, 1_000, Integer.MAX_VALUE);

  private final Rendering rendering;
  private final boolean ascii;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final StringBuilder out = new StringBuilder();

  private PythonJson(
      Rendering rendering,
      boolean ascii,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean sorted) {
    this.rendering = rendering;
    this.ascii = ascii;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.sorted = sorted;
  }

  /**
   * JSON on one line with Python's separators, as {@code tojson} writes it.
   *
   * @param value null, a boolean, a number, a string, or a list or map of these
   * @throws TemplateException where it nests too deeply
   */
  public static String dumps(@Nullable Object value) {
    Rendering rendering = new Rendering(new Source(""), Map.of(), UNLIMITED, LocalDateTime::now);
    return new PythonJson(rendering, false, null, ", ", ": ", false).write(Values.of(value));
  }

  /** The filter {@code tojson}, as Hugging Face defines it: nothing is escaped for HTML. */
  static Object filter(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given =
        arguments.bind(rendering, "tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
    String indent = indent(rendering, given[1]);
    String item = indent == null ? ", " : ",";
    String key = ": ";
    if (given[2] != null && !(given[2] instanceof None)) {
      List<Object> separators = Values.list(rendering, given[2]);
      if (separators.size() != 2) {
        throw rendering.error("separators: expected (item_separator, key_separator)");
      }
      item = Texts.string(rendering, separators.get(0), "a separator");
      key = Texts.string(rendering, separators.get(1), "a separator");
    }
    boolean ascii = given[0] != null && Values.truth(given[0]);
    boolean sorted = given[3] != null && Values.truth(given[3]);
    return new PythonJson(rendering, ascii, indent, item, key, sorted).write(value);
  }

  private static @Nullable String indent(Rendering rendering, @Nullable Object value) {
    if (value == null || value instanceof None) {
      return null;
    }
    String text = Values.string(value);
    return text != null ? text : Texts.repeat(rendering, " ", Numbers.index(rendering, value));
  }

  private String write(Object value) {
    value(value, 0);
    return out.toString();
  }

  private void value(Object value, int level) {
    rendering.enter();
    int before = out.length();
    switch (value) {
      case None _ -> out.append("null");
      case Boolean truth -> out.append(truth.booleanValue());
      case Double number -> out.append(real(number));
      case Number number -> out.append(Numbers.text(rendering, number));
      case String text -> quote(text);
      case Markup markup -> quote(markup.text());
      case SequenceValue sequence -> list(sequence.items(), level);
      case DictValue dict -> dict(dict, level);
      default ->
          throw rendering.error(
              "Object of type " + Values.type(value) + " is not JSON serializable");
    }
    rendering.made(out.length() - before);
    rendering.leave();
  }

  private static String real(double number) {
    if (Double.isFinite(number)) {
      return Numbers.text(number);
    }
    return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  }

  private void list(List<Object> items, int level) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      next(i, level);
      value(items.get(i), level + 1);
    }
    close(items.size(), level, ']');
  }

  private void next(int index, int level) {
    if (index > 0) {
      out.append(itemSeparator);
      rendering.made(itemSeparator.length());
    }
    line(level + 1);
  }

  private void line(int level) {
    if (indent != null) {
      out.append('\n').append(Texts.repeat(rendering, indent, level));
    }
  }

  private void close(int size, int level, char mark) {
    if (size > 0) {
      line(level);
    }
    out.append(mark);
  }

  private void dict(DictValue dict, int level) {
    out.append('{');
    int[] count = new int[1];
    BiConsumer<Object, Object> member =
        (key, value) -> {
          next(count[0]++, level);
          quote(key(key));
          out.append(keySeparator);
          rendering.made(keySeparator.length());
          value(value, level + 1);
        };
    if (sorted) {
      List<Object> items = new ArrayList<>(dict.items());
      for (Object item :
          Comparison.sorted(
              rendering, items, pair -> ((SequenceValue) pair).items().getFirst(), false)) {
        SequenceValue pair = (SequenceValue) item;
        member.accept(pair.items().getFirst(), pair.items().getLast());
      }
    } else {
      dict.forEach(member);
    }
    close(count[0], level, '}');
  }

  private String key(Object key) {
    String text = Values.string(key);
    if (text != null) {
      return text;
    }
    return switch (key) {
      case None _ -> "null";
      case Boolean truth -> truth ? "true" : "false";
      case Double number -> real(number);
      case Number number -> Numbers.text(rendering, number);
      default ->
          throw rendering.error(
              "keys must be str, int, float, bool or None, not " + Values.type(key));
    };
  }

  private void quote(String text) {
    rendering.characters(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            String hex = Integer.toHexString(c);
            out.append("\\u").repeat('0', 4 - hex.length()).append(hex);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
