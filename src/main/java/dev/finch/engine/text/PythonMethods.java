package dev.finch.engine.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Python's strings, lists and dictionaries that chat templates call. What is not
 * here cannot be called: a template never reaches a Java object.
 */
final class PythonMethods {

  private static final int NO_LIMIT = -1;

  private PythonMethods() {}

  /**
   * @throws UnsupportedOperationException where Python's type has no such method, or Finch lacks it
   */
  static @Nullable Object call(@Nullable Object base, String method, List<?> arguments) {
    return switch (base) {
      case Map<?, ?> map -> onMap(map, method, arguments);
      case List<?> list -> onList(list, method, arguments);
      case CharSequence text -> onText(text.toString(), method, arguments);
      case null -> throw unknown("None", method);
      default -> throw unknown(base.getClass().getSimpleName(), method);
    };
  }

  private static UnsupportedOperationException unknown(String type, String method) {
    return new UnsupportedOperationException(
        "the template calls ." + method + "() on a value of type " + type);
  }

  private static @Nullable Object onText(String text, String method, List<?> arguments) {
    return switch (method) {
      case "strip" -> strip(text, chars(arguments), true, true);
      case "lstrip" -> strip(text, chars(arguments), true, false);
      case "rstrip" -> strip(text, chars(arguments), false, true);
      case "startswith" -> options(arguments).stream().anyMatch(text::startsWith);
      case "endswith" -> options(arguments).stream().anyMatch(text::endsWith);
      case "removeprefix" -> {
        String prefix = string(arguments, 0);
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = string(arguments, 0);
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "split" -> split(text, arguments);
      case "rsplit" -> rsplit(text, arguments);
      case "splitlines" -> text.lines().toList();
      case "join" -> join(text, texts((Iterable<?>) argument(arguments, 0)));
      case "replace" -> replace(text, arguments);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> capitalize(text);
      case "find" -> (long) text.indexOf(string(arguments, 0));
      case "rfind" -> (long) text.lastIndexOf(string(arguments, 0));
      case "count" -> count(text, string(arguments, 0));
      case "isdigit", "isnumeric", "isdecimal" -> all(text, Character::isDigit);
      case "isalpha" -> all(text, Character::isLetter);
      case "isalnum" -> all(text, Character::isLetterOrDigit);
      case "isspace" -> all(text, PythonMethods::isSpace);
      case "isupper" -> !text.equals(text.toLowerCase(Locale.ROOT)) && isUpper(text);
      case "islower" -> !text.equals(text.toUpperCase(Locale.ROOT)) && isLower(text);
      case "__reversed__" -> new StringBuilder(text).reverse().toString();
      default -> throw unknown("str", method);
    };
  }

  private static boolean isUpper(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT));
  }

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT));
  }

  private static @Nullable Object onMap(Map<?, ?> map, String method, List<?> arguments) {
    return switch (method) {
      case "items" -> new ArrayList<>(map.entrySet());
      case "keys" -> new ArrayList<>(map.keySet());
      case "values" -> new ArrayList<>(map.values());
      case "get" -> {
        Object key = argument(arguments, 0);
        Object otherwise = arguments.size() > 1 ? arguments.get(1) : null;
        yield map.containsKey(key) ? map.get(key) : otherwise;
      }
      default -> throw unknown("dict", method);
    };
  }

  @SuppressWarnings("unchecked") // a template's own list holds whatever it puts there
  private static @Nullable Object onList(List<?> list, String method, List<?> arguments) {
    return switch (method) {
      case "append" -> {
        ((List<Object>) list).add(argument(arguments, 0));
        yield null;
      }
      case "extend" -> {
        ((List<Object>) list).addAll((List<Object>) argument(arguments, 0));
        yield null;
      }
      case "pop" -> {
        int index = arguments.isEmpty() ? -1 : number(arguments, 0);
        yield ((List<Object>) list).remove(index < 0 ? index + list.size() : index);
      }
      case "index" -> (long) list.indexOf(argument(arguments, 0));
      case "count" -> list.stream().filter(argument(arguments, 0)::equals).count();
      case "__reversed__" -> list.reversed();
      default -> throw unknown("list", method);
    };
  }

  private static Object argument(List<?> arguments, int index) {
    Object value = index < arguments.size() ? arguments.get(index) : null;
    if (value == null) {
      throw new UnsupportedOperationException("the template leaves out an argument of a method");
    }
    return value;
  }

  private static String string(List<?> arguments, int index) {
    return argument(arguments, index).toString();
  }

  private static int number(List<?> arguments, int index) {
    return ((Number) argument(arguments, index)).intValue();
  }

  /** The characters to strip; null for white space. */
  private static @Nullable String chars(List<?> arguments) {
    return arguments.isEmpty() || arguments.getFirst() == null ? null : string(arguments, 0);
  }

  private static List<String> options(List<?> arguments) {
    return argument(arguments, 0) instanceof Iterable<?> several
        ? texts(several)
        : List.of(string(arguments, 0));
  }

  private static List<String> texts(Iterable<?> values) {
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(String.valueOf(value)));
    return texts;
  }

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  private static String strip(String text, @Nullable String chars, boolean left, boolean right) {
    IntPredicate unwanted = chars == null ? PythonMethods::isSpace : c -> chars.indexOf(c) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && unwanted.test(text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && unwanted.test(text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static List<String> split(String text, List<?> arguments) {
    int limit = arguments.size() > 1 ? number(arguments, 1) : NO_LIMIT;
    String separator = chars(arguments);
    if (separator == null) {
      String words = strip(text, null, true, false);
      return words.isEmpty()
          ? new ArrayList<>()
          : new ArrayList<>(Arrays.asList(words.strip().split("\\s+", limit < 0 ? 0 : limit + 1)));
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (limit < 0 || parts.size() < limit);
        at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<String> rsplit(String text, List<?> arguments) {
    if (arguments.size() < 2) {
      return split(text, arguments);
    }
    String separator = string(arguments, 0);
    List<String> parts = new ArrayList<>();
    int to = text.length();
    for (int at = text.lastIndexOf(separator);
        at >= 0 && parts.size() < number(arguments, 1);
        at = text.lastIndexOf(separator, to - separator.length())) {
      parts.addFirst(text.substring(at + separator.length(), to));
      to = at;
    }
    parts.addFirst(text.substring(0, to));
    return parts;
  }

  private static String replace(String text, List<?> arguments) {
    String from = string(arguments, 0);
    String to = string(arguments, 1);
    int limit = arguments.size() > 2 ? number(arguments, 2) : NO_LIMIT;
    return from.isEmpty() ? text : join(to, split(text, List.of(from, limit)));
  }

  /** The texts with a separator between them, unless that is more than any prompt may be. */
  static String join(String separator, List<String> texts) {
    long length = (long) separator.length() * texts.size();
    for (String text : texts) {
      length += text.length();
    }
    if (length > Jinja.OUTPUT_LIMIT) {
      throw new Jinja.TemplateException(
          "a text grows beyond " + Jinja.OUTPUT_LIMIT + " characters");
    }
    return String.join(separator, texts);
  }

  private static long count(String text, String part) {
    return part.isEmpty() ? text.length() + 1L : split(text, List.of(part)).size() - 1L;
  }

  private static String capitalize(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (int c : text.codePoints().toArray()) {
      out.appendCodePoint(first ? Character.toTitleCase(c) : Character.toLowerCase(c));
      first = !Character.isLetter(c);
    }
    return out.toString();
  }
}
