package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
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

  /**
   * What tells a template from others: its length and checksum, stripped. A cryptographic hash
   * would cost more at start-up than rendering does, and who forges a template gains nothing.
   */
  private record Fingerprint(int length, long checksum) {
    static Fingerprint of(String template) {
      String stripped = template.strip();
      CRC32 checksum = new CRC32();
      checksum.update(stripped.getBytes(StandardCharsets.UTF_8));
      return new Fingerprint(stripped.length(), checksum.getValue());
    }
  }

  private static final Fingerprint TINY_CHAT = new Fingerprint(1304, 0xbd54e14bL);
  private static final Fingerprint QWEN = new Fingerprint(2506, 0xec332e36L);

  /** What this template renders for conversations without tools, or null where that is unknown. */
  static @Nullable ChatMl known(String template) {
    Fingerprint fingerprint = Fingerprint.of(template);
    if (fingerprint.equals(TINY_CHAT)) {
      return new ChatMl("You are a helpful assistant.");
    }
    return fingerprint.equals(QWEN)
        ? new ChatMl("You are Qwen, created by Alibaba Cloud. You are a helpful assistant.")
        : null;
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
