package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one of two answers that are compared says, up to a bound. Not thread-safe. */
final class ComparedAnswer {

  private static final int MOST_CHARACTERS = 64 << 10;

  private final StringBuilder text = new StringBuilder();
  private final List<String> tools = new ArrayList<>();
  private final long begun = System.nanoTime();
  private long took;
  private @Nullable Provenance who;
  private AnswerEvent.@Nullable Finished end;

  void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Started started -> who = started.provenance();
      case AnswerEvent.Delta delta -> {
        int room = Math.min(delta.text().length(), MOST_CHARACTERS - text.length());
        text.append(delta.text(), 0, room);
      }
      case AnswerEvent.ToolCallStarted call -> tools.add(call.name());
      case AnswerEvent.Finished finished -> {
        end = finished;
        took = System.nanoTime() - begun;
      }
      case AnswerEvent.Queued _,
          AnswerEvent.Reasoning _,
          AnswerEvent.ToolCallArguments _,
          AnswerEvent.Failed _ -> {}
    }
  }

  /** Whether it is complete. */
  boolean complete() {
    return end != null;
  }

  String text() {
    return text.toString();
  }

  List<String> tools() {
    return tools;
  }

  @Nullable FinishReason reason() {
    return end == null ? null : end.reason();
  }

  /** Who answered, how much and how fast; nothing of what was said. */
  String describe() {
    TokenUsage usage = end == null ? TokenUsage.NONE : end.usage();
    return (who == null ? "nobody" : who.provider() + " " + who.model())
        + " ("
        + usage.completionTokens()
        + " tokens, "
        + took / 1_000_000
        + " ms)";
  }
}
