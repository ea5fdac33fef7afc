package dev.finch.engine.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the few things of Jinja that the template library reads otherwise: a loop's {@code if},
 * the tags by which training marks generated text, and what {@link ExpressionDialect} knows.
 */
final class TemplateDialect {

  private static final Pattern FILTERED_FOR =
      Pattern.compile("(?s)\\s*for\\s+(.+?)\\s+in\\s+(.+?)\\s+if\\s+(.+?)\\s*");
  private static final Pattern FOR = Pattern.compile("(?s)\\s*for\\s+(.+?)\\s+in\\s+(.+?)\\s*");

  /** An open {@code for} or {@code if}. */
  private static final class Block {
    private final @Nullable String items;
    private boolean empty;

    Block(@Nullable String items) {
      this.items = items;
    }
  }

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Block> blocks = new ArrayDeque<>();
  private int filtered;

  private TemplateDialect(String source) {
    this.source = source;
  }

  /** The same template in the library's words. */
  static String translate(String source) {
    String lines = source.replace("\r\n", "\n");
    // Jinja drops one newline at the end of a template.
    String text = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    return new TemplateDialect(text).translate();
  }

  private String translate() {
    int from = 0;
    boolean raw = false;
    for (int open = nextTag(from); open >= 0; open = nextTag(from)) {
      int close = endOfTag(open);
      String tag = source.substring(open, close);
      out.append(source, from, open);
      raw = raw ? !isStatement(tag, "endraw") : isStatement(tag, "raw");
      boolean untouched = raw || tag.startsWith("{#") || !isClosed(tag);
      out.append(untouched ? tag : tag(tag));
      from = close;
    }
    return out.append(source, from, source.length()).toString();
  }

  private static boolean isClosed(String tag) {
    return tag.length() >= 4 && tag.endsWith(tag.startsWith("{{") ? "}}" : "%}");
  }

  private static boolean isStatement(String tag, String name) {
    return tag.startsWith("{%") && tag.replaceAll("[-+{%}\\s]", "").equals(name);
  }

  private int nextTag(int from) {
    for (int at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
      if (at + 1 < source.length() && "%{#".indexOf(source.charAt(at + 1)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  /** Behind the tag that opens here; strings and dictionaries inside it may hold its end mark. */
  private int endOfTag(int open) {
    char kind = source.charAt(open + 1);
    String end = kind == '{' ? "}}" : kind + "}";
    int braces = 0;
    for (int at = open + 2; at < source.length(); at++) {
      char c = source.charAt(at);
      if (kind != '#' && (c == '"' || c == '\'')) {
        at = endOfString(at);
      } else if (braces == 0 && source.startsWith(end, at)) {
        return at + 2;
      } else if (kind != '#' && c == '{') {
        braces++;
      } else if (kind != '#' && c == '}') {
        braces--;
      }
    }
    return source.length();
  }

  private int endOfString(int open) {
    int at = open + 1;
    while (at < source.length() && source.charAt(at) != source.charAt(open)) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private String tag(String tag) {
    int from = 2 + (isControl(tag.charAt(2)) ? 1 : 0);
    int to = tag.length() - 2;
    to -= to > from && isControl(tag.charAt(to - 1)) ? 1 : 0;
    String open = tag.substring(0, from);
    String inside = tag.substring(from, to);
    String close = tag.substring(to);
    return tag.startsWith("{{")
        ? open + ExpressionDialect.translate(inside) + close
        : statement(open, inside, close);
  }

  private String statement(String open, String inside, String close) {
    return switch (inside.strip().split("\\s+", 2)[0]) {
      case "generation" -> open + " if true " + close;
      case "endgeneration" -> open + " endif " + close;
      case "for" -> loop(open, inside, close);
      case "endfor" -> open + (close() ? " endif " : " endfor ") + close;
      case "if" -> {
        blocks.push(new Block(null));
        yield open + ExpressionDialect.translate(inside) + close;
      }
      case "endif" -> {
        close();
        yield open + inside + close;
      }
      case "else" -> otherwise(open, close);
      default -> open + ExpressionDialect.translate(inside) + close;
    };
  }

  /** Leaves the innermost block; whether it was a loop that has had its {@code else}. */
  private boolean close() {
    Block block = blocks.poll();
    return block != null && block.empty;
  }

  /** The library has no {@code else} of a loop: it becomes a condition behind the loop. */
  private String otherwise(String open, String close) {
    Block block = blocks.peek();
    if (block == null || block.items == null) {
      return open + " else " + close;
    }
    block.empty = true;
    return open + " endfor %}{% if (" + block.items + ") | length == 0 " + close;
  }

  private static boolean isControl(char c) {
    return c == '-' || c == '+';
  }

  private String loop(String open, String inside, String close) {
    Matcher filtered = FILTERED_FOR.matcher(inside);
    if (filtered.matches() && !filtered.group(3).contains(" else ")) {
      return filteredFor(filtered, open, close);
    }
    Matcher plain = FOR.matcher(inside);
    String items = plain.matches() ? ExpressionDialect.translate(plain.group(2)) : null;
    blocks.push(new Block(items));
    return open + ExpressionDialect.translate(inside) + close;
  }

  /** Jinja counts only the items that pass a loop's {@code if}: collects these first. */
  private String filteredFor(Matcher loop, String open, String close) {
    String kept = "finch_kept_" + filtered++;
    blocks.push(new Block(kept));
    String item = loop.group(1);
    String value = item.contains(",") ? "[" + item + "]" : item;
    return open
        + " set %s = [] %%}".formatted(kept)
        + "{%% for %s in %s %%}".formatted(item, ExpressionDialect.translate(loop.group(2)))
        + "{%% if %s %%}".formatted(ExpressionDialect.translate(loop.group(3)))
        + "{%% do %s.append(%s) %%}".formatted(kept, value)
        + "{% endif %}{% endfor %}"
        + "{%% for %s in %s ".formatted(item, kept)
        + close;
  }
}
