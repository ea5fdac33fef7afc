package dev.finch.cli.command;

import dev.finch.cli.launch.Configuration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** {@code --accept-license}, for commands that may fetch a model. */
final class LicenseOption {

  @Option(
      names = "--accept-license",
      paramLabel = "ID",
      description = "accept a model licence that is not a free one")
  private List<String> accepted = List.of();

  /** The settings that it stands for; more may be put into them. */
  Map<String, Object> flags() {
    Map<String, Object> flags = new LinkedHashMap<>();
    if (!accepted.isEmpty()) {
      flags.put(Configuration.LICENSES, accepted);
    }
    return flags;
  }
}
