package dev.finch.engine.calls;

import dev.finch.inference.AnswerEvent.Content;
import java.util.List;

/** Parts the calls in an answer from its text while it comes. Not thread-safe. */
sealed interface AnswerParser permits Harmony, ToolCalls {

  /** The events that the next piece completes. */
  List<Content> add(CharSequence piece);

  /** Lets go what is held of a call that will not go on. */
  void dropHalfCall();

  /** How many characters are held that may become text yet. */
  int undecided();

  /** The events that the end of the answer completes. */
  List<Content> finish();
}
