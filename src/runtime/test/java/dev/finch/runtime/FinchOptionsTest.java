package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelReference;
import dev.finch.settings.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FinchOptionsTest {

  private static final FinchOptions ALL =
      FinchOptions.builder()
          .model("qwen2.5-1.5b")
          .stateDirectory(Path.of("/tmp/state"))
          .cacheDirectory(Path.of("/tmp/cache"))
          .modelCache(Path.of("/tmp/models"))
          .hubToken("hf_secret")
          .offline(true)
          .prepare(FinchOptions.Prepare.CACHED)
          .cloud(true)
          .cloudApiKey("sk-secret")
          .cloudModel("claude-sonnet-5-5")
          .dollarsPerDay(1.5)
          .policy(FinchOptions.Policy.LOCAL_ONLY)
          .contextLength(2048)
          .slots(2)
          .threads(3)
          .keepAlive(Duration.ofMinutes(5))
          .memoryReserve(1L << 30)
          .acceptLicense("qwen-research")
          .acceptLicense("other")
          .set("finch.engine.queue-limit", 7)
          .build();

  @Test
  void everyOptionIsASettingThatIsReadBack() {
    FinchSettings settings = settings(ALL);

    assertEquals(ModelReference.parse("qwen2.5-1.5b"), settings.supervisor().model());
    assertEquals(2, settings.engine().slots());
    assertEquals(2048, settings.engine().contextLength());
    assertEquals(Set.of("qwen-research", "other"), settings.supervisor().acceptedLicenses());
    assertEquals(Path.of("/tmp/state"), settings.directories().state());
    assertEquals(Path.of("/tmp/models"), settings.download().cache());
    Config reference = Reference.resolved();
    ALL.config().entrySet().forEach(entry -> assertTrue(reference.hasPath(entry.getKey())));
  }

  @Test
  void everyConstantIsOneThatTheSettingsKnow() {
    for (FinchOptions.Prepare prepare : FinchOptions.Prepare.values()) {
      settings(FinchOptions.builder().prepare(prepare).build());
    }
    for (FinchOptions.Policy policy : FinchOptions.Policy.values()) {
      settings(FinchOptions.builder().policy(policy).build());
    }
  }

  @Test
  void whatIsOutOfRangeFailsWithItsKey() {
    var refused =
        Map.of(
            "finch.engine.slots", FinchOptions.builder().slots(0),
            "finch.engine.context-length", FinchOptions.builder().contextLength(-1),
            "finch.engine.threads", FinchOptions.builder().threads(-2),
            "finch.engine.keep-alive", FinchOptions.builder().keepAlive(Duration.ofSeconds(-1)),
            "finch.selection.reserve", FinchOptions.builder().memoryReserve(-1),
            "finch.nonsense", FinchOptions.builder().set("finch.nonsense", 1));

    refused.forEach(
        (key, builder) -> {
          var failure =
              assertThrows(FinchException.class, () -> settings(builder.build())).failure();
          assertEquals(FailureCode.SETTINGS_INVALID, failure.code());
          assertTrue(failure.message().startsWith(key), failure.message());
        });
  }

  @Test
  void aModelThatIsNoReferenceIsRefusedAtOnce() {
    assertThrows(FinchException.class, () -> FinchOptions.builder().model("no model at all"));
  }

  @Test
  void secretsAreNotShown() {
    assertFalse(ALL.toString().contains("secret"), ALL.toString());
    assertTrue(ALL.toString().contains("finch.cloud.api-key"), ALL.toString());
  }

  private static FinchSettings settings(FinchOptions options) {
    return FinchSettings.from(ConfigurationLoader.own(options.config()), Map.of());
  }
}
