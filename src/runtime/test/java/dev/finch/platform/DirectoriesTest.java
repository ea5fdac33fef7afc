package dev.finch.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DirectoriesTest {

  private static final Path HOME = Path.of("/home/ada");

  @Test
  void followsTheBaseDirectorySpecificationWhereNothingIsConfigured() {
    assertEquals(
        new Directories(HOME.resolve(".local/state/finch"), HOME.resolve(".cache/finch")),
        Directories.from(section("", ""), Map.of(), HOME));
    assertEquals(
        new Directories(Path.of("/s/finch"), Path.of("/c/finch")),
        Directories.from(
            section("", ""), Map.of("XDG_STATE_HOME", "/s", "XDG_CACHE_HOME", "/c"), HOME));
  }

  @Test
  void ignoresARelativeEnvironmentVariable() {
    assertEquals(
        HOME.resolve(".cache/finch"),
        Directories.from(section("", ""), Map.of("XDG_CACHE_HOME", "here"), HOME).cache());
  }

  @Test
  void aConfiguredPathWinsAndMayStartAtHome() {
    assertEquals(
        new Directories(Path.of("/srv/state"), HOME.resolve("finch-cache")),
        Directories.from(
            section("/srv/state", "~/finch-cache"), Map.of("XDG_STATE_HOME", "/s"), HOME));
  }

  private static Section section(String state, String cache) {
    String text = "finch.directories { state = \"" + state + "\", cache = \"" + cache + "\" }";
    return Section.of(ConfigFactory.parseString(text), "finch");
  }
}
