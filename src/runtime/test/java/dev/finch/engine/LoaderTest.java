package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a loaded model does with one request. */
final class LoaderTest {

  private static final LoaderKit KIT = new LoaderKit();
  private static final LoaderKit.Loaded LOADED = KIT.load(TinyChat.settings("context-length=512"));

  @AfterAll
  static void stop() {
    LOADED.close();
    KIT.close();
    assertEquals(0, NativeCount.live());
  }

  @Test
  void answersAndStopsByItself() {
    Answer answer = LOADED.ask(TinyChat.greedy("What is the capital of France?"));
    assertEquals("The capital of France is Paris.", answer.text());
    assertEquals(FinishReason.STOP, answer.finishReason());
    assertTrue(answer.provenance().demonstration());
    assertTrue(answer.timings().firstToken().compareTo(answer.timings().total()) <= 0);
  }

  @Test
  void saysWhatItIs() {
    var info = LOADED.ready.info();
    assertEquals("qwen2", info.architecture());
    assertEquals("Q8_0", info.quantization());
    assertEquals(512, info.contextLength());
    assertEquals(4, info.slots());
    assertEquals("CPU", info.device());
    assertEquals("llama.cpp b4916", info.library());
    // Four layers of 64 keys and 64 values of two bytes, for four contexts of 512 tokens.
    assertEquals(4L * (64 + 64) * 2 * 4 * 512, info.kvCacheBytes());
  }

  @Test
  void countsPromptTokensAsItProcessesThem() {
    GenerateRequest request = TinyChat.greedy("Say hello.");
    TestProbe<Inference.CountReply> reader = KIT.actors.createTestProbe();
    LOADED.ready.inference().tell(new Inference.CountTokens(request, reader.ref()));
    var counted = assertInstanceOf(Inference.Counted.class, reader.receiveMessage());
    assertEquals(counted.tokens(), LOADED.ask(request).usage().promptTokens());
  }

  @Test
  void processesOnlyWhatIsNewOfAConversation() {
    String question = "My name is Anna.";
    Answer first = LOADED.ask(TinyChat.greedy(question));
    GenerateRequest next =
        TinyChat.greedy("x").toBuilder()
            .messages(
                List.of(
                    ChatMessage.user(question),
                    ChatMessage.assistant(first.text()),
                    ChatMessage.user("What is my name?")))
            .build();
    Answer second = LOADED.ask(next);
    long known = first.usage().promptTokens() + first.usage().completionTokens() - 1;
    assertEquals(known, second.usage().cachedTokens());
    Answer anew =
        LOADED.ask(
            next.toBuilder()
                .sampling(next.sampling().toBuilder().deterministic(true).build())
                .build());
    assertEquals(0, anew.usage().cachedTokens());
    assertEquals(anew.text(), second.text());
  }

  @Test
  void sharesTheBeginningOfOtherConversations() {
    LOADED.ask(withSystem("You are a bird that sings about the sea.", "Hello!", "one"));
    Answer other =
        LOADED.ask(withSystem("You are a bird that sings about the sea.", "Name a colour.", "two"));
    assertTrue(other.usage().cachedTokens() > 8, () -> String.valueOf(other.usage()));
  }

  @Test
  void obeysTheBoundOnTokens() {
    Answer answer = LOADED.ask(with(Sampling.builder().temperature(0.0).maxTokens(3).build()));
    assertEquals(FinishReason.LENGTH, answer.finishReason());
    assertEquals(3, answer.usage().completionTokens());
  }

  @Test
  void endsAtAStopTextWithoutShowingIt() {
    Answer answer = LOADED.ask(with(greedy().stop(List.of("of France", "never")).build()));
    var end = (AnswerEvent.Finished) LOADED.lastEvents().getLast();
    assertEquals("of France", end.stopSequence());
    assertEquals("The capital ", answer.text());
    assertEquals(FinishReason.STOP_SEQUENCE, answer.finishReason());
  }

