package dev.finch.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplParserTest {

  @ParameterizedTest
  @ValueSource(strings = {"\"\"\"", "\"\"\"one\ntwo", "ends in \\"})
  void goesOnWhileTheTextIsOpen(String line) {
    assertTrue(ReplParser.unfinished(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"don't", "say \"hi", "\"\"\"one\ntwo\"\"\"", "a \\ b", ""})
  void takesEverythingElseAsWhole(String line) {
    assertFalse(ReplParser.unfinished(line));
  }

  @Test
  void takesTheFencesOff() {
    assertEquals("one\ntwo", ReplParser.meant("\"\"\"\none\ntwo\n\"\"\""));
    assertEquals("a\nb", ReplParser.meant("a\\\nb"));
    assertEquals("plain", ReplParser.meant("  plain "));
  }
}
