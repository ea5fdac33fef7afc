package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.TokenUsage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the events of one answer stream into Finch's events. Not thread-safe. */
final class Transcript {

  private static final class Block {
    final JsonNode opening;
    final String type;
    final int toolOrdinal;
    final WholeCodePoints codePoints = new WholeCodePoints();
    final StringBuilder collected = new StringBuilder();
    final StringBuilder signature = new StringBuilder();
    boolean anyArguments;

    Block(JsonNode opening, int toolOrdinal) {
      this.opening = opening;
      this.type = opening.path("type").asText();
      this.toolOrdinal = toolOrdinal;
    }
  }

  /** Tokens for each block that leave no byte, such as those around a tool's call. */
  private static final int UNSEEN = 1024;

  private final Consumer<AnswerEvent.Content> out;
  private final Map<Integer, Block> open = new HashMap<>();
  private final ArrayNode turn = ClaudeJson.MAPPER.createArrayNode();
  private final UsageAccumulator usage = new UsageAccumulator();
  private final BesideAnswer beside = new BesideAnswer();
  private @Nullable String model;
  private @Nullable String stopReason;
  private @Nullable String stopSequence;
  private boolean begun;
  private boolean thought;
  private boolean complete;
  private int tools;
  private long contentBytes;
  private long saidBytes;
  private long blocks;
  private long heard;

  /**
   * @param out gets each piece of content
   */
  Transcript(Consumer<AnswerEvent.Content> out) {
    this.out = out;
  }

  /** Takes the next event. Errors are the caller's to handle. */
  void accept(WireEvent event) {
    heard += event instanceof WireEvent.Ignored ? 0 : 1;
    switch (event) {
      case WireEvent.MessageStarted started -> {
        begun = true;
        model = started.model().isEmpty() ? null : started.model();
        usage.update(started.usage());
        beside.ofUsage(started.usage());
      }
      case WireEvent.BlockStarted started -> start(started);
      case WireEvent.TextCame piece -> text(block(piece.index()), piece.text());
      case WireEvent.ThinkingCame piece -> thinking(block(piece.index()), piece.text());
      case WireEvent.SignatureCame piece -> sign(block(piece.index()), piece.signature());
      case WireEvent.ArgumentsCame piece -> arguments(block(piece.index()), piece.fragment());
      case WireEvent.BlockStopped stopped -> stop(open.remove(stopped.index()));
      case WireEvent.MessageChanged change -> {
        stopReason = change.stopReason() == null ? stopReason : change.stopReason();
        stopSequence = change.stopSequence() == null ? stopSequence : change.stopSequence();
        usage.update(change.usage());
        beside.ofUsage(change.usage());
        beside.of("context_management", change.contextManagement());
      }
      case WireEvent.MessageStopped _ -> complete = stopReason != null;
      case WireEvent.ErrorCame _, WireEvent.Ignored _ -> {}
    }
  }

  /** Whether Claude has begun to answer, and said how long the prompt is. */
  boolean begun() {
    return begun;
  }

  /** Whether the answer came to its end: it said why it ended, and that it ended. */
  boolean complete() {
    return complete;
  }

  /** The model that answers, as it names itself, or null before it did. */
  @Nullable String model() {
    return model;
  }

  TokenUsage usage() {
    return usage.total();
  }

  /** Bytes of what was said, signatures included, whether or not it was of any use. */
  long contentBytes() {
    return contentBytes;
  }

  /** Events that told something, which pings do not. */
  long heard() {
    return heard;
  }

  /** Blocks that were opened. */
  long blocks() {
    return blocks;
  }

  /**
   * The tokens so far, of an answer that was broken off: those of the prompt as Claude told, those
   * of the answer by what came. Thinking is told in fewer words than it takes, so that of an answer
   * with any the tokens are not known: {@link Long#MAX_VALUE}.
   *
   * @param unread by what factor more had come than was read, at least 1
   */
  TokenUsage estimate(double unread) {
    TokenUsage told = usage.total();
    long said = thought ? Long.MAX_VALUE : EstimatedTokens.of(saidBytes, unread);
    return new TokenUsage(
        told.promptTokens(),
        told.cachedTokens(),
        Math.max(told.completionTokens(), said),
        told.reasoningTokens(),
        told.cacheWriteTokens(),
        told.longCacheWriteTokens());
  }

  /** Whether Claude's count can be true, by what was asked and what came. */
  boolean countsTruly(ApiRequest apiRequest) {
    TokenUsage told = usage.total();
    return !usage.impossible()
        && told.promptTokens() <= mostPrompt(apiRequest)
        && told.completionTokens() <= apiRequest.maxTokens()
        && (thought || told.completionTokens() <= saidBytes + blocks * UNSEEN + UNSEEN);
  }

  /** The tokens of a complete answer: as Claude told, and an estimate where that cannot be true. */
  TokenUsage settled(ApiRequest apiRequest) {
    TokenUsage told = usage.total();
    if (countsTruly(apiRequest)) {
      return told;
    }
    boolean prompt = told.promptTokens() > 0 && told.promptTokens() <= mostPrompt(apiRequest);
    long said = thought ? apiRequest.maxTokens() : EstimatedTokens.of(saidBytes, 1);
    return new TokenUsage(
        prompt ? told.promptTokens() : apiRequest.mostPromptTokens(),
        prompt ? told.cachedTokens() : 0,
        Math.min(said, apiRequest.maxTokens()),
        0,
        prompt ? told.cacheWriteTokens() : 0,
        prompt ? told.longCacheWriteTokens() : 0);
  }

