package dev.finch.jinja;

import java.util.List;
import java.util.Locale;

/** Python's {@code text % values}. */
final class PercentFormat {

  private final Rendering rendering;
  private final String format;
  private final boolean html;
  private final StringBuilder out = new StringBuilder();
  private Object values = None.NONE;
  private List<Object> several = List.of();
  private boolean named;
  private int used;
  private int at;

  PercentFormat(Rendering rendering, String format, boolean html) {
    this.rendering = rendering;
    this.format = format;
    this.html = html;
  }

  String format(Object arguments) {
    rendering.characters(format.length());
    values = arguments;
    several =
        arguments instanceof SequenceValue sequence && sequence.isTuple()
            ? sequence.items()
            : List.of(arguments);
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c == '%') {
        directive();
      } else {
        out.append(c);
      }
    }
    boolean mapping =
        arguments instanceof DictValue
            || arguments instanceof SequenceValue.ListValue
            || arguments instanceof RangeValue
            || arguments instanceof Undefined;
    if (!named && !mapping && used < several.size()) {
      throw rendering.error("not all arguments converted during string formatting");
    }
    rendering.text(out.length());
    return out.toString();
  }

  private char next() {
    if (at >= format.length()) {
      throw rendering.error("incomplete format");
    }
    return format.charAt(at++);
  }

  private Object argument() {
    if (used >= several.size()) {
      throw rendering.error("not enough arguments for format string");
    }
    return several.get(used++);
  }

  private void directive() {
    char c = next();
    Object value = null;
    if (c == '(') {
      value = Access.item(rendering, mapping(), name());
      if (value instanceof Undefined) {
        throw rendering.error("the format names a key that is not there");
      }
      named = true;
      c = next();
    }
    StringBuilder flags = new StringBuilder();
    while ("#0- +".indexOf(c) >= 0) {
      flags.append(c);
      c = next();
    }
    at--;
    long width = number(flags);
    long precision = -1;
    if (next() == '.') {
      precision = Math.max(0, number(new StringBuilder()));
    } else {
      at--;
    }
    c = next();
    while ("hlL".indexOf(c) >= 0) {
      c = next();
    }
    if (c == '%') {
      out.append('%');
      return;
    }
    convert(c, value == null ? argument() : value, flags.toString(), width, precision);
  }

  private Object mapping() {
    if (!(values instanceof DictValue)) {
      throw rendering.error("format requires a mapping");
    }
    return values;
  }

  private String name() {
    int depth = 1;
    int from = at;
    while (true) {
      char c = next();
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0) {
        return format.substring(from, at - 1);
      }
    }
  }

  /** A width or a precision; a negative one sets the flag {@code -}. */
  private long number(StringBuilder flags) {
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      Object value = argument();
      if (!Numbers.isInt(value)) {
        throw rendering.error("* wants int");
      }
      long number = Numbers.index(rendering, value);
      if (number < 0) {
        flags.append('-');
      }
      return Math.min(1L << 40, Math.abs(Math.max(number, -(1L << 40))));
    }
    long number = -1;
    while (at < format.length() && PythonCharacters.isDigit(format.charAt(at))) {
      number = Math.min(1L << 40, Math.max(0, number) * 10 + format.charAt(at++) - '0');
    }
    return number;
  }

  private void convert(char type, Object value, String flags, long width, long precision) {
    switch (type) {
      case 's', 'r', 'a' -> {
        String text =
            switch (type) {
              case 's' -> html ? Texts.escaped(rendering, value) : Texts.str(rendering, value);
              case 'r' -> Texts.repr(rendering, value);
              default -> Texts.ascii(rendering, value);
            };
        text = html && type != 's' ? Markup.escape(text) : text;
        pad("", cut(text, precision), flags.replace("0", ""), width);
      }
      case 'c' -> pad("", character(value), flags.replace("0", ""), width);
      case 'd', 'i', 'u', 'x', 'X', 'o' -> integer(type, value, flags, width, precision);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Numbers.isNumber(value)) {
          throw wrong("must be real number, not ", value);
        }
        double number = Numbers.real(rendering, value);
        int digits = (int) (precision < 0 ? 6 : Math.min(precision, 1 << 20));
        String text = FloatFormat.digits(rendering, number, type, digits, flags.contains("#"));
        boolean negative = number < 0 || (number == 0 && 1 / number < 0);
        String kept = Double.isFinite(number) ? flags : flags.replace("0", "");
        pad(sign(negative, flags), text, kept, width);
      }
      default -> throw rendering.error("unsupported format character '" + type + "'");
    }
  }

  private TemplateException wrong(String what, Object value) {
    return value instanceof Undefined undefined
        ? rendering.error(undefined.message())
        : rendering.error(what + Values.type(value));
  }

  private String cut(String text, long precision) {
    if (precision < 0 || text.codePointCount(0, text.length()) <= precision) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, (int) precision));
  }

  private String character(Object value) {
    String text = Values.string(value);
    if (text != null && text.codePointCount(0, text.length()) == 1) {
      return text;
    }
    if (!Numbers.isInt(value)) {
      throw rendering.error("%c requires int or char");
    }
    long code = Numbers.index(rendering, value);
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw rendering.error("%c arg not in range(0x110000)");
    }
    return Character.toString((int) code);
  }

  private void integer(char type, Object value, String flags, long width, long precision) {
    boolean decimal = "diu".indexOf(type) >= 0;
    if (!Numbers.isNumber(value) || (!decimal && !Numbers.isInt(value))) {
      throw wrong(
          "%"
              + type
              + " format: "
              + (decimal ? "a real number" : "an integer")
              + " is required, not ",
          value);
    }
    Object whole = Numbers.truncate(rendering, value);
    boolean negative = Numbers.big(whole).signum() < 0;
    Object size = negative ? Numbers.negate(whole) : whole;
    String digits =
        decimal ? Numbers.text(rendering, size) : Numbers.big(size).toString(type == 'o' ? 8 : 16);
    digits = Texts.repeat(rendering, "0", precision - digits.length()) + digits;
    String prefix = sign(negative, flags);
    if (flags.contains("#") && !decimal) {
      prefix += type == 'o' ? "0o" : "0x";
    }
    String text = prefix + "\n" + digits;
    text = type == 'X' ? text.toUpperCase(Locale.ROOT) : text;
    int cut = text.indexOf('\n');
    pad(text.substring(0, cut), text.substring(cut + 1), flags, width);
  }

  private static String sign(boolean negative, String flags) {
    return negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
  }

  private void pad(String prefix, String text, String flags, long width) {
    int length = prefix.length() + text.codePointCount(0, text.length());
    String zeros = flags.contains("-") || !flags.contains("0") ? " " : "0";
    String fill = Texts.repeat(rendering, zeros, width - length);
    if (flags.contains("-")) {
      out.append(prefix).append(text).append(fill);
    } else if (zeros.equals("0")) {
      out.append(prefix).append(fill).append(text);
    } else {
      out.append(fill).append(prefix).append(text);
    }
  }
}
