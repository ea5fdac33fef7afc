package dev.finch.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextInputTest {

  private static final String TEXT = "Größe 日本 🐦\n";

  @TempDir private Path directory;
  private final List<String> told = new ArrayList<>();

  @Test
  void readsUtf8AsItIs() {
    assertEquals(TEXT, decode(TEXT.getBytes(StandardCharsets.UTF_8)));
    assertEquals("", decode(new byte[0]));
    assertEquals(List.of(), told);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, false",
    "UTF-16LE, true",
    "UTF-16BE, true",
    "UTF-32LE, true",
    "UTF-32BE, true",
  })
  void takesAByteOrderMarkAtItsWordAndAway(String charset, boolean said) {
    assertEquals(TEXT, decode(("\ufeff" + TEXT).getBytes(Charset.forName(charset))));
    assertEquals(said, told.size() == 1 && told.getFirst().contains(charset), told.toString());
  }

  @Test
  void refusesAPictureAsBinary() {
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H'};
    assertRefused(png, "looks like a PNG picture");
    assertRefused(new byte[] {'a', 0, 'b'}, "is a binary file and no text");
    assertRefused("ab".getBytes(StandardCharsets.UTF_16LE), "is a binary file and no text");
  }

  @ParameterizedTest
  @CsvSource({
    "GIF89aAAAAAAAAA;, a GIF picture",
    "GIF87aBBBBBBBBB;, a GIF picture",
    "'%PDF-1.4\n1 0 obj\n<<>>\nendobj\n', a PDF document",
    "'%PDF-2.0\r1 0 obj', a PDF document",
    "PK\u0003\u0004abc, a ZIP archive",
    "\u007fELFabc, a program",
    "SQLite format 3\0abc, a SQLite database",
    "GGUF\u0003\0\0\0abc, a model file",
    "\u00ff\u00d8\u00ff\u00e0abc, a JPEG picture",
    "'\u001f\u008b\b\0abc', a gzip archive",
    "'{\\rtf1\\ansi\\deff0 Hello.}', an RTF document",
    "'{\\rtf1{\\fonttbl}}', an RTF document",
    "'{\\rtf\\ansi Hello.}', an RTF document",
    "'\u00ef\u00bb\u00bf{\\rtf1\\ansi Hello.}', an RTF document",
    "'%!PS-Adobe-3.0\n%%Title: a\n', a PostScript document",
    "'%!PS-Adobe-3.0 EPSF-3.0\r\n%%Title: a\n', a PostScript document",
    "'%!PS\n72 72 moveto\n', a PostScript document",
    "'\u0004%!PS-Adobe-3.0\nshow\n', a PostScript document",
    "'\u00c5\u00d0\u00d3\u00c6abc', a PostScript document",
    "'\u001b%-12345X@PJL JOB\n', a print job",
    "'PK\u0005\u0006abc', a ZIP archive",
    "'AT&TFORM\0\0abc', a DjVu document",
    "'\u00ffWPC\u0010', an office document",
  })
  void saysWhatAFileThatIsNoTextLooksLike(String bytes, String kind) {
    assertRefused(bytes.getBytes(StandardCharsets.ISO_8859_1), "is no text: it looks like " + kind);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 0x10, 0x16, 0x1a, 0x7f})
  void refusesControlCharactersThatTextDoesNotHold(int control) {
    byte[] bytes = {'a', 'b', (byte) control, 'c'};
    assertRefused(bytes, String.format("the control character U+%04X at 2", control));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31mred\u001b[0m",
        "N\bNA\bAM\bME\bE",
        "page\fpage\u000bend",
        "a\r\nb\tc\u0007",
        "\u001erecord\u001funit",
        "GIF89a is which format?",
        "GIF89a",
        "%PDF-1.4 is which version?",
        "GGUF files are what?",
        "OggS begins a page",
        "abc ftyp and more",
        "{\\rtf1 is which format?",
        "{\\rtf is which format?",
        "{\\rtf1",
        "%!PS-Adobe-3.0 is which version?",
        "%!PS is what?",
        "AT&TFORM is what?",
        "From: ann@example.org\r\nSubject: Hi\r\n\r\nHello.",
        "\\documentclass{article}",
      })
  void takesLogsManualsAndQuestionsAboutFilesForText(String text) {
    assertEquals(text, decode(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void refusesOtherEncodingsAndSaysWhereAndWhatToDo() {
    byte[] latin = "caf\u00e9 noir".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(latin, "0xe9 at byte 3");
    assertRefused(latin, "iconv");
    assertRefused(new byte[] {'a', (byte) 0xc3}, "at byte 1");
    assertRefused(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, "is not UTF-8 text");
    ByteArrayOutputStream odd = new ByteArrayOutputStream();
    odd.writeBytes("\ufeffab".getBytes(StandardCharsets.UTF_16LE));
    odd.write('c');
    assertRefused(odd.toByteArray(), "is not UTF-16LE text");
  }

  @Test
  void saysWhyAFileCannotBeRead() throws Exception {
    Path file = Files.write(directory.resolve("größe.txt"), TEXT.getBytes(StandardCharsets.UTF_8));
    assertEquals(TEXT, TextInput.file(file.toString(), told::add));
    assertMessage(directory.resolve("none").toString(), "does not exist");
    assertMessage(directory.toString(), "is a directory");
    assertMessage("a\0b", "is no name of a file");
    assertMessage("", "The name of the file is empty.");
    assertMessage(" ", "The name of the file is empty.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "/dev/urandom", "/dev/full"})
  void refusesDevicesAsTheyHaveNoEnd(String device) {
    assertMessage(device, device + " is a terminal or another device");
  }

  @Test
  void readsTheEmptyDevice() {
    assertEquals("", TextInput.file("/dev/null", told::add));
  }

  private String decode(byte[] bytes) {
    return TextInput.decode("x.txt", bytes, told::add);
  }

  private void assertRefused(byte[] bytes, String message) {
    UsageException refused = assertThrows(UsageException.class, () -> decode(bytes));
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
  }

  private void assertMessage(String name, String message) {
    UsageException refused =
        assertThrows(UsageException.class, () -> TextInput.file(name, told::add));
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
  }
}