  /** What Claude's own words around tools may add is not in the bound of what was sent. */
  private static long mostPrompt(ApiRequest apiRequest) {
    return 2 * apiRequest.mostPromptTokens() + 10_000;
  }

  /**
   * The turn's blocks as they came, where thinking is among them, which Claude wants back unchanged
   * with the results of its tools; else null.
   */
  @Nullable ArrayNode thoughtfulTurn() {
    return thought ? turn : null;
  }

  /** The tokens of the prompt, as Claude told when it began. */
  TokenUsage prompt() {
    TokenUsage told = usage.total();
    return new TokenUsage(
        told.promptTokens(),
        told.cachedTokens(),
        0,
        0,
        told.cacheWriteTokens(),
        told.longCacheWriteTokens());
  }

  /** Which stop text ended the answer, where Claude says that one did. */
  @Nullable String stopSequence() {
    return finishReason() == FinishReason.STOP_SEQUENCE ? stopSequence : null;
  }

  /** What Claude said beside the answer, as {@link AnswerEvent.Finished#cloudFields} has it. */
  @Nullable String cloudFields() {
    return beside.json();
  }

  /** Why the answer ended. */
  FinishReason finishReason() {
    return switch (stopReason) {
      case "max_tokens" -> FinishReason.LENGTH;
      case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
      case "tool_use" -> FinishReason.TOOL_CALLS;
      case "refusal" -> FinishReason.REFUSAL;
      case "model_context_window_exceeded" -> FinishReason.CONTEXT_FULL;
      case null, default -> FinishReason.STOP;
    };
  }

  private void start(WireEvent.BlockStarted started) {
    Block block = new Block(started.block(), tools);
    blocks++;
    open.put(started.index(), block);
    switch (block.type) {
      case "text" -> text(block, block.opening.path("text").asText());
      case "thinking" -> {
        thought = true;
        thinking(block, block.opening.path("thinking").asText());
      }
      case "redacted_thinking" -> redacted(block.opening.path("data").asText());
      case "tool_use" -> {
        tools++;
        out.accept(
            new AnswerEvent.ToolCallStarted(
                block.toolOrdinal,
                block.opening.path("id").asText(),
                block.opening.path("name").asText()));
      }
      default -> {}
    }
  }

  /** A stream may name a block that it never opened; its pieces are then dropped. */
  private @Nullable Block block(int index) {
    return open.get(index);
  }

  private void text(@Nullable Block block, String piece) {
    if (block != null && block.type.equals("text")) {
      emitText(block, block.codePoints.add(piece));
    }
  }

  private void emitText(Block block, String whole) {
    if (!whole.isEmpty()) {
      collect(block, whole);
      out.accept(new AnswerEvent.Delta(whole));
    }
  }

  private void thinking(@Nullable Block block, String piece) {
    if (block != null && block.type.equals("thinking")) {
      emitThinking(block, block.codePoints.add(piece));
    }
  }

  private void emitThinking(Block block, String whole) {
    if (!whole.isEmpty()) {
      collect(block, whole);
      out.accept(new AnswerEvent.Reasoning(whole));
    }
  }

  private void redacted(String data) {
    thought = true;
    contentBytes += data.length();
    if (!data.isEmpty()) {
      out.accept(AnswerEvent.Reasoning.redacted(data));
    }
  }

  private void emitSignature(Block block) {
    if (!signatureOf(block).isEmpty()) {
      out.accept(new AnswerEvent.Reasoning("", signatureOf(block)));
    }
  }

  private void sign(@Nullable Block block, String signature) {
    if (block != null) {
      contentBytes += signature.length();
      block.signature.append(signature);
    }
  }

  private void arguments(@Nullable Block block, String piece) {
    if (block != null && block.type.equals("tool_use")) {
      emitArguments(block, block.codePoints.add(piece));
    }
  }

  private void emitArguments(Block block, String whole) {
    if (!whole.isEmpty()) {
      block.anyArguments = true;
      collect(block, whole);
      out.accept(new AnswerEvent.ToolCallArguments(block.toolOrdinal, whole));
    }
  }

  private void stop(@Nullable Block block) {
    if (block == null) {
      return;
    }
    String rest = block.codePoints.end();
    switch (block.type) {
      case "text" -> emitText(block, rest);
      case "thinking" -> {
        emitThinking(block, rest);
        emitSignature(block);
      }
      case "tool_use" -> {
        emitArguments(block, rest);
        if (!block.anyArguments) {
          emitArguments(block, wholeInput(block));
        }
      }
      default -> {}
    }
    if (thought && block.opening instanceof ObjectNode opening) {
      turn.add(closed(block, opening));
    }
  }

  /** A call without arguments streams none; it is still an empty object. */
  private static String wholeInput(Block block) {
    JsonNode input = block.opening.path("input");
    return input.isObject() ? input.toString() : "{}";
  }

  private void collect(Block block, String piece) {
    long bytes = Utf8.length(piece);
    contentBytes += bytes;
    saidBytes += bytes;
    if (thought) {
      block.collected.append(piece);
    }
  }

  private static ObjectNode closed(Block block, ObjectNode opening) {
    ObjectNode node = opening.deepCopy();
    String collected = block.collected.toString();
    switch (block.type) {
      case "text" -> node.put("text", collected);
      case "thinking" -> node.put("thinking", collected).put("signature", signatureOf(block));
      case "tool_use" -> {
        JsonNode input = ClaudeJson.parse(collected);
        node.set("input", input == null || !input.isObject() ? ClaudeJson.object() : input);
      }
      default -> {}
    }
    return node;
  }

  private static String signatureOf(Block block) {
    return block.signature.isEmpty()
        ? block.opening.path("signature").asText()
        : block.signature.toString();
  }
}
