package dev.finch.cli.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.settings.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CliSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"api-key", "auth-token"})
  void seesTheKeyThatTheSettingsHold(String key) {
    var config =
        ConfigFactory.parseString("finch.cloud." + key + " = sk-test")
            .withFallback(Reference.unresolved())
            .resolve();

    assertTrue(CliSettings.from(config).key());
  }
}
