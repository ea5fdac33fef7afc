package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the older completions: raw text that the model continues. */
final class OpenAiCompletions {

  private static final int MOST_LOGPROBS = 5;
  private static final int MOST_CHOICES = 2048;

  private OpenAiCompletions() {}

  /** One request for each prompt and copy, in the order of the choices' numbers. */
  static List<GenerateRequest> requests(Body body, GenerateRequest.Builder routed) {
    List<GenerateRequest> requests = new ArrayList<>();
    for (String prompt : prompts(body)) {
      GenerateRequest request = routed.prompt(new Prompt.Raw(prompt, body.text("suffix"))).build();
      for (GenerateRequest copy : OpenAi.copies(request, OpenAiPrompt.copies(body))) {
        String id = requests.isEmpty() ? copy.id() : request.id() + "-" + requests.size();
        requests.add(copy.toBuilder().id(id).build());
      }
    }
    return requests;
  }

  static GenerateRequest.Builder request(Body body) {
    Integer best = body.integer("best_of");
    if (best != null && best > 1) {
      throw body.wrong("best_of", "1; ask for n instead");
    }
    if (body.flag("echo", false)) {
      throw body.wrong("echo", "false; the prompt is not part of an answer here");
    }
    Integer logprobs = body.integer("logprobs");
    if (logprobs != null && (logprobs < 0 || logprobs > MOST_LOGPROBS)) {
      throw body.wrong("logprobs", "0 to " + MOST_LOGPROBS);
    }
    int choices = prompts(body).size() * OpenAiPrompt.copies(body);
    if (choices > MOST_CHOICES) {
      throw Refusals.badRequest(
          "prompt: "
              + prompts(body).size()
              + " texts, n: "
              + OpenAiPrompt.copies(body)
              + ", which are "
              + choices
              + " answers (expected: 1 to "
              + MOST_CHOICES
              + " in one request).");
    }
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw("", null))
        .format(OpenAiPrompt.format(body))
        .sampling(OpenAiPrompt.sampling(body, logprobs));
  }

  private static List<String> prompts(Body body) {
    JsonNode prompt = body.raw("prompt");
    if (prompt != null && prompt.isArray() && !prompt.isEmpty() && !prompt.get(0).isTextual()) {
      throw Refusals.badRequest("prompt: token ids are not read here (expected: texts).");
    }
    List<String> prompts = body.texts("prompt");
    if (prompts.isEmpty()) {
      throw Refusals.badRequest("prompt is missing (expected: a string or an array of strings).");
    }
    return prompts;
  }

  /**
   * @param copies how many answers each prompt has; the prompt is counted with the first of them
   */
  static ObjectNode whole(OpenAiChat.Shape shape, List<Answers.Whole> answers, int copies) {
    ObjectNode body =
        shape.envelope("text_completion", answers.getFirst().answer().provenance().model());
    ArrayNode choices = body.putArray("choices");
    TokenUsage usage = TokenUsage.NONE;
    for (Answers.Whole whole : answers) {
      String reason = OpenAiChat.finishReason(whole.answer().finishReason());
      boolean copy = choices.size() % copies > 0;
      choices.add(choice(choices.size(), whole.answer().text(), whole.logprobs(), reason, 0));
      usage = OpenAiChat.sum(usage, whole.answer().usage(), copy);
    }
    body.set("usage", OpenAiChat.usage(usage));
    return body;
  }

  private static ObjectNode choice(
      int index, String text, List<TokenLogprob> logprobs, @Nullable String reason, int offset) {
    ObjectNode choice = Json.object().put("index", index).put("text", text);
    choice.set("logprobs", logprobs(logprobs, offset));
    return choice.put("finish_reason", reason);
  }

  private static @Nullable ObjectNode logprobs(List<TokenLogprob> tokens, int offset) {
    if (tokens.isEmpty()) {
      return null;
    }
    ObjectNode json = Json.object();
    ArrayNode texts = json.putArray("tokens");
    ArrayNode values = json.putArray("token_logprobs");
    ArrayNode tops = json.putArray("top_logprobs");
    ArrayNode offsets = json.putArray("text_offset");
    int at = offset;
    for (TokenLogprob token : tokens) {
      texts.add(token.token());
      values.add(token.logprob());
      ObjectNode top = tops.addObject();
      token.alternatives().forEach(other -> top.put(other.token(), other.logprob()));
      offsets.add(at);
      at += token.token().length();
    }
    return json;
  }

  /** The chunks of a stream. */
  static final class Stream extends OpenAiChunks {

    private final int[] offsets;
    private final int copies;

    Stream(OpenAiChat.Shape shape, int choices, int copies) {
      super(shape, "text_completion");
      this.copies = copies;
      this.offsets = new int[choices];
    }

    @Override
    public String event(int choice, AnswerEvent event) {
      return switch (event) {
        case AnswerEvent.Started started -> {
          startedBy(started.provenance());
          yield "";
        }
        case AnswerEvent.Delta delta -> {
          int offset = offsets[choice];
          offsets[choice] += delta.text().length();
          yield chunk(choice(choice, delta.text(), delta.logprobs(), null, offset));
        }
        case AnswerEvent.Finished finished -> {
          used(finished.usage(), choice % copies > 0);
          String reason = OpenAiChat.finishReason(finished.reason());
          yield chunk(choice(choice, "", List.of(), reason, 0));
        }
        default -> "";
      };
    }

    private String chunk(ObjectNode choice) {
      ObjectNode chunk = chunk();
      chunk.putArray("choices").add(choice);
      return Sse.data(chunk);
    }
  }
}
