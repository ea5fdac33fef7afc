package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import org.apache.pekko.http.javadsl.model.ContentType;

/**
 * Writes the event stream of a message: blocks are opened, filled and closed one after the other;
 * {@code message_delta} and {@code message_stop} always end a whole answer, since clients hang
 * without them.
 */
final class AnthropicStream implements AnswerWriter {

  private static final int NONE = -1;

  private enum Kind {
    TEXT,
    THINKING,
    REDACTED,
    TOOL
  }

  private final Call call;
  private final StringBuilder frames = new StringBuilder();
  private int index = NONE;
  private boolean open;
  private Kind kind = Kind.TEXT;
  private String signature = "";

  AnthropicStream(Call call) {
    this.call = call;
  }

  @Override
  public ContentType contentType() {
    return Replies.EVENT_STREAM;
  }

  @Override
  public String event(int choice, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Started started -> started(started.provenance().model(), started.prompt());
      case AnswerEvent.Delta piece -> {
        block(Kind.TEXT, Json.object().put("type", "text").put("text", ""));
        delta(Json.object().put("type", "text_delta").put("text", piece.text()));
      }
      case AnswerEvent.Reasoning piece when piece.redacted() != null -> {
        close();
        block(Kind.REDACTED, AnthropicMessage.redacted(piece.redacted()));
        close();
      }
      case AnswerEvent.Reasoning piece -> {
        block(
            Kind.THINKING,
            Json.object().put("type", "thinking").put("thinking", "").put("signature", ""));
        if (!piece.text().isEmpty()) {
          delta(Json.object().put("type", "thinking_delta").put("thinking", piece.text()));
        }
        if (piece.signature() != null) {
          signature = piece.signature();
          close();
        }
      }
      case AnswerEvent.ToolCallStarted tool -> {
        close();
        ObjectNode start =
            Json.object().put("type", "tool_use").put("id", tool.id()).put("name", tool.name());
        start.putObject("input");
        block(Kind.TOOL, start);
      }
      case AnswerEvent.ToolCallArguments piece ->
          delta(
              Json.object().put("type", "input_json_delta").put("partial_json", piece.fragment()));
      case AnswerEvent.Finished finished -> finished(finished);
      case AnswerEvent.Queued _, AnswerEvent.Failed _ -> {}
    }
    return taken();
  }

  @Override
  public String end(Provenance who) {
    return Sse.provenance(who) + Sse.event("message_stop", typed("message_stop"));
  }

  @Override
  public String broken(Failure failure) {
    Dialect dialect = call.dialect();
    int status = dialect.status(Statuses.of(failure.code()), failure);
    return Sse.event("error", dialect.error(status, failure, call.id()));
  }

  @Override
  public String keepAlive() {
    return Sse.KEEP_ALIVE;
  }

  private void started(String model, TokenUsage prompt) {
    ObjectNode message = AnthropicMessage.envelope(call, model);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    // LangChain.js and Spring AI read the prompt's count here, and nowhere else.
    message.set("usage", AnthropicMessage.usage(prompt));
    ObjectNode event = typed("message_start");
    event.set("message", message);
    emit(event);
  }

  private void finished(AnswerEvent.Finished finished) {
    if (index == NONE) {
      block(Kind.TEXT, Json.object().put("type", "text").put("text", ""));
    }
    close();
    ObjectNode event = typed("message_delta");
    AnthropicMessage.stopped(event.putObject("delta"), finished.reason(), finished.stopSequence());
    event.set("usage", AnthropicMessage.usage(finished.usage()));
    AnthropicMessage.beside(event, finished);
    emit(event);
  }

  private void block(Kind wanted, ObjectNode start) {
    if (open && kind == wanted) {
      return;
    }
    close();
    index++;
    open = true;
    kind = wanted;
    ObjectNode event = typed("content_block_start").put("index", index);
    event.set("content_block", start);
    emit(event);
  }

  private void delta(ObjectNode delta) {
    ObjectNode event = typed("content_block_delta").put("index", index);
    event.set("delta", delta);
    emit(event);
  }

  private void close() {
    if (!open) {
      return;
    }
    if (kind == Kind.THINKING) {
      delta(Json.object().put("type", "signature_delta").put("signature", signature));
      signature = "";
    }
    open = false;
    emit(typed("content_block_stop").put("index", index));
  }

  private static ObjectNode typed(String type) {
    return Json.object().put("type", type);
  }

  private void emit(ObjectNode event) {
    frames.append(Sse.event(event.get("type").textValue(), event));
  }

  private String taken() {
    String all = frames.toString();
    frames.setLength(0);
    return all;
  }
}
