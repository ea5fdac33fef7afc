package dev.finch.hostility;

import static dev.finch.RandomCases.oneOf;
import static dev.finch.hostility.Target.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Wrong keys, other sites' pages, files of the server, and models that are not one's own. */
final class RightsAttacks {

  private static final byte[] NOTHING = {};
  private static final List<String> STRANGERS =
      List.of(
          "",
          "Origin: https://evil.example\r\n",
          "Sec-Fetch-Site: cross-site\r\n",
          key("guess-guess-guess"),
          "Authorization: Bearer ((((((\r\n",
          "Authorization: Basic \u00ff\u0000\r\n",
          "X-Forwarded-For: 127.0.0.1\r\n");
  private static final List<String> GUARDED =
      List.of(
          "/v1/models",
          "/v1/finch/status",
          "/v1/finch/events",
          "/v1/finch/ledger",
          "/v1/finch/cached/file:/etc/passwd",
          "/v1/finch/requests/%00",
          "/api/tags",
          "/api/ps",
          "/metrics",
          "/openapi.json/..%2f..%2fetc%2fpasswd",
          "/page/..%2f..%2f..%2fetc%2fpasswd");
  private static final List<String> FILES =
      List.of(
          "file:/etc/passwd",
          "file:/etc/shadow",
          "FILE:///etc/passwd",
          "file:/dev/zero",
          "file:/proc/self/mem",
          "/etc/passwd.gguf",
          "file:a\\u0000b.gguf",
          "file:~/x.gguf",
          "file://host/x.gguf",
          "hf:../../etc/passwd",
          "hf:a/b/../../../etc",
          "random:small@1");

  private RightsAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    all.add(new Attack("a stranger's request", RightsAttacks::stranger));
    all.add(new Attack("guesses", RightsAttacks::guesses));
    all.add(new Attack("another host's name", RightsAttacks::cleanHost));
    all.add(new Attack("a change of models", RightsAttacks::change));
    all.add(new Attack("a file by name", RightsAttacks::file));
    all.add(new Attack("an admin's special file", RightsAttacks::adminFile));
    all.add(new Attack("an admin's pipe", RightsAttacks::adminPipe));
    return all;
  }

  private static String stranger(Target target, Random random) throws IOException {
    String answer = target.ask("GET", oneOf(random, GUARDED), oneOf(random, STRANGERS), NOTHING);
    return refused(answer);
  }

  private static String guesses(Target target, Random random) throws IOException {
    String get = "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: guess-";
    StringBuilder all = new StringBuilder();
    for (int i = random.nextInt(1, 200); i > 0; i--) {
      all.append(get).append(random.nextInt()).append("\r\n\r\n");
    }
    return refused(
        target.exchange(
            all.toString().getBytes(StandardCharsets.US_ASCII), java.time.Duration.ofSeconds(1)));
  }

  private static String cleanHost(Target target, Random random) throws IOException {
    String origin = "Origin: http://evil.example:" + random.nextInt(1, 65_536) + "\r\n";
    return refused(
        target.ask(
            "POST",
            "/v1/chat/completions",
            origin + "Sec-Fetch-Site: cross-site\r\n" + key("guess-guess-guess"),
            TextAttacks.chat("\"hi\"").getBytes(StandardCharsets.UTF_8)));
  }

  private static String change(Target target, Random random) throws IOException {
    String action = oneOf(random, List.of("load", "swap", "unload", "pull", "remove"));
    String model =
        oneOf(random, List.of("builtin", "qwen2.5-0.5b", "hf:evil/good", "file:/etc/passwd"));
    String body = "{\"action\":\"" + action + "\",\"model\":\"" + model + "\"}";
    return refused(
        target.ask(
            "POST",
            "/v1/finch/model",
            key(ServedFinch.HOSTILE_KEY),
            body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String file(Target target, Random random) throws IOException {
    String body = TextAttacks.chat("\"hi\"").replace("builtin", oneOf(random, FILES));
    String path =
        oneOf(random, List.of("/v1/chat/completions", "/v1/messages", "/api/chat", "/api/show"));
    return refused(
        target.ask(
            "POST", path, key(ServedFinch.HOSTILE_KEY), body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String adminFile(Target target, Random random) throws IOException {
    return load(target, oneOf(random, FILES.subList(0, 9)));
  }

  private static String adminPipe(Target target, Random random)
      throws IOException, InterruptedException {
    Path pipe = target.scratch().resolve("pipe" + random.nextLong() + ".gguf");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    try {
      return load(target, "file:" + pipe);
    } finally {
      Files.deleteIfExists(pipe);
    }
  }

  private static String load(Target target, String model) throws IOException {
    String body = "{\"action\":\"load\",\"model\":\"" + model + "\"}";
    String answer =
        target.ask(
            "POST",
            "/v1/finch/model",
            key(ServedFinch.ADMIN_KEY),
            body.getBytes(StandardCharsets.UTF_8));
    if (answer.contains("root:") || answer.contains("726f6f74")) {
      throw new AssertionError("A file's bytes came back: " + answer);
    }
    return answer;
  }

  private static String refused(String answer) {
    if (answer.startsWith("HTTP/1.1 2")) {
      throw new AssertionError("It was let in: " + answer);
    }
    return answer;
  }
}
