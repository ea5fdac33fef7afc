package dev.finch.engine.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.engine.calls.Answers.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What models were seen to write, in the shapes of bug reports (ai-dynamo/frontend-crates#61,
 * leehack/llamadart#43, jyjeanne/crustly#39) and of the families' own documentation, and what is to
 * be understood; each answer is cut at every place, and at every pair of places.
 */
final class CallShapesTest {

  private static final String OSLO = "get_weather({\"city\": \"Oslo\"})";
  private static final String CLOCK = "clock({})";
  private static final String CALL =
      "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}";
  private static final String NONE = "{\"name\": \"clock\", \"arguments\": {}}";

  private static Arguments one(ToolFormat format, String answer, String... calls) {
    return Arguments.of(format, answer, Said.calls(calls));
  }

  private static Arguments text(ToolFormat format, String answer) {
    return Arguments.of(format, answer, Said.text(answer));
  }

  static Stream<Arguments> hermes() {
    ToolFormat format = ToolFormat.HERMES;
    return Stream.of(
        one(format, "<tool_call>\n" + CALL + "\n</tool_call>", OSLO),
        one(
            format,
            "<tool_call>{\"name\": \"get_weather\", \"arguments\": \"{\\\"city\\\":"
                + " \\\"Oslo\\\"}\"}</tool_call>",
            OSLO),
        one(format, "<tool_call>{\"name\": \"clock\", \"arguments\": null}</tool_call>", CLOCK),
        one(format, "<tool_call>{\"name\": \"clock\", \"arguments\": \"\"}</tool_call>", CLOCK),
        one(format, "<tool_call>{\"name\": \"clock\"}</tool_call>", CLOCK),
        one(
            format,
            "<tool_call>\n{{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}}\n"
                + "</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{{\"name\": \"get_weather\", \"arguments\": {{\"city\": \"Oslo\"}}}}"
                + "</tool_call>",
            OSLO),
        one(format, "<tool_call>{{\"name\": \"clock\", \"arguments\": {{}}}}</tool_call>", CLOCK),
        one(format, "{{\"name\": \"clock\", \"arguments\": {{}}}}", CLOCK),
        one(format, "{\"name\": \"clock\", \"arguments\": {{}}", CLOCK),
        one(format, "<tool_call>\n```json\n" + CALL + "\n```\n</tool_call>", OSLO),
        one(format, "<tool_call>\n```\n" + CALL + "```</tool_call>", OSLO),
        one(format, "<tool_call>[" + CALL + "]</tool_call>", OSLO),
        one(format, "<tool_call>\n[" + CALL + ",\n " + NONE + "]\n</tool_call>", OSLO, CLOCK),
        one(format, "<tool_call>\n" + CALL + "\n" + NONE + "\n</tool_call>", OSLO, CLOCK),
        one(format, "<tool_call>" + CALL + ", " + NONE + "</tool_call>", OSLO, CLOCK),
        one(format, "<tool_call>" + CALL + "</tool_call>\n<tool_call>" + NONE, OSLO, CLOCK),
        one(format, "<tool_call>" + CALL + "\n<tool_call>" + NONE + "\n", OSLO, CLOCK),
        one(
            format,
            "<tool_call>\n"
                + "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}, \"id\": 5}\n"
                + "</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"id\": \"x\", \"arguments\": {\"city\": \"Oslo\"}, \"name\":"
                + " \"get_weather\", \"more\": [1, {}]}</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"type\": \"function\", \"function\": " + CALL + "}</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"type\": \"function\", \"function\": {\"arguments\": "
                + "\"{\\\"city\\\": \\\"Oslo\\\"}\", \"name\": \"get_weather\"}, \"id\": \"1\"}"
                + "</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"name\": \"get_weather\", \"parameters\": {\"city\":"
                + " \"Oslo\"}}</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\":"
                + " \"Oslo\"}</tool_call>",
            OSLO),
        one(format, "<tool_call>" + CALL + "}</tool_call>", OSLO),
        one(format, "<tool_call>" + CALL + "}", OSLO),
        one(format, "<tool_call>" + CALL, OSLO),
        one(format, "\n\n<tool_call>" + CALL + "\n</tool_call>\n\n", OSLO),
        one(format, "<function_call>" + CALL + "</function_call>", OSLO),
        one(format, "<tools>\n" + CALL + "\n</tools>", OSLO),
        one(format, "<TOOLCALL>[" + CALL + "]</TOOLCALL>", OSLO),
        one(
            format,
            "<tool_call>{\"name\": \"functions.get_weather\", \"arguments\": {\"city\": \"Oslo\"}}"
                + "</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>{\"name\": \"other\", \"arguments\": {\"x\":"
                + " \"</tool_call>\"}}</tool_call>",
            "other({\"x\": \"</tool_call>\"})"),
        one(
            format,
            "<tool_call>{\"name\": \"clock\", \"arguments\": {\"x\": \"a\nb\"}}</tool_call>",
            "clock({\"x\": \"a\\nb\"})"),
        one(
            format,
            "<tool_call>{\"arguments\": {\"x\": \"a\n\\\"b\"}, \"name\": \"clock\"}</tool_call>",
            "clock({\"x\": \"a\\n\\\"b\"})"),
        one(
            format,
            "<tool_call>\n"
                + "<function=get_weather>\n"
                + "<parameter=city>\n"
                + "Oslo\n"
                + "</parameter>\n"
                + "</function>\n"
                + "</tool_call>",
            OSLO),
        one(format, "<function=get_weather>{\"city\": \"Oslo\"}</function>", OSLO),
        one(
            format,
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.get_weather:0"
                + "<|tool_call_argument_begin|>{\"city\": \"Oslo\"}<|tool_call_end|>"
                + "<|tool_call_begin|>functions.clock:1<|tool_call_argument_begin|>{}"
                + "<|tool_call_end|><|tool_calls_section_end|>",
            OSLO,
            CLOCK),
        one(
            format,
            "<tool_call>{\"name\": \"clock\", \"arguments\": {\"a\": True, \"b\": [None, False , ],"
                + " \"c\": \"True,]\",\n"
                + "}}</tool_call>",
            "clock({\"a\": true, \"b\": [null, false ], \"c\": \"True,]\"})"),
        one(
            format,
            "<tool_call>{\"name\": \"clock\", \"arguments\": {\"a\": Nothing, , NoneOfThese}}",
            "clock({\"a\": Nothing, , NoneOfThese})"),
        one(
            format,
            "<tool_call>\n{'name': 'get_weather', 'arguments': {'city': 'Oslo'}}\n</tool_call>",
            OSLO),
        one(
            format,
            "<tool_call>[{'name': 'clock', 'arguments': {'a': \"it's\", 'b': (None, True)}}, "
                + NONE
                + "]</tool_call>",
            "clock({\"a\": \"it's\", \"b\": [null, true]})",
            CLOCK),
        text(format, "<tool_call>{'name': 'clock', 'arguments': {'a': open('x')}}</tool_call>"),
        text(format, "<tool_call>{'name': 'clock', 'arguments': [1]}</tool_call>"),
        text(format, "<tool_call>{'name': 'clo"),
        text(format, "{'city': 'Oslo'}"),
        Arguments.of(
            format,
            "Let me look.\n<tool_call>" + CALL + "</tool_call>\nDone.",
            new Said("", "Let me look.\n\nDone.", List.of(OSLO))),
        Arguments.of(
            format,
            "<tool_call>" + CALL + ", and {\"a\": 1}</tool_call>",
            new Said("", ", and {\"a\": 1}</tool_call>", List.of(OSLO))));
  }

  static Stream<Arguments> bare() {
    return Stream.of(ToolFormat.HERMES, ToolFormat.HAMMER, ToolFormat.MISTRAL, ToolFormat.LLAMA3)
        .flatMap(
            format ->
                Stream.of(
                    one(format, CALL, OSLO),
                    one(format, "\n" + CALL + "\n", OSLO),
                    one(format, "<tool_call>\n" + CALL + "\n</tool_call>", OSLO),
                    one(format, "[" + CALL + ", " + NONE + "]", OSLO, CLOCK),
                    one(format, "```json\n" + CALL + "\n```", OSLO),
                    one(format, "```\n[\n" + CALL + ",\n" + NONE + "\n]\n```", OSLO, CLOCK),
                    one(format, CALL + "\n" + NONE, OSLO, CLOCK),
                    one(format, "{\"type\": \"function\", \"function\": " + CALL + "}", OSLO),
                    Arguments.of(
                        format,
                        "I will look:\n" + CALL,
                        new Said("", "I will look:\n", List.of(OSLO))),
                    text(format, "See " + CALL),
                    text(format, "{\"name\": \"Oslo\", \"arguments\": {\"x\": 1}}"),
                    text(format, "{\"name\": \"clock\"}"),
                    text(
                        format,
                        "{\"name\": \"clock\", \"description\": \"x\", \"parameters\": {}}"),
                    text(format, "{\"answer\": 42}"),
                    text(format, "[1, 2]"),
                    text(format, "[]"),
                    text(format, "```json\n{\"city\": \"Oslo\"}\n```"),
                    text(format, "```python\nprint({})\n```\nand\n```\nx\n```"),
                    text(format, "[link](http://x)\n{not json}\n{{a}}\n`code`")));
  }

  /** What models write whose own form is another, or none. */
  static Stream<Arguments> strays() {
    return Stream.of(ToolFormat.values())
        .filter(format -> format != ToolFormat.HARMONY)
        .flatMap(format -> Stream.concat(strayCalls(format), strayTexts(format)));
  }

  private static final String FIND = "find({\"query\": \"Oslo\"})";

  private static Stream<Arguments> strayCalls(ToolFormat format) {
    return Stream.of(
        one(format, "{\"tool\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}", OSLO),
        one(format, "{\"tool_name\": \"get_weather\", \"args\": {\"city\": \"Oslo\"}}", OSLO),
        one(format, "{\"tool\": \"get_weather\", \"tool_input\": {\"city\": \"Oslo\"}}", OSLO),
        one(
            format,
            "```json\n"
                + "{\n"
                + "  \"action\": \"get_weather\",\n"
                + "  \"action_input\": {\"city\": \"Oslo\"}\n"
                + "}\n"
                + "```",
            OSLO),
        one(format, "{\"action_input\": \"Oslo\", \"action\": \"find\"}", FIND),
        one(format, "{\"action\": \"find\", \"action_input\": \"Oslo\"}", FIND),
        one(format, "{\"name\": \"find\", \"arguments\": [\"Oslo\"]}", FIND),
        one(format, "{\"arguments\": [\"Oslo\"], \"name\": \"find\"}", FIND),
        one(format, "{\"name\": \"get_weather\", \"arguments\": [{\"city\": \"Oslo\"}]}", OSLO),
        one(format, "{\"name\": \"sum\", \"arguments\": [1, 2]}", "sum({\"of\": [1, 2]})"),
        one(format, "{\"name\": \"sum\", \"arguments\": [1]}", "sum({\"of\": [1]})"),
        one(format, "<tool_call>{\"name\": \"find\", \"arguments\": [\"Oslo\"]}</tool_call>", FIND),
        one(format, "{\"tool_calls\": [" + CALL + ", " + NONE + "]}", OSLO, CLOCK),
        one(
            format,
            "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"id\": \"1\","
                + " \"type\": \"function\", \"function\": {\"name\": \"get_weather\","
                + " \"arguments\": \"{\\\"city\\\": \\\"Oslo\\\"}\"}}]}",
            OSLO),
        one(format, "<tool_calls>[" + CALL + "]</tool_calls>", OSLO),
        one(format, "<tool_calls>\n[" + CALL + ", " + NONE + "]\n</tool_calls>", OSLO, CLOCK),
        one(
            format,
            "<tool_calls>\n<tool_call>"
                + CALL
                + "</tool_call>\n<tool_call>"
                + NONE
                + "</tool_call>\n</tool_calls>",
            OSLO,
            CLOCK),
        one(format, "<tool_calls>{\"tool_calls\": [" + CALL + "]}</tool_calls>", OSLO),
        one(format, "get_weather\n{\"city\": \"Oslo\"}", OSLO),
        one(format, "get_weather {\"city\": \"Oslo\"}", OSLO),
        one(format, "get_weather\n{\"city\": \"Oslo\"}\nclock\n{}", OSLO, CLOCK),
        one(
            format,
            "functions.get_weather\n{ \"city\": \"Oslo\"}",
            "get_weather({ \"city\": \"Oslo\"})"),
        one(format, "<tool_call>get_weather\n{\"city\": \"Oslo\"}\n</tool_call>", OSLO),
        one(format, "<tool_call>clock\n</tool_call>", CLOCK),
        one(
            format,
            "<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>\n"
                + "<arg_key>days</arg_key>\n<arg_value>3</arg_value>\n</tool_call>",
            "get_weather({\"city\": \"Oslo\", \"days\": 3})"),
        one(
            format,
            "<tool_call>get_weather<arg_key>city</arg_key><arg_value>Oslo</arg_value></tool_call>"
                + "<tool_call>clock</tool_call>",
            OSLO,
            CLOCK),
        one(
            format,
            "<tool_call>get_weather\n"
                + "<arg_key>city</arg_key>\n"
                + "<arg_value>a < \"b\"\n"
                + "</x></arg_value>\n"
                + "<arg_key>tags</arg_key>\n"
                + "<arg_value>[\"a\"]</arg_value>\n"
                + "</tool_call>",
            "get_weather({\"city\": \"a < \\\"b\\\"\\n</x>\", \"tags\": [\"a\"]})"),
        one(format, ">>>get_weather\n{\"city\": \"Oslo\"}\n>>>clock\n{}", OSLO, CLOCK),
        one(format, "<function=get_weather>{\"city\": \"Oslo\"}</function>", OSLO),
        one(
            format,
            "<function=get_weather>{\"city\": \"Oslo\"}</function>\n<function=clock>{}</function>",
            OSLO,
            CLOCK),
        one(format, "[get_weather(city=\"Oslo\")]", OSLO),
        one(format, "[get_weather(city='Oslo'), clock()]", OSLO, CLOCK),
        one(format, "```tool_code\nget_weather(city=\"Oslo\")\n```", OSLO));
  }

  private static Stream<Arguments> strayTexts(ToolFormat format) {
    return Stream.of(
            "{\"tool\": \"hammer\", \"arguments\": {\"city\": \"Oslo\"}}",
            "{\"action\": \"Final Answer\", \"action_input\": \"It rains.\"}",
            "{\"action\": \"clock\"}",
            "{\"name\": \"get_weather\", \"arguments\": [\"Oslo\"]}",
            "{\"name\": \"get_weather\", \"arguments\": \"Oslo\"}",
            "{\"name\": \"find\", \"arguments\": [\"Oslo\", \"Bergen\"]}",
            "{\"name\": \"find\", \"arguments\": [1]}",
            "{\"tool_calls\": []}",
            "{\"tool_calls\": [{\"name\": \"hammer\", \"arguments\": {}}]}",
            "{\"tool_calls\": [{\"tool_calls\": [" + CALL + "]}]}",
            "{\"content\": \"Hi\", \"tool_calls\": [" + CALL + "]}",
            "<tool_calls>none</tool_calls>",
            "<tool_calls></tool_calls>",
            "get_weather\n{\"temperature\": 3}",
            "get_weather is a tool",
            "get_weather\n",
            "get_weathers\n{\"city\": \"Oslo\"}",
            "get\n{\"city\": \"Oslo\"}",
            "See get_weather {\"city\": \"Oslo\"}",
            "clock {x}",
            "clock: {}",
            "<tool_call>hammer\n{\"city\": \"Oslo\"}\n</tool_call>",
            "<tool_call>get_weather is one</tool_call>",
            "<tool_call>get_weather\n<arg_key>city</arg_key> x",
            ">>> get_weather{\"city\": \"Oslo\"}",
            ">>> print(1)\n1",
            ">>>hammer\n{}",
            "[hammer(x=1)]",
            "[get_weather(city)]",
            "[clock]",
            "Use get_weather(city=\"Oslo\").",
            "```python\nget_weather(city=\"Oslo\")\n```",
            "```js\nx = 1\n" + CALL + "\n```\nso",
            "```js\nx = 1\n```\n\n```\nget_weather\n{\"city\": \"Oslo\"}\n```",
            "~~~\n" + CALL + "\n~~~",
            "```text\nfind\n{\"query\": \"x\"}\n```")
        // Functionary's own form needs no more than a name and an object.
        .filter(answer -> format != ToolFormat.FUNCTIONARY || !answer.contains("temperature"))
        .map(answer -> text(format, answer));
  }

  static Stream<Arguments> functionary() {
    ToolFormat format = ToolFormat.FUNCTIONARY;
    String call = "get_weather\n{\"city\": \"Oslo\"}";
    return Stream.of(
        one(format, call, OSLO),
        one(format, call + ">>>clock\n{}", OSLO, CLOCK),
        Arguments.of(format, "all\nIt rains.", Said.text("It rains.")),
        Arguments.of(format, ">>>all\nIt rains.", Said.text("It rains.")),
        Arguments.of(format, "all\nI look.\n>>>" + call, new Said("", "I look.\n", List.of(OSLO))),
        text(format, "all of it"),
        text(format, "almost"),
        text(format, "It rains."));
  }

  static Stream<Arguments> mistral() {
    return Stream.of(ToolFormat.MISTRAL, ToolFormat.MISTRAL_NAMED)
        .flatMap(
            format ->
                Stream.of(
                    one(
                        format,
                        "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"city\":"
                            + " \"Oslo\"}, \"id\": \"abcdefghi\"}, "
                            + NONE
                            + "]",
                        OSLO,
                        CLOCK),
                    one(format, "[TOOL_CALLS]" + CALL, OSLO),
                    one(
                        format,
                        "[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\": "
                            + "\"{\\\"city\\\": \\\"Oslo\\\"}\"}]",
                        OSLO),
                    one(format, "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Oslo\"}", OSLO),
                    one(
                        format,
                        "[TOOL_CALLS]get_weather[CALL_ID]abcdefghi[ARGS]{\"city\": \"Oslo\"}"
                            + "[TOOL_CALLS]clock[ARGS]{}",
                        OSLO,
                        CLOCK),
                    one(format, "[TOOL_CALLS]get_weather{\"city\": \"Oslo\"}", OSLO),
                    one(
                        format,
                        "[TOOL_CALLS]get_weather[ARGS]\"{\\\"city\\\": \\\"Oslo\\\"}\"",
                        OSLO),
                    one(format, "[TOOL_CALLS]clock[ARGS]null", CLOCK),
                    Arguments.of(
                        format,
                        "Look.[TOOL_CALLS]clock[ARGS]{} and",
                        new Said("", "Look. and", List.of(CLOCK))),
                    text(format, "[TOOL_CALLS] nothing to do"),
                    text(format, "[TOOL_CALLS]nothing {x}"),
                    text(format, "[TOOL_CALLS]clock[ARG"),
                    text(format, "[1] [TOOL")));
  }

  static Stream<Arguments> llama() {
    ToolFormat format = ToolFormat.LLAMA3;
    String call = "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}";
    String none = "{\"name\": \"clock\", \"parameters\": {}}";
    return Stream.of(
        one(format, call, OSLO),
        one(format, "<|python_tag|>" + call, OSLO),
        one(format, "<|python_tag|>" + call + "; " + none, OSLO, CLOCK),
        one(format, "[" + call + ", " + none + "]", OSLO, CLOCK),
        one(format, call + "\n" + none, OSLO, CLOCK),
        one(format, call + ";\n" + none, OSLO, CLOCK),
        one(format, "{\"type\": \"function\", " + call.substring(1), OSLO),
        one(format, call.replace("{\"city\": \"Oslo\"}", "\"{\\\"city\\\": \\\"Oslo\\\"}\""), OSLO),
        one(format, "<|python_tag|>get_weather.call(city=\"Oslo\")", OSLO),
        one(format, "[get_weather(city='Oslo'), clock()]", OSLO, CLOCK),
        one(format, "<function=get_weather>{\"city\": \"Oslo\"}</function>", OSLO),
        one(
            format,
            "<|python_tag|>{\"name\": \"other\", \"parameters\": {\"x\": 1}}",
            "other({\"x\": 1})"),
        text(format, "<|python_tag|>print(1) if x else 2"),
        text(format, "The answer is " + call),
        text(format, "[a, b]"),
        text(format, "[other(x=1)]"),
        text(format, "{"));
  }

  static Stream<Arguments> marked() {
    return Stream.of(
        one(ToolFormat.PHI4, "<|tool_call|>[" + CALL + "]<|/tool_call|>", OSLO),
        one(ToolFormat.PHI4, "<|tool_call|>" + CALL + "<|/tool_call|>", OSLO),
        one(ToolFormat.PHI4, "<|tool_call|>[" + CALL + "," + NONE + "]", OSLO, CLOCK),
        one(ToolFormat.PHI4, "functools[" + CALL + "]", OSLO),
        one(ToolFormat.PHI4, "<tool_call>[" + CALL + "]", OSLO),
        text(ToolFormat.PHI4, "<|tool_call|>none<|/tool_call|>"),
        text(ToolFormat.PHI4, "functools is a module"),
        one(
            ToolFormat.COMMAND_R7B,
            "<|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"get_weather\", "
                + "\"parameters\": {\"city\": \"Oslo\"}},\n    {\"tool_call_id\": \"1\", "
                + "\"tool_name\": \"clock\", \"parameters\": {}}\n]<|END_ACTION|>",
            OSLO,
            CLOCK),
        Arguments.of(
            ToolFormat.COMMAND_R7B,
            "<|START_RESPONSE|>It rains.<|END_RESPONSE|>",
            Said.text("It rains.")),
        one(
            ToolFormat.COMMAND_R,
            "Action: ```json\n[\n    {\n        \"tool_name\": \"get_weather\",\n        "
                + "\"parameters\": {\"city\": \"Oslo\"}\n    }\n]```",
            OSLO),
        text(ToolFormat.COMMAND_R, "Action: none"),
        one(
            ToolFormat.MINICPM3,
            "<|tool_call_start|>\n```python\nget_weather(city=\"Oslo\")\nclock()\n```\n"
                + "<|tool_call_end|>\n",
            OSLO,
            CLOCK),
        one(
            ToolFormat.MINICPM3,
            "<|tool_call_start|>[get_weather(city='Oslo', days=3, live=True, at=None, "
                + "tags=['a', \"b'\"])]<|tool_call_end|>",
            "get_weather({\"city\": \"Oslo\", \"days\": 3, \"live\": true, \"at\": null, "
                + "\"tags\": [\"a\", \"b'\"]})"),
        one(ToolFormat.MINICPM3, "<|tool_call_start|>[" + CALL + "]<|tool_call_end|>", OSLO),
        text(ToolFormat.MINICPM3, "<|tool_call_start|>\n```python\nx = 1\n```\n<|tool_call_end|>"),
        Arguments.of(
            ToolFormat.MINICPM3,
            "<|tool_call_start|>clock()<|tool_call_end|>\nDone.",
            new Said("", "\nDone.", List.of(CLOCK))));
  }

  static Stream<Arguments> deepSeek() {
    return Stream.of(ToolFormat.DEEPSEEK, ToolFormat.DEEPSEEK_V31)
        .flatMap(
            format ->
                Stream.of(
                    one(
                        format,
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather\n"
                            + "```json\n{\"city\": \"Oslo\"}\n```<｜tool▁call▁end｜>\n"
                            + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>clock\n```json\n{}\n```"
                            + "<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        OSLO,
                        CLOCK),
                    one(
                        format,
                        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>"
                            + "{\"city\": \"Oslo\"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>clock"
                            + "<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
                        OSLO,
                        CLOCK),
                    one(
                        format,
                        "<｜tool▁calls｜>function<｜tool▁sep｜>get_weather\n```json\n"
                            + "{\"city\": \"Oslo\"}\n```",
                        OSLO),
                    Arguments.of(
                        format,
                        "Yes.\n\n<｜tool▁call▁begin｜>clock<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
                        new Said("", "Yes.\n\n", List.of(CLOCK))),
                    text(format, "<｜tool▁calls▁begin｜>nothing, sorry"),
                    text(format, "a <｜tool")));
  }

  static Stream<Arguments> qwenCoder() {
    ToolFormat format = ToolFormat.QWEN_CODER;
    return Stream.of(
        one(
            format,
            """
            <tool_call>
            <function=get_weather>
            <parameter=city>
            Oslo
            </parameter>
            <parameter=days>
            3
            </parameter>
            <parameter=live>
            True
            </parameter>
            <parameter=tags>
            ["a", "b"]
            </parameter>
            <parameter=at>
            null
            </parameter>
            <parameter=other>
            {"x": 1}
            </parameter>
            </function>
            </tool_call>
            """,
            "get_weather({\"city\": \"Oslo\", \"days\": 3, \"live\": true, \"tags\": [\"a\","
                + " \"b\"], \"at\": null, \"other\": {\"x\": 1}})"),
        one(
            format,
            "<function=get_weather>\n<parameter=city>\n5\n</parameter>\n</function>",
            "get_weather({\"city\": \"5\"})"),
        one(
            format,
            "<tool_call><function=get_weather><parameter=city>a < \"b\"\n\n  </x>\\\n</parameter>"
                + "</function></tool_call>",
            "get_weather({\"city\": \"a < \\\"b\\\"\\n\\n  </x>\\\\\"})"),
        one(
            format,
            "<tool_call>\n<function=get_weather>\n<parameter=city>\n\n</parameter>\n</function>\n"
                + "</tool_call>\n<tool_call>\n<function=clock>\n</function>\n</tool_call>",
            "get_weather({\"city\": \"\"})",
            CLOCK),
        one(
            format,
            "<tool_call>\n<function=get_weather>\n<parameter=city>\nOslo\n<parameter=days>\n2\n"
                + "</function>\n</tool_call>",
            "get_weather({\"city\": \"Oslo\", \"days\": 2})"),
        one(
            format,
            "<function=get_weather>\n<parameter=at>\n12:00\n</parameter>\n<parameter=days>\nsome\n"
                + "</parameter>\n</function>",
            "get_weather({\"at\": \"12:00\", \"days\": \"some\"})"),
        one(format, "<tool_call>\n" + CALL + "\n</tool_call>", OSLO),
        Arguments.of(
            format,
            "Look:\n<function=clock></function> done",
            new Said("", "Look:\n done", List.of(CLOCK))),
        Arguments.of(
            format,
            "<function=get_weather><parameter=city>x</parameter>junk",
            new Said("", "junk", List.of("get_weather({\"city\": \"x\"})"))),
        text(format, "<tool_call>\n<function=\n</tool_call>"),
        text(format, "<function=clock> is what I would call"));
  }

  static Stream<Arguments> harmony() {
    ToolFormat format = ToolFormat.HARMONY;
    String call = "<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>";
    return Stream.of(
        Arguments.of(
            format,
            "<|channel|>analysis<|message|>Hm < 2.<|end|><|start|>assistant"
                + call
                + "{\"city\": \"Oslo\"}<|call|>",
            new Said("Hm < 2.", "", List.of(OSLO))),
        one(
            format,
            " to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"Oslo\"}",
            OSLO),
        Arguments.of(
            format,
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>"
                + "It <|rains|>.<|return|>",
            new Said("Hm.", "It <|rains|>.", List.of())),
        Arguments.of(
            format,
            "<|channel|>commentary<|message|>I look.<|end|><|start|>assistant"
                + call
                + "{\"city\": \"Oslo\"}<|call|><|start|>assistant to=functions.clock"
                + "<|channel|>commentary<|message|><|call|>",
            new Said("", "I look.", List.of(OSLO, CLOCK))),
        Arguments.of(format, call + "no json<|call|>", Said.text("no json")),
        text(format, "Just < text"),
        text(format, " to be or not"),
        Arguments.of(format, "<|channel|>final<|message|>{\"a\": 1}", Said.text("{\"a\": 1}")));
  }

  static Stream<Arguments> noCalls() {
    ToolFormat format = ToolFormat.HERMES;
    return Stream.of(
        text(format, "<tool_call>\nnot json\n</tool_call>"),
        text(format, "<tool_call>{\"nome\": \"a\", \"arguments\": {}}</tool_call> and more"),
        text(format, "<tool_call>{\"name\": 1, \"arguments\": {}}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"a\", \"arguments\": \"x\"}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"a\", \"arguments\": 10.17}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"a\", \"arguments\": [1]}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"\", \"arguments\": {}}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"a\", \"arguments\": {x}}</tool_call>"),
        text(format, "<tool_call>{\"name\": \"a\", \"arguments\": { "),
        text(format, "<tool_call>{\"name\": \"a"),
        text(format, "<tool_call>[" + "[".repeat(5)),
        text(format, "<tool_call><tool_call></tool_call>"),
        text(format, "a <tool_call"),
        text(format, "1 < 2 <tool> x"),
        text(format, "  \n "));
  }

  static Stream<Arguments> all() {
    return Stream.of(
            hermes(),
            bare(),
            strays(),
            functionary(),
            mistral(),
            llama(),
            marked(),
            deepSeek(),
            qwenCoder(),
            harmony(),
            noCalls())
        .flatMap(each -> each);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void isUnderstood(ToolFormat format, String answer, Said expected) {
    assertEquals(expected, Answers.read(format, answer));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("all")
  void isUnderstoodHoweverItIsCut(ToolFormat format, String answer, Said expected) {
    int[] everywhere = IntStream.range(1, answer.length()).toArray();
    assertEquals(expected, Answers.read(format, answer, everywhere));
    List<int[]> cuts = new ArrayList<>();
    for (int first = 0; first <= answer.length(); first++) {
      for (int second = first; second <= answer.length(); second++) {
        cuts.add(new int[] {first, second});
      }
    }
    for (int[] cut : cuts) {
      assertEquals(
          expected, Answers.read(format, answer, cut), () -> "cut at " + cut[0] + " and " + cut[1]);
    }
  }
}
