package dev.finch.runtime;

import dev.finch.LedgerSummary;
import dev.finch.RuntimeStatus;
import dev.finch.model.ModelInfo;
import dev.finch.model.RuntimeState;
import dev.finch.routing.Exchanges;
import dev.finch.routing.LedgerReport;
import dev.finch.routing.RoutingStatus;
import dev.finch.supervisor.Supervisor;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/** Facts about the running runtime. Thread-safe. */
final class Reports {

  private static final Duration QUICK = Duration.ofSeconds(10);
  private static final int NEWEST = 100;

  private final Instant startedAt = Instant.now();
  private final ActorSystem<?> system;
  private final Supervisor.Handles handles;
  private final Supplier<RuntimeState> state;

  Reports(ActorSystem<?> system, Supervisor.Handles handles, Supplier<RuntimeState> state) {
    this.system = system;
    this.handles = handles;
    this.state = state;
  }

  CompletionStage<RuntimeStatus> status() {
    return AskPattern.ask(handles.exchanges(), Exchanges.Status::new, QUICK, system.scheduler())
        .thenApply(this::status);
  }

  private RuntimeStatus status(RoutingStatus routing) {
    RuntimeState now = state.get();
    ModelInfo model = now.ready().orElse(null);
    int slots = model == null ? 0 : model.slots();
    return new RuntimeStatus(
        BuildVersion.current(),
        Duration.between(startedAt, Instant.now()),
        now,
        Optional.ofNullable(model),
        Math.min(slots, routing.localBusy()),
        routing.waiting() + Math.max(0, routing.localBusy() - slots),
        routing.cachedTokens(),
        routing.cloud(),
        routing.cloudDetail(),
        routing.cloudConfigured(),
        routing.requestsByReason());
  }

  CompletionStage<LedgerSummary> ledger() {
    return AskPattern.askWithStatus(
            handles.exchanges(),
            (ActorRef<StatusReply<LedgerReport>> replyTo) ->
                new Exchanges.ReadLedger(NEWEST, replyTo),
            QUICK,
            system.scheduler())
        .thenApply(Reports::summary);
  }

  private static LedgerSummary summary(LedgerReport report) {
    return new LedgerSummary(
        report.requests(),
        report.bytesOut(),
        report.bytesIn(),
        report.promptTokens(),
        report.completionTokens(),
        report.microDollars(),
        report.microDollarsToday(),
        report.microDollarsThisMonth(),
        report.savedMicroDollars(),
        report.newest().stream().map(Reports::entry).toList());
  }

  private static LedgerSummary.Entry entry(LedgerReport.Entry entry) {
    return new LedgerSummary.Entry(
        entry.at(),
        entry.requestId(),
        entry.model(),
        entry.reason(),
        entry.bytesOut(),
        entry.bytesIn(),
        entry.promptTokens(),
        entry.completionTokens(),
        entry.microDollars(),
        entry.estimated(),
        entry.outcome(),
        Optional.ofNullable(entry.upstreamRequestId()));
  }
}
