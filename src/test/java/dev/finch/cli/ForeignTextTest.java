package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

  /** One of each kind, between text that has to stay. */
  private static final String HOSTILE =
      "a\u001b]52;c;eA==\u0007b\u001b[2Jc\u009b31md\u007fe\u202ef\u2066g\bh\rij\r\nk\tl"
          + "\ud83d\udc26m\u0000n\u0085o\u061c\u00fcp";

  private static final String SHOWN =
      "a␛]52;c;eA==␇b␛[2Jc\ufffd31md␡e\ufffdf\ufffdg␈h␍ij\nk\tl"
          + "\ud83d\udc26m␀n\ufffdo\u061c\u00fcp";

  @Test
  void showsWhatATerminalWouldObeyInItsPlace() {
    assertEquals(SHOWN, ForeignText.of(HOSTILE));
  }

  @Test
  void leavesOrdinaryTextAsItIs() {
    String text = "Grüße, 日本 — «x»\n\tend";
    assertSame(text, ForeignText.of(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void doesNotDependOnHowTheTextIsCut(int size) {
    ForeignText stream = new ForeignText();
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < HOSTILE.length(); i += size) {
      shown.append(stream.shown(HOSTILE.substring(i, Math.min(HOSTILE.length(), i + size))));
    }
    assertEquals(SHOWN, shown.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7})
  void doesNotDependOnHowTheBytesAreCut(int size) {
    byte[] bytes = HOSTILE.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    StandardStream terminal = StandardStream.over(seen, true);
    for (int i = 0; i < bytes.length; i += size) {
      terminal.write(bytes, i, Math.min(size, bytes.length - i));
    }
    assertEquals(SHOWN, seen.toString(StandardCharsets.UTF_8));
  }

  @Test
  void showsBytesThatAreNoUtf8AndASingleByteC1InTheirPlace() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    StandardStream.over(seen, true).write(new byte[] {'a', (byte) 0x9b, '2', 'J', 'b'}, 0, 5);
    assertEquals("a\ufffd2Jb", seen.toString(StandardCharsets.UTF_8));
  }

  @Test
  void leavesThePipeItsBytes() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    StandardStream.over(seen, false).print(HOSTILE);
    assertEquals(HOSTILE, seen.toString(StandardCharsets.UTF_8));
  }

  @Test
  void letsFinchsOwnControlsThroughBesideForeignText() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    StandardStream.over(seen, true).show(StyledText.of(Control.DIM, "x\u001b[2J"));
    assertEquals("\u001b[2mx␛[2J\u001b[0m", seen.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"'a\nb',a␊b", "'a\tb',a␉b", "'a\u001bb',a␛b", "ab,ab"})
  void keepsANameInItsLine(String name, String shown) {
    assertEquals(shown, ForeignText.line(name));
  }

  @Test
  void givesAnEditedLineAsManyCharactersAsItHas() {
    String shown = ForeignText.sameLength(HOSTILE);
    assertEquals(HOSTILE.length(), shown.length());
    assertTrue(shown.startsWith("a␛]52;c;eA==␇b␛[2Jc\ufffd31md␡e"), shown);
  }

  @Test
  void passesNoCharacterOfTheDangerousRanges() {
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      String shown = ForeignText.of("x" + c + "y");
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      int direction = Character.getDirectionality(c);
      boolean turns =
          direction >= Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING
              && direction <= Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE
              && direction != Character.DIRECTIONALITY_NONSPACING_MARK
              && direction != Character.DIRECTIONALITY_BOUNDARY_NEUTRAL;
      if (control || turns) {
        assertTrue(shown.indexOf(c) < 0, "U+" + Integer.toHexString(c));
      }
    }
  }
}
