package dev.finch.cli.command;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.finch.cli.launch.Configuration;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.output.Output;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code finch config}: the settings in effect, and where each came from. */
@Command(
    name = "config",
    description = "Show the settings in effect and where each came from; secrets are masked.")
final class ConfigCommand implements Callable<Integer> {

  private static final Pattern SECRET = Pattern.compile(".*(api-keys?|token|password|secret)$");

  /** What Finch's own jar says, whichever of its files. */
  private static final Pattern DEFAULT =
      Pattern.compile("reference\\.conf.*|dev/finch/.*\\.conf.*|merge of .*reference\\.conf.*");

  private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

  @Option(names = "--changed", description = "show only what does not stand at its default")
  private boolean changed;

  @Option(names = "--all", description = "show the catalogue of models as well")
  private boolean all;

  @Mixin BasicOptions basic = new BasicOptions();

  private final Output output;

  ConfigCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    Configuration configuration = Configuration.load(Map.of());
    StringBuilder text = new StringBuilder();
    file(text, "yours       ", Configuration.userFile());
    file(text, "installation", Configuration.installedFile());
    Map<String, ConfigValue> values = new TreeMap<>();
    configuration
        .whole()
        .getConfig("finch")
        .entrySet()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    if (!all) {
      values.keySet().removeIf(key -> key.startsWith("catalogue."));
    }
    values.forEach((key, value) -> line(text, key, value));
    output.print(text.toString());
    return ExitCode.OK;
  }

  private void line(StringBuilder text, String key, ConfigValue value) {
    String origin = value.origin().description();
    boolean byDefault = DEFAULT.matcher(origin).matches();
    if (byDefault && changed) {
      return;
    }
    String shown = SECRET.matcher(key).matches() ? masked(value) : value.render(CONCISE);
    text.append("finch.").append(key).append(" = ").append(shown);
    text.append("    # ").append(byDefault ? "default" : origin).append('\n');
  }

  private static String masked(ConfigValue value) {
    Object content = value.unwrapped();
    return content.equals("") || content.toString().equals("[]")
        ? value.render(CONCISE)
        : "\"***\"";
  }

  private static void file(StringBuilder text, String name, @Nullable Path path) {
    text.append("# ").append(name).append(' ');
    text.append(path == null ? "none" : path);
    text.append(path == null || path.toFile().exists() ? "\n" : " (absent)\n");
  }
}
