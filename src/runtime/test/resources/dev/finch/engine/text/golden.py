"""Writes golden.json: what Jinja2 itself makes of the templates in this folder.

Run with Jinja2 3.1 after changing a template or a conversation: python3 golden.py
The environment is the one of Hugging Face's apply_chat_template.
"""

import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        next(parser.stream)
        return parser.parse_statements(["name:endgeneration"], drop_needle=True)


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = refuse

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city, in °C",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "a city's \"name\""},
                "days": {"type": "integer", "minimum": 1},
            },
            "required": ["city"],
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}}}

system = {"role": "system", "content": "Be brief. <b>{{ 1 + 1 }}</b> & \"quoted\""}
user = {"role": "user", "content": "What's new? 🐦\nSecond line {% if x %}"}
assistant = {"role": "assistant", "content": "Nothing 'new'."}
again = {"role": "user", "content": "And in Oslo?"}


def call(id, name, arguments):
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


one_call = {"role": "assistant", "content": "", "tool_calls": [call("abcdef123", "get_weather", {"city": "Oslo", "days": 2})]}
two_calls = {
    "role": "assistant",
    "content": "Let me look.",
    "tool_calls": [call("abcdef123", "get_weather", {"city": "Zürich \"ZH\""}), call("abcdef124", "clock", {})],
}
result = {"role": "tool", "content": "{\"temperature\": -3.5}", "tool_call_id": "abcdef123", "name": "get_weather"}
second_result = {"role": "tool", "content": "12:00", "tool_call_id": "abcdef124", "name": "clock"}
thoughtful = {"role": "assistant", "content": "<think>\nhmm\n</think>\n\nFour."}

CONVERSATIONS = {
    "user": ([user], []),
    "system and user": ([system, user], []),
    "three turns": ([user, assistant, again], []),
    "system and three turns": ([system, user, assistant, again], []),
    "system in the middle": ([user, assistant, system, again], []),
    "two user turns": ([user, again], []),
    "thoughts": ([user, thoughtful, again], []),
    "tools": ([user], [WEATHER, CLOCK]),
    "system and tools": ([system, user], [WEATHER]),
    "one call": ([user, one_call, result], [WEATHER]),
    "two calls": ([system, again, two_calls, result, second_result], [WEATHER, CLOCK]),
    "answered call": ([again, one_call, result, assistant, user], [WEATHER]),
}

cases = []
folder = pathlib.Path(__file__).parent
for path in sorted((folder / "templates").glob("*.jinja")):
    template = environment.from_string(path.read_text())
    for name, (messages, tools) in CONVERSATIONS.items():
        for generation in (True, False):
            case = {
                "template": path.stem, "name": name, "messages": messages, "tools": tools,
                "add_generation_prompt": generation,
            }
            try:
                case["expected"] = template.render(
                    messages=messages, tools=tools or None, add_generation_prompt=generation,
                    bos_token="<s>", eos_token="</s>")
            except jinja2.exceptions.TemplateError as error:
                case["refused"] = str(error)
            cases.append(case)
(folder / "golden.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
print(len(cases), "cases,", sum("refused" in case for case in cases), "refused")
