package dev.finch.jinja;

import org.jspecify.annotations.Nullable;

/** Python's {@code text.format(…)}. */
final class BraceFormat {

  private final Rendering rendering;
  private final Arguments arguments;
  private final @Nullable Object mapping;
  private int automatic;

  BraceFormat(Rendering rendering, Arguments arguments) {
    this(rendering, arguments, null);
  }

  BraceFormat(Rendering rendering, Arguments arguments, @Nullable Object mapping) {
    this.rendering = rendering;
    this.arguments = arguments;
    this.mapping = mapping;
  }

  String format(String format) {
    rendering.characters(format.length());
    return format(format, 2);
  }

  private String format(String format, int depth) {
    if (depth < 0) {
      throw rendering.error("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      boolean twice = at + 1 < format.length() && format.charAt(at + 1) == c;
      if (c != '{' && c != '}') {
        out.append(c);
        at++;
      } else if (twice) {
        out.append(c);
        at += 2;
      } else if (c == '}') {
        throw rendering.error("Single '}' encountered in format string");
      } else {
        int end = end(format, at + 1);
        String field = field(format.substring(at + 1, end), depth);
        rendering.text(field.length());
        out.append(field);
        at = end + 1;
      }
    }
    rendering.text(out.length());
    return out.toString();
  }

  private int end(String format, int from) {
    int braces = 1;
    for (int i = from; i < format.length(); i++) {
      braces += format.charAt(i) == '{' ? 1 : format.charAt(i) == '}' ? -1 : 0;
      if (braces == 0) {
        return i;
      }
    }
    throw rendering.error("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int end = 0;
    int brackets = 0;
    while (end < field.length()
        && (brackets > 0 || (field.charAt(end) != '!' && field.charAt(end) != ':'))) {
      brackets += field.charAt(end) == '[' ? 1 : field.charAt(end) == ']' ? -1 : 0;
      end++;
    }
    Object value = value(field.substring(0, end));
    if (end < field.length() && field.charAt(end) == '!') {
      char conversion = end + 1 < field.length() ? field.charAt(end + 1) : ' ';
      value =
          switch (conversion) {
            case 'r' -> Texts.repr(rendering, value);
            case 's' -> Texts.str(rendering, value);
            case 'a' -> Texts.ascii(rendering, value);
            default -> throw rendering.error("Unknown conversion specifier");
          };
      end += 2;
      if (end < field.length() && field.charAt(end) != ':') {
        throw rendering.error("expected ':' after conversion specifier");
      }
    }
    String spec = end < field.length() ? format(field.substring(end + 1), depth - 1) : "";
    return new FormatSpec(rendering, spec).apply(value);
  }

  private Object value(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = first(path.substring(0, end));
    int at = end;
    while (at < path.length()) {
      boolean attribute = path.charAt(at) == '.';
      int stop = at + 1;
      while (stop < path.length()
          && (attribute
              ? path.charAt(stop) != '.' && path.charAt(stop) != '['
              : path.charAt(stop) != ']')) {
        stop++;
      }
      String key = path.substring(at + 1, Math.min(stop, path.length()));
      if (key.isEmpty() || (!attribute && stop >= path.length())) {
        throw rendering.error("Empty attribute in format string");
      }
      value =
          attribute
              ? Access.attribute(rendering, value, key)
              : Access.item(rendering, value, index(key));
      at = attribute ? stop : stop + 1;
    }
    return value;
  }

  private static Object index(String key) {
    boolean digits = key.length() < 18 && key.chars().allMatch(PythonCharacters::isDigit);
    return digits ? (Object) Long.valueOf(key) : key;
  }

  private Object first(String name) {
    if (name.isEmpty() || (index(name) instanceof Long && mapping == null)) {
      if (automatic < 0 == name.isEmpty() && automatic != 0) {
        throw rendering.error(
            "cannot switch between manual field specification and automatic field numbering");
      }
      long place = name.isEmpty() ? automatic++ : (Long) index(name);
      automatic = name.isEmpty() ? automatic : -1;
      if (place >= arguments.positional().size()) {
        throw rendering.error(
            "Replacement index " + place + " out of range for positional args tuple");
      }
      return arguments.positional().get((int) place);
    }
    Object value = arguments.named().get(name);
    if (mapping != null) {
      value = Access.item(rendering, mapping, name);
    }
    if (value == null || value instanceof Undefined) {
      throw rendering.error("the format names '" + name + "', which is not given");
    }
    return value;
  }
}
