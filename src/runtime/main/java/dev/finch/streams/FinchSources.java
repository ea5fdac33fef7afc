package dev.finch.streams;

import dev.finch.Finch;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The publishers of any {@link Finch} as Pekko sources. Each materialisation subscribes anew, and
 * cancelling it ends the work. Thread-safe; no method blocks.
 */
public final class FinchSources {

  private FinchSources() {}

  /**
   * {@link Finch#stream}: it never fails, its last element is {@code Finished} or {@code Failed}.
   */
  public static Source<AnswerEvent, NotUsed> stream(Finch finch, GenerateRequest request) {
    return finch instanceof StreamingFinch streaming
        ? streaming.streamSource(request)
        : JavaFlowSupport.Source.fromPublisher(finch.stream(request));
  }

  /** {@link Finch#states}. */
  public static Source<RuntimeState, NotUsed> states(Finch finch) {
    return finch instanceof StreamingFinch streaming
        ? streaming.stateSource()
        : JavaFlowSupport.Source.fromPublisher(finch.states());
  }

  /** {@link Finch#pull(ModelReference)}. */
  public static Source<DownloadProgress, NotUsed> pull(Finch finch, ModelReference reference) {
    return pull(finch, PullRequest.of(reference));
  }

  /** {@link Finch#pull(PullRequest)}. */
  public static Source<DownloadProgress, NotUsed> pull(Finch finch, PullRequest request) {
    return finch instanceof StreamingFinch streaming
        ? streaming.pullSource(request)
        : JavaFlowSupport.Source.fromPublisher(finch.pull(request));
  }
}
