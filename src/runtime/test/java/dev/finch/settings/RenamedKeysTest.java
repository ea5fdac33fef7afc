package dev.finch.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RenamedKeysTest {

  private static final RenamedKeys KEYS =
      new RenamedKeys(
          List.of(
              new RenamedKeys.Renamed("finch.engine.places", "finch.engine.slots", ""),
              new RenamedKeys.Renamed("finch.old", "finch.cloud.limits", ""),
              new RenamedKeys.Renamed("finch.engine.magic", null, "Leave it out.")));

  private final List<String> warnings = new ArrayList<>();

  @Test
  void anOldKeyGoesOnUnderItsNewNameWithAWarning() {
    Config config = translated("finch.engine { places = 3, threads = 2 }");

    assertEquals(3, config.getInt("finch.engine.slots"));
    assertEquals(2, config.getInt("finch.engine.threads"));
    assertFalse(config.hasPath("finch.engine.places"));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("finch.engine.places is now called finch.engine.slots."));
  }

  @Test
  void aWholeSectionGoesOnUnderItsNewName() {
    assertEquals(7, translated("finch.old { a = 7 }").getInt("finch.cloud.limits.a"));
  }

  @Test
  void theNewKeyWinsWhereBothAreSet() {
    assertEquals(
        4, translated("finch.engine { places = 3, slots = 4 }").getInt("finch.engine.slots"));
    assertTrue(warnings.getFirst().contains("counts"), warnings.getFirst());
  }

  @Test
  void aKeyThatIsGoneIsTakenOutWithAWarning() {
    assertFalse(translated("finch.engine.magic = on").hasPath("finch.engine.magic"));
    assertEquals(List.of("finch.engine.magic is gone and does nothing. Leave it out."), warnings);
  }

  @Test
  void aKeyThatIsNullIsNoValue() {
    assertFalse(translated("finch.engine.places = null").hasPathOrNull("finch.engine.slots"));
  }

  @Test
  void whatNobodyRenamedStaysAsItIs() {
    assertEquals("x", translated("finch.model = x").getString("finch.model"));
    assertEquals(List.of(), warnings);
  }

  /** A line of the table that leads nowhere would turn a warning into a failed start. */
  @Test
  void everySuccessorIsASetting() {
    Config reference = Reference.resolved();
    RenamedKeys.OF_THIS_RELEASE
        .successors()
        .forEach(key -> assertTrue(reference.hasPathOrNull(key), key));
    RenamedKeys.OF_THIS_RELEASE
        .keys()
        .forEach(key -> assertFalse(reference.hasPathOrNull(key), key));
  }

  private Config translated(String text) {
    return KEYS.translate(ConfigFactory.parseString(text), warnings::add);
  }
}
