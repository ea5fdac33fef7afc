package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The budget's caps hold across processes, also when one of them is killed. */
final class SharedBudgetIT {

  private static final int CAP = 400;

  @TempDir private Path state;

  @Test
  @Timeout(120)
  void holdsExactlyAcrossTwoProcesses() throws Exception {
    List<Process> spenders = List.of(start("keep"), start("keep"));
    long granted = 0;
    for (Process spender : spenders) {
      granted += lines(spender).stream().filter("granted"::equals).count();
      assertTrue(spender.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, spender.exitValue());
    }
    assertEquals(CAP, granted, "reservations of one token each");
    assertEquals(CAP, new Ledger(state).read().size());
  }

  @Test
  @Timeout(120)
  void countsWhatAKilledProcessHadReserved() throws Exception {
    Process spender = start("pause");
    BufferedReader output = spender.inputReader();
    long granted = 0;
    while (granted < 100) {
      assertEquals("granted", output.readLine());
      granted++;
    }
    spender.destroyForcibly(); // SIGKILL
    assertEquals(137, spender.waitFor());
    // What was granted and not yet said counts too: it is in the file.
    long reserved =
        new Ledger(state).read().stream().filter(LedgerLine.Opened.class::isInstance).count();
    assertTrue(reserved >= granted, reserved + " of " + granted);

    long left = lines(start("keep")).stream().filter("granted"::equals).count();
    assertEquals(CAP - reserved, left);
  }

  @Test
  @Timeout(120)
  void givesBackWhatWasNotUsed() throws Exception {
    long granted = lines(start("settle")).stream().filter("granted"::equals).count();
    assertEquals(3 * CAP, granted, "every reservation was settled at nothing");
  }

  private Process start(String mode) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Spender.class.getName(),
            state.toString(),
            mode)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> lines(Process process) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** Reserves one token at a time until none is left, and says what it got. */
  static final class Spender {

    private Spender() {}

    public static void main(String[] args) throws IOException {
      Path state = Path.of(args[0]);
      Files.createDirectories(state);
      Ledger ledger = new Ledger(state);
      Budget.Caps none = new Budget.Caps(Long.MAX_VALUE, Long.MAX_VALUE);
      Budget budget = new Budget(new Budget.Caps(CAP, Long.MAX_VALUE), none);
      boolean settles = args[1].equals("settle");
      int most = settles ? 3 * CAP : 2 * CAP;
      for (int i = 0; i < most; i++) {
        Instant now = Instant.now();
        LedgerLine.Opened line = line(i, now);
        Ledger.Verdict verdict = ledger.write(List.of(), List.of(line), budget, now).getFirst();
        System.out.println(verdict.refusal() == null ? "granted" : "refused");
        System.out.flush();
        if (settles) {
          ledger.write(List.of(unused(line, now)), List.of(), budget, now);
        }
      }
    }

    private static LedgerLine.Opened line(int i, Instant now) {
      String entry = ProcessHandle.current().pid() + "-" + i;
      return new LedgerLine.Opened(
          new LedgerLine.Subject(entry, now, "r" + i, null, "claude-haiku-5-5", "X"), 1, 0);
    }

    private static LedgerLine.Closed unused(LedgerLine.Opened line, Instant now) {
      return new LedgerLine.Closed(
          Objects.requireNonNull(line.subject()),
          now,
          new LedgerLine.Settlement(
              "claude-haiku-5-5",
              0,
              0,
              dev.finch.inference.TokenUsage.NONE,
              0,
              false,
              "STOP",
              null));
    }
  }
}
