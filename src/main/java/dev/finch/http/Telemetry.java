package dev.finch.http;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/** Watches every answer on its way and keeps what the registry and the metrics tell. */
final class Telemetry {

  private final RecentRequests recent;
  private final Metrics metrics;

  Telemetry(RecentRequests recent, Metrics metrics) {
    this.recent = recent;
    this.metrics = metrics;
  }

  /** A flow that passes one answer's events on unchanged; for one use. */
  Flow<AnswerEvent, AnswerEvent, NotUsed> watch(GenerateRequest request) {
    recent.begun(request.id());
    Metrics.Watch watch = metrics.begun();
    return Flow.of(AnswerEvent.class)
        .map(
            event -> {
              recent.seen(request.id(), event);
              watch.seen(event);
              return event;
            })
        .watchTermination(
            (_, done) -> {
              done.whenComplete((_, _) -> watch.ended());
              return NotUsed.getInstance();
            });
  }
}
