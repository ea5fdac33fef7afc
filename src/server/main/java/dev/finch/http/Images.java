package dev.finch.http;

import dev.finch.inference.Image;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the images of a request, which each dialect writes in its own way. What goes on is one of
 * the four kinds that Claude takes (<a
 * href="https://docs.claude.com/en/docs/build-with-claude/vision">vision</a>).
 */
final class Images {

  private static final Set<String> KINDS =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  /** How the bytes of each kind begin, in base64. */
  private static final Map<String, String> BEGINNINGS =
      Map.of(
          "iVBORw0KGgo", "image/png",
          "/9j/", "image/jpeg",
          "R0lGOD", "image/gif",
          "UklGR", "image/webp");

  private static final String EXPECTED =
      "a base64 data URL of a PNG, JPEG, GIF or WebP image, or an https address";

  private Images() {}

  /** Anthropic's block of type {@code image}. */
  static Image block(Body block) {
    Body source = block.object("source");
    if (source == null) {
      throw block.wrong("source", "an object");
    }
    return switch (source.requiredText("type")) {
      case "base64" ->
          data(source, "data", source.requiredText("media_type"), source.requiredText("data"));
      case "url" -> address(source, "url", source.requiredText("url"));
      default -> throw source.wrong("type", "base64 or url; Finch keeps no files");
    };
  }

  /** OpenAI's part: {@code image_url} is an object in chat completions, a string in responses. */
  static Image part(Body part) {
    if (part.raw("image_url") == null) {
      throw part.wrong("image_url", EXPECTED + "; Finch keeps no files");
    }
    Body holder = part.raw("image_url").isTextual() ? part : part.object("image_url");
    String field = holder == part ? "image_url" : "url";
    if (holder == null) {
      throw part.wrong("image_url", EXPECTED);
    }
    String url = holder.requiredText(field);
    if (!url.regionMatches(true, 0, "data:", 0, "data:".length())) {
      return address(holder, field, url);
    }
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring("data:".length(), comma);
    if (!head.toLowerCase(Locale.ROOT).endsWith(";base64")) {
      throw holder.wrong(field, EXPECTED);
    }
    String kind = head.substring(0, head.indexOf(';'));
    return data(holder, field, kind, url.substring(comma + 1));
  }

  /** Ollama's {@code images}: base64 without a word about the kind. */
  static List<Image> plain(Body holder) {
    return holder.texts("images").stream().map(text -> plain(holder, text)).toList();
  }

  private static Image plain(Body holder, String text) {
    for (Map.Entry<String, String> kind : BEGINNINGS.entrySet()) {
      if (text.startsWith(kind.getKey())) {
        return data(holder, "images", kind.getValue(), text);
      }
    }
    throw Refusals.badRequest("images: one is no PNG, JPEG, GIF or WebP image in base64.");
  }

  private static Image data(Body holder, String field, String kind, String base64) {
    String lower = kind.toLowerCase(Locale.ROOT).replace("image/jpg", "image/jpeg");
    if (!KINDS.contains(lower) || !isBase64(base64)) {
      throw holder.wrong(field, EXPECTED);
    }
    return Image.of(lower, base64);
  }

  private static Image address(Body holder, String field, String url) {
    if (!url.regionMatches(true, 0, "https://", 0, "https://".length())) {
      throw holder.wrong(field, EXPECTED);
    }
    return Image.at(url);
  }

  private static boolean isBase64(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=');
      if (!digit) {
        return false;
      }
    }
    return true;
  }
}
