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
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /**
   * Wherever a call is cut, and whoever wrote its beginning without white space: the beginning is
   * gone on with, and both together are told as one call and no text.
   */
  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void aCallIsOneWhereverItsBeginningEnds(ToolFormat format) {
    GenerateRequest request =
        GenerateRequest.builder()
            .user("x")
            .tools(List.of(WEATHER))
            .toolChoice(ToolChoice.REQUIRED)
            .cloudOptions(CloudOptions.builder().parallelToolCalls(false).build())
            .build();
    Gbnf whole = requireNonNull(AnswerGrammar.of(request, format, null));
    Random random = new Random(11);
    for (int i = 0; i < 5; i++) {
      String sentence = Sentences.derive(whole, random);
      List<AnswerEvent.Content> expected = answer(format, "", sentence);
      for (int cut = 1; cut <= sentence.length(); cut++) {
        if (cut < sentence.length() && Character.isLowSurrogate(sentence.charAt(cut))) {
          continue;
        }
        String beginning = sentence.substring(0, cut);
        String rest = sentence.substring(cut);
        String where = sentence + " at " + cut;
        Gbnf after = requireNonNull(AnswerGrammar.of(request, format, null, beginning));
        assertTrue(Sentences.follows(after, rest), where);
        assertEquals(expected, answer(format, beginning, rest), where);
      }
      assertTrue(
          Sentences.follows(
              requireNonNull(AnswerGrammar.of(request, format, null, sentence + "\n")), ""),
          sentence);
    }
  }

  /** As people write it: without white space, with more of it, without marks, behind text. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HERMES | <tool_call>{'name':'get_weather','arguments':{'city':'a b'}}</tool_call>",
        "HERMES | <tool_call>{'name':'get_weather','arguments':{'city':'a b'}}^</tool_call>^ ^",
        "HERMES | ^Let me look.^<tool_call>^{'name' : 'get_weather', 'arguments': {'city':'a b'}}",
        "HERMES | {'name': 'get_weather', 'arguments': {'city':'a b'}}",
        "HERMES | I look.^{^  'name': 'get_weather',^  'arguments': {^'city': 'a b'}^}^",
        "LLAMA3 | {'name':'get_weather','parameters':{'city':'a b'}}",
        "LLAMA3 | I look.^{'name':'get_weather','parameters':{'city':'a b'}}",
        "PHI4 | <|tool_call|>[{'name':'get_weather','arguments':{'city':'a b'}}]",
        "MISTRAL | [TOOL_CALLS][{'name':'get_weather','arguments':{'city':'a b'}}]",
        "COMMAND_R7B |"
            + " <|START_ACTION|>[{'tool_call_id':'0','tool_name':'get_weather','parameters':{'city':'a"
            + " b'}}",
      })
  void aBeginningMayBeWrittenOtherwise(ToolFormat format, String written) {
    GenerateRequest request = request().toolChoice(new ToolChoice.Named("get_weather")).build();
    String whole = written.replace('^', '\n').replace('\'', '"');
    Random random = new Random(13);
    for (int cut = whole.indexOf("get_weather") + 11; cut <= whole.length(); cut++) {
      String beginning = whole.substring(0, cut);
      Gbnf after = requireNonNull(AnswerGrammar.of(request, format, null, beginning));
      String rest = random(after, random);
      List<AnswerEvent.Content> answer = answer(format, beginning, rest);
      String where = beginning + " then " + rest;
      assertTrue(
          answer.getFirst() instanceof AnswerEvent.ToolCallStarted(int index, _, String name)
              && index == 0
              && name.equals("get_weather"),
          where);
      assertTrue(answer.stream().noneMatch(AnswerEvent.Delta.class::isInstance), where);
      AnswerEvent.ToolCallArguments arguments = (AnswerEvent.ToolCallArguments) answer.getLast();
      assertTrue(arguments.fragment().matches("(?s)\\{\\s*\"city\"\\s*:.*}"), where + answer);
      if (beginning.contains("a b")) {
        assertTrue(arguments.fragment().contains("a b"), where + answer);
      }
    }
  }

  /** Goes on by chance, in characters, until the answer may end. */
  private static String random(Gbnf grammar, Random random) {
    GrammarCursor cursor = grammar.cursor(CHARACTERS);
    StringBuilder text = new StringBuilder();
    while (!cursor.mayEnd()) {
      int[] allowed = cursor.allowed().stream().toArray();
      int next = allowed[random.nextInt(allowed.length)];
      cursor.accept(next);
      text.append((char) next);
    }
    return text.toString();
  }

  private static final Vocabulary CHARACTERS =
      new Vocabulary(127, token -> Character.toString(token).getBytes(StandardCharsets.UTF_8));

  /** A reader takes these for calls, so no second one may be forced behind them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HERMES | <tool_call>{'name':'clock','arguments':{}}",
        "HERMES | {'name':'clock','arguments':{'a':1",
        "HERMES | {'name':'get_weather','arguments':{'town':'a",
        "HERMES | {'name':'get_weather','parameters':{'city':'a",
        "HERMES | {'name':'get_weather','arguments':{'city':'a'}} and^",
        "HERMES | <tool_call>{'name':'get_weather','arguments':{'city':'a'}}</tool_call> and",
        "DEEPSEEK | get_weather{'city':'a",
      })
  void aBeginningThatHoldsAnotherCallIsRefused(ToolFormat format, String written) {
    GenerateRequest request = request().toolChoice(new ToolChoice.Named("get_weather")).build();
    String beginning = written.replace('^', '\n').replace('\'', '"');
    assertThrows(FinchException.class, () -> AnswerGrammar.of(request, format, null, beginning));
  }

  private static List<AnswerEvent.Content> answer(
      ToolFormat format, String beginning, String rest) {
    ChatTemplate.Rendered prompt =
        new ChatTemplate.Rendered(List.of(), false, format, false, List.of(), beginning);
    AnswerReader reader = new AnswerReader(prompt, List.of(WEATHER, CLOCK), false);
    List<AnswerEvent.Content> events = new ArrayList<>(reader.add(rest));
    events.addAll(reader.finish());
    List<AnswerEvent.Content> told = new ArrayList<>();
    StringBuilder arguments = new StringBuilder();
    for (AnswerEvent.Content event : events) {
      switch (event) {
        case AnswerEvent.ToolCallStarted call ->
            told.add(new AnswerEvent.ToolCallStarted(call.index(), "id", call.name()));
        case AnswerEvent.ToolCallArguments more -> arguments.append(more.fragment());
        default -> told.add(event);
      }
    }
    told.add(new AnswerEvent.ToolCallArguments(0, arguments.toString()));
    return told;
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
