package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ChatML format, written without a template: the fallback where a model has none that can be
 * rendered, and the fast path for the templates that are known to say exactly this.
 *
 * @param defaultSystem the system text of a conversation that brings none, or null for none
 */
record ChatMl(@Nullable String defaultSystem) {

  /** The fallback: no system text but the conversation's own. */
  static final ChatMl PLAIN = new ChatMl(null);

  /** SHA-256 of templates, stripped, that render ChatML with this system text by default. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "bf81f878cb00197550dc9711222aaffdbe3aa8a767328993a13f1e586e8c866b",
          "You are a helpful assistant.",
          "55b2f4a26ac9ee719330a61a0c39d9e538b0e9322212f048326318cff4f8674a",
          "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.");

  /** What this template renders for conversations without tools, or null where that is unknown. */
  static @Nullable ChatMl known(String template) {
    String system = KNOWN.get(sha256(template.strip()));
    return system == null ? null : new ChatMl(system);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Whether the conversation has nothing but text in its turns. */
  static boolean canSay(List<ChatMessage> messages) {
    return messages.stream()
        .allMatch(message -> message.role() != Role.TOOL && message.toolCalls().isEmpty());
  }

  String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    StringBuilder text = new StringBuilder();
    if (defaultSystem != null && messages.getFirst().role() != Role.SYSTEM) {
      turn(text, "system", defaultSystem);
    }
    for (ChatMessage message : messages) {
      turn(text, message.role().name().toLowerCase(Locale.ROOT), message.content());
    }
    if (addGenerationPrompt) {
      text.append("<|im_start|>assistant\n");
    }
    return text.toString();
  }

  private static void turn(StringBuilder text, String role, String content) {
    text.append("<|im_start|>").append(role).append('\n').append(content).append("<|im_end|>\n");
  }
}
