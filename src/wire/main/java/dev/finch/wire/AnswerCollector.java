package dev.finch.wire;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Part;
import dev.finch.inference.Provenance;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts an answer together from its events. Not thread-safe. */
public final class AnswerCollector {

  /** A piece whose end has not come. */
  private sealed interface Open {}

  private record OpenText(StringBuilder text) implements Open {}

  private record OpenThought(StringBuilder text) implements Open {}

  private record OpenCall(String id, String name, StringBuilder arguments) implements Open {}

  private record Whole(Part part) implements Open {}

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, OpenCall> calls = new HashMap<>();
  private final List<Open> pieces = new ArrayList<>();
  private @Nullable Provenance provenance;
  private AnswerEvent.@Nullable Terminal terminal;

  public void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Queued _ -> {}
      case AnswerEvent.Started started -> provenance = started.provenance();
      case AnswerEvent.Delta delta -> said(delta.text());
      case AnswerEvent.Reasoning piece -> thought(piece);
      case AnswerEvent.ToolCallStarted call -> {
        OpenCall open = new OpenCall(call.id(), call.name(), new StringBuilder());
        pieces.add(open);
        calls.put(call.index(), open);
      }
      case AnswerEvent.ToolCallArguments piece -> {
        OpenCall open = calls.get(piece.index());
        if (open != null) {
          open.arguments().append(piece.fragment());
        }
      }
      case AnswerEvent.Terminal end -> terminal = end;
    }
  }

  private void said(String piece) {
    text.append(piece);
    if (pieces.isEmpty() || !(pieces.getLast() instanceof OpenText)) {
      pieces.add(new OpenText(new StringBuilder()));
    }
    if (pieces.getLast() instanceof OpenText open) {
      open.text().append(piece);
    }
  }

  /** A signature ends its block, so that what is thought next is another one. */
  private void thought(AnswerEvent.Reasoning piece) {
    reasoning.append(piece.text());
    if (piece.redacted() != null) {
      pieces.add(new Whole(new Part.Redacted(piece.redacted())));
      return;
    }
    if (pieces.isEmpty() || !(pieces.getLast() instanceof OpenThought)) {
      pieces.add(new OpenThought(new StringBuilder()));
    }
    if (pieces.getLast() instanceof OpenThought open) {
      open.text().append(piece.text());
      if (piece.signature() != null) {
        pieces.removeLast();
        pieces.add(new Whole(new Part.Thought(open.text().toString(), piece.signature())));
      }
    }
  }

  /**
   * Whether the arguments came to their end. Half a call would be run with half of them, or with
   * none, by whoever asks for whole answers.
   */
  private static boolean isWhole(OpenCall call) {
    StringBuilder arguments = call.arguments();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else {
        quoted = c == '"';
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
    }
    return !arguments.isEmpty() && depth == 0 && !quoted;
  }

  private static Part part(Open piece) {
    return switch (piece) {
      case OpenText open -> new Part.Text(open.text().toString());
      case OpenThought open -> new Part.Thought(open.text().toString(), null);
      case OpenCall open ->
          new Part.Called(new ToolCall(open.id(), open.name(), open.arguments().toString()));
      case Whole whole -> whole.part();
    };
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
    boolean cut = finished.reason() != FinishReason.TOOL_CALLS;
    List<Part> parts =
        pieces.stream()
            .filter(piece -> !(cut && piece instanceof OpenCall call && !isWhole(call)))
            .map(AnswerCollector::part)
            .toList();
    List<ToolCall> toolCalls =
        parts.stream()
            .filter(Part.Called.class::isInstance)
            .map(part -> ((Part.Called) part).call())
            .toList();
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
        finished.cost(),
        parts);
  }
}