  @Test
  void refusesAPromptThatIsLongerThanTheContextWithTheNumbers() {
    GenerateRequest request = TinyChat.greedy("again and ".repeat(400));
    var rejected =
        assertInstanceOf(Inference.Rejected.class, LOADED.send(request, 1).receiveMessage());
    assertEquals(FailureCode.CONTEXT_OVERFLOW, rejected.failure().code());
    assertTrue(rejected.failure().message().contains("512"), rejected.failure().message());
  }

  @Test
  void endsWithAFullContext() {
    GenerateRequest request =
        GenerateRequest.builder()
            .prompt(new Prompt.Raw("one two three four five six seven ".repeat(20), null))
            .sampling(greedy().logitBias(noEnd()).build())
            .build();
    Answer answer = LOADED.ask(request);
    assertEquals(FinishReason.CONTEXT_FULL, answer.finishReason());
    assertEquals(512 + 1, answer.usage().totalTokens());
  }

  @Test
  void aDeterministicRequestReusesNothing() {
    Sampling sampling = greedy().deterministic(true).build();
    Answer first = LOADED.ask(with(sampling));
    Answer second = LOADED.ask(with(sampling));
    assertEquals(0, second.usage().cachedTokens());
    assertEquals(first.text(), second.text());
  }

  @Test
  void continuesRawText() {
    GenerateRequest request =
        GenerateRequest.builder()
            .prompt(
                new Prompt.Raw(
                    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
                        + "What is the capital of France?<|im_end|>\n<|im_start|>assistant\nThe",
                    null))
            .sampling(greedy().build())
            .build();
    assertEquals(" capital of France is Paris.", LOADED.ask(request).text());
  }

  @Test
  void refusesWhatTheModelCannotDo() {
    assertRejected(
        FailureCode.BAD_REQUEST,
        GenerateRequest.builder().prompt(new Prompt.Raw("a", "b")).build());
    assertRejected(FailureCode.BAD_REQUEST, with(greedy().logitBias(Map.of(4096, 1.0)).build()));
    assertRejected(
        FailureCode.BAD_REQUEST,
        TinyChat.greedy("x").toBuilder().adapters(Map.of("legal", 1.0)).build());
  }

  @Test
  void writesJsonThatHasTheAskedForShape() throws Exception {
    String schema =
        """
        {"type": "object",
         "properties": {"name": {"type": "string", "maxLength": 12},
                        "age": {"type": "integer", "minimum": 0, "maximum": 120}},
         "required": ["name", "age"], "additionalProperties": false}\
        """;
    for (long seed = 0; seed < 10; seed++) {
      Answer answer =
          LOADED.ask(
              with(Sampling.builder().temperature(1.5).topK(0).topP(1.0).seed(seed).build())
                  .toBuilder()
                  .format(new ResponseFormat.JsonSchema(schema))
                  .build());
      assertEquals(FinishReason.STOP, answer.finishReason());
      JsonNode json = new ObjectMapper().readTree(answer.text());
      assertEquals(2, json.size(), answer.text());
      assertTrue(json.get("name").isTextual() && json.get("age").isInt(), answer.text());
    }
  }

  @Test
  void followsAGrammarAndRefusesOneWithAMistake() {
    GenerateRequest request = with(greedy().build());
    Answer answer =
        LOADED.ask(
            request.toBuilder()
                .format(new ResponseFormat.Grammar("root ::= (\"yes\" | \"no\") \"!\""))
                .build());
    assertTrue(Set.of("yes!", "no!").contains(answer.text()), answer.text());
    assertRejected(
        FailureCode.BAD_REQUEST,
        request.toBuilder().format(new ResponseFormat.Grammar("root ::= (")).build());
  }

