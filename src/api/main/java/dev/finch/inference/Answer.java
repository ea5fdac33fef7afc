package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A whole answer.
 *
 * @param text what the model said
 * @param reasoning what it thought before, empty where it did not or does not show it
 * @param toolCalls the tools it wants called
 * @param provenance who answered and why
 * @param finishReason why it ended
 * @param usage tokens
 * @param timings durations
 * @param cost what it cost
 * @param parts what was thought, said and called, in the order in which it came, thoughts with what
 *     their provider knows them by
 */
public record Answer(
    String text,
    String reasoning,
    List<ToolCall> toolCalls,
    Provenance provenance,
    FinishReason finishReason,
    TokenUsage usage,
    Timings timings,
    Cost cost,
    List<Part> parts) {
  public Answer {
    requireNonNull(text, "text");
    requireNonNull(reasoning, "reasoning");
    toolCalls = List.copyOf(toolCalls);
    requireNonNull(provenance, "provenance");
    requireNonNull(finishReason, "finishReason");
    requireNonNull(usage, "usage");
    requireNonNull(timings, "timings");
    requireNonNull(cost, "cost");
    parts = List.copyOf(parts);
  }
}
