package dev.finch.claude;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.settings.Section;
import java.util.Map;

/** Settings of {@code finch.cloud} for tests. */
final class CloudSettings {

  static final String KEY = "sk-ant-loopback-0123456789";

  private CloudSettings() {}

  /**
   * Settings that reach this loopback Claude; {@code overrides} is HOCON within {@code
   * finch.cloud}.
   */
  static ClaudeSettings of(LoopbackClaude claude, String... overrides) {
    return of(
        Map.of("ANTHROPIC_API_KEY", KEY, "ANTHROPIC_BASE_URL", claude.url()),
        // Waits before retries are short, and the list of models is not asked for, unless a test
        // is about them.
        "lifecycle.refresh = 0\n" + String.join("\n", overrides));
  }

  static ClaudeSettings of(Map<String, String> env, String... overrides) {
    Config own = ConfigFactory.parseString(String.join("\n", overrides)).atPath("finch.cloud");
    Config root = own.withFallback(ConfigFactory.parseResources("reference.conf")).resolve();
    return ClaudeSettings.from(Section.of(root, "finch.cloud"), env);
  }
}
