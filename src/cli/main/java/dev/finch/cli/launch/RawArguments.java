package dev.finch.cli.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The arguments as they were given. Java decodes them, and writes U+FFFD for what it cannot read;
 * whether one was typed, or stands for bytes that are no text, only the bytes tell. Linux shows
 * them; elsewhere Java's reading has to do.
 */
public final class RawArguments {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  /**
   * What was meant, character by character. Looks at the bytes only where something was replaced.
   *
   * @throws UsageException where an argument is not UTF-8 text
   */
  public static List<String> of(String[] decoded) {
    List<String> arguments = List.of(decoded);
    if (arguments.stream().noneMatch(argument -> argument.indexOf('\ufffd') >= 0)) {
      return arguments;
    }
    try {
      return of(arguments, Files.readAllBytes(COMMAND_LINE));
    } catch (IOException e) {
      return arguments;
    }
  }

  /** The same with a whole command line, of which they are the last: each ends with a NUL. */
  static List<String> of(List<String> decoded, byte[] commandLine) {
    List<byte[]> all = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        all.add(Arrays.copyOfRange(commandLine, from, i));
        from = i + 1;
      }
    }
    if (all.size() < decoded.size()) {
      return decoded;
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < decoded.size(); i++) {
      boolean replaced = decoded.get(i).indexOf('\ufffd') >= 0;
      byte[] bytes = all.get(all.size() - decoded.size() + i);
      arguments.add(replaced ? text(i + 1, bytes) : decoded.get(i));
    }
    return arguments;
  }

  private static String text(int place, byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
    } catch (CharacterCodingException e) {
      throw new UsageException(
          String.format(
              Locale.ROOT,
              "Argument %d is not UTF-8 text: 0x%02x at byte %d. Where it is text in another"
                  + " encoding, convert it first, for example with iconv -f ISO-8859-1 -t UTF-8;"
                  + " a file with such a name can be piped in.",
              place,
              bytes[Math.min(rest.position(), bytes.length - 1)],
              rest.position()));
    }
  }
}
