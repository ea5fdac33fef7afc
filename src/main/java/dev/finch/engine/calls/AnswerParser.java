package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent.Content;
import java.util.List;

/** Parts the calls in an answer from its text while it comes. Not thread-safe. */
sealed interface AnswerParser permits Harmony, ToolCalls {

  /** The events that the next piece completes. */
  List<Content> add(CharSequence piece);

  /** The events that the end of the answer completes. */
  List<Content> finish();

  /** How many of the last characters are not decided about. */
  int held();
}
