package dev.finch.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code finch config}: the settings in effect, and where each came from. */
@Command(
    name = "config",
    description = "Show the settings in effect and where each came from; secrets are masked.")
final class ConfigCommand implements Callable<Integer> {

  private static final Pattern SECRET = Pattern.compile(".*(api-keys?|token|password|secret)$");
  private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

  @Option(names = "--all", description = "show what stands at its default as well")
  private boolean all;

  @Option(
      names = {"-v", "--verbose"},
      description = "show stack traces of failures")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  boolean help;

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
    values.forEach((key, value) -> line(text, key, value));
    output.print(text.toString());
    return ExitCode.OK;
  }

  private void line(StringBuilder text, String key, ConfigValue value) {
    String origin = value.origin().description();
    boolean fromReference = origin.startsWith("reference.conf");
    if (fromReference && !all) {
      return;
    }
    String shown = SECRET.matcher(key).matches() ? masked(value) : value.render(CONCISE);
    text.append("finch.").append(key).append(" = ").append(shown);
    text.append("    # ").append(fromReference ? "default" : origin).append('\n');
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
