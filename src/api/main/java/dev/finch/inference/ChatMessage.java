package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * @param role who said it
 * @param content its text, empty where the turn holds only tool calls
 * @param toolCalls the tools that an assistant turn asked for
 * @param toolCallId which call a tool turn answers, else null
 * @param privacy how far this message may travel; the strictest of a conversation rules its next
 *     request
 * @param reasoning what the assistant thought before it answered, where a provider needs it back
 * @param signature with which the provider knows its own reasoning again, or null
 * @param parts the pieces of the turn, in order, where the text alone does not say them all, such
 *     as images among texts; else empty. Claude only, which is sent these and not the text
 * @param failed whether a tool's result tells of a failure
 */
public record ChatMessage(
    Role role,
    String content,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    Privacy privacy,
    @Nullable String reasoning,
    @Nullable String signature,
    List<Part> parts,
    boolean failed) {

  public ChatMessage {
    requireNonNull(role, "role");
    requireNonNull(content, "content");
    toolCalls = List.copyOf(toolCalls);
    requireNonNull(privacy, "privacy");
    parts = List.copyOf(parts);
  }

  public ChatMessage(
      Role role,
      String content,
      List<ToolCall> toolCalls,
      @Nullable String toolCallId,
      Privacy privacy,
      @Nullable String reasoning,
      @Nullable String signature) {
    this(role, content, toolCalls, toolCallId, privacy, reasoning, signature, List.of(), false);
  }

  public ChatMessage(
      Role role,
      String content,
      List<ToolCall> toolCalls,
      @Nullable String toolCallId,
      Privacy privacy,
      @Nullable String reasoning) {
    this(role, content, toolCalls, toolCallId, privacy, reasoning, null, List.of(), false);
  }

  public static ChatMessage system(String content) {
    return of(Role.SYSTEM, content);
  }

  public static ChatMessage user(String content) {
    return of(Role.USER, content);
  }

  public static ChatMessage assistant(String content) {
    return of(Role.ASSISTANT, content);
  }

  public static ChatMessage assistant(String content, List<ToolCall> toolCalls) {
    return new ChatMessage(Role.ASSISTANT, content, toolCalls, null, Privacy.LOCAL_FIRST, null);
  }

  public static ChatMessage toolResult(String toolCallId, String content) {
    return new ChatMessage(Role.TOOL, content, List.of(), toolCallId, Privacy.LOCAL_FIRST, null);
  }

  public static ChatMessage of(Role role, String content) {
    return new ChatMessage(role, content, List.of(), null, Privacy.LOCAL_FIRST, null);
  }

  public ChatMessage withPrivacy(Privacy privacy) {
    return new ChatMessage(
        role, content, toolCalls, toolCallId, privacy, reasoning, signature, parts, failed);
  }

  public ChatMessage withParts(List<Part> parts) {
    return new ChatMessage(
        role, content, toolCalls, toolCallId, privacy, reasoning, signature, parts, failed);
  }

  /** The same with these images before its text. */
  public ChatMessage withImages(List<Image> images) {
    List<Part> shown = new ArrayList<>();
    images.forEach(image -> shown.add(new Part.Shown(image)));
    if (!shown.isEmpty()) {
      shown.add(new Part.Text(content));
    }
    return withParts(shown);
  }

  /** A tool's result that tells of a failure. */
  public ChatMessage asFailed() {
    return new ChatMessage(
        role, content, toolCalls, toolCallId, privacy, reasoning, signature, parts, true);
  }

  /** What a user's turn or a tool's result shows; only Claude looks at it. */
  public List<Image> images() {
    return parts.stream()
        .filter(Part.Shown.class::isInstance)
        .map(part -> ((Part.Shown) part).image())
        .toList();
  }
}
