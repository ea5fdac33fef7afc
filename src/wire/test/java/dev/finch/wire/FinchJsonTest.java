package dev.finch.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Part;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.Provenance;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Sampling;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import dev.finch.inference.WhenNotReady;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class FinchJsonTest {

  private static final Failure FAILURE =
      Failure.passing(FailureCode.BUSY, "busy", "wait").retryAfter(Duration.ofSeconds(3));

  @Test
  void everyAnswerEventComesBackAsItWas() {
    List<AnswerEvent> events =
        List.of(
            new AnswerEvent.Queued(3, RouteReason.LOCAL_BUSY),
            new AnswerEvent.Started(Provenance.claude("m", RouteReason.MODEL_NOT_READY)),
            new AnswerEvent.Delta(
                "héllo 🐦",
                List.of(
                    new TokenLogprob(
                        "h", 1, -0.5, List.of(new TokenLogprob.Alternative("i", 2, -2))))),
            new AnswerEvent.Reasoning("because"),
            new AnswerEvent.Reasoning("", "signature"),
            AnswerEvent.Reasoning.redacted("sealed"),
            new AnswerEvent.ToolCallStarted(0, "id", "name"),
            new AnswerEvent.ToolCallArguments(0, "{\"a\":"),
            new AnswerEvent.Finished(
                FinishReason.LENGTH,
                new TokenUsage(1, 2, 3, 4, 5, 6),
                Timings.of(Duration.ZERO, Duration.ofNanos(1), Duration.ofHours(30), 1.5, 2.5),
                Cost.UNKNOWN),
            new AnswerEvent.Failed(FAILURE));
    for (AnswerEvent event : events) {
      assertEquals(event, FinchJson.read(FinchJson.write(event), AnswerEvent.class));
    }
  }

  @Test
  void everyKindOfStateComesBackAsItWas() {
    ModelConfig config = new ModelConfig("qwen2", 1, 64, 128, 4, 2, 16, 500, 256, true);
    List<ModelSpec.Origin> origins =
        List.of(
            new ModelSpec.Origin.Hub(
                "o/r",
                "main",
                null,
                List.of(new ModelFile("f", OptionalLong.of(1), Optional.empty()))),
            new ModelSpec.Origin.LocalFile(Path.of("/a b/c.gguf")),
            new ModelSpec.Origin.BuiltIn(),
            new ModelSpec.Origin.Random(config, 7));
    for (ModelSpec.Origin origin : origins) {
      ModelReference reference = ModelReference.parse("random:tiny@7");
      ModelSpec spec = new ModelSpec(reference, "n", origin, Optional.empty());
      DownloadProgress progress =
          DownloadProgress.of(DownloadProgress.Phase.DOWNLOADING, 5, 10, 2, Duration.ofSeconds(2))
              .heldUpBy("Refused.");
      for (ModelState each :
          List.of(
              new ModelState.Failed("x", FAILURE), new ModelState.Downloading(spec, progress))) {
        RuntimeState state = RuntimeState.of(null, each);
        assertEquals(state, FinchJson.read(FinchJson.write(state), RuntimeState.class));
      }
    }
  }

  @Test
  void aRequestWithEverythingComesBackAsItWas() throws Exception {
    GenerateRequest request =
        GenerateRequest.builder()
            .id("r1")
            .model(ModelReference.parse("hf:org/repo:Q4_K_M@main"))
            .cloudModel("claude-opus-5-5")
            .messages(
                List.of(
                    ChatMessage.system("be brief"),
                    ChatMessage.user("hi").withPrivacy(Privacy.LOCAL_ONLY),
                    ChatMessage.assistant("", List.of(new ToolCall("c", "f", "{}"))),
                    ChatMessage.toolResult("c", "42")
                        .withImages(
                            List.of(Image.of("image/png", "iVBO"), Image.at("https://x.test/a")))))
            .tools(List.of(Tool.builder("f", "{\"type\":\"object\"}").strict(true).build()))
            .toolChoice(new ToolChoice.Named("f"))
            .sampling(Sampling.builder().temperature(0.5).seed(7L).stop(List.of("\n")).build())
            .format(new ResponseFormat.JsonSchema("{}"))
            .adapters(Map.of("a", 0.5))
            .privacy(Privacy.CLOUD_ONLY)
            .whenNotReady(WhenNotReady.WAIT)
            .demonstrationAllowed(true)
            .deadline(Duration.ofSeconds(9))
            .conversationId("c9")
            .cloudOptions(
                CloudOptions.builder()
                    .thinking("{\"type\":\"adaptive\"}")
                    .effort("low")
                    .parallelToolCalls(false)
                    .metadata("{}")
                    .betas(List.of("b-1"))
                    .build())
            .build();
    ObjectNode json = (ObjectNode) new ObjectMapper().readTree(FinchJson.write(request));
    assertEquals(request, FinchJson.request(json));
  }

  @Test
  void aShortRequestTakesTheDefaults() throws Exception {
    GenerateRequest short1 = request("{\"user\":\"hi\",\"sampling\":{\"seed\":4}}");
    assertEquals(4L, short1.sampling().seed());
    assertEquals(new Prompt.Conversation(List.of(ChatMessage.user("hi"))), short1.prompt());

    GenerateRequest short2 =
        request(
            "{\"prompt\":{\"type\":\"conversation\",\"messages\":"
                + "[{\"role\":\"USER\",\"content\":\"hi\"}]}}");
    assertEquals(short1.prompt(), short2.prompt());
  }

  @Test
  void partsOfEveryKindComeBackInTheirOrder() throws Exception {
    ToolCall call = new ToolCall("t", "f", "{}");
    GenerateRequest request =
        GenerateRequest.builder()
            .messages(
                List.of(
                    ChatMessage.user("a")
                        .withParts(
                            List.of(
                                new Part.Text("a"),
                                new Part.Shown(Image.at("https://x.test/a.png")),
                                new Part.Thought("hm", "s"),
                                new Part.Thought("hm", null),
                                new Part.Redacted("sealed"),
                                new Part.Called(call))),
                    ChatMessage.toolResult("t", "boom").asFailed()))
            .build();

    assertEquals(
        request,
        FinchJson.request((ObjectNode) new ObjectMapper().readTree(FinchJson.write(request))));
  }

  @Test
  void imagesOfAnEarlierClientStandBeforeTheText() throws Exception {
    String image = "{\"mediaType\":null,\"base64\":null,\"url\":\"https://x.test/a.png\"}";
    String sent =
        "{'prompt':{'type':'conversation','messages':[{'content':'look','images':[@]},"
            + "{'content':'so?','images':[]}]}}";
    String json = sent.replace('\'', '"').replace("@", image);

    assertEquals(
        new Prompt.Conversation(
            List.of(
                ChatMessage.user("look").withImages(List.of(Image.at("https://x.test/a.png"))),
                ChatMessage.user("so?"))),
        FinchJson.request((ObjectNode) new ObjectMapper().readTree(json)).prompt());
    String wrong = json.replace("[]", "3");
    assertThrows(
        IllegalArgumentException.class,
        () -> FinchJson.request((ObjectNode) new ObjectMapper().readTree(wrong)));
  }

  @Test
  void aWishThatIsNotKnownIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> request("{\"user\":\"hi\",\"secrecy\":\"high\"}"));
    assertThrows(IllegalArgumentException.class, () -> request("{}"));
  }

  private static GenerateRequest request(String json) throws Exception {
    return FinchJson.request((ObjectNode) new ObjectMapper().readTree(json));
  }
}
