package dev.finch.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters for HTML and addresses. */
final class HtmlFilters {

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", "\u00a0"),
          Map.entry("copy", "©"),
          Map.entry("reg", "®"),
          Map.entry("trade", "™"),
          Map.entry("euro", "€"),
          Map.entry("pound", "£"),
          Map.entry("yen", "¥"),
          Map.entry("sect", "§"),
          Map.entry("deg", "°"),
          Map.entry("middot", "·"),
          Map.entry("laquo", "«"),
          Map.entry("raquo", "»"),
          Map.entry("lsquo", "‘"),
          Map.entry("rsquo", "’"),
          Map.entry("ldquo", "“"),
          Map.entry("rdquo", "”"),
          Map.entry("bull", "•"),
          Map.entry("hellip", "…"),
          Map.entry("ndash", "–"),
          Map.entry("mdash", "—"),
          Map.entry("times", "×"));

  private HtmlFilters() {}

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return switch (name) {
      case "e", "escape" -> {
        arguments.bind(rendering, name, 0);
        yield new Markup(Texts.escaped(rendering, value));
      }
      case "forceescape" -> {
        arguments.bind(rendering, name, 0);
        yield new Markup(Texts.escaped(rendering, Texts.str(rendering, value)));
      }
      case "safe" -> {
        arguments.bind(rendering, name, 0);
        yield new Markup(Texts.str(rendering, value));
      }
      case "striptags" -> {
        arguments.bind(rendering, name, 0);
        yield stripTags(rendering, Texts.str(rendering, value));
      }
      case "urlencode" -> {
        arguments.bind(rendering, name, 0);
        yield urlEncode(rendering, value);
      }
      case "urlize" -> new Links(rendering, value, arguments).urlize();
      default -> attributes(rendering, value, arguments);
    };
  }

  private static Object attributes(Rendering rendering, Object value, Arguments arguments) {
    Object spaced = arguments.bind(rendering, "xmlattr", 0, "autospace")[0];
    if (!(value instanceof DictValue dict)) {
      throw rendering.error("'" + Values.type(value) + "' object has no attribute 'items'");
    }
    StringBuilder out = new StringBuilder();
    dict.forEach(
        (key, item) -> {
          if (item instanceof None || item instanceof Undefined) {
            return;
          }
          String name = Texts.string(rendering, key, "an attribute's name");
          if (name.chars().anyMatch(c -> (c < 0x80 && isBlank(c)) || "/>=".indexOf(c) >= 0)) {
            throw rendering.error(
                "Invalid character in attribute name: " + Texts.repr(rendering, name));
          }
          String text = Texts.escaped(rendering, item);
          rendering.text((long) text.length() + name.length());
          out.append(out.isEmpty() ? "" : " ").append(Texts.escaped(rendering, key));
          out.append("=\"").append(text).append('"');
        });
    boolean space = (spaced == null || Values.truth(spaced)) && !out.isEmpty();
    String text = space ? " " + out : out.toString();
    return rendering.autoescape ? new Markup(text) : text;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || (c >= 9 && c <= 13);
  }

  private static String stripTags(Rendering rendering, String html) {
    rendering.text(2L * html.length());
    String plain = without(without(html, "<!--", "-->"), "<", ">");
    StringBuilder out = new StringBuilder();
    for (Object word :
        ((SequenceValue) TextMethods.call(rendering, plain, "split", Arguments.NONE)).items()) {
      out.append(out.isEmpty() ? "" : " ").append(word);
    }
    return unescape(out.toString());
  }

  private static String without(String text, String open, String close) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int at = text.indexOf(open); at >= 0; at = text.indexOf(open, from)) {
      int end = text.indexOf(close, at + open.length());
      if (end < 0) {
        break;
      }
      out.append(text, from, at);
      from = end + close.length();
    }
    return out.append(text, from, text.length()).toString();
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      int end = text.charAt(i) == '&' ? text.indexOf(';', i) : -1;
      String entity = end > 0 && end - i < 12 ? entity(text.substring(i + 1, end)) : null;
      if (entity == null) {
        out.append(text.charAt(i++));
      } else {
        out.append(entity);
        i = end + 1;
      }
    }
    return out.toString();
  }

  private static @Nullable String entity(String name) {
    if (!name.startsWith("#")) {
      return ENTITIES.get(name);
    }
    boolean hex = name.length() > 1 && (name.charAt(1) | 32) == 'x';
    try {
      int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
      return code > 0 && Character.isValidCodePoint(code) ? Character.toString(code) : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static String urlEncode(Rendering rendering, Object value) {
    Iterator<Object> items =
        value instanceof DictValue dict
            ? dict.items().iterator()
            : Values.string(value) != null ? null : Values.iteratorOrNull(rendering, value);
    if (items == null) {
      return quoted(rendering, value, false);
    }
    List<String> pairs = new ArrayList<>();
    while (items.hasNext()) {
      List<Object> pair = Values.list(rendering, items.next());
      if (pair.size() != 2) {
        throw rendering.error("urlencode takes pairs of keys and values");
      }
      pairs.add(quoted(rendering, pair.get(0), true) + "=" + quoted(rendering, pair.get(1), true));
    }
    return String.join("&", pairs);
  }

  private static String quoted(Rendering rendering, Object value, boolean query) {
    String text = Texts.str(rendering, value);
    rendering.text(9L * text.length());
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      boolean safe =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || PythonCharacters.isDigit(c)
              || "_.-~".indexOf(c) >= 0
              || (c == '/' && !query);
      if (safe) {
        out.append((char) c);
      } else if (c == ' ' && query) {
        out.append('+');
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }
}
