package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * Writes the event stream of the responses API: items are opened, filled and closed one after the
 * other, and every event carries its number.
 */
final class OpenAiResponseStream implements AnswerWriter {

  private enum Kind {
    MESSAGE,
    REASONING,
    CALL
  }

  private final Call call;
  private final boolean summed;
  private final ArrayNode output = Json.array();
  private final StringBuilder frames = new StringBuilder();
  private final StringBuilder content = new StringBuilder();
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  private String model = "";
  private int sequence;
  private @Nullable Kind open;
  private String itemId = "";
  private String toolId = "";
  private String toolName = "";

  OpenAiResponseStream(Call call) {
    this.call = call;
    this.summed = OpenAiResponses.summarized(call.body());
  }

  @Override
  public ContentType contentType() {
    return Replies.EVENT_STREAM;
  }

  @Override
  public String event(int choice, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Started started -> started(started.provenance().model());
      case AnswerEvent.Delta delta -> text(delta.text(), delta.logprobs());
      case AnswerEvent.Reasoning piece -> reasoning(piece.text());
      case AnswerEvent.ToolCallStarted tool -> toolCall(tool);
      case AnswerEvent.ToolCallArguments piece -> arguments(piece.fragment());
      case AnswerEvent.Finished finished -> finished(finished);
      case AnswerEvent.Queued _, AnswerEvent.Failed _ -> {}
    }
    return taken();
  }

  @Override
  public String end(Provenance who) {
    return Sse.provenance(who);
  }

  @Override
  public String broken(Failure failure) {
    String known = OpenAi.code(failure.code(), Statuses.of(failure.code()));
    String code = known == null ? "invalid_prompt" : known;
    ObjectNode response = OpenAiResponses.envelope(call, "failed", model);
    response.putObject("error").put("code", code).put("message", failure.describe());
    response.set("output", output);
    response.putNull("usage");
    ObjectNode failed = Json.object();
    failed.set("response", response);
    emit("response.failed", failed);
    emit(
        "error",
        Json.object().put("code", code).put("message", failure.describe()).putNull("param"));
    return taken();
  }

  @Override
  public String keepAlive() {
    return Sse.KEEP_ALIVE;
  }

  private void started(String newModel) {
    model = newModel;
    for (String name : new String[] {"response.created", "response.in_progress"}) {
      ObjectNode response = OpenAiResponses.envelope(call, "in_progress", model);
      response.putArray("output");
      response.putNull("usage");
      ObjectNode event = Json.object();
      event.set("response", response);
      emit(name, event);
    }
  }

  private void text(String piece, List<TokenLogprob> tokens) {
    if (open != Kind.MESSAGE) {
      close();
      opened(Kind.MESSAGE, "msg_");
      added(OpenAiResponses.messageItem(itemId, "in_progress", "", List.of()));
      part("added", OpenAiResponses.textPart("", List.of()));
    }
    content.append(piece);
    logprobs.addAll(tokens);
    ObjectNode delta = part().put("delta", piece);
    delta.set("logprobs", OpenAiResponses.logprobs(tokens));
    emit("response.output_text.delta", delta);
  }

  private void reasoning(String piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (open != Kind.REASONING) {
      close();
      opened(Kind.REASONING, "rs_");
      added(OpenAiResponses.reasoningItem(itemId, "", summed));
      part("added", OpenAiResponses.reasoningPart(""));
      if (summed) {
        emit("response.reasoning_summary_part.added", summary(""));
      }
    }
    content.append(piece);
    emit("response.reasoning_text.delta", part().put("delta", piece));
    if (summed) {
      emit(
          "response.reasoning_summary_text.delta",
          item().put("summary_index", 0).put("delta", piece));
    }
  }

  private void toolCall(AnswerEvent.ToolCallStarted tool) {
    close();
    opened(Kind.CALL, "fc_");
    toolId = tool.id();
    toolName = tool.name();
    added(OpenAiResponses.callItem(itemId, "in_progress", new ToolCall(toolId, toolName, "")));
  }

  private void arguments(String fragment) {
    content.append(fragment);
    emit("response.function_call_arguments.delta", item().put("delta", fragment));
  }

  private void finished(AnswerEvent.Finished finished) {
    if (open == null && output.isEmpty()) {
      text("", List.of());
    }
    close(OpenAiResponses.status(finished.reason()));
    ObjectNode response =
        OpenAiResponses.finished(call, model, finished.reason(), finished.usage(), output);
    String status = response.get("status").textValue();
    ObjectNode event = Json.object();
    event.set("response", response);
    emit("response." + status, event);
  }

  private void opened(Kind kind, String prefix) {
    open = kind;
    content.setLength(0);
    logprobs.clear();
    itemId = OpenAiResponses.itemId(prefix, call, output.size());
  }

  private void added(ObjectNode item) {
    ObjectNode event = Json.object().put("output_index", output.size());
    event.set("item", item);
    emit("response.output_item.added", event);
  }

  private void close() {
    close("completed");
  }

  private void close(String status) {
    String text = content.toString();
    ObjectNode item;
    switch (open) {
      case null -> {
        return;
      }
      case MESSAGE -> {
        ObjectNode done = part().put("text", text);
        done.set("logprobs", OpenAiResponses.logprobs(logprobs));
        emit("response.output_text.done", done);
        part("done", OpenAiResponses.textPart(text, logprobs));
        item = OpenAiResponses.messageItem(itemId, status, text, logprobs);
      }
      case REASONING -> {
        emit("response.reasoning_text.done", part().put("text", text));
        part("done", OpenAiResponses.reasoningPart(text));
        if (summed) {
          emit(
              "response.reasoning_summary_text.done",
              item().put("summary_index", 0).put("text", text));
          emit("response.reasoning_summary_part.done", summary(text));
        }
        item = OpenAiResponses.reasoningItem(itemId, text, summed);
      }
      case CALL -> {
        emit("response.function_call_arguments.done", item().put("arguments", text));
        item = OpenAiResponses.callItem(itemId, status, new ToolCall(toolId, toolName, text));
      }
    }
    ObjectNode event = Json.object().put("output_index", output.size());
    event.set("item", item);
    emit("response.output_item.done", event);
    output.add(item);
    open = null;
  }

  private ObjectNode item() {
    return Json.object().put("item_id", itemId).put("output_index", output.size());
  }

  private ObjectNode part() {
    return item().put("content_index", 0);
  }

  private void part(String what, ObjectNode json) {
    ObjectNode part = part();
    part.set("part", json);
    emit("response.content_part." + what, part);
  }

  private ObjectNode summary(String text) {
    ObjectNode event = item().put("summary_index", 0);
    event.set("part", OpenAiResponses.summaryPart(text));
    return event;
  }

  private void emit(String name, ObjectNode event) {
    ObjectNode whole = Json.object().put("type", name).put("sequence_number", sequence++);
    whole.setAll(event);
    frames.append(Sse.event(name, whole));
  }

  private String taken() {
    String all = frames.toString();
    frames.setLength(0);
    return all;
  }
}
