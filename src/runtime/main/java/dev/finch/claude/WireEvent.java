package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** One event of Claude's answer stream, as far as Finch uses it. */
sealed interface WireEvent {

  /** The answer begins. */
  record MessageStarted(String model, JsonNode usage) implements WireEvent {}

  /** A block of content begins; {@code block} is as it came. */
  record BlockStarted(int index, JsonNode block) implements WireEvent {}

  /** A piece of text. */
  record TextCame(int index, String text) implements WireEvent {}

  /** A piece of thinking. */
  record ThinkingCame(int index, String text) implements WireEvent {}

  /** The signature that makes a block of thinking acceptable when it is sent back. */
  record SignatureCame(int index, String signature) implements WireEvent {}

  /** A piece of a tool call's arguments. */
  record ArgumentsCame(int index, String fragment) implements WireEvent {}

  /** A block of content is complete. */
  record BlockStopped(int index) implements WireEvent {}

  /** Why the answer ends, and what it used up to here. */
  record MessageChanged(
      @Nullable String stopReason,
      @Nullable String stopSequence,
      JsonNode usage,
      JsonNode contextManagement)
      implements WireEvent {}

  /** The answer is complete. */
  record MessageStopped() implements WireEvent {}

  /** The answer failed after it had begun; {@code body} has the form of an error response. */
  record ErrorCame(JsonNode body) implements WireEvent {}

  /** A ping, or something that a later revision added. */
  record Ignored() implements WireEvent {}
}
