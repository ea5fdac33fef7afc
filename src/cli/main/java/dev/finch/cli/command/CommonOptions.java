package dev.finch.cli.command;

import dev.finch.cli.launch.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that talks to a runtime understands. */
final class CommonOptions extends BasicOptions {

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "ask a running `finch serve` instead of starting a runtime")
  @Nullable String server;

  @Option(names = "--json", description = "print JSON")
  boolean json;

  /** A runtime that prepares no model. */
  Connection connect() {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("finch.supervisor.prepare", "none");
    return Connection.open(flags, server, verbose);
  }
}
