package dev.finch.cli.terminal;

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
          + "\ud83d\udc26m␀n\ufffdo\ufffd\u00fcp";

  @Test
  void showsWhatATerminalWouldObeyInItsPlace() {
    assertEquals(SHOWN, ForeignText.of(HOSTILE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u061cx",
        "x\u200ey",
        "x\u200fy",
        "x\u200by",
        "\ufeffx",
        "x\u2060y",
        "x\u2061y",
        "x\u2064y",
        "x\ufff9y",
        "x\u180ey",
        "x\udb40\udc41y",
        "x\udb40\udc01y",
        "x\udb40\udc7fy",
        "\u05d0\nx\u200fy",
        "\ud83d\udc26\udb40\udc67x",
        "\u2764\ufe0f\ufe0fx",
        "\ud83c\udff4\udb40\udc7fx",
        "\ud83c\udff4\udb40\udc47x",
        "x\ud834\udd73y"
      })
  void showsWhatNobodyWouldSeeInItsPlace(String text) {
    String shown = ForeignText.of(text);
    assertEquals(1, shown.chars().filter(c -> c == '\ufffd').count(), shown);
    assertEquals(text.codePointCount(0, text.length()), shown.codePointCount(0, shown.length()));
    assertEquals(text.length(), ForeignText.sameLength(text).length());
    for (int size = 1; size < 4; size++) {
      assertEquals(shown, inPieces(text + " end", size).replace(" end", ""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u05e9\u05dc\u05d5\u05dd!\u200f (C++\u200e) end",
        "\u200f\u05e9\u05dc\u05d5\u05dd",
        "\u0645\u0631\u062d\u0628\u0627 50\u061c% end",
        "\u061c\u0645\u0631\u062d\u0628\u0627",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "C++\u200e\u05d0",
        "\ud83d\udc69\u200d\ud83d\udcbb \u2764\ufe0f 1\ufe0f\u20e3",
        "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc73\udb40\udc63\udb40\udc74\udb40\udc7f end",
        "\u845b\udb40\udd00\u98fe",
        "\u1797\u17b6\u179f\u17b6\u200b\u1781\u17d2\u1798\u17c2\u179a",
        "\u0e44\u0e17\u0e22\u200b\u0e44\u0e17\u0e22",
        "\u0915\u094d\u200d\u0937",
      })
  void leavesWhatWritingAndEmojiNeed(String text) {
    assertEquals(text, ForeignText.of(text));
    assertEquals(text, ForeignText.sameLength(text));
    for (int size = 1; size < 4; size++) {
      assertEquals(text, inPieces(text, size));
    }
  }

  @Test
  void aFlagHidesNoText() {
    StringBuilder hidden = new StringBuilder("\ud83c\udff4");
    "ignoreallrules".chars().forEach(c -> hidden.appendCodePoint(0xe0000 + c));
    assertEquals(8, ForeignText.of(hidden.toString()).chars().filter(c -> c == '\ufffd').count());
  }

  private static String inPieces(String text, int size) {
    ForeignText stream = new ForeignText();
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i += size) {
      shown.append(stream.shown(text.substring(i, Math.min(text.length(), i + size))));
    }
    return shown.toString();
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
