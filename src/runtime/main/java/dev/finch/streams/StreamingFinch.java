package dev.finch.streams;

import dev.finch.Finch;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.DownloadProgress;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A {@link Finch} that is made of Pekko streams itself, so that they need no publisher between.
 * {@link FinchSources} takes any. Thread-safe; no method blocks.
 */
public interface StreamingFinch extends Finch {

  /** What {@link Finch#stream} publishes. Each materialisation asks anew. */
  Source<AnswerEvent, NotUsed> streamSource(GenerateRequest request);

  /** What {@link Finch#states} publishes. */
  Source<RuntimeState, NotUsed> stateSource();

  /** What {@link Finch#pull(PullRequest)} publishes. Each materialisation fetches anew. */
  Source<DownloadProgress, NotUsed> pullSource(PullRequest request);
}
