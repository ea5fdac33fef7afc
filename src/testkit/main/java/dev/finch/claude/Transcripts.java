package dev.finch.claude;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the events of Claude's answer streams as they go over the wire. */
public final class Transcripts {

  private static final int PIECE = 7;

  private Transcripts() {}

  /** One event. */
  public static String event(String type, String data) {
    return "event: " + type + "\ndata: " + data + "\n\n";
  }

  /** The beginning of an answer whose prompt had this many tokens. */
  public static String messageStart(String model, long inputTokens) {
    return event(
        "message_start",
        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_loopback\",\"type\":\"message\","
            + "\"role\":\"assistant\",\"model\":\""
            + model
            + "\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":"
            + inputTokens
            + ",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
            + "\"output_tokens\":1}}}");
  }

  public static String ping() {
    return event("ping", "{\"type\":\"ping\"}");
  }

  /** The beginning of a block; {@code block} is its JSON. */
  public static String blockStart(int index, String block) {
    return event(
        "content_block_start",
        "{\"type\":\"content_block_start\",\"index\":"
            + index
            + ",\"content_block\":"
            + block
            + "}");
  }

  public static String textStart(int index) {
    return blockStart(index, "{\"type\":\"text\",\"text\":\"\"}");
  }

  /** A piece of text. */
  public static String textDelta(int index, String text) {
    return delta(index, ScriptJson.object().put("type", "text_delta").put("text", text));
  }

  /** A piece of thinking. */
  public static String thinkingDelta(int index, String text) {
    return delta(index, ScriptJson.object().put("type", "thinking_delta").put("thinking", text));
  }

  public static String signatureDelta(int index, String signature) {
    return delta(
        index, ScriptJson.object().put("type", "signature_delta").put("signature", signature));
  }

  /** A piece of a tool call's arguments. */
  public static String argumentsDelta(int index, String fragment) {
    return delta(
        index, ScriptJson.object().put("type", "input_json_delta").put("partial_json", fragment));
  }

  public static String blockStop(int index) {
    return event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
  }

  /** Why the answer ends, and the tokens it had. */
  public static String messageDelta(String stopReason, long outputTokens) {
    return event(
        "message_delta",
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
            + stopReason
            + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":"
            + outputTokens
            + "}}");
  }

  public static String messageStop() {
    return event("message_stop", "{\"type\":\"message_stop\"}");
  }

  /** An error in the middle of a stream. */
  public static String error(String type, String message) {
    return event("error", errorBody(type, message, null));
  }

  /** The body of an error response. */
  public static String errorBody(String type, String message, @Nullable String code) {
    ObjectNode body = ScriptJson.object().put("type", "error");
    ObjectNode error = body.putObject("error").put("type", type).put("message", message);
    if (code != null) {
      error.putObject("details").put("error_code", code);
    }
    return body.put("request_id", "req_loopback").toString();
  }

  /** A whole answer of this text, in pieces of a few characters. */
  public static List<String> text(String model, String text) {
    List<String> events = new ArrayList<>();
    events.add(messageStart(model, 12));
    events.add(textStart(0));
    events.add(ping());
    int[] codePoints = text.codePoints().toArray();
    for (int from = 0; from < codePoints.length; from += PIECE) {
      int length = Math.min(PIECE, codePoints.length - from);
      events.add(textDelta(0, new String(codePoints, from, length)));
    }
    events.add(blockStop(0));
    events.add(messageDelta("end_turn", Math.max(1, codePoints.length / 4)));
    events.add(messageStop());
    return events;
  }

  private static String delta(int index, ObjectNode delta) {
    ObjectNode data = ScriptJson.object().put("type", "content_block_delta").put("index", index);
    data.set("delta", delta);
    return event("content_block_delta", data.toString());
  }
}
