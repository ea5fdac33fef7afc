package dev.finch.cli.launch;

import dev.finch.failure.Failure;
import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Text from files and pipes: UTF-8, or what a byte order mark says; anything else is refused. */
public final class TextInput {

  /** What no model can read is not read. */
  static final int LIMIT = 32 << 20;

  private static final String READS_TEXT =
      "Models here read text; pictures and documents have to be turned into it first.";

  private TextInput() {}

  /**
   * The text of a file.
   *
   * <p>Blocks; where the name is that of a pipe, until somebody has written to it, or {@link
   * SpecialFile#release} ends the wait.
   *
   * @param told hears of what was converted, and of what is waited for
   * @throws UsageException where it cannot be read, is larger than 32 MiB or is no text
   */
  public static String file(String name, Consumer<String> told) {
    if (name.isBlank()) {
      throw new UsageException("The name of the file is empty. Name a file, or - for stdin.");
    }
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new UsageException(name + " is a directory, not a text.");
      }
      SpecialFile special = SpecialFile.of(path);
      if (special == null) {
        return read(path, told);
      }
      if (special != SpecialFile.PIPE) {
        throw new UsageException(
            name + " is " + special.description() + ", not a text. Name a file or a pipe.");
      }
      return pipe(path, told);
    } catch (InvalidPathException e) {
      throw new UsageException(Failure.sentence(name + " is no name of a file: " + e.getReason()));
    } catch (NoSuchFileException e) {
      throw new UsageException(name + " does not exist.");
    } catch (AccessDeniedException e) {
      throw new UsageException(name + " cannot be read: permission denied.");
    } catch (IOException e) {
      throw new UsageException(Failure.sentence(name + " cannot be read: " + e.getMessage()));
    }
  }

  private static String read(Path path, Consumer<String> told) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return stream(path.toString(), in, told);
    }
  }

  // A shell's <(command), a named pipe or a device: opening it waits for somebody who writes.
  private static String pipe(Path path, Consumer<String> told) throws IOException {
    String line = "waiting for what is written to " + path + "; Ctrl-C gives up.";
    try (var _ = WaitingNote.of(line, told)) {
      return read(path, told);
    }
  }

  /** The text of a stream, named for people. */
  static String stream(String name, InputStream in, Consumer<String> told) throws IOException {
    byte[] bytes = in.readNBytes(LIMIT + 1);
    if (bytes.length > LIMIT) {
      throw new UsageException(name + " is larger than 32 MiB, which no model can read.");
    }
    return decode(name, bytes, told);
  }

  /** The text that these bytes are, without a byte order mark. */
  static String decode(String name, byte[] bytes, Consumer<String> told) {
    Charset charset = StandardCharsets.UTF_8;
    int mark = 0;
    if (begins(bytes, 0xef, 0xbb, 0xbf)) {
      mark = 3;
    } else if (begins(bytes, 0xff, 0xfe, 0, 0) || begins(bytes, 0, 0, 0xfe, 0xff)) {
      charset = bytes[0] == 0 ? StandardCharsets.UTF_32BE : StandardCharsets.UTF_32LE;
      mark = 4;
    } else if (begins(bytes, 0xff, 0xfe) || begins(bytes, 0xfe, 0xff)) {
      charset = bytes[0] == (byte) 0xfe ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
      mark = 2;
    }
    ByteBuffer rest = ByteBuffer.wrap(bytes, mark, bytes.length - mark);
    try {
      String text =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(rest)
              .toString();
      refuseBinary(name, bytes, text);
      if (!charset.equals(StandardCharsets.UTF_8)) {
        told.accept(name + " was converted from " + charset.name() + ".");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw malformed(name, bytes, charset, rest.position());
    }
  }

  private static UsageException malformed(String name, byte[] bytes, Charset charset, int at) {
    String kind = FileKind.of(bytes);
    if (kind != null) {
      return looksLike(name, kind);
    }
    for (byte b : bytes) {
      if (b == 0 && charset.equals(StandardCharsets.UTF_8)) {
        return binary(name, "bytes that are no " + charset.name());
      }
    }
    String found = at < bytes.length ? String.format(Locale.ROOT, "0x%02x", bytes[at]) : "its end";
    return new UsageException(
        name
            + " is not "
            + charset.name()
            + " text: "
            + found
            + " at byte "
            + at
            + ". Where it is text in another encoding, convert it first, for example with iconv -f"
            + " ISO-8859-1 -t UTF-8.");
  }

  private static void refuseBinary(String name, byte[] bytes, String text) {
    String kind = FileKind.of(bytes);
    if (kind != null) {
      throw looksLike(name, kind);
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isNoText(c)) {
        throw binary(
            name, String.format(Locale.ROOT, "the control character U+%04X at %d", (int) c, i));
      }
    }
  }

  // What `file` takes for text, with the separators and shifts that some logs hold: pages, bells,
  // overstrikes and escape sequences are text, too.
  private static boolean isNoText(char c) {
    return c < 7 || (c > 0xf && c < 0x1b) || c == 0x7f;
  }

  private static UsageException looksLike(String name, String kind) {
    return new UsageException(name + " is no text: it looks like " + kind + ". " + READS_TEXT);
  }

  private static UsageException binary(String name, String found) {
    return new UsageException(
        name + " is a binary file and no text: it holds " + found + ". " + READS_TEXT);
  }

  private static boolean begins(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
