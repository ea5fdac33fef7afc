package dev.finch.engine.grammar;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.engine.text.AnswerReader;
import dev.finch.engine.text.ChatTemplate;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AnswerGrammarTest {

  private static final Tool WEATHER =
      Tool.of(
          "get_weather",
          "Weather",
          "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
              + "\"required\":[\"city\"]}");
  private static final Tool CLOCK =
      Tool.of("clock", null, "{\"type\":\"object\",\"properties\":{}}");

  private static GenerateRequest.Builder request() {
    return GenerateRequest.builder().user("x").tools(List.of(WEATHER, CLOCK));
  }

  private static Gbnf grammar(GenerateRequest.Builder request, ToolFormat format) {
    Gbnf grammar = AnswerGrammar.of(request.build(), format, null);
    assertNotNull(grammar);
    return grammar;
  }

  @ParameterizedTest
  @EnumSource(
      value = ToolFormat.class,
      names = {"HERMES", "LLAMA3", "COMMAND_R7B", "DEEPSEEK"})
  void aModelThinksToTheEndBeforeACallThatItMust(ToolFormat format) {
    ChatTemplate.Rendered thinking =
        new ChatTemplate.Rendered(List.of(), false, format, true, List.of());
    Gbnf grammar =
        AnswerGrammar.of(
            request().toolChoice(ToolChoice.REQUIRED).build(), format, thinking.thoughtsEnd());
    assertNotNull(grammar);
    Random random = new Random(3);
    for (int i = 0; i < 50; i++) {
      String sentence = Sentences.derive(grammar, random);
      AnswerReader reader = new AnswerReader(thinking, List.of(WEATHER, CLOCK), false);
      List<AnswerEvent.Content> events = new ArrayList<>(reader.add(sentence));
      events.addAll(reader.finish());
      assertTrue(reader.calledTools(), sentence);
      assertTrue(events.stream().noneMatch(AnswerEvent.Delta.class::isInstance), sentence);
    }
  }

  @Test
  void whatIsThoughtDoesNotCountForWhatMustBeDifferent() {
    ChatTemplate.Rendered thinking =
        new ChatTemplate.Rendered(List.of(), false, ToolFormat.HERMES, true, List.of());
    ResponseFormat format =
        new ResponseFormat.JsonSchema("{\"items\":{\"type\":\"string\"},\"uniqueItems\":true}");
    GenerateRequest request = GenerateRequest.builder().user("x").format(format).build();
    Gbnf grammar = AnswerGrammar.of(request, ToolFormat.HERMES, thinking.thoughtsEnd());
    assertNotNull(grammar);
    String thoughts = "[1,1] or \"x {</think>";
    assertTrue(Sentences.follows(grammar, thoughts + "[\"1\",\"a]\",\"\"]"));
    assertFalse(Sentences.follows(grammar, thoughts + "[\"1\",\"1\"]"));
  }

  /** Both together are an answer, and nothing else is one, wherever the beginning ends. */
  @Test
  void theGrammarGoesOnWhereABeginningEnds() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"maxLength\":4},"
            + "\"b\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"},"
            + "\"uniqueItems\":true,\"maxItems\":9}},\"required\":[\"a\",\"b\"]}";
    GenerateRequest.Builder asked =
        GenerateRequest.builder().user("x").format(new ResponseFormat.JsonSchema(schema));
    GenerateRequest calling = request().toolChoice(ToolChoice.REQUIRED).build();
    Random random = new Random(7);
    for (GenerateRequest request : List.of(asked.build(), calling)) {
      Gbnf whole = requireNonNull(AnswerGrammar.of(request, ToolFormat.HERMES, null));
      for (int i = 0; i < 20; i++) {
        String sentence = Sentences.derive(whole, random);
        if (!Sentences.follows(whole, sentence)) {
          continue; // an item came twice, of which the grammar alone knows nothing
        }
        for (int cut = 1; cut < sentence.length(); cut++) {
          if (Character.isLowSurrogate(sentence.charAt(cut))) {
            continue;
          }
          String beginning = sentence.substring(0, cut);
          Gbnf rest = requireNonNull(AnswerGrammar.of(request, ToolFormat.HERMES, null, beginning));
          assertTrue(Sentences.follows(rest, sentence.substring(cut)), sentence + " at " + cut);
        }
      }
    }
    assertThrows(
        FinchException.class,
        () -> AnswerGrammar.of(asked.build(), ToolFormat.HERMES, null, "{\"a\":\"\",\"b\":[1,1,"));
  }

  @Test
  void aModelThinksToTheEndBeforeAnAnswerInAForm() throws IOException {
    ChatTemplate.Rendered thinking =
        new ChatTemplate.Rendered(List.of(), false, ToolFormat.HERMES, true, List.of());
    String schema =
        "{\"anyOf\": [{\"const\": 1}, {\"type\": \"array\", \"items\": {\"const\": 2}}]}";
    for (ResponseFormat format :
        List.of(ResponseFormat.JSON_OBJECT, new ResponseFormat.JsonSchema(schema))) {
      GenerateRequest request = GenerateRequest.builder().user("x").format(format).build();
      Gbnf grammar = AnswerGrammar.of(request, ToolFormat.HERMES, thinking.thoughtsEnd());
      assertNotNull(grammar);
      Random random = new Random(5);
      for (int i = 0; i < 50; i++) {
        String sentence = Sentences.derive(grammar, random);
        AnswerReader reader = new AnswerReader(thinking, List.of(), false);
        List<AnswerEvent.Content> events = new ArrayList<>(reader.add(sentence));
        events.addAll(reader.finish());
        StringBuilder said = new StringBuilder();
        for (AnswerEvent.Content event : events) {
          if (event instanceof AnswerEvent.Delta delta) {
            said.append(delta.text());
          }
        }
        assertFalse(new JsonMapper().readTree(said.toString()).isMissingNode(), sentence);
      }
    }
  }

  @Test
  void aFreeAnswerHasNoGrammar() {
    assertNull(AnswerGrammar.of(request().build(), ToolFormat.HERMES, null));
    assertNull(
        AnswerGrammar.of(request().toolChoice(ToolChoice.NONE).build(), ToolFormat.HERMES, null));
    assertNull(
        AnswerGrammar.of(
            GenerateRequest.builder().user("x").toolChoice(ToolChoice.REQUIRED).build(),
            ToolFormat.HERMES,
            null));
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void whatARequiredCallDerivesIsReadAsCalls(ToolFormat format) throws IOException {
    Gbnf grammar = grammar(request().toolChoice(ToolChoice.REQUIRED), format);
    Random random = new Random(9);
    for (int i = 0; i < 100; i++) {
      String sentence = Sentences.derive(grammar, random);
      AnswerReader reader =
          new AnswerReader(
              new ChatTemplate.Rendered(List.of(), false, format, false, List.of()),
              List.of(WEATHER, CLOCK),
              false);
      List<AnswerEvent.Content> events = new ArrayList<>(reader.add(sentence));
      events.addAll(reader.finish());
      assertTrue(reader.calledTools(), sentence);
      StringBuilder arguments = new StringBuilder();
      for (AnswerEvent.Content event : events) {
        switch (event) {
          case AnswerEvent.Delta delta -> throw new AssertionError("text: " + delta.text());
          case AnswerEvent.ToolCallArguments piece -> arguments.append(piece.fragment());
          default -> {}
        }
      }
      try (var objects =
          new JsonMapper().readerFor(Object.class).readValues(arguments.toString())) {
        assertFalse(objects.readAll().isEmpty(), sentence);
      }
    }
  }

  @Test
  void aNamedToolIsTheOnlyOne() {
    Gbnf grammar = grammar(request().toolChoice(new ToolChoice.Named("clock")), ToolFormat.HERMES);
    assertTrue(Sentences.accepts(grammar, call("clock", "{}")));
    assertFalse(Sentences.accepts(grammar, call("get_weather", "{\"city\": \"\"}")));
  }

  private static String call(String name, String arguments) {
    return """
    <tool_call>
    {"name": "%s", "arguments": %s}
    </tool_call>\
    """
        .formatted(name, arguments);
  }

  @Test
  void aNamedToolMustBeListed() {
    FinchException refused =
        assertThrows(
            FinchException.class,
            () ->
                AnswerGrammar.of(
                    request().toolChoice(new ToolChoice.Named("missing")).build(),
                    ToolFormat.HERMES,
                    null));
    assertTrue(refused.failure().message().contains("'missing'"));
  }

  @Test
  void formatsBecomeGrammars() {
    Gbnf object = grammar(request().format(ResponseFormat.JSON_OBJECT), ToolFormat.HERMES);
    assertEquals(SchemaGrammar.anyObject().text(), object.text());
    Gbnf schema =
        grammar(
            request().format(new ResponseFormat.JsonSchema("{\"const\":1}")), ToolFormat.HERMES);
    assertTrue(Sentences.accepts(schema, "1"));
    String own = "root ::= \"a\"";
    assertEquals(
        own, grammar(request().format(new ResponseFormat.Grammar(own)), ToolFormat.HERMES).text());
  }

  @Test
  void aGrammarWithAMistakeIsRefused() {
    assertThrows(
        FinchException.class,
        () ->
            AnswerGrammar.of(
                request().format(new ResponseFormat.Grammar("root ::= missing")).build(),
                ToolFormat.HERMES,
                null));
  }
}
