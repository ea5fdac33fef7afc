package dev.finch.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.FitReport;
import dev.finch.LedgerSummary;
import dev.finch.ModelListing;
import dev.finch.RuntimeStatus;
import dev.finch.VerifiedFile;
import dev.finch.model.DownloadProgress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Reports as {@code --json} prints them. */
public final class ReportJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ReportJson() {}

  /** An object for each model; what is not known is null or absent. */
  public static ArrayNode models(List<ModelListing> models) {
    ArrayNode array = JSON.arrayNode();
    for (ModelListing model : models) {
      ObjectNode node = array.addObject();
      node.put("reference", model.reference().toString());
      node.put("name", model.name());
      node.put("repository", model.repository().orElse(null));
      node.put("download_bytes", model.downloadBytes().orElse(-1));
      node.put("memory_bytes", model.memoryBytes().orElse(-1));
      var license = model.license().orElse(null);
      node.put("license", license == null ? null : license.id());
      node.put("license_free", license != null && license.free());
      node.put("cached_bytes", model.cachedBytes());
      node.put("cached", model.cached());
      node.put("revision", model.revision().orElse(null));
      node.put("verified", model.verified());
      node.put("chosen", model.chosen());
      node.put("loaded", model.loaded());
    }
    return array;
  }

  /** Sizes in bytes. */
  public static ObjectNode fit(FitReport fit) {
    ObjectNode node = JSON.objectNode();
    node.put("total_memory_bytes", fit.totalMemoryBytes());
    node.put("available_memory_bytes", fit.availableMemoryBytes());
    node.put("container_limit_bytes", fit.containerLimitBytes().orElse(-1));
    node.put("processors", fit.processors());
    var chosen = fit.chosen().orElse(null);
    node.put("chosen", chosen == null ? null : chosen.toString());
    node.put("why", fit.why());
    ArrayNode candidates = node.putArray("candidates");
    for (FitReport.Candidate candidate : fit.candidates()) {
      candidates
          .addObject()
          .put("reference", candidate.reference().toString())
          .put("name", candidate.name())
          .put("memory_bytes", candidate.memoryBytes())
          .put("fits", candidate.fits())
          .put("verdict", candidate.verdict());
    }
    return node;
  }

  /** Sizes in bytes, times in seconds. */
  public static ObjectNode status(RuntimeStatus status) {
    ObjectNode node = JSON.objectNode();
    node.put("version", status.version());
    node.put("uptime_seconds", status.uptime().toSeconds());
    node.put("state", status.state().describe());
    var model = status.model().orElse(null);
    node.put("model", model == null ? null : model.name());
    if (model != null) {
      node.putObject("engine")
          .put("library", model.library())
          .put("device", model.device())
          .put("threads", model.threads())
          .put("context_length", model.contextLength())
          .put("slots", model.slots())
          .put("quantization", model.quantization())
          .put("weight_bytes", model.weightBytes())
          .put("kv_cache_bytes", model.kvCacheBytes())
          .put("memory_mapped", model.memoryMapped());
      model.notes().forEach(node.putArray("notes")::add);
    }
    node.put("busy_slots", status.busySlots());
    node.put("queued", status.queued());
    node.put("cloud", status.cloud());
    node.put("cloud_detail", status.cloudDetail());
    ObjectNode requests = node.putObject("requests_by_reason");
    for (Map.Entry<String, Long> entry : new TreeMap<>(status.requestsByReason()).entrySet()) {
      requests.put(entry.getKey(), entry.getValue());
    }
    return node;
  }

  /** Cost in millionths of a dollar. */
  public static ObjectNode ledger(LedgerSummary ledger) {
    ObjectNode node = JSON.objectNode();
    node.put("requests", ledger.requests());
    node.put("bytes_out", ledger.bytesOut());
    node.put("bytes_in", ledger.bytesIn());
    node.put("prompt_tokens", ledger.promptTokens());
    node.put("completion_tokens", ledger.completionTokens());
    node.put("micro_dollars", ledger.microDollars());
    node.put("micro_dollars_today", ledger.microDollarsToday());
    node.put("micro_dollars_this_month", ledger.microDollarsThisMonth());
    node.put("saved_micro_dollars", ledger.savedMicroDollars());
    ArrayNode newest = node.putArray("newest");
    for (LedgerSummary.Entry entry : ledger.newest()) {
      newest
          .addObject()
          .put("at", entry.at().toString())
          .put("request_id", entry.requestId())
          .put("model", entry.model())
          .put("reason", entry.reason())
          .put("bytes_out", entry.bytesOut())
          .put("bytes_in", entry.bytesIn())
          .put("prompt_tokens", entry.promptTokens())
          .put("completion_tokens", entry.completionTokens())
          .put("micro_dollars", entry.microDollars())
          .put("estimated", entry.estimated())
          .put("outcome", entry.outcome())
          .put("upstream_request_id", entry.upstreamRequestId().orElse(null));
    }
    return node;
  }

  /** An object for each file that was hashed. */
  public static ArrayNode verified(List<VerifiedFile> files) {
    ArrayNode array = JSON.arrayNode();
    for (VerifiedFile file : files) {
      ObjectNode node = array.addObject();
      node.put("model", file.model().toString());
      node.put("path", file.path().toString());
      node.put("bytes", file.bytes());
      node.put("outcome", file.outcome().name().toLowerCase(Locale.ROOT));
      var failure = file.failure().orElse(null);
      if (failure != null) {
        node.put("failure", failure.describe());
      }
    }
    return array;
  }

  /** The bytes freed. */
  public static ObjectNode pruned(long freed) {
    return JSON.objectNode().put("freed_bytes", freed);
  }

  static ObjectNode progress(String model, DownloadProgress progress) {
    ObjectNode node = JSON.objectNode();
    node.put("model", model);
    node.put("phase", progress.phase().name().toLowerCase(Locale.ROOT));
    node.put("committed_bytes", progress.committedBytes());
    node.put("total_bytes", progress.totalBytes().orElse(-1));
    node.put("bytes_per_second", progress.bytesPerSecond());
    var remaining = progress.remaining().orElse(null);
    if (remaining != null) {
      node.put("remaining_seconds", remaining.toSeconds());
    }
    if (progress.trouble().isPresent()) {
      node.put("trouble", progress.trouble().orElse(null));
    }
    return node;
  }
}
