package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.gguf.GgufFile;
import dev.finch.gguf.GgufReader;
import dev.finch.gguf.GgufWriter;
import dev.finch.gguf.MetadataValue;
import dev.finch.inference.Answer;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Model files with the templates of families, loaded by llama.cpp: what such a model says by its
 * family's habits comes out as calls. Their weights are random, so a grammar makes them say it.
 */
final class FamilyModelsTest {

  private static final LoaderKit KIT = new LoaderKit();
  private static final ModelConfig SMALL =
      new ModelConfig("qwen2", 1, 64, 64, 2, 2, 32, 1024, 4096, true);
  private static final Tool WEATHER =
      Tool.of(
          "get_weather",
          "The weather",
          "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}");

  // <tool_call> of the borrowed vocabulary, which becomes a control token of another text.
  private static final int MARK = 1020;
  private static final int CONTROL = 3;

  @TempDir Path directory;

  @AfterAll
  static void stop() {
    KIT.close();
  }

  private static String template(String name) throws IOException {
    for (String folder : List.of("families/", "templates/")) {
      try (InputStream in =
          FamilyModelsTest.class.getResourceAsStream("text/" + folder + name + ".jinja")) {
        if (in != null) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new AssertionError("no template " + name);
  }

  private Answer said(String template, String mark, String words) throws IOException {
    GgufFile tokenizer = GgufReader.read(TinyChat.model().files().getFirst());
    GgufWriter writer =
        RandomModel.of(SMALL, 1, tokenizer).text("tokenizer.chat_template", template(template));
    if (!mark.isEmpty()) {
      writer.texts("tokenizer.ggml.tokens", renamed(tokenizer, mark));
      writer.int32s("tokenizer.ggml.token_type", retyped(tokenizer));
    }
    Path file = directory.resolve("model.gguf");
    writer.write(file);
    LocalModel model =
        new LocalModel(
            new ModelSpec(
                new ModelReference.LocalFile(file),
                "model",
                new ModelSpec.Origin.LocalFile(file),
                Optional.empty()),
            List.of(file),
            null);
    String grammar = words.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    Map<Integer, Double> bias = mark.isEmpty() ? Map.of() : Map.of(MARK, 100.0);
    try (LoaderKit.Loaded loaded = KIT.load(model, TinyChat.settings("context-length=4096"))) {
      return loaded.ask(
          GenerateRequest.builder()
              .user("How is it in Oslo?")
              .tools(List.of(WEATHER))
              .sampling(Sampling.builder().seed(1L).logitBias(bias).maxTokens(1000).build())
              .format(new ResponseFormat.Grammar("root ::= \"" + grammar + "\""))
              .build());
    }
  }

  private static List<String> renamed(GgufFile tokenizer, String mark) {
    List<String> tokens = new ArrayList<>(array(tokenizer, "tokenizer.ggml.tokens").texts());
    tokens.set(MARK, mark);
    return tokens;
  }

  private static int[] retyped(GgufFile tokenizer) {
    MetadataValue.Array encoded = array(tokenizer, "tokenizer.ggml.token_type");
    int[] types = new int[encoded.count()];
    for (int i = 0; i < types.length; i++) {
      types[i] = encoded.encoded().getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
    }
    types[MARK] = CONTROL;
    return types;
  }

  private static MetadataValue.Array array(GgufFile tokenizer, String key) {
    return (MetadataValue.Array) tokenizer.metadata().get(key);
  }

  private static void assertCalls(Answer answer) {
    assertEquals("", answer.text());
    assertEquals(FinishReason.TOOL_CALLS, answer.finishReason());
    assertEquals(1, answer.toolCalls().size());
    assertEquals("get_weather", answer.toolCalls().getFirst().name());
    assertEquals("{\"city\": \"Oslo\"}", answer.toolCalls().getFirst().arguments());
  }

  static Stream<Arguments> answers() {
    String call = "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}";
    return Stream.of(
        Arguments.of("qwen2.5", "<tool_call>\n" + call + "\n</tool_call>"),
        Arguments.of("qwen2.5", "```json\n" + call + "\n```"),
        Arguments.of("mistral", "[TOOL_CALLS] [" + call + "]"),
        Arguments.of("mistral-small", "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Oslo\"}"),
        Arguments.of("llama3-tools", call.replace("arguments", "parameters")),
        Arguments.of("phi4-mini", "<|tool_call|>[" + call + "]<|/tool_call|>"),
        Arguments.of(
            "command-r7b",
            "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", "
                + "\"parameters\": {\"city\": \"Oslo\"}}\n]<|END_ACTION|>"),
        Arguments.of(
            "minicpm3",
            "<|tool_call_start|>\n```python\nget_weather(city=\"Oslo\")\n```\n<|tool_call_end|>"),
        Arguments.of("hammer21", "```\n[\n" + call + "\n]\n```"),
        Arguments.of(
            "qwen3-coder",
            "<tool_call>\n"
                + "<function=get_weather>\n"
                + "<parameter=city>\n"
                + "Oslo\n"
                + "</parameter>\n"
                + "</function>\n"
                + "</tool_call>"),
        Arguments.of(
            "deepseek-v31",
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Oslo\"}"
                + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        Arguments.of(
            "gpt-oss",
            "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>"
                + "{\"city\": \"Oslo\"}"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("answers")
  void whatAFamilyWritesComesOutAsACall(String template, String words) throws IOException {
    assertCalls(said(template, "", words));
  }

  static Stream<Arguments> marks() {
    return Stream.of(
        Arguments.of(
            "mistral-small", "[TOOL_CALLS]", "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Oslo\"}"),
        Arguments.of(
            "mistral-small", "[ARGS]", "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Oslo\"}"),
        Arguments.of(
            "gpt-oss",
            "<|message|>",
            "<|channel|>commentary to=functions.get_weather<|message|>{\"city\": \"Oslo\"}"));
  }

  /** llama.cpp gives control tokens no text. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("marks")
  void marksThatAreControlTokensAreReadAll(String template, String mark, String words)
      throws IOException {
    assertCalls(said(template, mark, words));
  }
}
