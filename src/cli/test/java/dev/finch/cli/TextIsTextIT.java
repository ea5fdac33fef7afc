package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arguments, files and pipes hold reaches Claude as it was, or not at all. */
final class TextIsTextIT {

  @TempDir private Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"en_US.UTF-8", "xx_XX.utf8", "de_DE.ISO-8859-1", "de_DE@euro", "C", "UTF-8"})
  void argumentsAndNamesOfFilesAreUtf8InEveryLocale(String locale) throws Exception {
    Path file = directory.resolve("größe.txt");
    Files.writeString(file, "Inhalt ß");
    for (String variable : List.of("LANG", "LC_ALL")) {
      Path script = directory.resolve("ask.sh");
      Files.writeString(
          script, variable + "=" + locale + " exec \"$0\" --cloud -f '" + file + "' 'Größe 日本?'\n");
      ProcessBuilder builder = world.process();
      builder.environment().remove("LC_ALL");
      builder.environment().remove("LC_CTYPE");
      builder.environment().remove("LANG");
      builder.command("sh", "-c", ". " + script, builder.command().getFirst());
      Distribution.Result result = Distribution.run(builder, "");
      assertEquals(ExitCode.OK, result.code(), result.err());
      String sent = world.claude.awaitMessage().json().path("messages").toString();
      assertTrue(sent.contains("Größe 日本?\\n\\nInhalt ß"), sent);
    }
  }

  @Test
  void aMarkAtTheBeginningIsTakenAwayEverywhere() throws Exception {
    ProcessBuilder piped = world.process("--cloud");
    assertEquals(ExitCode.OK, Distribution.run(piped, "\ufeffhello").code());
    String sent = world.claude.awaitMessage().json().path("messages").toString();
    assertTrue(sent.contains("hello") && !sent.contains("\ufeff"), sent);

    Path schema = Files.writeString(directory.resolve("s.json"), "\ufeff{\"type\":\"object\"}");
    ProcessBuilder formed = world.process("--model", "builtin", "--schema", schema.toString(), "x");
    Distribution.Result result = Distribution.run(formed, "");
    assertEquals(ExitCode.OK, result.code(), result.err());

    Files.createDirectories(world.finch.config().getParent());
    Files.writeString(world.finch.config(), "\ufefffinch.cli.history-size = 7\n");
    Distribution.Result config = Distribution.run(world.process("config"), "");
    assertEquals(ExitCode.OK, config.code(), config.err());
    assertTrue(config.out().contains("7"), config.out());
  }

  @Test
  void whatIsNoTextIsNotSent() throws Exception {
    Path picture = directory.resolve("picture.png");
    Files.write(picture, new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 1, (byte) 0xff});
    Path latin = directory.resolve("latin.txt");
    Files.write(latin, "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    Distribution.Result binary =
        Distribution.run(world.process("--cloud", "-f", picture.toString(), "What is it?"), "");
    assertEquals(ExitCode.USAGE, binary.code());
    assertTrue(binary.err().contains("is a binary file and no text"), binary.err());
    Distribution.Result other =
        Distribution.run(world.process("--cloud", "-f", latin.toString(), "What is it?"), "");
    assertEquals(ExitCode.USAGE, other.code());
    assertTrue(other.err().contains("0xe9 at byte 3"), other.err());
    assertEquals(List.of(), world.claude.messages());

    Path utf16 = directory.resolve("utf16.txt");
    Files.write(utf16, "\ufeffGr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_16LE));
    Distribution.Result converted =
        Distribution.run(world.process("--cloud", "-f", utf16.toString()), "");
    assertTrue(converted.err().contains("was converted from UTF-16LE"), converted.err());
    assertTrue(
        world.claude.awaitMessage().json().path("messages").toString().contains("Gr\u00fc\u00dfe"));
  }

  @Test
  void anArgumentThatIsNoUtf8IsNotSentAndATypedReplacementCharacterIs() throws Exception {
    for (String bytes : List.of("caf\\351", "\\377", "a\\355\\240\\200b", "end\\303")) {
      for (String before : List.of("--cloud ", "--cloud -s ok -- ", "--cloud -f ", "pull ")) {
        Distribution.Result refused = shell("\"$0\" " + before + "\"$(printf '" + bytes + "')\"");
        assertEquals(ExitCode.USAGE, refused.code(), refused.err());
        assertTrue(refused.err().contains("is not UTF-8 text: 0x"), refused.err());
      }
    }
    assertEquals(List.of(), world.claude.messages());
    Distribution.Result typed = shell("\"$0\" --cloud \"$(printf 'what is \\357\\277\\275')\"");
    assertEquals(ExitCode.OK, typed.code(), typed.err());
    String sent = world.claude.awaitMessage().json().path("messages").toString();
    assertTrue(sent.contains("what is \ufffd"), sent);
  }

  @Test
  void aFileOfAsciiThatIsNoTextIsNotSent() throws Exception {
    Files.writeString(directory.resolve("a.gif"), "GIF89aAAAAAAAAAA;");
    Files.writeString(directory.resolve("a.pdf"), "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n");
    Files.writeString(directory.resolve("a.bin"), "ab\u0001\u0002");
    for (String name : List.of("a.gif", "a.pdf", "a.bin")) {
      for (String way : List.of("-f " + name, "< " + name)) {
        Distribution.Result refused = shell("\"$0\" --cloud what " + way);
        assertEquals(ExitCode.USAGE, refused.code(), refused.err());
        assertTrue(refused.err().contains("no text"), refused.err());
      }
    }
    assertEquals(List.of(), world.claude.messages());
  }

  @Test
  void aPipeWithoutAWriterIsWaitedForAloud() throws Exception {
    Path fifo = directory.resolve("q");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    Process process = world.process("--cloud", "-f", fifo.toString(), "Why").start();
    process.getOutputStream().close();
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      assertEquals(
          "finch: waiting for what is written to " + fifo + "; Ctrl-C gives up.", said.readLine());
      Files.writeString(fifo, "from a pipe", StandardOpenOption.WRITE);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(ExitCode.OK, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    String sent = world.claude.awaitMessage().json().path("messages").toString();
    assertTrue(sent.contains("Why\\n\\nfrom a pipe"), sent);
  }

  @Test
  void aStdinThatDoesNotEndIsWaitedForAloud() throws Exception {
    Process process = world.process("--cloud", "Why").start();
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      String line = said.readLine();
      assertTrue(line != null && line.startsWith("finch: waiting for stdin to end;"), line);
      process.getOutputStream().close();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(ExitCode.OK, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models",
        "models --json",
        "list",
        "status",
        "help",
        "help list",
        "--version",
        "--cloud hello",
        "--cloud --json hello",
        "--cloud --json --stream hello",
        "config"
      })
  void aClosedStdoutIsAFailure(String arguments) throws Exception {
    Distribution.Result closed = shell("\"$0\" " + arguments + " >&-");
    assertEquals(ExitCode.FAILED, closed.code(), closed.err());
    assertTrue(
        closed.err().contains("stdout cannot be written: Bad file descriptor"), closed.err());
  }

  @Test
  void whoWritesNothingNeedsNoStdout() throws Exception {
    Distribution.Result closed = shell("\"$0\" ps >&-");
    assertEquals(ExitCode.OK, closed.code(), closed.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"models", "--cloud hello", "--help", "--cloud --json hello", "ledger"})
  void aFailedWriteIsAFailure(String arguments) throws Exception {
    Distribution.Result full = shell("\"$0\" " + arguments + " > /dev/full");
    assertEquals(ExitCode.FAILED, full.code(), full.err());
    assertTrue(full.err().contains("stdout cannot be written: No space left"), full.err());
  }

  @Test
  void aReaderThatLeavesEndsItQuietly() throws Exception {
    // The pipe has no reader any more when something is written to it.
    Distribution.Result left =
        shell(
            "mkfifo q; { read x <q; \"$0\" models; echo $? >code; } | { exec <&-; echo gone >q; };"
                + " cat code");
    assertEquals("141\n", left.out(), left.err());
    assertFalse(left.err().contains("finch:"), left.err());
  }

  private Distribution.Result shell(String script) throws Exception {
    ProcessBuilder builder = world.process();
    builder.directory(directory.toFile());
    builder.command("sh", "-c", script, builder.command().getFirst());
    return Distribution.run(builder, "");
  }
}
