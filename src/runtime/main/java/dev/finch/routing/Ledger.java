package dev.finch.routing;

import dev.finch.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The egress ledger: the append-only file {@code ledger.jsonl} in the state directory, in which
 * every request to the cloud is written down before it goes out. It is also the budget's memory, so
 * that the two cannot disagree. The file of a month that has passed is set aside as {@code
 * ledger-2026-10.jsonl}. Blocking, thread-safe, shared with other processes.
 */
final class Ledger {

  private static final String NAME = "ledger";
  private static final String SUFFIX = ".jsonl";

  private final Path directory;
  private final Journal journal;
  private final Spending spending = new Spending();

  Ledger(Path directory) {
    this.directory = directory;
    this.journal = new Journal(directory.resolve(NAME + SUFFIX));
  }

  Path file() {
    return journal.file();
  }

  /** Why a request may not go out, or null; and until when nothing at all is left, if so. */
  record Verdict(@Nullable Failure refusal, @Nullable Instant exhaustedUntil) {
    static final Verdict GRANTED = new Verdict(null, null);
  }

  /**
   * Writes down how requests have ended, and then that others go out, unless the budget does not
   * allow it; all with one lock and one write.
   *
   * @return a verdict for each of {@code opened}, in order
   */
  List<Verdict> write(
      List<LedgerLine.Closed> closed, List<LedgerLine.Opened> opened, Budget budget, Instant now)
      throws IOException {
    setPastMonthAside(now);
    try {
      return journal.exclusively(held -> write(held, closed, opened, budget, now));
    } catch (IOException e) {
      journal.forget(); // what was counted may not have been written
      throw e;
    }
  }

  private List<Verdict> write(
      Journal.Held held,
      List<LedgerLine.Closed> closed,
      List<LedgerLine.Opened> opened,
      Budget budget,
      Instant now)
      throws IOException {
    boolean capped = !budget.unlimited();
    if (capped) {
      catchUp(held, now);
    }
    List<LedgerLine> lines = new ArrayList<>(closed);
    List<Verdict> verdicts = new ArrayList<>();
    if (capped) {
      closed.forEach(spending::add);
    }
    for (LedgerLine.Opened line : opened) {
      Verdict verdict = capped ? judge(line, budget, now) : Verdict.GRANTED;
      verdicts.add(verdict);
      if (verdict.refusal() == null) {
        lines.add(line);
      }
    }
    if (!lines.isEmpty()) {
      held.append(lines.stream().map(LedgerLine::toJson).toList());
    }
    return verdicts;
  }

  private Verdict judge(LedgerLine.Opened line, Budget budget, Instant now) {
    Spending.Sum more = new Spending.Sum(line.mostTokens(), line.mostMicroDollars());
    Failure refusal = budget.whyNot(spending, more, now);
    if (refusal != null) {
      return new Verdict(refusal, budget.exhaustedUntil(spending, now));
    }
    spending.add(line);
    return Verdict.GRANTED;
  }

  /**
   * Every line of every ledger file in the directory, oldest file first; what is none is skipped.
   */
  List<LedgerLine> read() throws IOException {
    List<LedgerLine> lines = new ArrayList<>();
    for (Path file : files()) {
      readInto(file, lines);
    }
    return lines;
  }

  private void catchUp(Journal.Held held, Instant now) throws IOException {
    if (held.replaced()) {
      spending.clear();
      Instant monthStart =
          YearMonth.from(Spending.day(now)).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      for (Path file : files()) {
        boolean current = file.getFileName().equals(journal.file().getFileName());
        if (!current && !Files.getLastModifiedTime(file).toInstant().isBefore(monthStart)) {
          List<LedgerLine> lines = new ArrayList<>();
          readInto(file, lines);
          lines.forEach(spending::add);
        }
      }
    }
    for (String text : held.unseen()) {
      LedgerLine line = LedgerLine.parse(text);
      if (line != null) {
        spending.add(line);
      }
    }
  }

  private void setPastMonthAside(Instant now) throws IOException {
    if (pastMonth(now) == null) {
      return;
    }
    journal.exclusively(
        _ -> {
          YearMonth past = pastMonth(now);
          return past == null ? journal.file() : Files.move(journal.file(), free(past));
        });
  }

  private @Nullable YearMonth pastMonth(Instant now) throws IOException {
    if (!Files.exists(journal.file()) || Files.size(journal.file()) == 0) {
      return null;
    }
    Instant last = Files.getLastModifiedTime(journal.file()).toInstant();
    YearMonth month = YearMonth.from(Spending.day(last));
    return month.isBefore(YearMonth.from(Spending.day(now))) ? month : null;
  }

  private Path free(YearMonth month) {
    Path path = directory.resolve(NAME + "-" + month + SUFFIX);
    for (int i = 2; Files.exists(path); i++) {
      path = directory.resolve(NAME + "-" + month + "-" + i + SUFFIX);
    }
    return path;
  }

  /** The ledger's files, those that a log rotation made ({@code ledger.jsonl.1}) included. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(
              file -> file.getFileName().toString().matches("ledger(-[0-9-]+)?\\.jsonl(\\.\\d+)?"))
          .sorted()
          .toList();
    }
  }

  private static void readInto(Path file, List<LedgerLine> lines) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      BoundedLines.read(
          in,
          text -> {
            LedgerLine line = LedgerLine.parse(text);
            if (line != null) {
              lines.add(line);
            }
          });
    }
  }
}
