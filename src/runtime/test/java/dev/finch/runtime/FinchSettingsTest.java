package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.finch.engine.EngineSettings;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FinchSettingsTest {

  private static EngineSettings engine(String user) {
    var config = ConfigurationLoader.own(ConfigFactory.parseString(user));
    return FinchSettings.from(config, Map.of()).engine();
  }

  @Test
  void adaptersAreNamedByTheUser() {
    EngineSettings engine =
        engine("finch.adapters { legal { file = /m/legal.gguf, scale = 0.8 }, slang.file = b }");

    assertEquals(
        Map.of(
            "legal", new EngineSettings.Adapter(Path.of("/m/legal.gguf"), 0.8),
            "slang", new EngineSettings.Adapter(Path.of("b"), 1)),
        engine.adapters());
  }

  @Test
  void anAdapterOutOfItsPlaceIsRefused() {
    FinchException refused =
        assertThrows(FinchException.class, () -> engine("finch.engine.adapters.legal.file = a"));

    assertEquals(FailureCode.SETTINGS_INVALID, refused.failure().code());
    assertTrue(refused.failure().message().contains("finch.engine.adapters"));
  }
}
