package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.cli.launch.ExitCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others wrote, on a real terminal: nothing that it would obey arrives. */
final class TerminalEscapesIT {

  /** The clipboard, the title, the cursor, C1 and the direction of writing; no JSON escapes. */
  private static final String HOSTILE =
      "go\u001b]52;c;RVZJTA==\u0007\u001b]0;EVIL\u0007\u001b[3;3Hx\u009b2Jy\u202eevil\u2066z"
          + "\u007f\b\b\rover";

  private static final String SHOWN =
      "go␛]52;c;RVZJTA==␇␛]0;EVIL␇␛[3;3Hx\ufffd2Jy\ufffdevil\ufffdz␡␈␈";

  @TempDir Path directory;
  private final LoopbackClaude claude = LoopbackClaude.start();
  private Distribution finch;

  @BeforeEach
  void locate() {
    finch = new Distribution(Distribution.assembled(), directory);
  }

  @AfterEach
  void stop() {
    claude.close();
  }

  @Test
  void anAnswerOnATerminalIsHarmlessAndKeepsItsBytesInAPipe() throws Exception {
    claude.answerAlways(ClaudeScript.text(HOSTILE));
    assertHarmless(process("Hello there"), SHOWN + "␍over");
    assertEquals(HOSTILE + "\n", Distribution.run(process("Hello there"), "").out());
  }

  @Test
  void anAnswerThatIsCutWithinItsSequencesIsHarmless() throws Exception {
    String events = String.join("", Transcripts.text("claude-haiku-5-5", HOSTILE + "\ud83d\udc26"));
    for (int piece : new int[] {1, 2, 3}) {
      claude.answerAlways(ClaudeScript.dribble(events, 500 + piece));
      assertHarmless(process("Hello there"), SHOWN + "␍over\ud83d\udc26");
    }
    StringBuilder single = new StringBuilder();
    single.append(Transcripts.messageStart("claude-haiku-5-5", 5)).append(Transcripts.textStart(0));
    for (char c : HOSTILE.toCharArray()) {
      single.append(Transcripts.textDelta(0, String.valueOf(c)));
    }
    single.append(Transcripts.blockStop(0)).append(Transcripts.messageDelta("end_turn", 5));
    claude.answerAlways(ClaudeScript.stream(single + Transcripts.messageStop()));
    assertHarmless(process("Hello there"), SHOWN + "␍over");
  }

  @Test
  void onlyTheStreamThatIsATerminalIsFiltered() throws Exception {
    claude.answerAlways(ClaudeScript.text(HOSTILE));
    Path out = directory.resolve("out.txt");
    String command = finch.launcher() + " 'Hello there' >" + out;
    ProcessBuilder builder = process();
    builder.command("sh", "-c", command);
    try (PtyProcess shell = PtyProcess.start(builder, 100, 30)) {
      shell.await("claude-haiku");
      assertEquals(ExitCode.OK, shell.exitCode());
    }
    assertEquals(HOSTILE + "\n", Files.readString(out));
  }

  @Test
  void theNameOfTheModelIsHarmless() throws Exception {
    String name = "claude\\u001b]0;EVIL\\u0007\\u009b2J\\u202e\\nfinch: all is well";
    claude.answerAlways(
        ClaudeScript.stream(
            Transcripts.messageStart(name, 5),
            Transcripts.textStart(0),
            Transcripts.textDelta(0, "Hello."),
            Transcripts.blockStop(0),
            Transcripts.messageDelta("end_turn", 5),
            Transcripts.messageStop()));
    String seen = assertHarmless(process("Hello there"), "Hello.");
    assertFalse(seen.contains("\nfinch: all is well"), seen);
    assertHarmless(process("ledger"), "requests went to Claude");
  }

  @Test
  void whatClaudeSaysOfAnErrorIsHarmless() throws Exception {
    claude.answerAlways(ClaudeScript.error(400, "invalid_request_error", HOSTILE));
    assertHarmless(process("--cloud", "Hello there"), "]0;EVIL");
  }

