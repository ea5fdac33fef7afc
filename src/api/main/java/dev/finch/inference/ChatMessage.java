package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One turn of a conversation. Immutable. */
public final class ChatMessage {

  private final Role role;
  private final String content;
  private final List<ToolCall> toolCalls;
  private final @Nullable String toolCallId;
  private final Privacy privacy;
  private final @Nullable String reasoning;
  private final @Nullable String signature;
  private final List<Part> parts;
  private final boolean failed;

  private ChatMessage(Builder builder) {
    this.role = builder.role;
    this.content = builder.content;
    this.toolCalls = List.copyOf(builder.toolCalls);
    this.toolCallId = builder.toolCallId;
    this.privacy = builder.privacy;
    this.reasoning = builder.reasoning;
    this.signature = builder.signature;
    this.parts = List.copyOf(builder.parts);
    this.failed = builder.failed;
  }

  /** A builder of a turn with this text. */
  public static Builder builder(Role role, String content) {
    return new Builder(role, content);
  }

  /** What frames the conversation. */
  public static ChatMessage system(String content) {
    return of(Role.SYSTEM, content);
  }

  /** What the user says. */
  public static ChatMessage user(String content) {
    return of(Role.USER, content);
  }

  /** What the assistant said. */
  public static ChatMessage assistant(String content) {
    return of(Role.ASSISTANT, content);
  }

  /** What the assistant said, and the tools that it wanted called. */
  public static ChatMessage assistant(String content, List<ToolCall> toolCalls) {
    return builder(Role.ASSISTANT, content).toolCalls(toolCalls).build();
  }

  /** What the call of this id gave back. */
  public static ChatMessage toolResult(String toolCallId, String content) {
    return builder(Role.TOOL, content).toolCallId(toolCallId).build();
  }

  /** A turn of text only. */
  public static ChatMessage of(Role role, String content) {
    return builder(role, content).build();
  }

  /** The same with this privacy. */
  public ChatMessage withPrivacy(Privacy privacy) {
    return toBuilder().privacy(privacy).build();
  }

  /** The same with these pieces. */
  public ChatMessage withParts(List<Part> parts) {
    return toBuilder().parts(parts).build();
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
    return toBuilder().failed(true).build();
  }

  /** What a user's turn or a tool's result shows; only Claude looks at it. */
  public List<Image> images() {
    return parts.stream()
        .filter(Part.Shown.class::isInstance)
        .map(part -> ((Part.Shown) part).image())
        .toList();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder(role, content);
    builder.toolCalls = toolCalls;
    builder.toolCallId = toolCallId;
    builder.privacy = privacy;
    builder.reasoning = reasoning;
    builder.signature = signature;
    builder.parts = parts;
    builder.failed = failed;
    return builder;
  }

  /** Who said it. */
  public Role role() {
    return role;
  }

  /** Its text, empty where the turn holds only tool calls. */
  public String content() {
    return content;
  }

  /** The tools that an assistant turn asked for. */
  public List<ToolCall> toolCalls() {
    return toolCalls;
  }

  /** Which call a tool turn answers, else null. */
  public @Nullable String toolCallId() {
    return toolCallId;
  }

  /** How far this message may travel; the strictest of a conversation rules its next request. */
  public Privacy privacy() {
    return privacy;
  }

  /** What the assistant thought before it answered, where a provider needs it back, else null. */
  public @Nullable String reasoning() {
    return reasoning;
  }

  /** With which the provider knows its own reasoning again, or null. */
  public @Nullable String signature() {
    return signature;
  }

  /**
   * The pieces of the turn, in order, where the text alone does not say them all, such as images
   * among texts; else empty. Claude only, which is sent these and not the text.
   */
  public List<Part> parts() {
    return parts;
  }

  /** Whether a tool's result tells of a failure. */
  public boolean failed() {
    return failed;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChatMessage that
        && role.equals(that.role)
        && content.equals(that.content)
        && toolCalls.equals(that.toolCalls)
        && Objects.equals(toolCallId, that.toolCallId)
        && privacy.equals(that.privacy)
        && Objects.equals(reasoning, that.reasoning)
        && Objects.equals(signature, that.signature)
        && parts.equals(that.parts)
        && failed == that.failed;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        role, content, toolCalls, toolCallId, privacy, reasoning, signature, parts, failed);
  }

  @Override
  public String toString() {
    return "ChatMessage[role="
        + role
        + ", content="
        + content
        + ", toolCalls="
        + toolCalls
        + ", toolCallId="
        + toolCallId
        + ", privacy="
        + privacy
        + ", reasoning="
        + reasoning
        + ", signature="
        + signature
        + ", parts="
        + parts
        + ", failed="
        + failed
        + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private Role role;
    private String content;
    private List<ToolCall> toolCalls = List.of();
    private @Nullable String toolCallId;
    private Privacy privacy = Privacy.LOCAL_FIRST;
    private @Nullable String reasoning;
    private @Nullable String signature;
    private List<Part> parts = List.of();
    private boolean failed;

    private Builder(Role role, String content) {
      this.role = requireNonNull(role, "role");
      this.content = requireNonNull(content, "content");
    }

    /** Who said it. */
    public Builder role(Role role) {
      this.role = requireNonNull(role, "role");
      return this;
    }

    /** Its text, empty where the turn holds only tool calls. */
    public Builder content(String content) {
      this.content = requireNonNull(content, "content");
      return this;
    }

    /** The tools that an assistant turn asked for. */
    public Builder toolCalls(List<ToolCall> toolCalls) {
      this.toolCalls = List.copyOf(requireNonNull(toolCalls, "toolCalls"));
      return this;
    }

    /** Which call a tool turn answers, else null. */
    public Builder toolCallId(@Nullable String toolCallId) {
      this.toolCallId = toolCallId;
      return this;
    }

    /** How far this message may travel; the strictest of a conversation rules its next request. */
    public Builder privacy(Privacy privacy) {
      this.privacy = requireNonNull(privacy, "privacy");
      return this;
    }

    /** What the assistant thought before it answered, where a provider needs it back, else null. */
    public Builder reasoning(@Nullable String reasoning) {
      this.reasoning = reasoning;
      return this;
    }

    /** With which the provider knows its own reasoning again, or null. */
    public Builder signature(@Nullable String signature) {
      this.signature = signature;
      return this;
    }

    /**
     * The pieces of the turn, in order, where the text alone does not say them all, such as images
     * among texts; else empty. Claude only, which is sent these and not the text.
     */
    public Builder parts(List<Part> parts) {
      this.parts = List.copyOf(requireNonNull(parts, "parts"));
      return this;
    }

    /** Whether a tool's result tells of a failure. */
    public Builder failed(boolean failed) {
      this.failed = failed;
      return this;
    }

    /** The value. */
    public ChatMessage build() {
      return new ChatMessage(this);
    }
  }
}
