package dev.finch.hostility;

import static dev.finch.RandomCases.oneOf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests for which Finch asks a Claude or a Hub that lies. */
final class UpstreamAttacks {

  private static final List<String> PATHS =
      List.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/api/chat");

  private UpstreamAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (String lie : LyingClaude.LIES.keySet()) {
      all.add(new Attack("a Claude with " + lie, (target, random) -> claude(target, random, lie)));
    }
    for (String lie : LyingHub.LIES.keySet()) {
      all.add(new Attack("a Hub with " + lie, (target, random) -> hub(target, random, lie)));
    }
    all.add(
        new Attack(
            "a count by Claude",
            (target, random) ->
                target.post(
                    "/v1/messages/count_tokens",
                    TextAttacks.chat("\"hi\"").replace("builtin", "claude"),
                    random)));
    return all;
  }

  private static String claude(Target target, Random random, String lie) throws IOException {
    String text = LyingClaude.MARK + lie + LyingClaude.END + random.nextLong() + LyingClaude.END;
    String stream = random.nextBoolean() ? "true" : "false";
    String body =
        "{\"model\":\"claude\",\"stream\":"
            + stream
            + ",\"max_tokens\":50,\"input\":\""
            + text
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + text
            + "\"}]}";
    return target.ask(
        "POST",
        oneOf(random, PATHS),
        Target.key(ServedFinch.HOSTILE_KEY),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String hub(Target target, Random random, String lie) throws IOException {
    String model = "hf:evil/" + lie.replace(' ', '-') + ":q8_0";
    String action = oneOf(random, List.of("pull", "pull", "load"));
    String body = "{\"action\":\"" + action + "\",\"model\":\"" + model + "\"}";
    return target.ask(
        "POST",
        "/v1/finch/model",
        Target.key(ServedFinch.ADMIN_KEY),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
