"""Jinja2 as Hugging Face transformers sets it up, for the scripts beside it.

As a program it renders what comes on standard input, one JSON object {"template", "context"} a line, and
answers each with {"text"} or {"error"}. Needs Jinja2 3.1 (Debian: python3-jinja2).
"""

import copy
import datetime
import json
import signal
import sys

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox

NOW = datetime.datetime(2026, 11, 5, 7, 8, 9, 123456)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_generation_support")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _generation_support(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def make_environment():
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = NOW.strftime
    return environment


ENVIRONMENT = make_environment()


def render(template, context):
    """The text, or the error as (type, message)."""
    try:
        return {"text": ENVIRONMENT.from_string(template).render(**copy.deepcopy(context))}
    except (Exception, RecursionError) as error:
        return {"error": type(error).__name__ + ": " + str(error)}


def give_up(signum, frame):
    raise TimeoutError("too slow")


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, give_up)
    for line in sys.stdin:
        case = json.loads(line)
        signal.alarm(10)
        try:
            answer = render(case["template"], case["context"])
        except TimeoutError:
            answer = {"error": "TimeoutError"}
        signal.alarm(0)
        print(json.dumps(answer), flush=True)
