package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The filter {@code urlize}: addresses in a text become links. */
final class Links {

  private static final Set<String> BASIC_DOMAINS =
      Set.of("com", "net", "int", "edu", "gov", "org", "info", "mil");

  private final Rendering rendering;
  private final Object value;
  private final long limit;
  private final String attributes;
  private final List<String> schemes = new ArrayList<>();

  Links(Rendering rendering, Object value, Arguments arguments) {
    this.rendering = rendering;
    this.value = value;
    @Nullable Object[] given =
        arguments.bind(
            rendering, "urlize", 0, "trim_url_limit", "nofollow", "target", "rel", "extra_schemes");
    limit = isNone(given[0]) || given[0] == null ? -1 : Numbers.index(rendering, given[0]);
    TreeSet<String> rel = new TreeSet<>(Texts::compare);
    rel.add("noopener");
    if (given[1] != null && Values.truth(given[1])) {
      rel.add("nofollow");
    }
    if (given[3] != null && !isNone(given[3])) {
      String own = Texts.string(rendering, given[3], "rel");
      for (String part : own.strip().split("\\s+", -1)) {
        if (!part.isEmpty()) {
          rel.add(part);
        }
      }
    }
    String target = isNone(given[2]) || given[2] == null ? "" : Texts.escaped(rendering, given[2]);
    attributes =
        " rel=\""
            + Markup.escape(String.join(" ", rel))
            + "\""
            + (target.isEmpty() ? "" : " target=\"" + target + "\"");
    if (given[4] != null && !isNone(given[4])) {
      Values.list(rendering, given[4]).forEach(this::scheme);
    }
  }

  private static boolean isNone(@Nullable Object value) {
    return value == null || value instanceof None;
  }

  private void scheme(Object value) {
    String scheme = Texts.string(rendering, value, "a scheme");
    int colon = scheme.indexOf(':');
    boolean valid =
        colon >= 2
            && scheme
                .substring(0, colon)
                .codePoints()
                .allMatch(c -> PythonCharacters.isWord(c) || ".+-".indexOf(c) >= 0)
            && Set.of("", "/", "//").contains(scheme.substring(colon + 1));
    if (!valid) {
      throw rendering.error(Texts.repr(rendering, scheme) + " is not a valid URI scheme prefix.");
    }
    schemes.add(scheme);
  }

