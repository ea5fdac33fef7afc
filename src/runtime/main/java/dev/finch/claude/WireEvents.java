package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads the data of stream events. Unknown events and deltas are {@link WireEvent.Ignored}. */
final class WireEvents {

  private static final WireEvent IGNORED = new WireEvent.Ignored();

  private WireEvents() {}

  /** The event in these bytes, or null where they are not a JSON object. */
  static @Nullable WireEvent parse(byte[] data) {
    JsonNode node = ClaudeJson.parse(data);
    if (node == null || !node.isObject()) {
      return null;
    }
    int index = node.path("index").asInt();
    return switch (node.path("type").asText()) {
      case "message_start" -> {
        JsonNode message = node.path("message");
        yield new WireEvent.MessageStarted(message.path("model").asText(), message.path("usage"));
      }
      case "content_block_start" -> new WireEvent.BlockStarted(index, node.path("content_block"));
      case "content_block_delta" -> delta(index, node.path("delta"));
      case "content_block_stop" -> new WireEvent.BlockStopped(index);
      case "message_delta" ->
          new WireEvent.MessageChanged(
              ClaudeJson.text(node.path("delta"), "stop_reason"),
              ClaudeJson.text(node.path("delta"), "stop_sequence"),
              node.path("usage"),
              node.path("context_management"));
      case "message_stop" -> new WireEvent.MessageStopped();
      case "error" -> new WireEvent.ErrorCame(node);
      default -> IGNORED;
    };
  }

  private static WireEvent delta(int index, JsonNode delta) {
    return switch (delta.path("type").asText()) {
      case "text_delta" -> new WireEvent.TextCame(index, delta.path("text").asText());
      case "thinking_delta" -> new WireEvent.ThinkingCame(index, delta.path("thinking").asText());
      case "signature_delta" ->
          new WireEvent.SignatureCame(index, delta.path("signature").asText());
      case "input_json_delta" ->
          new WireEvent.ArgumentsCame(index, delta.path("partial_json").asText());
      default -> IGNORED;
    };
  }
}
