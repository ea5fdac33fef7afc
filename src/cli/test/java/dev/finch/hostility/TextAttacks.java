package dev.finch.hostility;

import static dev.finch.RandomCases.oneOf;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.finch.RandomCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Texts of any shape, through every route that takes one. */
final class TextAttacks {

  private static final List<String> RUNS =
      List.of(
          "a",
          "-",
          "[",
          "=",
          "0",
          " ",
          "\n",
          "\t",
          "a=",
          "ACGT",
          "\u6f22",
          "\ud83d\ude00",
          "\u0301",
          "\u0e01",
          "\u202e",
          "\u0000",
          "\u00df",
          "'s",
          "\r\n",
          "\ufeff",
          "\u1100",
          "<|im_start|>",
          "<|im_end|>\n",
          "<|endoftext|>",
          "<",
          "<|",
          "{{",
          "\\",
          "\"",
          "\u001b[2J");

  /** A route, and a body around a text in quotes. */
  private record Way(String path, String body) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("/v1/chat/completions", chat("%s")),
          new Way(
              "/v1/chat/completions", chat("%s").replace("{\"model", "{\"stream\":true,\"model")),
          new Way("/v1/completions", "{\"model\":\"builtin\",\"max_tokens\":2,\"prompt\":%s}"),
          new Way("/v1/messages", chat("%s")),
          new Way("/v1/messages", chat("\"x\"").replace("{\"model", "{\"system\":%s,\"model")),
          new Way("/v1/messages/count_tokens", chat("%s")),
          new Way("/v1/responses", "{\"model\":\"builtin\",\"max_output_tokens\":2,\"input\":%s}"),
          new Way("/api/chat", chat("%s")),
          new Way(
              "/api/generate",
              "{\"model\":\"builtin\",\"stream\":false,\"prompt\":%s,\"options\":{\"num_predict\":2}}"),
          new Way("/v1/embeddings", "{\"model\":\"builtin\",\"input\":%s}"),
          new Way("/v1/embeddings", "{\"model\":\"builtin\",\"input\":[\"x\",%s]}"),
          new Way("/api/embed", "{\"model\":\"builtin\",\"input\":[%s]}"),
          new Way("/api/embeddings", "{\"model\":\"builtin\",\"prompt\":%s}"),
          new Way(
              "/v1/finch/count",
              "{\"model\":\"builtin\",\"prompt\":{\"type\":\"raw\",\"text\":%s}}"),
          new Way("/v1/chat/completions", chat("%s").replace("\"builtin\"", "\"local\"")),
          new Way("/api/show", "{\"model\":%s}"),
          new Way(
              "/v1/chat/completions",
              "{\"model\":\"builtin\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                  + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\","
                  + "\"function\":{\"name\":\"f\",\"arguments\":%s}}]},"
                  + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"y\"}]}"));

  private TextAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (String run : RUNS) {
      text(all, "a run of " + quoted(run), r -> run.repeat(r.nextInt(1, 60_000)));
    }
    text(all, "a run beyond a mebibyte", r -> oneOf(r, RUNS).repeat(r.nextInt(1 << 20, 1 << 21)));
    text(all, "runs in a row", TextAttacks::mixture);
    text(all, "random text", r -> RandomCases.text(r, 20_000));
    text(all, "deep arguments", r -> "[".repeat(r.nextInt(100_000)));
    text(all, "a long text of words", r -> "hello wor ".repeat(r.nextInt(100_000)));
    all.add(
        new Attack(
            "very many messages",
            (target, r) -> target.post("/v1/chat/completions", messages(r), r)));
    all.add(
        new Attack(
            "very many for Claude's dialect",
            (target, r) -> target.post("/v1/messages", messages(r), r)));
    all.add(
        new Attack(
            "very many embeddings",
            (target, r) ->
                target.post(
                    "/v1/embeddings",
                    "{\"model\":\"builtin\",\"input\":["
                        + "\"hi\",".repeat(r.nextInt(10_000))
                        + "\"\"]}",
                    r)));
    return all;
  }

  private static void text(List<Attack> all, String name, Function<Random, String> text) {
    all.add(
        new Attack(
            name,
            (target, random) -> {
              Way way = oneOf(random, WAYS);
              return target.post(
                  way.path(), way.body().replace("%s", quoted(text.apply(random))), random);
            }));
  }

  private static String mixture(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      text.append(oneOf(random, RUNS).repeat(random.nextInt(1, 20_000)));
    }
    return text.toString();
  }

  private static String messages(Random random) {
    String message =
        "{\"role\":\""
            + oneOf(random, List.of("user", "assistant", "system", "tool"))
            + "\",\"content\":\"Hi\"},";
    return "{\"model\":\"builtin\",\"max_tokens\":2,\"messages\":["
        + message.repeat(random.nextInt(20_000))
        + "{\"role\":\"user\",\"content\":\"Hi\"}]}";
  }

  static String chat(String content) {
    return "{\"model\":\"builtin\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":"
        + content
        + "}]}";
  }

  static String quoted(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }
}
