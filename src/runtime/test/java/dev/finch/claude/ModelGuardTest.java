package dev.finch.claude;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ModelGuardTest {

  private static final Instant RETIRES = Instant.parse("2026-11-30T00:00:00Z");
  private static final List<CloudModel> MODELS =
      CloudModel.list(
          requireNonNull(
              ClaudeJson.parse(
                  """
                  {"data":[
                   {"id":"sonnet-old","line":"sonnet","lifecycle":"deprecated","max_tokens":10,
                    "created_at":"2025-09-29T00:00:00Z","retires_at":"2026-11-30T00:00:00Z"},
                   {"id":"sonnet-new","line":"sonnet","created_at":"2026-09-28T00:00:00Z",
                    "lifecycle":"active","max_tokens":128000},
                   {"id":"sonnet-mid","line":"sonnet","created_at":"2026-06-30T00:00:00Z",
                    "lifecycle":"active"},
                   {"id":"opus-gone","line":"opus","lifecycle":"retired"},
                   {"id":"haiku","line":"haiku","lifecycle":"active"},
                   {"display_name":"no id"}]}
                  """)));

  private static ModelGuard.Choice choose(
      String wanted, @Nullable String successor, Instant horizon) {
    return ModelGuard.choose(wanted, MODELS, successor, horizon);
  }

  @Test
  void staysWithAnActiveOrUnknownModel() {
    assertEquals(
        new ModelGuard.Choice("sonnet-new", 128000, null), choose("sonnet-new", null, RETIRES));
    assertEquals(
        new ModelGuard.Choice("private-model", Integer.MAX_VALUE, null),
        choose("private-model", null, RETIRES));
  }

  @Test
  void warnsOfARetirementThatIsFarAndLeavesAModelThatIsNear() {
    ModelGuard.Choice far = choose("sonnet-old", null, RETIRES.minusSeconds(1));
    assertEquals("sonnet-old", far.model());
    assertNotNull(far.warning());
    assertTrue(far.warning().contains("2026-11-30"), far.warning());

    ModelGuard.Choice near = choose("sonnet-old", null, RETIRES);
    assertEquals("sonnet-new", near.model());
    assertEquals(128000, near.maxTokens());
    assertNotNull(near.warning());
  }

  @Test
  void prefersTheConfiguredSuccessorWhileItIsActive() {
    assertEquals("haiku", choose("sonnet-old", "haiku", RETIRES).model());
    assertEquals("sonnet-new", choose("sonnet-old", "opus-gone", RETIRES).model());
  }

  @Test
  void staysWhereItsLineHasNoActiveModel() {
    assertEquals("opus-gone", choose("opus-gone", null, RETIRES).model());
    assertEquals("haiku", choose("opus-gone", "haiku", RETIRES).model());
  }

  @Test
  void replacesAnUnknownModelOnlyIfItWasConfiguredOrIsKnownToBeGone() {
    assertNull(ModelGuard.insteadOf("claude-sonnet-3", MODELS, null, "other"));
    assertNull(ModelGuard.insteadOf("sonnet-new", MODELS, null, "sonnet-new"));
    ModelGuard.Choice moved =
        ModelGuard.insteadOf("claude-sonnet-3", MODELS, null, "claude-sonnet-3");
    assertNotNull(moved);
    assertEquals("sonnet-new", moved.model());
    ModelGuard.Choice listed = ModelGuard.insteadOf("sonnet-old", MODELS, null, "other");
    assertNotNull(listed);
    assertEquals("sonnet-new", listed.model());
  }

  @Test
  void asksForTheListOncePerRefreshTimeAndNotAtAllWhereSwitchedOff() {
    Map<String, String> env = Map.of("ANTHROPIC_API_KEY", "k");
    ModelGuard daily = new ModelGuard(CloudSettings.of(env));
    assertTrue(daily.due(RETIRES));
    assertFalse(daily.due(RETIRES.plusSeconds(86399)));
    assertTrue(daily.due(RETIRES.plusSeconds(86400)));
    daily.failed(RETIRES.plusSeconds(86400));
    assertFalse(daily.due(RETIRES.plusSeconds(86400 + 899)));
    assertTrue(daily.due(RETIRES.plusSeconds(86400 + 900)));
    assertFalse(new ModelGuard(CloudSettings.of(env, "lifecycle.refresh = 0")).due(RETIRES));
  }
}
