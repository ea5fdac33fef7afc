package dev.finch.jinja;

import java.util.Locale;

/** Python's format specification: {@code [[fill]align][sign][#][0][width][,][.precision][type]}. */
final class FormatSpec {

  private final Rendering rendering;
  private final String spec;
  private int at;
  private String fill = " ";
  private char align = ' ';
  private char sign = '-';
  private boolean alternate;
  private char grouping = ' ';
  private long width = -1;
  private long precision = -1;
  private char type = ' ';

  FormatSpec(Rendering rendering, String spec) {
    this.rendering = rendering;
    this.spec = spec;
  }

  String apply(Object value) {
    if (spec.isEmpty()) {
      return Texts.str(rendering, value);
    }
    if (value instanceof Undefined undefined) {
      throw rendering.error(
          "unsupported format string passed to Undefined: " + undefined.message());
    }
    String text = Values.string(value);
    if (text == null && !Numbers.isNumber(value)) {
      throw rendering.error(
          "unsupported format string passed to " + Values.type(value) + ".__format__");
    }
    parse();
    if (text != null) {
      return text(text);
    }
    boolean real = value instanceof Double || "eEfFgG%".indexOf(type) >= 0;
    return real ? real(value) : integer(value);
  }

  private boolean sees(String any) {
    return at < spec.length() && any.indexOf(spec.charAt(at)) >= 0;
  }

  private void parse() {
    int first = spec.offsetByCodePoints(0, 1);
    if (first < spec.length() && "<>=^".indexOf(spec.charAt(first)) >= 0) {
      fill = spec.substring(0, first);
      align = spec.charAt(first);
      at = first + 1;
    } else if (sees("<>=^")) {
      align = spec.charAt(at++);
    }
    if (sees("+- ")) {
      sign = spec.charAt(at++);
    }
    if (sees("#")) {
      alternate = true;
      at++;
    }
    if (sees("0")) {
      if (align == ' ') {
        fill = "0";
        align = '0';
      }
      at++;
    }
    width = number();
    if (sees(",_")) {
      grouping = spec.charAt(at++);
    }
    if (sees(".")) {
      at++;
      precision = number();
      if (precision < 0) {
        throw rendering.error("Format specifier missing precision");
      }
    }
    if (at < spec.length()) {
      type = spec.charAt(at++);
    }
    if (at < spec.length()) {
      throw rendering.error("Invalid format specifier");
    }
  }

  private long number() {
    long number = -1;
    while (at < spec.length() && PythonCharacters.isDigit(spec.charAt(at))) {
      number = Math.min(1L << 40, Math.max(0, number) * 10 + spec.charAt(at++) - '0');
    }
    return number;
  }

  private TemplateException unknown(String of) {
    return rendering.error("Unknown format code '" + type + "' for object of type '" + of + "'");
  }

  private String text(String value) {
    if (type != ' ' && type != 's') {
      throw unknown("str");
    }
    if (sign != '-' || alternate || align == '=' || grouping != ' ') {
      throw rendering.error("Sign, '#', '=' and ',' are not allowed in a string format specifier");
    }
    String text = value;
    if (precision >= 0 && text.codePointCount(0, text.length()) > precision) {
      text = text.substring(0, text.offsetByCodePoints(0, (int) precision));
    }
    align = align == ' ' || align == '0' ? '<' : align;
    return pad("", text);
  }

  private String pad(String prefix, String text) {
    long missing = width - prefix.length() - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return prefix + text;
    }
    String number = prefix + text;
    return switch (align) {
      case '<' -> number + Texts.repeat(rendering, fill, missing);
      case '^' ->
          Texts.repeat(rendering, fill, missing / 2)
              + number
              + Texts.repeat(rendering, fill, missing - missing / 2);
      case '=', '0' -> prefix + Texts.repeat(rendering, fill, missing) + text;
      default -> Texts.repeat(rendering, fill, missing) + number;
    };
  }

  private String signs(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : Character.toString(sign);
  }

  private String grouped(String digits, int size) {
    int end = 0;
    while (end < digits.length() && Character.digit(digits.charAt(end), 16) >= 0) {
      end++;
    }
    String whole = digits.substring(0, end);
    // Zeros in front are grouped too.
    boolean zeros = align == '0' || (align == '=' && fill.equals("0"));
    if (grouping == ' ') {
      return digits;
    }
    long room = zeros ? width - (digits.length() - end) : 0;
    StringBuilder out = new StringBuilder();
    int count = 0;
    for (int i = whole.length() - 1; i >= 0 || out.length() < room; i--) {
      if (count > 0 && count % size == 0) {
        out.append(grouping);
      }
      rendering.made(1);
      out.append(i >= 0 ? whole.charAt(i) : '0');
      count++;
    }
    return out.reverse() + digits.substring(end);
  }

  private String integer(Object value) {
    if (value instanceof Boolean && type == ' ' && width < 0 && precision < 0) {
      return Numbers.text(rendering, Numbers.exact(Numbers.big(value)));
    }
    if (precision >= 0) {
      throw rendering.error("Precision not allowed in integer format specifier");
    }
    Object whole = Numbers.exact(Numbers.big(value));
    boolean negative = Numbers.big(whole).signum() < 0;
    Object size = negative ? Numbers.negate(whole) : whole;
    int base =
        switch (type) {
          case ' ', 'd', 'n' -> 10;
          case 'x', 'X' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          case 'c' -> 0;
          default -> throw unknown("int");
        };
    align = align == ' ' ? '>' : align;
    if (base == 0) {
      long code = Numbers.index(rendering, whole);
      if (code < 0 || code > Character.MAX_CODE_POINT) {
        throw rendering.error("%c arg not in range(0x110000)");
      }
      return pad("", Character.toString((int) code));
    }
    rendering.text(Numbers.big(size).bitLength());
    String digits = base == 10 ? Numbers.text(rendering, size) : Numbers.big(size).toString(base);
    String prefix = signs(negative) + (alternate && base != 10 ? "0" + type : "");
    digits = type == 'X' ? digits.toUpperCase(Locale.ROOT) : digits;
    return pad(prefix, grouped(digits, base == 10 ? 3 : 4));
  }

  private String real(Object value) {
    double number = Numbers.real(rendering, value);
    boolean negative = number < 0 || (number == 0 && 1 / number < 0);
    String digits;
    if (type == ' ' && precision < 0) {
      digits = Numbers.text(Math.abs(number));
    } else if (type == '%') {
      digits = FloatFormat.digits(rendering, number * 100, 'f', digits(6), alternate) + "%";
    } else if (type == ' ') {
      digits = FloatFormat.digits(rendering, number, 'g', digits(6), alternate);
      digits = digits.matches("[0-9]+") ? digits + ".0" : digits;
    } else if ("eEfFgG".indexOf(type) >= 0) {
      digits = FloatFormat.digits(rendering, number, type, digits(6), alternate);
    } else {
      throw unknown("float");
    }
    align = align == ' ' ? '>' : align;
    return pad(signs(negative), grouped(digits, 3));
  }

  private int digits(int otherwise) {
    return (int) (precision < 0 ? otherwise : Math.min(precision, 1 << 20));
  }
}
