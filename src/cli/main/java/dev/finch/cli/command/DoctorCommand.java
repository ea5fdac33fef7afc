package dev.finch.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code finch doctor}: what is wrong on this machine, and how to mend it. */
@Command(
    name = "doctor",
    description = "Check JDK, memory, disk, directories, keys, network and native library.")
final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Option(names = "--offline", description = "leave the network alone")
  private boolean offline;

  @Mixin BasicOptions basic = new BasicOptions();

  private final Output output;

  DoctorCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    List<Checkup.Finding> findings = Checkup.run(offline);
    if (json) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (Checkup.Finding finding : findings) {
        array
            .addObject()
            .put("check", finding.check())
            .put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT))
            .put("detail", finding.detail())
            .put("remedy", finding.remedy());
      }
      output.json(array);
    } else {
      findings.forEach(finding -> output.print(line(finding)));
    }
    boolean broken =
        findings.stream().anyMatch(finding -> finding.verdict() == Checkup.Verdict.BROKEN);
    return broken ? ExitCode.FAILED : ExitCode.OK;
  }

  private static String line(Checkup.Finding finding) {
    String mark =
        switch (finding.verdict()) {
          case FINE -> "✓";
          case NOTE -> "!";
          case BROKEN -> "✗";
        };
    String remedy = finding.remedy() == null ? "" : "\n    " + finding.remedy();
    return String.format(
        Locale.ROOT, "%s %-12s %s%s%n", mark, finding.check(), finding.detail(), remedy);
  }
}