  Object urlize() {
    String text = Texts.escaped(rendering, value);
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      int end = i;
      boolean blank = PythonCharacters.isSpace(text.charAt(i));
      while (end < text.length() && PythonCharacters.isSpace(text.charAt(end)) == blank) {
        end++;
      }
      String part = text.substring(i, end);
      String made = blank ? part : word(part);
      rendering.text(made.length());
      out.append(made);
      i = end;
    }
    return rendering.autoescape ? new Markup(out.toString()) : out.toString();
  }

  private static int leading(String word) {
    int at = 0;
    while (true) {
      if (at < word.length() && "(<".indexOf(word.charAt(at)) >= 0) {
        at++;
      } else if (word.startsWith("&lt;", at)) {
        at += 4;
      } else {
        return at;
      }
    }
  }

  private static int trailing(String word) {
    int end = word.length();
    while (end > 0) {
      if (")>.,".indexOf(word.charAt(end - 1)) >= 0) {
        end--;
      } else if (word.startsWith("&gt;", end - 4)) {
        end -= 4;
      } else {
        break;
      }
    }
    return end;
  }

  private static int count(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private String word(String word) {
    rendering.characters(word.length());
    int begin = leading(word);
    String head = word.substring(0, begin);
    String middle = word.substring(begin);
    int end = trailing(middle);
    String tail = middle.substring(end);
    middle = middle.substring(0, end);
    String[] pairs = {"(", ")", "<", ">", "&lt;", "&gt;"};
    for (int i = 0; i < pairs.length; i += 2) {
      int opened = count(middle, pairs[i]);
      if (opened <= count(middle, pairs[i + 1])) {
        continue;
      }
      int moved = Math.min(opened, count(tail, pairs[i + 1]));
      rendering.steps(((long) moved * (word.length() + 1)) >> 4);
      for (int n = 0; n < moved; n++) {
        int stop = tail.indexOf(pairs[i + 1]) + pairs[i + 1].length();
        middle += tail.substring(0, stop);
        tail = tail.substring(stop);
      }
    }
    return head + link(middle) + tail;
  }

  private String link(String text) {
    if (isAddress(text)) {
      boolean whole = text.startsWith("https://") || text.startsWith("http://");
      return anchor(whole ? text : "https://" + text, trimmed(text));
    }
    if (text.startsWith("mailto:") && isMail(text.substring(7))) {
      return "<a href=\"" + text + "\">" + text.substring(7) + "</a>";
    }
    if (text.indexOf('@') >= 0
        && !text.startsWith("www.")
        && text.indexOf(':') < 0
        && isMail(text)) {
      return "<a href=\"mailto:" + text + "\">" + text + "</a>";
    }
    String made = text;
    for (String scheme : schemes) {
      if (!made.equals(scheme) && made.startsWith(scheme)) {
        made = anchor(made, made);
      }
    }
    return made;
  }

  private String anchor(String address, String text) {
    return "<a href=\"" + address + "\"" + attributes + ">" + text + "</a>";
  }

  private String trimmed(String text) {
    return limit >= 0 && text.codePointCount(0, text.length()) > limit
        ? text.substring(0, text.offsetByCodePoints(0, (int) limit)) + "..."
        : text;
  }

  private static boolean isMail(String text) {
    int at = text.lastIndexOf('@');
    if (at < 1) {
      return false;
    }
    String domain = text.substring(at + 1);
    int dot = domain.lastIndexOf('.');
    return dot > 0
        && dot < domain.length() - 1
        && PythonCharacters.isWord(domain.charAt(0))
        && domain
            .substring(0, dot)
            .codePoints()
            .allMatch(c -> PythonCharacters.isWord(c) || c == '.' || c == '-')
        && domain.substring(dot + 1).codePoints().allMatch(PythonCharacters::isWord);
  }

  private static boolean isAddress(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int from = lower.startsWith("https://") ? 8 : lower.startsWith("http://") ? 7 : 0;
    boolean www = from == 0 && lower.startsWith("www.");
    int end = from;
    while (end < lower.length() && "/?#".indexOf(lower.charAt(end)) < 0) {
      end++;
    }
    String host = lower.substring(from, end);
    if (host.startsWith("[") && from > 0) {
      return isIpv6(host);
    }
    int colon = host.indexOf(':');
    if (colon >= 0) {
      String port = host.substring(colon + 1);
      if (port.isEmpty()
          || port.length() > 5
          || !port.chars().allMatch(PythonCharacters::isDigit)) {
        return false;
      }
      host = host.substring(0, colon);
    }
    String[] labels = (www ? host.substring(4) : host).split("\\.", -1);
    for (String label : labels) {
      if (label.isEmpty()
          || !label
              .codePoints()
              .allMatch(c -> PythonCharacters.isWord(c) || c == '%' || c == '-')) {
        return false;
      }
    }
    String last = labels[labels.length - 1];
    if (from > 0 || www) {
      return isTopLevel(last) || (from > 0 && isIpv4(labels));
    }
    for (int i = 0; i < labels.length - 1; i++) {
      if (labels[i].length() < 2 || labels[i].length() > 63) {
        return false;
      }
    }
    return labels.length > 1 && BASIC_DOMAINS.contains(last);
  }

  private static boolean isTopLevel(String label) {
    return label.startsWith("xn--")
        ? label.length() >= 6
        : label.length() >= 2
            && label.length() <= 63
            && label.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  private static boolean isIpv4(String[] labels) {
    boolean valid = labels.length == 4;
    for (String label : labels) {
      valid &= label.length() <= 3 && label.chars().allMatch(PythonCharacters::isDigit);
    }
    return valid;
  }

  private static boolean isIpv6(String host) {
    int close = host.indexOf(']');
    return close > 3
        && host.substring(1, close).chars().allMatch(c -> c == ':' || Character.digit(c, 16) >= 0)
        && count(host.substring(1, close), ":") >= 2;
  }
}