  @Test
  void aWholeSessionIsHarmless() throws Exception {
    claude.answerAlways(ClaudeScript.text("# " + HOSTILE + "\n**bold** `code`\n"));
    Path file = directory.resolve("talk.json");
    Files.writeString(
        file,
        "{\"system\":\"s\\u001b]0;EVIL\\u0007\\u009b2J\",\"messages\":[{\"role\":\"user\","
            + "\"content\":\"hi\",\"private\":false}]}");
    Files.createDirectories(finch.state());
    Files.writeString(finch.state().resolve("history"), "1700000000000:old\u009b2J\u202e\n");
    try (PtyProcess repl = PtyProcess.start(process(), 100, 30)) {
      repl.await("\u001b[?2004h");
      repl.type("Hello there\r");
      repl.await("claude-haiku");
      repl.await("\u001b[?2004h");
      repl.type("/load " + file + "\r");
      repl.await("Loaded 1 messages");
      repl.await("\u001b[?2004h");
      repl.type("/system\r");
      repl.await("s␛]0;EVIL␇\ufffd2J");
      repl.await("\u001b[?2004h");
      // Pasted, what does not belong into a line is shown and not obeyed.
      repl.type("\u001b[200~p\u001b]0;EVIL\u0007q\u009b2J\u202e\u001b[201~");
      repl.await("q\ufffd2J\ufffd");
      repl.type("\u0015");
      repl.type("/model hf:x\u009b2J/y\r");
      repl.await("✗");
      repl.await("\u001b[?2004h");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
      assertHarmless(repl.everything());
      assertTrue(repl.everything().contains("\u001b[1mbold"), "Finch's own styles stay");
    }
  }

  @Test
  void whatTheHubSaysIsHarmless() throws Exception {
    HttpServer hub = server(403, "{\"error\":\"" + json(HOSTILE) + "\"}");
    try {
      ProcessBuilder pull = process("pull", "hf:acme/tiny-GGUF");
      pull.environment().put("HF_ENDPOINT", url(hub));
      assertHarmless(pull, "finch: ");
    } finally {
      hub.stop(0);
    }
  }

  @Test
  void whatAServerSaysIsHarmless() throws Exception {
    HttpServer server =
        server(
            503,
            "{\"failure\":{\"code\":\"PROVIDER_LOST\",\"message\":\""
                + json(HOSTILE)
                + "\",\"hint\":\""
                + json(HOSTILE)
                + "\",\"retryable\":false}}");
    try {
      for (String command : new String[] {"status", "models", "ledger"}) {
        assertHarmless(process(command, "--server", url(server)), "finch: ");
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void namesOfFilesAndArgumentsAreHarmless() throws Exception {
    assertHarmless(process("-f", "no\u001b]0;EVIL\u0007\u009b2J.txt", "x"), "does not exist");
    assertHarmless(process("--x\u001b]0;EVIL\u0007"), "Unknown option");
    assertHarmless(process("pull", "hf:a\u001b]0;EVIL\u0007\u009b2J"), "finch: ");
    assertHarmless(process("pull", "a", "b\u001b]0;EVIL\u0007\u009b2J"), "finch: ");
  }

  @Test
  void modelsOfTheSettingsAndWhatTheLogSaysAreHarmless() throws Exception {
    Files.createDirectories(finch.config().getParent());
    Files.writeString(
        finch.config(),
        """
        finch.catalogue.models."evil-1b" {
          name = "E\\u001b]0;EVIL\\u0007\\u009b2J\\u202e"
          repository = "acme/x", revision = "0000000000000000000000000000000000000000"
          variants { q4_k_m = [{ path = "x.gguf", size = 10, sha256 = "%s" }] }
        }
        """
            .formatted("0".repeat(64)));
    assertHarmless(process("models"), "");
    assertHarmless(process("fit"), "");
    Files.writeString(finch.config(), "finch.model = \"no\\u001b]0;EVIL\\u0007\\u009b2J/x/y\"\n");
    assertHarmless(process("--verbose", "status"), "␛]0;EVIL");
  }

  private static String assertHarmless(ProcessBuilder builder, String shown) throws Exception {
    try (PtyProcess process = PtyProcess.start(builder, 200, 40)) {
      process.exitCode();
      process.awaitAll();
      assertHarmless(process.everything());
      assertTrue(process.everything().contains(shown), () -> json(process.everything()));
      return process.everything();
    }
  }

  private static void assertHarmless(String seen) {
    for (String sequence :
        new String[] {"\u001b]", "\u001b[3;3H", "\u009b", "\u202e", "\u2066", "\u007f", "\rover"}) {
      assertFalse(
          seen.contains(sequence),
          () -> "a sequence arrived: " + json(sequence) + " in " + json(seen));
    }
  }

  /** Readable, and as JSON writes it. */
  private static String json(String text) {
    StringBuilder readable = new StringBuilder();
    for (char c : text.toCharArray()) {
      readable.append(c < ' ' || c >= 0x7f ? String.format("\\u%04x", (int) c) : c);
    }
    return readable.toString();
  }

  private static HttpServer server(int status, String body) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private ProcessBuilder process(String... arguments) {
    ProcessBuilder builder = finch.process(arguments);
    builder.environment().put("ANTHROPIC_BASE_URL", claude.url());
    builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-test");
    // What would be downloaded stays undownloaded: nobody listens there.
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:9");
    return builder;
  }
}
