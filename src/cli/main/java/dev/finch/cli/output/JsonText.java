package dev.finch.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** JSON that may stand in a terminal: what that would obey, or nobody would see, is escaped. */
public final class JsonText {

  /** The first half of every tag, and of the rarer variation selectors. */
  private static final char TAGS = '\udb40';

  private JsonText() {}

  /** In one line. */
  public static String line(JsonNode node) {
    return escaped(node.toString());
  }

  /** In lines for people. */
  static String pretty(JsonNode node) {
    return escaped(node.toPrettyString());
  }

  // Such characters stand within strings only, where an escape means the same.
  private static String escaped(String json) {
    StringBuilder out = null;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean ofTags = c == TAGS || (i > 0 && json.charAt(i - 1) == TAGS);
      if (!ofTags && !isUnsafe(c)) {
        if (out != null) {
          out.append(c);
        }
        continue;
      }
      if (out == null) {
        out = new StringBuilder(json.length() + 16).append(json, 0, i);
      }
      out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return out == null ? json : out.toString();
  }

  // Emoji keep their selectors and joiners.
  private static boolean isUnsafe(char c) {
    return c >= 0x7f
        && (c < 0xa0
            || c == 0x61c
            || (c >= 0x200b && c <= 0x200f && c != 0x200c && c != 0x200d)
            || (c >= 0x2028 && c <= 0x202e)
            || (c >= 0x2060 && c <= 0x206f)
            || c == 0xfeff
            || (c >= 0xfff9 && c <= 0xfffb));
  }
}
