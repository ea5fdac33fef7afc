package dev.finch.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawArgumentsTest {

  @ParameterizedTest
  @CsvSource({
    "caf\u00e9, 0xe9 at byte 3",
    "\u00ff, 0xff at byte 0",
    "a\u00c3, 0xc3 at byte 1",
    "a\u00ed\u00a0\u0080, 0xed at byte 1",
    "\u00c0\u00af, 0xc0 at byte 0",
    "\u00f4\u0090\u0080\u0080, 0xf4 at byte 0",
  })
  void refusesBytesThatAreNoUtf8(String bytes, String said) {
    UsageException refused =
        assertThrows(
            UsageException.class,
            () ->
                RawArguments.of(
                    List.of("--cloud", "\ufffd"), commandLine("java", "Main", "--cloud", bytes)));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.startsWith("Argument 2 is not UTF-8 text: " + said), message);
    assertTrue(message.contains("iconv"), message);
  }

  @Test
  void leavesAReplacementCharacterThatWasTyped() {
    List<String> typed = List.of("a \ufffd", "", "b");
    assertEquals(typed, RawArguments.of(typed, utf8("java", "a \ufffd", "", "b")));
  }

  @Test
  void readsWhatJavaCouldNot() {
    assertEquals(
        List.of("", "Größe 日本", "x"),
        RawArguments.of(
            List.of("", "Gr\ufffd\ufffde \ufffd", "x"), utf8("java", "", "Größe 日本", "x")));
  }

  @Test
  void takesJavasWordWhereTheBytesAreNotThere() {
    List<String> decoded = List.of("\ufffd", "x");
    assertEquals(decoded, RawArguments.of(decoded, utf8("x")));
  }

  private static byte[] utf8(String... arguments) {
    return (String.join("\0", arguments) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] commandLine(String... arguments) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (String argument : arguments) {
      line.writeBytes(argument.getBytes(StandardCharsets.ISO_8859_1));
      line.write(0);
    }
    return line.toByteArray();
  }
}
