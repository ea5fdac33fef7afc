package dev.finch.engine.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.finch.RandomCases;
import dev.finch.engine.calls.Answers.Said;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the calls of every family. */
final class CallParserTest {

  private static final String OSLO = "get_weather({\"city\": \"Oslo\"})";
  private static final String CALL =
      "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}";

  /** An answer with one call, as each family writes it. */
  static String call(ToolFormat format) {
    return switch (format) {
      case HERMES, MINICPM3 -> // MiniCPM3's own form is below.
          format == ToolFormat.HERMES
              ? "<tool_call>\n" + CALL + "\n</tool_call>"
              : "<|tool_call_start|>\n"
                  + "```python\n"
                  + "get_weather(city=\"Oslo\")\n"
                  + "```\n"
                  + "<|tool_call_end|>";
      case QWEN_CODER ->
          "<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n</function>\n"
              + "</tool_call>";
      case HAMMER -> "```\n[\n" + CALL + "\n]\n```";
      case MISTRAL -> "[TOOL_CALLS] [" + CALL + "]";
      case MISTRAL_NAMED -> "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Oslo\"}";
      case LLAMA3 -> "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}";
      case PHI4 -> "<|tool_call|>[" + CALL + "]<|/tool_call|>";
      case COMMAND_R7B ->
          "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", "
              + "\"parameters\": {\"city\": \"Oslo\"}}\n]<|END_ACTION|>";
      case COMMAND_R ->
          "Action:\n"
              + "```json\n"
              + "[{\"tool_name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}]\n"
              + "```";
      case DEEPSEEK ->
          "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n```json\n"
              + "{\"city\": \"Oslo\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
      case DEEPSEEK_V31 ->
          "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"Oslo\"}"
              + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
      case FUNCTIONARY -> ">>>get_weather\n{\"city\": \"Oslo\"}";
      case HARMONY ->
          "<|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json"
              + "<|message|>{\"city\": \"Oslo\"}<|call|>";
    };
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void plainTextIsReleasedAtOnce(ToolFormat format) {
    CallParser parser = Answers.parser(format);
    assertEquals(List.of(new AnswerEvent.Delta("Hello")), parser.add("Hello"));
    assertEquals(List.of(new AnswerEvent.Delta(" world\n")), parser.add(" world\n"));
    assertEquals(List.of(new AnswerEvent.Delta("- 1 > 0")), parser.add("- 1 > 0"));
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void theCallIsAnnouncedAsSoonAsItsNameIsKnown(ToolFormat format) {
    String answer = call(format);
    int value = answer.indexOf("slo");
    boolean python = format == ToolFormat.MINICPM3;
    CallParser parser = Answers.parser(format);
    List<AnswerEvent.Content> events = new ArrayList<>(parser.add(answer.substring(0, value)));
    assertEquals(python ? 0 : 1, parser.calls());
    List<AnswerEvent.Content> more = parser.add(answer.substring(value, value + 2));
    assertEquals(python ? List.of() : List.of(new AnswerEvent.ToolCallArguments(0, "sl")), more);
    events.addAll(more);
    events.addAll(parser.add(answer.substring(value + 2)));
    events.addAll(parser.finish());
    assertEquals(Said.calls(OSLO), Answers.said(events));
  }

  /** What a bound on tokens leaves of a call is no text, wherever it cuts. */
  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void halfACallIsNoText(ToolFormat format) {
    String lead = format == ToolFormat.HARMONY ? "" : "Let me look.\n";
    String answer = lead + call(format);
    // What has no mark of its own may be JSON, or prose, until it names a tool.
    int certain =
        switch (format) {
          case LLAMA3, HAMMER, COMMAND_R -> answer.indexOf("get_weather\"") + 12;
          default -> lead.length() + 2;
        };
    for (int cut = lead.length() + 1; cut < answer.length(); cut++) {
      String part = answer.substring(0, cut);
      CallParser parser = Answers.parser(format);
      List<AnswerEvent.Content> events = new ArrayList<>(parser.add(part));
      events.addAll(parser.cut());
      Said said = Answers.said(events);
      assertEquals(cut < certain ? part : lead, padded(said.text(), cut < certain, lead), part);
      assertTrue(OSLO.startsWith(String.join("", said.calls()).replace(")", "")), part);
    }
  }

  /** White space around a call is neither call nor text. */
  private static String padded(String text, boolean whole, String lead) {
    return !whole && text.equals(lead.stripTrailing()) ? lead : text;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if (a <",
        "x[",
        "Hm.\n{\"a\": 1, \"name",
        "{\"name\": \"nobody\", \"arg",
        "Action",
        "The func",
        "```json\n{\"b\": [1"
      })
  void whatIsNoCallStaysTextWhereItIsCut(String prose) {
    for (ToolFormat format : ToolFormat.values()) {
      CallParser parser = Answers.parser(format);
      List<AnswerEvent.Content> events = new ArrayList<>(parser.add(prose));
      events.addAll(parser.cut());
      assertEquals(Said.text(prose), Answers.said(events), format.name());
    }
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void withOneCallOnlyTheFirstCounts(ToolFormat format) {
    CallParser parser = new CallParser(format, Answers.TOOLS, true, () -> "id");
    String answer = call(format) + "\n" + call(format) + "\nDone.";
    List<AnswerEvent.Content> events = new ArrayList<>();
    int read = 0;
    while (!parser.done()) {
      events.addAll(parser.add(answer.substring(read, read + 1)));
      read++;
    }
    assertTrue(read <= call(format).length() + 1, "read " + read);
    events.addAll(parser.add(answer.substring(read)));
    events.addAll(parser.finish());
    assertEquals(Said.calls(OSLO), Answers.said(events));
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void aCallThatBreaksOffKeepsWhatCame(ToolFormat format) {
    String answer = call(format);
    Said said = Answers.read(format, answer.substring(0, answer.indexOf("lo")));
    if (format == ToolFormat.MINICPM3) {
      assertEquals(Said.text("<|tool_call_start|>\n```python\nget_weather(city=\"Os"), said);
    } else {
      assertEquals(Said.calls("get_weather({\"city\": \"Os)"), said);
    }
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void withoutToolsNothingIsACall(ToolFormat format) {
    CallParser parser = new CallParser(format, List.of(), false);
    List<AnswerEvent.Content> events = new ArrayList<>(parser.add(call(format)));
    events.addAll(parser.finish());
    assertEquals(0, parser.calls());
    assertTrue(Answers.said(events).text().contains("Oslo"));
  }

  /** What an answer may be made of, and what is to be seen of it. */
  private record Part(String written, String text, List<String> calls) {

    static Part text(String text) {
      return new Part(text, text, List.of());
    }
  }

  /** Texts that are no call in any family, and end where nothing can go on. */
  private static final List<Part> TEXTS =
      Stream.of(
              "Hello, world. ",
              "a < b <tool <| [TOOL <｜ x",
              " {\"a\": [1, 2]} x",
              "🐦 {{ }} [] x",
              "`code` ```x``` x",
              " to=nobody x",
              "line\nline x",
              "\"quoted\\\" x",
              "}}]] x",
              ", ; x",
              " function x")
          .map(Part::text)
          .toList();

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void noCharacterIsLostOrDoubled(ToolFormat format) {
    boolean harmony = format == ToolFormat.HARMONY;
    Part call = new Part(call(format), "", List.of(OSLO));
    RandomCases.check(
        400,
        random -> {
          List<Part> parts = new ArrayList<>();
          for (Part part : RandomCases.list(random, 1, 6, r -> part(r, call))) {
            boolean afterCall = !parts.isEmpty() && !parts.getLast().calls().isEmpty();
            if (part.calls().isEmpty() && afterCall) {
              parts.add(Part.text("\nThen x"));
            }
            if (!part.calls().isEmpty() && !harmony) {
              parts.add(Part.text("Now x\n"));
            }
            parts.add(part);
          }
          StringBuilder answer = new StringBuilder();
          StringBuilder text = new StringBuilder();
          List<String> calls = new ArrayList<>();
          for (Part part : parts) {
            answer.append(part.written());
            text.append(part.text());
            calls.addAll(part.calls());
          }
          Said said = Answers.read(format, answer.toString(), cuts(random, answer.length()));
          assertEquals(new Said("", text.toString(), calls), said, answer::toString);
        });
  }

  private static Part part(Random random, Part call) {
    return random.nextInt(3) == 0 ? call : RandomCases.oneOf(random, TEXTS);
  }

  private static int[] cuts(Random random, int length) {
    return random.ints(8, 0, length + 1).sorted().toArray();
  }

  /** What the marks of all families are made of. */
  private static final List<String> PIECES =
      Stream.concat(
              Stream.of(ToolFormat.values()).flatMap(format -> CallParser.marks(format).stream()),
              Stream.of(
                  CALL,
                  call(ToolFormat.LLAMA3),
                  "get_weather",
                  "clock",
                  "(city='x')",
                  "()",
                  "{",
                  "}",
                  "{{",
                  "[",
                  "]",
                  "\"",
                  ":",
                  ",",
                  ";",
                  "\n",
                  " ",
                  "```",
                  "json",
                  "\\",
                  "<",
                  "</function>",
                  "<parameter=",
                  "</parameter>",
                  "=",
                  ">",
                  "\"name\"",
                  "\"arguments\"",
                  "null",
                  "1",
                  "functions.",
                  "to=",
                  "analysis",
                  "🐦",
                  "x"))
          .distinct()
          .toList();

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void anythingIsReadAlikeHoweverItIsCut(ToolFormat format) {
    RandomCases.check(
        1500,
        random -> {
          String answer =
              String.join("", RandomCases.list(random, 0, 14, r -> RandomCases.oneOf(r, PIECES)));
          Said whole = Answers.read(format, answer);
          assertEquals(whole, Answers.read(format, answer, cuts(random, answer.length())));
          int[] everywhere = new int[answer.length()];
          for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i + 1;
          }
          assertEquals(whole, Answers.read(format, answer, everywhere));
          if (whole.calls().isEmpty() && format != ToolFormat.HARMONY) {
            String silent =
                format == ToolFormat.COMMAND_R7B
                    ? answer.replace("<|START_RESPONSE|>", "").replace("<|END_RESPONSE|>", "")
                    : answer;
            assertEquals(silent, whole.text());
          }
        });
  }

  /** Endless repetitions that each look like the beginning of something. */
  static Stream<Arguments> floods() {
    List<String> units =
        Stream.concat(
                PIECES.stream(),
                Stream.of(
                    "<tool_call>{",
                    "<tool_call>{\"",
                    "<tool_call>{\":\"",
                    "{\"name\": \"clock\", \"arguments\": {\"a\": ",
                    "{\"arguments\": {\"a\": ",
                    "\n{",
                    "\n[",
                    "\n```",
                    "\n```json\n{",
                    "\n{\"name\":",
                    "[{\"arguments\":[",
                    "<function=clock><parameter=a>",
                    "<function=clock>\n<parameter=days>\n",
                    CALL + ",",
                    CALL + "\n",
                    "<tool_call>" + CALL,
                    "[TOOL_CALLS]clock[ARGS]{",
                    "<|tool_call_start|>clock(a=[",
                    "<|channel|>commentary to=functions.clock<|message|>{\"a\":"))
            .toList();
    return Stream.of(ToolFormat.values())
        .flatMap(format -> units.stream().map(unit -> Arguments.of(format, unit)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("floods")
  void aFloodOfAnythingTakesLinearTime(ToolFormat format, String unit) {
    flood(format, unit, 1 << 18);
  }

  @ParameterizedTest
  @EnumSource(ToolFormat.class)
  void aMegabyteTakesLinearTime(ToolFormat format) {
    flood(format, "{", 1 << 20);
    flood(format, "<tool_call>", 1 << 20);
    flood(format, call(format), 1 << 20);
  }

  private static void flood(ToolFormat format, String unit, int length) {
    String flood = unit.repeat(length / unit.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          CallParser parser = Answers.parser(format);
          long out = 0;
          int piece = 7;
          for (int from = 0; from < flood.length(); from += piece) {
            int to = Math.min(flood.length(), from + piece);
            out += parser.add(flood.substring(from, to)).size();
          }
          out += parser.finish().size();
          assertTrue(out <= 2L * flood.length());
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>{\"arguments\": {\"a\": \"",
        "<tool_call>{\"name\": \"clock\", \"arguments\": \"",
        "<tool_call>{'name': '",
        "{\"arguments\": {\"a\": \"",
        "<tool_call>"
      })
  void noMoreThanAMebiIsHeld(String beginning) {
    CallParser parser = Answers.parser(ToolFormat.HERMES);
    String kibi = (beginning.equals("<tool_call>") ? " " : "x").repeat(1024);
    List<AnswerEvent.Content> events = new ArrayList<>(parser.add(beginning));
    for (int i = 0; i < 1023; i++) {
      events.addAll(parser.add(kibi));
    }
    assertEquals(List.of(), events);
    for (int i = 0; i < 2; i++) {
      events.addAll(parser.add(kibi));
    }
    assertFalse(events.isEmpty());
    events.addAll(parser.finish());
    assertEquals(Said.text(beginning + kibi.repeat(1025)), Answers.said(events));
  }

  @Test
  void deepArgumentsOfACallThatCannotBeAnnouncedAreText() {
    String deep =
        "{\"arguments\": {\"a\": "
            + "[".repeat(10_000)
            + "]".repeat(10_000)
            + "}, \"name\": \"clock\"}";
    assertEquals(
        Said.text("<tool_call>" + deep), Answers.read(ToolFormat.HERMES, "<tool_call>" + deep));
  }

  @Test
  void argumentsThatComeAsTheyAreMayBeDeep() {
    String arguments = "{\"a\": " + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    assertEquals(
        Said.calls("clock(" + arguments + ")"),
        Answers.read(
            ToolFormat.HERMES,
            "<tool_call>{\"name\": \"clock\", \"arguments\": " + arguments + "}"));
  }

  @Test
  void argumentsInTagsAreJsonWhateverTheyHold() throws Exception {
    JsonMapper mapper = new JsonMapper();
    Tool tool = Tool.of("f", null, "{\"properties\": {\"s\": {\"type\": \"string\"}}}");
    RandomCases.check(
        500,
        random -> {
          String value = RandomCases.text(random, 20).replace("<", "").replace("\r", "");
          CallParser parser = new CallParser(ToolFormat.QWEN_CODER, List.of(tool), false);
          List<AnswerEvent.Content> events =
              new ArrayList<>(
                  parser.add(
                      "<function=f>\n<parameter=s>\n" + value + "\n</parameter>\n</function>"));
          events.addAll(parser.finish());
          String call = Answers.said(events).calls().getFirst();
          String json = call.substring("f(".length(), call.length() - 1);
          assertEquals(value, mapper.readTree(json).get("s").textValue());
        });
  }

  @Test
  void idsDiffer() {
    CallParser parser = new CallParser(ToolFormat.HERMES, Answers.TOOLS, false);
    List<AnswerEvent.Content> events = parser.add((call(ToolFormat.HERMES) + "\n").repeat(3));
    List<String> ids =
        events.stream()
            .filter(AnswerEvent.ToolCallStarted.class::isInstance)
            .map(event -> ((AnswerEvent.ToolCallStarted) event).id())
            .distinct()
            .toList();
    assertEquals(3, ids.size());
    assertFalse(parser.done());
  }
}
