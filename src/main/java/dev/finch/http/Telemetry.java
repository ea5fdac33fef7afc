package dev.finch.http;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/** Watches every answer on its way and keeps what the registry and the metrics tell. */
final class Telemetry {

  private final RecentRequests recent;

  Telemetry(RecentRequests recent) {
    this.recent = recent;
  }

  /** A flow that passes one answer's events on unchanged. */
  Flow<AnswerEvent, AnswerEvent, NotUsed> watch(GenerateRequest request) {
    recent.begun(request.id());
    return Flow.<AnswerEvent>create()
        .map(
            event -> {
              recent.seen(request.id(), event);
              return event;
            });
  }
}
