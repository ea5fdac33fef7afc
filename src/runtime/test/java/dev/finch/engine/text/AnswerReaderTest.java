package dev.finch.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.finch.RandomCases;
import dev.finch.engine.calls.CallParser;
import dev.finch.engine.calls.ToolFormat;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerReaderTest {

  private static final String WEATHER =
      """
      <tool_call>
      {"name": "weather", "arguments": {"city": "a } \\" b", "n": [1]}}
      </tool_call>\
      """;

  private static final List<Tool> TOOLS =
      List.of(Tool.of("a", null, "{}"), Tool.of("b", null, "{}"), Tool.of("c", null, "{}"));

  private static AnswerReader reader(ToolFormat format, boolean inside, boolean tools) {
    if (!tools) {
      return new AnswerReader(format, inside, null, null);
    }
    AtomicInteger ids = new AtomicInteger();
    CallParser calls = new CallParser(format, TOOLS, false, () -> "id" + ids.getAndIncrement());
    CallParser thought = new CallParser(format, TOOLS, false, () -> "id" + ids.getAndIncrement());
    return new AnswerReader(format, inside, calls, new ThoughtCalls(thought, false));
  }

  private static List<AnswerEvent.Content> read(
      AnswerReader reader, String text, List<Integer> sizes) {
    List<AnswerEvent.Content> events = new ArrayList<>();
    int from = 0;
    for (int i = 0; from < text.length(); i++) {
      int to = Math.min(text.length(), from + sizes.get(i % sizes.size()));
      events.addAll(reader.add(text.substring(from, to)));
      from = to;
    }
    events.addAll(reader.finish());
    return events;
  }

  /** Everything that was said, in order of its kind; calls as {@code name(arguments)}. */
  private record Said(String thoughts, String text, List<String> calls) {
    static Said of(List<AnswerEvent.Content> events) {
      StringBuilder thoughts = new StringBuilder();
      StringBuilder text = new StringBuilder();
      TreeMap<Integer, String> calls = new TreeMap<>();
      for (AnswerEvent.Content event : events) {
        switch (event) {
          case AnswerEvent.Delta delta -> text.append(delta.text());
          case AnswerEvent.Reasoning thought -> thoughts.append(thought.text());
          case AnswerEvent.ToolCallStarted call ->
              calls.put(call.index(), call.id() + " " + call.name() + " ");
          case AnswerEvent.ToolCallArguments more ->
              calls.merge(more.index(), more.fragment(), String::concat);
        }
      }
      return new Said(thoughts.toString(), text.toString(), List.copyOf(calls.values()));
    }
  }

  private static Said said(ToolFormat format, String text) {
    return Said.of(read(reader(format, false, true), text, List.of(text.length() + 1)));
  }

  @Test
  void readsHermesCallsBesideText() {
    Said said =
        said(
            ToolFormat.HERMES,
            "Let me look."
                + WEATHER
                + "\n<tool_call>{\"name\":\"clock\",\"arguments\":{}}</tool_call>");
    assertEquals("Let me look.", said.text());
    assertEquals(
        List.of("id0 weather {\"city\": \"a } \\\" b\", \"n\": [1]}", "id1 clock {}"),
        said.calls());
  }

  @Test
  void readsMistralCalls() {
    Said said =
        said(
            ToolFormat.MISTRAL,
            "[TOOL_CALLS] [{\"name\": \"a\", \"arguments\": {\"x\": 1}, \"id\": \"123456789\"}, "
                + "{\"name\": \"b\", \"arguments\": {}}]");
    assertEquals(new Said("", "", List.of("id0 a {\"x\": 1}", "id1 b {}")), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"a\", \"parameters\": {\"x\": 1}}",
        "<|python_tag|>{\"name\": \"a\", \"parameters\": {\"x\": 1}}",
        "{\"type\": \"function\", \"name\": \"a\", \"parameters\": {\"x\": 1}}"
      })
  void readsLlamaCalls(String text) {
    Said said = said(ToolFormat.LLAMA3, text);
    assertEquals("", said.text());
    assertEquals(List.of("id0 a {\"x\": 1}".replace(" ", "")), stripped(said.calls()));
  }

  private static List<String> stripped(List<String> calls) {
    return calls.stream().map(call -> call.replace(" ", "")).toList();
  }

  static Stream<Arguments> noCalls() {
    return Stream.of(
        arguments(ToolFormat.HERMES, "<tool_call>\nnot json\n</tool_call>"),
        arguments(
            ToolFormat.HERMES,
            "<tool_call>{\"nome\": \"a\", \"arguments\": {}}</tool_call> and more"),
        arguments(ToolFormat.HERMES, "<tool_call>{\"name\": 1, \"arguments\": {}}</tool_call>"),
        arguments(
            ToolFormat.HERMES, "<tool_call>{\"name\": \"a\", \"arguments\": \"x\"}</tool_call>"),
        arguments(ToolFormat.HERMES, "<tool_call>{\"name\": \"a"),
        arguments(ToolFormat.HERMES, "a <tool_call"),
        arguments(ToolFormat.HERMES, "1 < 2 <tool> x"),
        arguments(ToolFormat.MISTRAL, "[TOOL_CALLS] nothing"),
        arguments(ToolFormat.MISTRAL, "[1, 2] [TOOL"),
        arguments(ToolFormat.LLAMA3, "{\"answer\": 42}"),
        arguments(ToolFormat.LLAMA3, "The answer is {\"name\": \"a\", \"parameters\": {}}"),
        arguments(ToolFormat.LLAMA3, "{"));
  }

  @ParameterizedTest
  @MethodSource("noCalls")
  void whatIsNoCallStaysText(ToolFormat format, String text) {
    assertEquals(new Said("", text, List.of()), said(format, text));
  }

  @Test
  void aCallInAnotherOrderOfItsKeysIsUnderstood() {
    Said said =
        said(
            ToolFormat.HERMES,
            "<tool_call>{\"arguments\": {\"x\": 1}, \"name\": \"a\"}</tool_call>");
    assertEquals(new Said("", "", List.of("id0 a {\"x\": 1}")), said);
  }

  @Test
  void argumentsAreSentAsTheyCome() {
    AnswerReader reader = reader(ToolFormat.HERMES, false, true);
    assertEquals(List.of(), reader.add("<tool_call>{\"name\": \"a\", \"arguments\": {"));
    assertEquals(
        List.of(
            new AnswerEvent.ToolCallStarted(0, "id0", "a"),
            new AnswerEvent.ToolCallArguments(0, "{\"x\": ")),
        reader.add("\"x\": "));
    assertEquals(List.of(new AnswerEvent.ToolCallArguments(0, "[1")), reader.add("[1"));
    assertTrue(reader.calledTools());
  }

  @Test
  void aCallThatBreaksOffKeepsWhatCame() {
    Said said = said(ToolFormat.HERMES, "<tool_call>{\"name\": \"a\", \"arguments\": {\"x\": [1");
    assertEquals(List.of("id0 a {\"x\": [1"), said.calls());
  }

  @Test
  void partsThoughtsFromTheAnswer() {
    String text = "<think>\nhmm < 2</think>\n\nFour. </think>";
    Said said = Said.of(read(reader(ToolFormat.HERMES, false, false), text, List.of(3)));
    assertEquals(new Said("\nhmm < 2", "Four. </think>", List.of()), said);
  }

  @Test
  void thePromptMayHaveOpenedTheThoughts() {
    Said said =
        Said.of(read(reader(ToolFormat.HERMES, true, true), "hmm</think>\n" + WEATHER, List.of(1)));
    assertEquals("hmm", said.thoughts());
    assertEquals("", said.text());
    assertEquals(1, said.calls().size());
  }

  @Test
  void withoutToolsNothingIsTakenForACall() {
    Said said = Said.of(read(reader(ToolFormat.HERMES, false, false), WEATHER, List.of(4)));
    assertEquals(new Said("", WEATHER, List.of()), said);
  }

  private static final String A = "<tool_call>{\"name\": \"a\", \"arguments\": {}}</tool_call>";
  private static final String B = A.replace("\"a\"", "\"b\"");

  static Stream<Arguments> callsInThoughts() {
    return Stream.of(
        arguments("<think>I look.\n" + A, new Said("I look.\n", "", List.of("id0 a {}"))),
        arguments("<think>\n" + A + "\n", new Said("", "", List.of("id0 a {}"))),
        arguments("<think>x" + A + "\n" + B, new Said("x", "", List.of("id0 a {}", "id1 b {}"))),
        arguments("<think>x\na\n{}", new Said("x\n", "", List.of("id0 a {}"))),
        arguments(
            "<think>x\n{\"name\": \"a\", \"arguments\": {}}",
            new Said("x\n", "", List.of("id0 a {}"))),
        // What is gone on from was only thought of.
        arguments("<think>x " + A + " or", new Said("x " + A + " or", "", List.of())),
        arguments(
            "<think>x " + A + " or " + B, new Said("x " + A + " or ", "", List.of("id1 b {}"))),
        arguments("<think>x " + A + "</think>", new Said("x " + A, "", List.of())),
        arguments("<think>x " + A + "</think>\nDone", new Said("x " + A, "Done", List.of())),
        arguments("<think>x " + A + "</think>\n" + B, new Said("x " + A, "", List.of("id0 b {}"))),
        // What broke off is no call yet.
        arguments(
            "<think>x <tool_call>{\"name\": \"a\", \"arguments\": {\"b",
            new Said("x <tool_call>{\"name\": \"a\", \"arguments\": {\"b", "", List.of())),
        arguments("<think>x <tool_call> or", new Said("x <tool_call> or", "", List.of())));
  }

  @ParameterizedTest
  @MethodSource("callsInThoughts")
  void callsAtTheEndOfThoughtsThatNeverEndCount(String text, Said expected) {
    for (int size = 1; size <= text.length(); size++) {
      for (int first = 1; first <= size; first += 3) {
        AnswerReader reader = reader(ToolFormat.HERMES, false, true);
        Said said = Said.of(read(reader, text, List.of(first, size)));
        assertEquals(withoutIds(expected), withoutIds(said), "pieces of " + first + ", " + size);
        assertEquals(!expected.calls().isEmpty(), reader.calledTools());
      }
    }
  }

  private static Said withoutIds(Said said) {
    return new Said(
        said.thoughts(),
        said.text(),
        said.calls().stream().map(call -> call.replaceFirst("^id\\d+ ", "")).toList());
  }

  @Test
  void thoughtsPassAsTheyComeWhateverTheyName() {
    AnswerReader reader = reader(ToolFormat.HERMES, true, true);
    assertEquals(List.of(new AnswerEvent.Reasoning("I use ")), reader.add("I use <tool_call>"));
    assertEquals(List.of(new AnswerEvent.Reasoning("<tool_call>. So")), reader.add(". So"));
    assertEquals(List.of(new AnswerEvent.Reasoning(" on")), reader.add(" on"));
  }

  private static final List<String> PARTS =
      List.of(
          "<think>",
          "</think>",
          "hm",
          "\n",
          " ",
          "<tool_call>",
          "</tool_call>",
          "<",
          "[",
          "]",
          "[TOOL_CALLS]",
          "<|python_tag|>",
          "{\"name\": \"a\", \"arguments\": {\"x\": \"}\"}}",
          "{\"name\": \"b\", \"parameters\": {}}",
          "{\"name\": \"c\"}",
          ",",
          ";",
          "{",
          "}",
          "🐦");

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void everySplittingIsReadAlike(ToolFormat format) {
    RandomCases.check(
        1000,
        random -> {
          String text =
              String.join("", RandomCases.list(random, 0, 8, r -> RandomCases.oneOf(r, PARTS)));
          boolean inside = random.nextBoolean();
          List<Integer> sizes = RandomCases.sizes(random, 6, 9);
          Said whole =
              Said.of(read(reader(format, inside, true), text, List.of(text.length() + 1)));
          assertEquals(
              whole,
              Said.of(read(reader(format, inside, true), text, sizes)),
              () -> text + " inside=" + inside + " in pieces of " + sizes);
        });
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void plainTextIsReleasedAtOnce(ToolFormat format) {
    AnswerReader reader = reader(format, false, true);
    assertEquals(List.of(new AnswerEvent.Delta("Hello")), reader.add("Hello"));
    assertEquals(List.of(new AnswerEvent.Delta(" world")), reader.add(" world"));
  }
}
