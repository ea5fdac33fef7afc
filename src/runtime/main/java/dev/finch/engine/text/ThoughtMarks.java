package dev.finch.engine.text;

import dev.finch.engine.calls.ToolFormat;
import java.util.List;

/** The marks around what a model thinks. */
record ThoughtMarks(String open, String close) {

  private static final ThoughtMarks USUAL = new ThoughtMarks("<think>", "</think>");

  private static final ThoughtMarks COHERE =
      new ThoughtMarks("<|START_THINKING|>", "<|END_THINKING|>");

  private static final ThoughtMarks MINICPM =
      new ThoughtMarks("<|thought_start|>", "<|thought_end|>");

  private static final ThoughtMarks MISTRAL = new ThoughtMarks("[THINK]", "[/THINK]");

  /** Whether a text ends where thoughts begin. */
  static boolean opened(ToolFormat format, String end) {
    for (ThoughtMarks marks : of(format)) {
      if (end.endsWith(marks.open())) {
        return true;
      }
    }
    return false;
  }

  /** The marks that models with this format write. */
  static List<ThoughtMarks> of(ToolFormat format) {
    return switch (format) {
      case COMMAND_R7B -> List.of(COHERE, USUAL);
      case MINICPM3 -> List.of(MINICPM, USUAL);
      case MISTRAL, MISTRAL_NAMED -> List.of(USUAL, MISTRAL);
      case HARMONY -> List.of();
      default -> List.of(USUAL);
    };
  }
}
