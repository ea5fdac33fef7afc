package dev.finch.cli.launch;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What kind of file bytes are that are no text, by how they begin. */
final class FileKind {

  private record Beginning(String bytes, int at, String kind) {}

  private static final int ESCAPE = 27;

  private static final Beginning[] KNOWN = {
    new Beginning("\u0089PNG\r\n", 0, "a PNG picture"),
    new Beginning("\u00ff\u00d8\u00ff", 0, "a JPEG picture"),
    new Beginning("WEBP", 8, "a WebP picture"),
    new Beginning("II*\0", 0, "a TIFF picture"),
    new Beginning("MM\0*", 0, "a TIFF picture"),
    new Beginning("PK\3\4", 0, "a ZIP archive or an office document"),
    new Beginning("PK\5\6", 0, "a ZIP archive or an office document"),
    new Beginning("PK\7\b", 0, "a ZIP archive or an office document"),
    new Beginning("AT&TFORM", 0, "a DjVu document"),
    new Beginning("\u00ffWPC", 0, "an office document"),
    new Beginning("\u00c5\u00d0\u00d3\u00c6", 0, "a PostScript document"),
    new Beginning("\u001f\u008b", 0, "a gzip archive"),
    new Beginning("BZh91AY", 0, "a bzip2 archive"),
    new Beginning("\u00fd7zXZ", 0, "an xz archive"),
    new Beginning("7z\u00bc\u00af", 0, "a 7-Zip archive"),
    new Beginning("(\u00b5/\u00fd", 0, "a Zstandard archive"),
    new Beginning("Rar!\u001a", 0, "a RAR archive"),
    new Beginning("ustar", 257, "a tar archive"),
    new Beginning("\u00d0\u00cf\u0011\u00e0", 0, "an office document"),
    new Beginning("SQLite format 3\0", 0, "a SQLite database"),
    new Beginning("GGUF", 0, "a model file"),
    new Beginning("\u007fELF", 0, "a program"),
    new Beginning("MZ\u0090", 0, "a program"),
    new Beginning("\u00ca\u00fe\u00ba\u00be", 0, "a program"),
    new Beginning("\0asm", 0, "a program"),
    new Beginning("OggS", 0, "a sound recording"),
    new Beginning("ID3\3", 0, "a sound recording"),
    new Beginning("ID3\4", 0, "a sound recording"),
    new Beginning("WAVEfmt", 8, "a sound recording"),
    new Beginning("fLaC", 0, "a sound recording"),
    new Beginning("ftyp", 4, "a film"),
  };

  private FileKind() {}

  /** For people, with its article; null where nothing is known. */
  static @Nullable String of(byte[] bytes) {
    if (isPdf(bytes)) {
      return "a PDF document";
    }
    if (isGif(bytes)) {
      return "a GIF picture";
    }
    if (bytes.length > 0 && bytes[0] == ESCAPE && stands("%-12345X", bytes, 1)) {
      return "a print job";
    }
    int mark = stands("\u00ef\u00bb\u00bf", bytes, 0) ? 3 : 0;
    if (stands("{\\rtf", bytes, mark) && Documents.beginsWith(Documents.RTF, bytes, mark)) {
      return "an RTF document";
    }
    int job = stands("\4", bytes, mark) ? mark + 1 : mark;
    if (stands("%!PS", bytes, job) && Documents.beginsWith(Documents.POSTSCRIPT, bytes, job)) {
      return "a PostScript document";
    }
    for (Beginning known : KNOWN) {
      if (stands(known.bytes, bytes, known.at) && !mayBeText(known, bytes)) {
        return known.kind;
      }
    }
    return null;
  }

  // These two may hold nothing but ASCII, and a question about them begins alike: it goes on with
  // a blank or the end of a sentence where the file has numbers.
  private static boolean isPdf(byte[] bytes) {
    return stands("%PDF-", bytes, 0) && bytes.length > 8 && (bytes[8] == '\n' || bytes[8] == '\r');
  }

  private static boolean isGif(byte[] bytes) {
    boolean named = stands("GIF87a", bytes, 0) || stands("GIF89a", bytes, 0);
    return named && bytes.length > 12 && " \n\r\t.,:;?!'\")".indexOf(bytes[6]) < 0;
  }

  /** Letters alone may begin a text; in the file there are numbers in binary behind them. */
  private static boolean mayBeText(Beginning known, byte[] bytes) {
    if (known.bytes.chars().anyMatch(c -> c < ' ' || c > '~')) {
      return false;
    }
    for (int i = 0; i < Math.min(bytes.length, 512); i++) {
      if (bytes[i] >= 0 && bytes[i] < 7) {
        return false;
      }
    }
    return true;
  }

  private static boolean stands(String known, byte[] bytes, int at) {
    byte[] expected = known.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < at + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Documents that are ASCII through and through; a question about one goes on in words. */
  private static final class Documents {
    private static final int HEAD = 80;
    private static final Pattern RTF = Pattern.compile("\\{\\\\rtf\\d*\\s?[\\\\{]");
    private static final Pattern POSTSCRIPT =
        Pattern.compile("%!PS(?:-Adobe-\\d\\.\\d(?: [A-Za-z]+-\\d\\.\\d)?)?[ \t]*[\r\n]");

    static boolean beginsWith(Pattern pattern, byte[] bytes, int at) {
      int length = Math.min(bytes.length - at, HEAD);
      String start = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
      return pattern.matcher(start).lookingAt();
    }
  }
}