  @Test
  void callsTheToolThatItMust() {
    String parameters =
        """
        {"type": "object", "properties": {"city": {"enum": ["Paris", "Rome"]}},
         "required": ["city"], "additionalProperties": false}\
        """;
    Answer answer =
        LOADED.ask(
            with(greedy().build()).toBuilder()
                .tools(List.of(Tool.of("weather", "The weather in a city.", parameters)))
                .toolChoice(new ToolChoice.Named("weather"))
                .build());
    assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
    assertEquals("", answer.text());
    assertEquals("weather", answer.toolCalls().getFirst().name());
    assertTrue(answer.toolCalls().getFirst().arguments().contains("city"));
  }

  @Test
  void endsAtTheDeadline() {
    GenerateRequest request =
        TinyChat.greedy("Tell me a story.").toBuilder().deadline(Duration.ofMillis(100)).build();
    TestProbe<Inference.Reply> reader = LOADED.send(request, 1);
    FinchException failure = LoaderKit.failure(reader);
    assertEquals(FailureCode.DEADLINE_EXCEEDED, failure.failure().code());
  }

  @Test
  void embedsTextsAsVectorsOfLengthOne() {
    TestProbe<Inference.EmbedReply> reader = KIT.actors.createTestProbe();
    List<String> inputs = List.of("the cat", "the cat", "nine plus two is eleven");
    LOADED.ready.inference().tell(new Inference.Embed(inputs, reader.ref()));
    var embedded =
        assertInstanceOf(Inference.Embedded.class, reader.receiveMessage(LoaderKit.PATIENCE));
    List<float[]> vectors = embedded.vectors();
    assertEquals(1, dot(vectors.get(0), vectors.get(0)), 1e-5);
    assertEquals(1, dot(vectors.get(0), vectors.get(1)), 1e-3);
    assertTrue(dot(vectors.get(0), vectors.get(2)) < 0.99);
  }

  @Test
  void poolsByTheLastTokenWhereItIsToldTo() {
    String text = "The capital of France is Paris. ".repeat(4);
    try (var loaded = KIT.load(TinyChat.settings("pooling = last"))) {
      TestProbe<Inference.EmbedReply> reader = KIT.actors.createTestProbe();
      loaded.ready.inference().tell(new Inference.Embed(List.of(text), reader.ref()));
      var embedded =
          assertInstanceOf(Inference.Embedded.class, reader.receiveMessage(LoaderKit.PATIENCE));
      float[] expected = embeddingOfLastToken(text);
      double length = Math.sqrt(dot(expected, expected));
      assertEquals(1, dot(embedded.vectors().getFirst(), expected) / length, 1e-4);
    }
  }

  private static float[] embeddingOfLastToken(String text) {
    var plan = TinyChat.settings().plan(TinyChat.model(), null);
    try (Engine engine = TinyChat.engines().load(plan, _ -> true)) {
      int[] tokens = engine.tokenize(text, true, false);
      StepBatch batch = new StepBatch();
      for (int i = 0; i < tokens.length; i++) {
        batch.add(tokens[i], i, 0, true);
      }
      engine.decodeEmbeddings(batch);
      return engine.embedding(tokens.length - 1);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void assertRejected(FailureCode code, GenerateRequest request) {
    var rejected =
        assertInstanceOf(Inference.Rejected.class, LOADED.send(request, 1).receiveMessage());
    assertEquals(code, rejected.failure().code(), () -> rejected.failure().message());
  }

  private static Sampling.Builder greedy() {
    return Sampling.builder().temperature(0.0).repeatPenalty(1.0);
  }

  /** Forbids the tokens that end an answer: {@code <|endoftext|>} and {@code <|im_end|>}. */
  private static Map<Integer, Double> noEnd() {
    return Map.of(1017, -1000.0, 1019, -1000.0);
  }

  private static GenerateRequest with(Sampling sampling) {
    return TinyChat.greedy("What is the capital of France?").toBuilder().sampling(sampling).build();
  }

  private static GenerateRequest withSystem(String system, String user, String conversation) {
    return TinyChat.greedy("x").toBuilder()
        .messages(List.of(ChatMessage.system(system), ChatMessage.user(user)))
        .conversationId(conversation)
        .build();
  }
}
