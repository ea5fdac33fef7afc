package dev.finch.cli.output;

import dev.finch.FitReport;
import dev.finch.LedgerSummary;
import dev.finch.ModelListing;
import dev.finch.RuntimeStatus;
import dev.finch.VerifiedFile;
import dev.finch.cli.terminal.Columns;
import dev.finch.cli.terminal.ForeignText;
import dev.finch.model.Bytes;
import dev.finch.model.License;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reports as people read them. */
public final class Tables {

  private Tables() {}

  /** The catalogue and the cache, a row for each model. */
  public static String models(List<ModelListing> models) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("", "REFERENCE", "NAME", "DOWNLOAD", "MEMORY", "LICENCE", "CACHED", "REVISION"));
    for (ModelListing model : models) {
      rows.add(
          List.of(
              model.loaded() ? "●" : model.chosen() ? "*" : "",
              model.reference().toString(),
              model.name(),
              amount(model.downloadBytes().orElse(-1)),
              amount(model.memoryBytes().orElse(-1)),
              licence(model.license().orElse(null)),
              cached(model),
              model.revision().isEmpty()
                  ? ""
                  : model.revision().orElse(null) + (model.verified() ? " ✓" : "")));
    }
    return aligned(rows) + "\n* fits this machine best   ● answers now   ✓ hashed and right\n";
  }

  /** One model, a line for each fact. */
  public static String model(ModelListing model) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("reference", model.reference().toString()));
    rows.add(List.of("name", model.name()));
    rows.add(
        List.of(
            "repository", model.repository().isEmpty() ? "none" : model.repository().orElse(null)));
    rows.add(List.of("download", amount(model.downloadBytes().orElse(-1))));
    rows.add(List.of("memory", amount(model.memoryBytes().orElse(-1))));
    License license = model.license().orElse(null);
    rows.add(List.of("licence", licence(license)));
    if (license != null && license.url().isPresent()) {
      rows.add(List.of("", license.url().orElse(null)));
    }
    String cached = cached(model);
    rows.add(List.of("cached", cached.isEmpty() ? "no" : cached));
    if (model.revision().isPresent()) {
      rows.add(List.of("revision", model.revision().orElse(null) + (model.verified() ? " ✓" : "")));
    }
    rows.add(List.of("fits best", model.chosen() ? "yes" : "no"));
    rows.add(List.of("loaded", model.loaded() ? "yes" : "no"));
    return aligned(rows);
  }

  private static String licence(@Nullable License license) {
    return license == null ? "unknown" : license.free() ? license.name() : license.name() + " (!)";
  }

  private static String cached(ModelListing model) {
    if (model.cached()) {
      return model.cachedBytes() > 0 ? Bytes.format(model.cachedBytes()) : "yes";
    }
    return model.cachedBytes() > 0 ? "part, " + Bytes.format(model.cachedBytes()) : "";
  }

  /** The machine, and the model that it gets with the reason. */
  public static String fit(FitReport fit) {
    StringBuilder text = new StringBuilder();
    text.append("memory     ").append(Bytes.format(fit.totalMemoryBytes()));
    text.append(", ").append(Bytes.format(fit.availableMemoryBytes())).append(" available");
    if (fit.containerLimitBytes().orElse(-1) >= 0) {
      text.append(", container limit ").append(Bytes.format(fit.containerLimitBytes().orElse(-1)));
    }
    text.append("\nprocessors ").append(fit.processors());
    text.append("\nchosen     ")
        .append(fit.chosen().isEmpty() ? "none" : fit.chosen().orElse(null));
    text.append("\nwhy        ").append(fit.why()).append("\n\n");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "REFERENCE", "NAME", "MEMORY", "VERDICT"));
    for (FitReport.Candidate candidate : fit.candidates()) {
      rows.add(
          List.of(
              candidate.reference().equals(fit.chosen().orElse(null))
                  ? "*"
                  : candidate.fits() ? "✓" : "✗",
              candidate.reference().toString(),
              candidate.name(),
              amount(candidate.memoryBytes()),
              candidate.verdict()));
    }
    return text + aligned(rows);
  }

  /** A line for each fact. */
  public static String status(RuntimeStatus status) {
    StringBuilder text = new StringBuilder();
    text.append("finch      ").append(status.version());
    text.append(", up ").append(Bytes.format(status.uptime()));
    text.append("\nmodel      ").append(status.state().describe());
    var model = status.model().orElse(null);
    if (model != null) {
      text.append("\nengine     ").append(model.library()).append(" on ").append(model.device());
      text.append(", ").append(model.threads());
      text.append(model.threads() == 1 ? " thread, context " : " threads, context ");
      text.append(model.contextLength()).append(" tokens");
      text.append("\nslots      ").append(status.busySlots()).append(" of ").append(model.slots());
      text.append(" busy, ").append(status.queued()).append(" queued");
      text.append("\nmemory     weights ").append(Bytes.format(model.weightBytes()));
      text.append(model.memoryMapped() ? " mapped from the file" : " read into memory");
      text.append(", context ").append(Bytes.format(model.kvCacheBytes()));
      model.notes().forEach(note -> text.append("\nnote       ").append(note));
    }
    text.append("\ncloud      ").append(status.cloud() ? "yes: " : "no: ");
    text.append(status.cloudDetail()).append('\n');
    new TreeMap<>(status.requestsByReason())
        .forEach(
            (reason, count) -> text.append(String.format("answers    %s %d%n", reason, count)));
    return text.toString();
  }

  /** The sum of what went to the cloud, and a row for each of the newest requests. */
  public static String ledger(LedgerSummary ledger) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d requests went to Claude: %s out, %s in, %d → %d tokens, %s (today %s, this month"
                + " %s)%n",
            ledger.requests(),
            Bytes.format(ledger.bytesOut()),
            Bytes.format(ledger.bytesIn()),
            ledger.promptTokens(),
            ledger.completionTokens(),
            Footer.dollars(ledger.microDollars()),
            Footer.dollars(ledger.microDollarsToday()),
            Footer.dollars(ledger.microDollarsThisMonth())));
    text.append("Local answers saved ").append(Footer.dollars(ledger.savedMicroDollars()));
    text.append('\n');
    List<List<String>> rows = new ArrayList<>();
    for (LedgerSummary.Entry entry : ledger.newest()) {
      rows.add(
          List.of(
              entry.at().toString(),
              entry.model(),
              entry.reason().toLowerCase(Locale.ROOT),
              entry.promptTokens() + " → " + entry.completionTokens(),
              exactness(entry) + Footer.dollars(entry.microDollars()),
              entry.outcome()));
    }
    return text + aligned(rows);
  }

  /** A request that has not ended, or whose process died, stands there with its bound. */
  private static String exactness(LedgerSummary.Entry entry) {
    return entry.outcome().equals("UNFINISHED") ? "at most " : entry.estimated() ? "about " : "";
  }

  /** A row for each file that was hashed. */
  public static String verified(List<VerifiedFile> files) {
    if (files.isEmpty()) {
      return "No model is cached.\n";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("OUTCOME", "SIZE", "FILE"));
    for (VerifiedFile file : files) {
      String outcome =
          switch (file.outcome()) {
            case OK -> "ok";
            case UNKNOWN_HASH -> "no hash known";
            case REPAIRED -> "damaged, repaired";
            case DAMAGED_REMOVED -> "DAMAGED, removed";
            case DAMAGED_KEPT -> "DAMAGED";
          };
      rows.add(List.of(outcome, Bytes.format(file.bytes()), file.path().toString()));
    }
    return aligned(rows);
  }

  private static String amount(long bytes) {
    return bytes < 0 ? "?" : Bytes.format(bytes);
  }

  /** Columns as wide as their widest cell, two spaces apart. */
  static String aligned(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = Columns.width(ForeignText.line(row.get(column)));
        if (column == widths.size()) {
          widths.add(width);
        } else {
          widths.set(column, Math.max(widths.get(column), width));
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = ForeignText.name(row.get(column));
        int blanks = widths.get(column) - Columns.width(ForeignText.line(cell)) + 2;
        line.append(cell).append(" ".repeat(blanks));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
