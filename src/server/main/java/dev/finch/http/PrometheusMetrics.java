package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.RuntimeStatus;
import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.ToDoubleFunction;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Counts for Prometheus under OpenTelemetry's gen_ai names, alike for the local leg and Claude, and
 * gauges of the runtime, read when they are asked for. Labels hold names that Finch knows, never
 * what a client sent.
 */
final class PrometheusMetrics implements Metrics {

  private static final Duration[] SECONDS =
      millis(10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480, 40_960, 81_920);
  private static final Duration[] FIRST_TOKEN =
      millis(1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000);
  private static final Duration[] PER_TOKEN =
      millis(1, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2500);
  private static final double[] TOKENS = {
    1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Finch finch;
  private volatile @Nullable RuntimeStatus latest;

  PrometheusMetrics(Finch finch, Admission admission) {
    this.finch = finch;
    Gauge.builder("finch.answers.in_flight", admission, Admission::answers)
        .description("Answers being made over HTTP")
        .register(registry);
    gauge("finch.slots.busy", "Conversations being decoded", RuntimeStatus::busySlots);
    gauge("finch.queue", "Prompts waiting for the local model", RuntimeStatus::queued);
    gauge("finch.cloud.available", "Whether Claude can answer", s -> s.cloud() ? 1 : 0);
    gauge("finch.uptime.seconds", "Since the runtime's start", s -> s.uptime().toSeconds());
    gauge("finch.local.ready", "Whether the model is ready", s -> s.model().isEmpty() ? 0 : 1);
    gauge("finch.slots", "Conversations decoded at once", s -> model(s, ModelInfo::slots));
    gauge("finch.kv_cache.bytes", "Size of the KV cache", s -> model(s, ModelInfo::kvCacheBytes));
    gauge(
        "finch.kv_cache.tokens",
        "Tokens that conversations hold in the KV cache",
        RuntimeStatus::cachedTokens);
    gauge(
        "finch.kv_cache.capacity.tokens",
        "Tokens that conversations may hold in the KV cache",
        s -> model(s, info -> (double) info.slots() * info.contextLength()));
    gauge("finch.weights.bytes", "Size of the weights", s -> model(s, ModelInfo::weightBytes));
    gauge(
        "finch.download.bytes",
        "Bytes of the running download on disk",
        s -> download(s, DownloadProgress::committedBytes));
    gauge(
        "finch.download.total.bytes",
        "Bytes of the running download",
        s -> download(s, progress -> progress.totalBytes().orElse(-1)));
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.guarded("GET", "/metrics", "Counts in Prometheus' text format", _ -> scrape()));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("message", failure.describe());
  }

  private CompletionStage<HttpResponse> scrape() {
    return finch
        .statusAsync()
        .thenApply(
            status -> {
              latest = status;
              String text = registry.scrape("text/plain; version=0.0.4; charset=utf-8");
              return HttpResponse.create()
                  .withEntity(
                      HttpEntities.create(
                          ContentTypes.TEXT_PLAIN_UTF8, ByteString.fromString(text)));
            });
  }

  @Override
  public Watch begun() {
    return new Counted();
  }

  private final class Counted implements Watch {
    private final long startedNanos = System.nanoTime();
    private @Nullable Provenance who;
    private long firstNanos;
    private boolean over;

    @Override
    public void seen(AnswerEvent event) {
      switch (event) {
        case AnswerEvent.Started started -> {
          who = started.provenance();
          firstNanos = System.nanoTime();
          Counter.builder("finch.routes")
              .description("Answers begun, by who answers and why")
              .tags(tags().and("reason", started.provenance().reason().name()))
              .register(registry)
              .increment();
        }
        case AnswerEvent.Finished finished -> {
          over = true;
          tokens(finished.usage());
          ended("none", finished.usage().completionTokens());
        }
        case AnswerEvent.Failed failed -> {
          over = true;
          ended(failed.failure().code().name(), 0);
        }
        default -> {}
      }
    }

    @Override
    public void ended() {
      if (!over) {
        over = true;
        ended("CLIENT_GONE", 0);
      }
    }

    private void ended(String error, long tokens) {
      long now = System.nanoTime();
      timer("gen_ai.server.request.duration", "Whole answers", SECONDS)
          .tags(tags().and("error.type", error))
          .register(registry)
          .record(Duration.ofNanos(now - startedNanos));
      if (who == null) {
        return;
      }
      timer("gen_ai.server.time_to_first_token", "From the request to content", FIRST_TOKEN)
          .tags(tags())
          .register(registry)
          .record(Duration.ofNanos(firstNanos - startedNanos));
      if (tokens > 1) {
        timer("gen_ai.server.time_per_output_token", "After the first", PER_TOKEN)
            .tags(tags())
            .register(registry)
            .record(Duration.ofNanos((now - firstNanos) / (tokens - 1)));
      }
    }

    private void tokens(TokenUsage usage) {
      summary("input").record((double) usage.promptTokens());
      summary("output").record((double) usage.completionTokens());
    }

    private DistributionSummary summary(String type) {
      return DistributionSummary.builder("gen_ai.client.token.usage")
          .description("Tokens of answers")
          .serviceLevelObjectives(TOKENS)
          .tags(tags().and("gen_ai.token.type", type))
          .register(registry);
    }

    private Tags tags() {
      Provenance known = who;
      String provider = known == null ? "none" : provider(known);
      return Tags.of(
          "gen_ai.operation.name",
          "chat",
          "gen_ai.provider.name",
          provider,
          "gen_ai.response.model",
          known == null ? "none" : known.model());
    }
  }

  private static String provider(Provenance who) {
    return who.provider() == Provenance.Provider.CLAUDE
        ? "anthropic"
        : who.provider().name().toLowerCase(Locale.ROOT);
  }

  private static Timer.Builder timer(String name, String description, Duration[] buckets) {
    return Timer.builder(name).description(description).serviceLevelObjectives(buckets);
  }

  private void gauge(String name, String description, ToDoubleFunction<RuntimeStatus> value) {
    Gauge.builder(
            name,
            this,
            metrics -> {
              RuntimeStatus status = metrics.latest;
              return status == null ? 0 : value.applyAsDouble(status);
            })
        .description(description)
        .register(registry);
  }

  private static double model(RuntimeStatus status, ToDoubleFunction<ModelInfo> value) {
    ModelInfo info = status.model().orElse(null);
    return info == null ? 0 : value.applyAsDouble(info);
  }

  private static double download(RuntimeStatus status, ToDoubleFunction<DownloadProgress> value) {
    return status.state().preparing().orElse(null) instanceof ModelState.Downloading downloading
        ? value.applyAsDouble(downloading.progress())
        : 0;
  }

  private static Duration[] millis(long... values) {
    return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
