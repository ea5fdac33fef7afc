package dev.finch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that talks to a runtime understands. */
final class CommonOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "ask a running `finch serve` instead of starting a runtime")
  @Nullable String server;

  @Option(names = "--json", description = "print JSON")
  boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "show what happens, and stack traces of failures")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

  /** A runtime that prepares no model. */
  Connection connect() {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("finch.supervisor.prepare", "none");
    return Connection.open(flags, server, verbose);
  }
}
