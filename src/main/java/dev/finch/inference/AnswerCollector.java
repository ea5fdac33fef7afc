package dev.finch.inference;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts an answer together from its events. Not thread-safe. */
public final class AnswerCollector {

  private record OpenCall(String id, String name, StringBuilder arguments) {}

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, OpenCall> calls = new LinkedHashMap<>();
  private @Nullable Provenance provenance;
  private AnswerEvent.@Nullable Terminal terminal;

  public void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Queued _ -> {}
      case AnswerEvent.Started started -> provenance = started.provenance();
      case AnswerEvent.Delta delta -> text.append(delta.text());
      case AnswerEvent.Reasoning piece -> reasoning.append(piece.text());
      case AnswerEvent.ToolCallStarted call ->
          calls.put(call.index(), new OpenCall(call.id(), call.name(), new StringBuilder()));
      case AnswerEvent.ToolCallArguments piece -> {
        OpenCall open = calls.get(piece.index());
        if (open != null) {
          open.arguments().append(piece.fragment());
        }
      }
      case AnswerEvent.Terminal end -> terminal = end;
    }
  }

  /** {@link #add}, for folds. */
  public AnswerCollector with(AnswerEvent event) {
    add(event);
    return this;
  }

  /** The text so far. */
  public String text() {
    return text.toString();
  }

  /** Who answers, or null before the first content. */
  public @Nullable Provenance provenance() {
    return provenance;
  }

  /**
   * The whole answer.
   *
   * @throws FinchException where the answer failed or its events ended early
   */
  public Answer answer() {
    return switch (terminal) {
      case AnswerEvent.Failed failed -> throw new FinchException(failed.failure());
      case AnswerEvent.Finished finished -> finished(finished);
      case null ->
          throw new FinchException(
              Failure.passing(
                  FailureCode.PROVIDER_LOST,
                  "The answer ended without saying that it was complete.",
                  "Ask again."));
    };
  }

  private Answer finished(AnswerEvent.Finished finished) {
    List<ToolCall> toolCalls = new ArrayList<>();
    for (OpenCall call : calls.values()) {
      toolCalls.add(new ToolCall(call.id(), call.name(), call.arguments().toString()));
    }
    Provenance who = provenance;
    if (who == null) {
      throw new IllegalStateException("Finished before Started");
    }
    return new Answer(
        text.toString(),
        reasoning.toString(),
        toolCalls,
        who,
        finished.reason(),
        finished.usage(),
        finished.timings(),
        finished.cost());
  }
}
