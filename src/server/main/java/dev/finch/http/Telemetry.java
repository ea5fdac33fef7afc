package dev.finch.http;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Watches every answer on its way and keeps what the log, the registry and the metrics tell. */
final class Telemetry {

  private final RecentRequests recent;
  private final Metrics metrics;

  Telemetry(RecentRequests recent, Metrics metrics) {
    this.recent = recent;
    this.metrics = metrics;
  }

  /** A stage that passes one answer's events on unchanged; for one use. */
  GraphStage<FlowShape<AnswerEvent, AnswerEvent>> watch(Call call, GenerateRequest request) {
    recent.begun(request.id(), call.caller());
    return new Watched(call, request.id(), metrics.begun());
  }

  private final class Watched extends GraphStage<FlowShape<AnswerEvent, AnswerEvent>> {

    private final Inlet<AnswerEvent> in = Inlet.create("answer");
    private final Outlet<AnswerEvent> out = Outlet.create("watched");
    private final FlowShape<AnswerEvent, AnswerEvent> shape = FlowShape.of(in, out);
    private final Call call;
    private final String id;
    private final Metrics.Watch watch;

    Watched(Call call, String id, Metrics.Watch watch) {
      this.call = call;
      this.id = id;
      this.watch = watch;
    }

    @Override
    public FlowShape<AnswerEvent, AnswerEvent> shape() {
      return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
      return new Logic();
    }

    private final class Logic extends GraphStageLogic {

      Logic() {
        super(shape);
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                AnswerEvent event = grab(in);
                recent.seen(id, event);
                watch.seen(event);
                call.note(event);
                push(out, event);
              }
            });
        setHandler(
            out,
            new AbstractOutHandler() {
              @Override
              public void onPull() {
                pull(in);
              }
            });
      }

      @Override
      public void postStop() {
        watch.ended();
        recent.over(id);
      }
    }
  }
}
