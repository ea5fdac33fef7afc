"""Writes the list of satisfiable schemas that SchemaListTest holds to its hash.

The tables were written by hand in the manner of the tools that make such schemas: zod, pydantic, MCP servers, OpenAI's
and Anthropic's documentation, Gemini, OpenAPI, TypeBox, LangChain, and JSON Schema's own drafts. Each has a value that
meets it. Run it with /usr/bin/python3 from the project's root.
"""

import json
import pathlib

TARGET = pathlib.Path("src/runtime/test/resources/dev/finch/engine/grammar/satisfiable.jsonl")
LIST = []
STRING = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
NULL = {"type": "null"}
DRAFT7 = "http://json-schema.org/draft-07/schema#"
DRAFT4 = "http://json-schema.org/draft-04/schema#"
D2020 = "https://json-schema.org/draft/2020-12/schema"


def add(origin, *schemas):
    for schema in schemas:
        LIST.append((origin, schema))


def s(**more):
    return {"type": "string", **more}


def i(**more):
    return {"type": "integer", **more}


def n(**more):
    return {"type": "number", **more}


def arr(items, **more):
    return {"type": "array", "items": items, **more}


def enum(*values, **more):
    return {"type": "string", "enum": list(values), **more}


def obj(properties, required=None, closed=None, **more):
    """All properties are required unless said otherwise; closed None says nothing about others."""
    schema = {"type": "object", "properties": properties}
    required = list(properties) if required is None else required
    if required:
        schema["required"] = required
    if closed is not None:
        schema["additionalProperties"] = not closed
    schema.update(more)
    return schema


def one(schema):
    """As most schemas come: a closed object around it."""
    return obj({"a": schema}, closed=True)


def anyof(*branches, **more):
    return {"anyOf": list(branches), **more}


def ref(name, **more):
    return {"$ref": "#/$defs/" + name, **more}


# --- JSON Schema's own vocabulary, one keyword and two ---------------------------------------------------------------
add(
    "json-schema",
    {}, True, {"type": "object"}, {"type": "array"}, STRING, NUMBER, INTEGER, BOOLEAN, NULL,
    {"type": ["string", "null"]}, {"type": ["integer", "string", "boolean"]}, {"type": ["object", "array"]},
    {"enum": ["a", 1, None, True, {"x": [1]}, []]}, {"const": {"deep": [1, {"er": None}]}}, {"const": None},
    {"enum": [None]}, {"enum": [False]}, {"const": 0}, {"const": ""}, {"enum": ["\n\t\"\\", "é", "🐦"]},
    s(minLength=1), s(maxLength=0), s(maxLength=12), s(minLength=3, maxLength=5), s(minLength=7, maxLength=7),
    s(minLength=0), s(maxLength=2**31 - 1), s(maxLength=2**63 - 1), s(maxLength=10**30), s(minLength=1, maxLength=65535),
    i(minimum=0), i(minimum=1, maximum=5), i(maximum=-1), i(exclusiveMinimum=0), i(exclusiveMaximum=100),
    i(exclusiveMinimum=-1, exclusiveMaximum=1), i(minimum=-(2**63), maximum=2**63 - 1), i(minimum=-(2**53) + 1, maximum=2**53 - 1),
    i(minimum=2.5, maximum=9.5), n(minimum=0, maximum=1), n(exclusiveMinimum=0), n(minimum=-273.15), n(maximum=1e6),
    n(exclusiveMinimum=0, exclusiveMaximum=0.001), n(minimum=1e-7, maximum=1e-6), n(minimum=-1.7976931348623157e308, maximum=1.7976931348623157e308),
    n(minimum=-90, maximum=90), n(minimum=3.14159, maximum=3.14159), i(minimum=1e3, maximum=1e4),
    i(multipleOf=5), i(multipleOf=2, minimum=0), i(multipleOf=7, minimum=100, maximum=1000), i(multipleOf=100, minimum=100),
    i(multipleOf=15, minimum=0, maximum=60), i(multipleOf=64, minimum=64, maximum=4096), i(multipleOf=1000), i(multipleOf=3600, minimum=0),
    n(multipleOf=0.5), n(multipleOf=0.01), n(multipleOf=0.25, minimum=0, maximum=5), n(multipleOf=0.1, minimum=0),
    n(multipleOf=2.5, maximum=100), n(multipleOf=5), i(multipleOf=1.5), n(multipleOf=0.05, minimum=0.1, maximum=0.95), i(multipleOf=1.0),
    i(multipleOf=86400, minimum=0), n(multipleOf=1e-8),
    arr(INTEGER), arr(STRING, minItems=1), arr(STRING, maxItems=3), arr(BOOLEAN, minItems=2, maxItems=2), arr(NUMBER, maxItems=0),
    arr(STRING, maxItems=2**63 - 1), arr(i(minimum=0, maximum=9), minItems=1, maxItems=10**25), arr({}, minItems=1), arr(True),
    arr(STRING, uniqueItems=True), arr(INTEGER, uniqueItems=True, minItems=2), arr(enum("a", "b", "c"), uniqueItems=True),
    arr(enum("mon", "tue", "wed", "thu", "fri", "sat", "sun"), uniqueItems=True, minItems=1), arr(BOOLEAN, uniqueItems=True),
    arr(i(minimum=1, maximum=6), uniqueItems=True, maxItems=3), arr(i(minimum=1, maximum=49), uniqueItems=True, minItems=6, maxItems=6),
    arr(enum(*[c + d for c in "abcdef" for d in "xyz"]), uniqueItems=True, minItems=2, maxItems=5), arr(STRING, uniqueItems=False),
    arr(obj({"id": INTEGER, "label": STRING}), uniqueItems=True), {"type": "array", "uniqueItems": True},
    {"type": "array", "contains": {"const": 1}, "items": INTEGER}, arr(STRING, contains=s(pattern="^x-")), arr(NUMBER, contains=n(minimum=5), minContains=2),
    arr(INTEGER, contains=i(minimum=10), minContains=1, maxContains=2), arr(STRING, contains=STRING, minContains=0), {"type": "array", "contains": obj({"id": STRING})},
    {"type": "array", "prefixItems": [STRING, INTEGER]}, {"type": "array", "prefixItems": [STRING, INTEGER], "items": False, "minItems": 2},
    {"type": "array", "prefixItems": [NUMBER, NUMBER], "items": NUMBER, "minItems": 2, "maxItems": 3},
    {"type": "array", "prefixItems": [{"const": "tag"}], "items": BOOLEAN, "minItems": 2},
    {"type": "array", "prefixItems": [STRING, STRING], "minItems": 2, "maxItems": 2, "uniqueItems": True},
    {"type": "array", "prefixItems": [NULL], "unevaluatedItems": False}, {"type": "array", "items": [STRING, INTEGER], "additionalItems": False, "$schema": DRAFT7},
    {"type": "array", "items": [{"type": "number"}, {"type": "number"}], "additionalItems": BOOLEAN, "minItems": 2, "$schema": DRAFT7},
    obj({"a": STRING}), obj({"a": STRING}, closed=True), obj({"a": STRING, "b": INTEGER}, required=["b"]), obj({"a": STRING, "b": INTEGER}, required=[]),
    {"type": "object", "additionalProperties": False}, {"type": "object", "additionalProperties": True}, {"type": "object", "additionalProperties": INTEGER},
    {"type": "object", "properties": {}}, {"type": "object", "properties": {}, "additionalProperties": False}, {"type": "object", "required": ["x", "y"]},
    {"type": "object", "required": ["x"], "additionalProperties": STRING}, obj({"a": STRING}, additionalProperties=obj({"b": NUMBER})),
    {"type": "object", "minProperties": 1}, {"type": "object", "minProperties": 1, "maxProperties": 3}, {"type": "object", "maxProperties": 0},
    {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}, {"type": "object", "additionalProperties": STRING, "minProperties": 2, "maxProperties": 2},
    obj({"a": STRING, "b": STRING, "c": STRING}, required=[], closed=True, minProperties=1), obj({"a": INTEGER, "b": INTEGER, "c": INTEGER}, required=[], closed=True, maxProperties=1),
    obj({"a": INTEGER, "b": INTEGER, "c": INTEGER}, required=["b"], closed=True, minProperties=2, maxProperties=2), obj({"a": INTEGER}, required=[], minProperties=2, additionalProperties=BOOLEAN),
    {"type": "object", "propertyNames": STRING}, {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"}}, {"type": "object", "propertyNames": {"enum": ["x", "y"]}, "additionalProperties": NUMBER},
    {"type": "object", "propertyNames": {"maxLength": 8}, "additionalProperties": BOOLEAN}, {"type": "object", "propertyNames": s(format="uuid"), "additionalProperties": STRING},
    {"type": "object", "propertyNames": {"minLength": 1, "pattern": "^[A-Z][A-Z0-9_]*$"}, "additionalProperties": STRING, "minProperties": 1},
    {"type": "object", "propertyNames": {"not": {"const": "__proto__"}}, "additionalProperties": INTEGER},
    {"type": "object", "patternProperties": {"^S_": STRING, "^I_": INTEGER}, "additionalProperties": False}, {"type": "object", "patternProperties": {"^x-": {}}},
    {"type": "object", "patternProperties": {"^[0-9]+$": NUMBER}, "additionalProperties": False, "minProperties": 1}, {"type": "object", "patternProperties": {".*": STRING}},
    obj({"name": STRING}, closed=True, patternProperties={"^x-[a-z]+$": STRING}), {"type": "object", "patternProperties": {"a": INTEGER, "b": i(minimum=0)}},
    obj({"x-count": NUMBER}, patternProperties={"^x-": i(minimum=0)}, closed=True), {"type": "object", "patternProperties": {}, "properties": {"a": STRING}},
    {"type": "object", "patternProperties": {"^[a-z]{2}(-[A-Z]{2})?$": STRING}, "additionalProperties": {"type": "null"}, "required": ["en"]},
    obj({"card": STRING, "address": STRING, "name": STRING}, required=["name"], dependentRequired={"card": ["address"]}), obj({"a": INTEGER, "b": INTEGER}, required=[], closed=True, dependentRequired={"a": ["b"], "b": ["a"]}),
    obj({"card": STRING}, required=[], dependentSchemas={"card": obj({"billing": STRING})}), obj({"a": INTEGER, "b": INTEGER}, required=[], dependencies={"a": ["b"]}, **{"$schema": DRAFT7}),
    obj({"kind": STRING}, required=[], dependencies={"kind": {"properties": {"size": INTEGER}, "required": ["size"]}}, **{"$schema": DRAFT7}), {"type": "object", "dependentRequired": {}},
)

# --- combinations ----------------------------------------------------------------------------------------------------
add(
    "combined",
    anyof(STRING, INTEGER), anyof(STRING, NULL), anyof(obj({"a": STRING}), obj({"b": INTEGER})), anyof(i(minimum=0), i(maximum=-10)), anyof({"const": 1}, {"const": "1"}),
    anyof(arr(STRING), STRING), anyof({"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}), anyof(STRING, {}), anyof(BOOLEAN, anyof(NULL, INTEGER)),
    {"type": "string", "anyOf": [{"minLength": 3}, {"const": ""}]}, {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}, {"type": "object", "properties": {"a": STRING, "b": STRING}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
    obj({"id": INTEGER}, anyOf=[{"properties": {"x": STRING}, "required": ["x"]}, {"properties": {"y": STRING}, "required": ["y"]}]), {"type": "integer", "anyOf": [{"multipleOf": 3}, {"multipleOf": 5}]},
    anyof(STRING, INTEGER, enum=["a", "b", 3, 4.5]), {"anyOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}], "type": "string"}, {"allOf": [anyof(STRING, INTEGER), anyof(INTEGER, BOOLEAN)]},
    {"allOf": [anyof(s(minLength=2), i(minimum=2)), anyof(s(maxLength=4), i(maximum=4))]}, {"anyOf": [STRING], "oneOf": [s(minLength=1), INTEGER]},
    {"oneOf": [STRING, INTEGER]}, {"oneOf": [obj({"type": {"const": "a"}, "x": INTEGER}), obj({"type": {"const": "b"}, "y": STRING})]}, {"oneOf": [{"const": 1, "title": "One"}, {"const": 2, "title": "Two"}]},
    {"oneOf": [i(minimum=0, maximum=10), i(minimum=20)]}, {"oneOf": [i(multipleOf=3), i(multipleOf=5)]}, {"oneOf": [s(maxLength=3), s(minLength=6)]}, {"oneOf": [s(minLength=2), s(maxLength=4)]},
    {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object", "properties": {"a": STRING, "b": STRING}}, {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "additionalProperties": False},
    {"oneOf": [{"type": "string", "format": "uri"}, NULL]}, {"oneOf": [arr(STRING), s(pattern="^[a-z]+$"), NULL]}, {"oneOf": [obj({"a": STRING}, closed=True), obj({"a": INTEGER}, closed=True)]}, {"oneOf": [enum("a", "b"), enum("b", "c")]},
    {"oneOf": [BOOLEAN, {"enum": ["auto"]}]}, {"oneOf": [i(minimum=0), NUMBER]}, {"oneOf": [obj({"a": STRING}, required=["a"], closed=True), obj({"a": STRING, "b": STRING}, required=["a", "b"], closed=True)]},
    {"oneOf": [s(pattern="^a"), s(pattern="z$")]}, {"oneOf": [{"enum": [1, 2, 3]}, i(minimum=3)]}, {"oneOf": [STRING]}, {"oneOf": [arr(INTEGER, maxItems=2), arr(INTEGER, minItems=2)]},
    {"allOf": [STRING]}, {"allOf": [obj({"a": STRING}), obj({"b": INTEGER})]}, {"allOf": [{"minimum": 3}, {"maximum": 7}], "type": "integer"}, {"allOf": [s(minLength=2), s(maxLength=4), s(pattern="^[a-f]*$")]},
    {"allOf": [s(pattern="^[a-z0-9-]+$"), s(pattern="^[a-z]"), s(pattern="[a-z0-9]$")]}, {"allOf": [s(format="hostname"), s(pattern="\\.org$")]}, {"allOf": [i(multipleOf=4), i(multipleOf=6)], "minimum": 0, "maximum": 100}, {"allOf": [enum("a", "b", "c"), enum("b", "c", "d")]},
    {"allOf": [obj({"a": s(minLength=1)}), obj({"a": s(maxLength=5)})]}, {"allOf": [arr(i(minimum=0)), arr(i(maximum=9))]}, {"allOf": [{"type": ["string", "integer"]}, {"type": ["integer", "null"]}]}, {"allOf": [{"type": "object", "minProperties": 1}, {"type": "object", "maxProperties": 2}], "additionalProperties": INTEGER},
    {"allOf": [{}, True]}, {"allOf": [arr(STRING, minItems=1), {"maxItems": 3}, {"uniqueItems": True}]}, {"allOf": [{"patternProperties": {"^a": INTEGER}}, {"patternProperties": {"^b": STRING}}], "type": "object", "additionalProperties": False}, {"allOf": [{"const": 5}, i(minimum=3)]},
    {"allOf": [obj({"kind": {"const": "x"}}), anyof(obj({"v": INTEGER}), obj({"w": STRING}))]}, {"allOf": [s(format="date-time"), s(pattern="Z$")]}, {"allOf": [{"prefixItems": [STRING]}, {"prefixItems": [s(minLength=1), INTEGER]}], "type": "array", "minItems": 2},
    {"not": STRING}, {"not": {"type": ["object", "array"]}}, {"type": "string", "not": {"const": ""}}, {"type": "string", "not": {"enum": ["admin", "root"]}}, {"type": "integer", "not": {"const": 0}}, {"type": "integer", "not": {"enum": [1, 2, 3]}, "minimum": 0, "maximum": 9},
    {"type": "string", "not": {"pattern": "^_"}}, {"type": "string", "not": {"pattern": "\\s"}, "minLength": 1}, {"not": NULL}, {"type": "object", "properties": {"a": STRING, "b": STRING}, "not": {"required": ["a", "b"]}}, {"type": "object", "not": {"required": ["secret"]}}, {"not": {"anyOf": [STRING, NUMBER, NULL]}},
    {"type": "array", "not": {"maxItems": 0}, "items": STRING}, {"type": "number", "not": {"minimum": 10}}, {"enum": ["a", "b", "c"], "not": {"const": "b"}}, {"type": "string", "not": {"minLength": 5}}, {"type": "object", "properties": {"k": {"not": {"type": "object"}}}, "required": ["k"]}, {"not": False}, {"not": {"not": INTEGER}},
    {"type": "object", "properties": {"country": enum("US", "CA"), "zip": STRING}, "required": ["country", "zip"], "if": {"properties": {"country": {"const": "US"}}}, "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}}, "else": {"properties": {"zip": {"pattern": "^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$"}}}},
    {"type": "object", "properties": {"kind": enum("circle", "square"), "r": NUMBER, "side": NUMBER}, "required": ["kind"], "allOf": [{"if": {"properties": {"kind": {"const": "circle"}}, "required": ["kind"]}, "then": {"required": ["r"]}}, {"if": {"properties": {"kind": {"const": "square"}}, "required": ["kind"]}, "then": {"required": ["side"]}}]},
    {"type": "object", "properties": {"member": BOOLEAN, "number": STRING}, "required": ["member"], "if": {"properties": {"member": {"const": True}}}, "then": {"required": ["number"]}}, {"if": STRING, "then": s(minLength=3), "else": INTEGER}, {"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 10}}, {"then": {"type": "string"}, "type": "integer"},
    {"type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"if": True, "then": INTEGER}, {"type": "string", "if": {"pattern": "^/"}, "then": {"maxLength": 10}, "else": {"enum": ["none", "auto"]}},
)

# --- enum and const beside what they must also meet -------------------------------------------------------------------
add(
    "filtered",
    *[one(x) for x in (
        enum("a", "b", minLength=1), enum("a", "bb", "ccc", maxLength=2), enum("a", "b", format="enum"), enum("low", "high", pattern="^[a-z]+$"), enum("A", "b", pattern="^[A-Z]$"), {"type": "integer", "enum": [1, 2], "minimum": 0},
        {"type": "integer", "enum": [1, 5, 10, 15], "multipleOf": 5}, {"type": "number", "enum": [0.5, 1, 1.5], "exclusiveMinimum": 0.5}, {"enum": [1, "1", None, True], "type": ["string", "null"]}, {"type": "string", "const": "x", "minLength": 1, "maxLength": 1},
        {"const": [1, 2], "type": "array", "minItems": 2, "items": INTEGER}, {"enum": [[1], [1, 1], []], "uniqueItems": True}, {"enum": [{"a": 1}, {"a": "x"}, {}], "properties": {"a": INTEGER}, "required": ["a"]}, {"enum": ["x", "y"], "anyOf": [{"const": "y"}, INTEGER]},
        {"enum": [1, 2, 3], "not": {"const": 2}}, {"type": ["string", "null"], "enum": ["a", "b", None]}, {"type": "string", "enum": ["a", "b"], "nullable": True}, {"type": "string", "enum": ["2024-01-01", "2025-01-01"], "format": "date"}, {"const": "a", "enum": ["a", "b"]},
        {"type": "boolean", "enum": [True]}, {"type": "boolean", "const": False}, {"type": "null", "const": None}, {"type": "number", "const": 1.50}, {"type": "integer", "const": 10**15}, {"enum": ["a", "a", "b"]}, {"type": "string", "enum": ["v"], "default": "v", "description": "d"},
    )],
)

# --- strings: formats, patterns, lengths and their conjunctions --------------------------------------------------------
FORMATS = ("date", "time", "date-time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri")
add("formats", *[one(s(format=f)) for f in FORMATS], *[s(format=f) for f in (
    "uri-reference", "iri", "iri-reference", "idn-email", "idn-hostname", "json-pointer", "relative-json-pointer", "regex", "uri-template", "binary", "byte", "password", "phone", "int32", "base64", "color", "markdown", "textarea", "file-path", "directory-path", "json-string", "cuid", "currency", "ulid", "emoji", "jwt", "cidr",
)], *[one(x) for x in (
    s(format="date", minLength=10, maxLength=10), s(format="email", maxLength=64), s(format="uuid", minLength=36, maxLength=36), s(format="uri", maxLength=2083, minLength=1), s(format="uri", pattern="^https://"), s(format="email", pattern="@example\\.com$"), s(format="hostname", maxLength=20), s(format="ipv4", pattern="^10\\."),
    s(format="date-time", pattern="Z$"), s(format="date", pattern="^2024-"), s(format="time", maxLength=9), s(format="ipv6", maxLength=39), s(format="duration", pattern="^PT"), s(format="email", minLength=6, maxLength=127), s(format="uri", minLength=10), i(format="int64"), n(format="double"), i(format="uint8", minimum=0, maximum=255), n(format="float", minimum=0),
    {"format": "date"}, {"type": ["string", "null"], "format": "date-time"}, {"type": ["string", "integer"], "format": "ipv4"},
)])
PATTERNS = (
    "^[a-z]+$", "^\\d{3}-\\d{2}-\\d{4}$", "^a$|^b$", "^a|b$", "foo|bar", "^(foo|bar)+$", "^[A-Z]{2,3}\\d{4}$", "^#[0-9a-fA-F]{6}$", "^#([0-9a-f]{3}|[0-9a-f]{6})$", "^v?\\d+\\.\\d+\\.\\d+$", "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", "^\\S+$", "\\S", "^\\s*\\S.*$", ".+", "^.{1,10}$", "^$|^[a-z]{3}$", "^(?:\\+?1)?[2-9]\\d{9}$",
    "^[a-zA-Z_][a-zA-Z0-9_]*$", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "^(?!.*--)[a-z-]{3,20}$", "^(?=.*\\d)(?=.*[a-z]).{8,20}$", "^(?!admin$).+$", "^(?!\\s*$).+", "^[\\w.-]+$", "^\\w+(\\s\\w+)*$", "^\\/[a-z/]*$", "^https?://[^\\s/$.?#].[^\\s]*$", "^\\{.*\\}$",
    "^[\\u4e00-\\u9fa5]+$", "^\\p{L}+$", "^\\p{Lu}\\p{Ll}*$", "^[\\p{L}\\p{N} '-]{1,30}$", "^[+-]?\\d+(\\.\\d+)?$", "^(0|[1-9]\\d*)$", "^([01]\\d|2[0-3]):[0-5]\\d$", "^\\d{4}-(0[1-9]|1[0-2])$", "^(\\d{1,3}\\.){3}\\d{1,3}$", "^[a-f0-9]{40}$", "^[A-Za-z0-9+/]*={0,2}$", "^sk-[A-Za-z0-9]{20,}$", "^arn:aws:[a-z0-9-]+:[a-z0-9-]*:\\d{12}:.+$", "^[^<>]*$",
    "^(([a-z]+)-?)+$", "^a{2,}b{0,3}c?$", "^\\x41\\u0042\\t?$", "^[\\]\\[\\\\^-]+$", "^[\\w-]{21}$", "^\\+[1-9]\\d{1,14}$", "^(GET|POST|PUT|DELETE)$", "^[0-9A-HJKMNP-TV-Z]{26}$", "^c[^\\s-]{8,}$", "\\bword\\b", "^\\d+(?:\\.\\d{1,2})?$", "^(?<year>\\d{4})-(?<month>\\d{2})$", "^[^\\x00-\\x1f]*$", "^\"[^\"]*\"$", "^.*$", "", "^[xX]$", "(^|,)a(,|$)",
)
add("patterns", *[one(s(pattern=p)) for p in PATTERNS], *[one(x) for x in (
    s(pattern="^[a-z]+$", maxLength=10), s(pattern="^[a-z]+$", minLength=3), s(pattern="^[a-z-]+$", minLength=2, maxLength=39), s(pattern="^\\d+$", maxLength=4), s(pattern="foo", maxLength=8), s(pattern="^[a-zA-Z0-9_-]+$", minLength=1, maxLength=64), s(pattern="^(ab)*$", minLength=5, maxLength=9), s(pattern="^[A-Z]", maxLength=255), s(pattern=".", maxLength=1),
    s(pattern="^[^/]+/[^/]+$", maxLength=100), s(pattern="^\\S.*\\S$", minLength=2, maxLength=50), s(pattern="^[a-z]$", minLength=1, maxLength=1), {"pattern": "^x"}, {"type": ["string", "null"], "pattern": "^[a-z]{2}$"}, s(pattern="^[\\s\\S]{1,5}$"), s(pattern="^[^a]{2}$"), s(pattern="^(?:(?:a|b)|(?:c|d)){3}$", minLength=3),
)])

# --- zod 3 with zod-to-json-schema, zod 4's own ------------------------------------------------------------------------
Z4 = {"$schema": D2020}
Z3 = {"$schema": DRAFT7}
ZOD4_EMAIL = "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$"
ZOD4_UUID = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}|00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff)$"
ZOD4_UUID4 = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$"
ZOD4_DATE = "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))$"
ZOD4_DATETIME = ZOD4_DATE[:-1] + "T(?:(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z))$"
ZOD4_TIME = "^(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d+)?)?$"
ZOD4_DURATION = "^P(?:(\\d+W)|(?!.*W)(?=\\d|T\\d)(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+([.,]\\d+)?S)?)?)$"
ZOD4_IPV4 = "^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])$"
ZOD4_IPV6 = "^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))$"
SAFE = {"minimum": -9007199254740991, "maximum": 9007199254740991}
add("zod", *[obj({"v": x}, closed=True, **Z4) for x in (
    s(format="email", pattern=ZOD4_EMAIL), s(format="uuid", pattern=ZOD4_UUID), s(format="uuid", pattern=ZOD4_UUID4), s(format="date", pattern=ZOD4_DATE), s(format="date-time", pattern=ZOD4_DATETIME), s(format="time", pattern=ZOD4_TIME), s(format="duration", pattern=ZOD4_DURATION), s(format="ipv4", pattern=ZOD4_IPV4), s(format="ipv6", pattern=ZOD4_IPV6),
    s(format="cidrv4", pattern="^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])\\/([0-9]|[1-2][0-9]|3[0-2])$"), s(format="base64", contentEncoding="base64", pattern="^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$"), s(format="base64url", contentEncoding="base64url", pattern="^[A-Za-z0-9_-]*$"),
    s(format="e164", pattern="^\\+(?:[0-9]){6,14}[0-9]$"), s(format="cuid", pattern="^[cC][^\\s-]{8,}$"), s(format="cuid2", pattern="^[0-9a-z]+$"), s(format="ulid", pattern="^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$"), s(format="nanoid", pattern="^[a-zA-Z0-9_-]{21}$"), s(format="xid", pattern="^[0-9a-vA-V]{20}$"), s(format="ksuid", pattern="^[A-Za-z0-9]{27}$"),
    s(format="emoji", pattern="^(\\p{Extended_Pictographic}|\\p{Emoji_Component})+$"), s(format="lowercase", pattern="^[^A-Z]*$"), s(format="uri"), s(format="jwt"), s(minLength=1, maxLength=100), s(pattern="^pre.*"), s(pattern=".*end$"), s(allOf=[{"pattern": "^a.*"}, {"pattern": ".*z$"}]), s(format="regex", pattern="abc"),
    i(**SAFE), i(exclusiveMinimum=0, maximum=9007199254740991), i(minimum=0, maximum=9007199254740991), n(exclusiveMinimum=0), n(multipleOf=5), i(minimum=-2147483648, maximum=2147483647), n(minimum=-3.4028234663852886e38, maximum=3.4028234663852886e38), BOOLEAN, NULL, {}, {"type": "boolean"},
    anyof(STRING, NUMBER), anyof(STRING, NULL), enum("a", "b"), {"type": "number", "enum": [1, 2, 3]}, {"type": "string", "const": "lit"}, {"type": "number", "const": 42}, arr(STRING, minItems=1), arr(NUMBER, minItems=2, maxItems=4), {"type": "array", "prefixItems": [STRING, NUMBER]}, {"type": "array", "prefixItems": [STRING], "items": NUMBER},
    {"type": "object", "propertyNames": STRING, "additionalProperties": NUMBER}, {"type": "object", "propertyNames": {"type": "string", "enum": ["x", "y"]}, "additionalProperties": STRING, "required": ["x", "y"]}, {"type": "object", "propertyNames": {"type": "string", "pattern": "^[a-z]{1,5}$"}, "additionalProperties": {}}, {"allOf": [obj({"a": STRING}), obj({"b": NUMBER})]},
    {"default": "x", "type": "string"}, {"readOnly": True, "type": "string"}, anyof(obj({"t": {"type": "string", "const": "a"}, "n": NUMBER}, closed=True), obj({"t": {"type": "string", "const": "b"}, "s": STRING}, closed=True)), {"oneOf": [obj({"t": {"type": "string", "const": "a"}}, closed=True), obj({"t": {"type": "string", "const": "b"}}, closed=True)]},
)], *[obj(x, r, closed=True, **Z3) for x, r in (
    ({"name": STRING, "age": NUMBER}, None), ({"email": s(format="email"), "site": s(format="uri")}, ["email"]), ({"tags": arr(STRING, maxItems=5), "kind": enum("x", "y")}, ["kind"]), ({"n": {"type": ["string", "null"]}, "m": {"type": ["number", "null"]}}, None), ({"when": s(format="date-time"), "id": s(format="uuid")}, None), ({"set": arr(STRING, uniqueItems=True)}, None),
    ({"rec": {"type": "object", "additionalProperties": s(minLength=1)}}, None), ({"tuple": {"type": "array", "minItems": 2, "maxItems": 2, "items": [STRING, NUMBER]}}, None), ({"nested": obj({"deep": obj({"er": BOOLEAN}, closed=True)}, closed=True)}, None), ({"lit": {"type": "string", "const": "tuna"}, "nil": NULL}, None), ({"int": i(exclusiveMinimum=0), "mult": n(multipleOf=0.5)}, None),
    ({"any": {}, "unk": {}}, []), ({"u": {"type": ["string", "number", "boolean"]}}, None), ({"cat": {"$ref": "#"}, "name": STRING}, ["name"]), ({"a": STRING, "b": {"$ref": "#/properties/a"}}, None), ({"map": {"type": "object", "additionalProperties": NUMBER, "propertyNames": {"minLength": 1}}}, None), ({"b64": s(contentEncoding="base64"), "r": s(pattern="^[0-9a-f]+$", minLength=4)}, None),
    ({"e": {"type": "string", "format": "email", "minLength": 5}, "c": s(minLength=3, maxLength=3)}, None), ({"inter": {"allOf": [obj({"a": STRING}), obj({"b": STRING})], "unevaluatedProperties": False}}, None), ({"bigint": i(format="int64")}, None),
)])

# --- pydantic 2 --------------------------------------------------------------------------------------------------------
def model(title, properties, required=None, defs=None, **more):
    schema = {"properties": {k: {"title": k.replace("_", " ").title(), **v} if "$ref" not in v else v for k, v in properties.items()}}
    required = list(properties) if required is None else required
    if required:
        schema["required"] = required
    schema.update({"title": title, "type": "object", **more})
    return {"$defs": defs, **schema} if defs else schema


ADDRESS = model("Address", {"street": STRING, "city": STRING, "zip_code": s(pattern="^\\d{5}$")})
COLOR = {"enum": ["red", "green", "blue"], "title": "Color", "type": "string"}
LEVEL = {"enum": [1, 2, 3], "title": "Level", "type": "integer"}
CAT = model("Cat", {"pet_type": {"const": "cat", "type": "string"}, "meows": INTEGER})
DOG = model("Dog", {"pet_type": {"const": "dog", "type": "string"}, "barks": NUMBER})
NODE = model("Node", {"value": INTEGER, "children": arr(ref("Node"), default=[])}, ["value"])
LINKED = model("Linked", {"value": STRING, "next": anyof(ref("Linked"), NULL, default=None)}, ["value"])
add(
    "pydantic",
    model("User", {"id": INTEGER, "name": {"default": "Jane", **STRING}, "signup": anyof(s(format="date-time"), NULL)}, ["id", "signup"]), model("M", {"address": ref("Address")}, defs={"Address": ADDRESS}), model("M", {"color": ref("Color"), "level": ref("Level")}, defs={"Color": COLOR, "Level": LEVEL}),
    model("M", {"color": {"allOf": [ref("Color")], "default": "red"}}, [], defs={"Color": COLOR}), model("M", {"color": {"$ref": "#/$defs/Color", "default": "red", "description": "d"}}, [], defs={"Color": COLOR}), model("M", {"pet": {"discriminator": {"mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"}, "propertyName": "pet_type"}, "oneOf": [ref("Cat"), ref("Dog")]}}, defs={"Cat": CAT, "Dog": DOG}),
    {"$defs": {"Node": NODE}, "$ref": "#/$defs/Node"}, {"$defs": {"Node": NODE}, "allOf": [{"$ref": "#/$defs/Node"}]}, model("M", {"head": anyof(ref("Linked"), NULL)}, defs={"Linked": LINKED}), model("M", {"b": s(format="binary")}), model("M", {"s": arr(STRING, uniqueItems=True)}), model("M", {"s": arr(INTEGER, uniqueItems=True, maxItems=5)}), model("M", {"d": anyof(NUMBER, s(pattern="^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$"))}),
    model("M", {"price": anyof(n(exclusiveMinimum=0), s(pattern="^(?!^[-+.]*$)[+-]?0*(?:\\d{0,8}|(?=[\\d.]{1,11}0*$)\\d{0,8}\\.\\d{0,2}0*$)"))}), model("M", {"u": s(format="uri", maxLength=2083, minLength=1)}), model("M", {"e": s(format="email")}), model("M", {"t": s(format="time"), "d": s(format="date"), "td": s(format="duration")}), model("M", {"ip": s(format="ipv4"), "ip6": s(format="ipv6"), "any": s(format="ipvanyaddress")}),
    model("M", {"p": s(format="path"), "f": s(format="file-path")}), model("M", {"secret": s(format="password", writeOnly=True)}), model("M", {"j": s(contentMediaType="application/json", contentSchema={})}), model("M", {"con": i(exclusiveMinimum=0, multipleOf=3)}), model("M", {"con": n(minimum=0.0, maximum=100.0)}), model("M", {"con": s(minLength=2, maxLength=10, pattern="^[a-z]+$")}), model("M", {"lst": arr(INTEGER, minItems=1, maxItems=10)}),
    model("M", {"tup": {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [INTEGER, STRING]}}), model("M", {"tup": {"type": "array", "items": INTEGER}}), model("M", {"frozen": arr(enum("x", "y", "z"), uniqueItems=True)}), model("M", {"dct": {"type": "object", "additionalProperties": {"type": "integer"}}}), model("M", {"dct": {"type": "object", "propertyNames": {"pattern": "^[a-z]{1,8}$"}, "additionalProperties": STRING}}),
    model("M", {"dct": {"type": "object", "additionalProperties": ref("Address")}}, defs={"Address": ADDRESS}), model("M", {"dct": {"type": "object", "additionalProperties": arr(anyof(STRING, INTEGER))}}), model("M", {"dct": {"type": "object", "propertyNames": ref("Color"), "additionalProperties": INTEGER}}, defs={"Color": COLOR}), model("M", {"any": {}}), model("M", {"opt": anyof(STRING, NULL, default=None)}, []), model("M", {"lit": {"enum": ["a", 1, None]}}),
    model("M", {"lit": {"const": 1, "type": "integer"}}), model("M", {"union": anyof(INTEGER, STRING, arr(NUMBER))}), model("M", {"x": INTEGER}, additionalProperties=False), model("M", {"x": INTEGER}, additionalProperties=True), model("M", {"camelCase": STRING, "with-dash": STRING, "with space": STRING, "ünï": STRING}), model("M", {"x": {"examples": [1, 2], "deprecated": True, "type": "integer", "exclusiveMaximum": 10}}), model("M", {}, []),
    model("M", {"a": ref("A"), "b": ref("B")}, defs={"A": model("A", {"b": anyof(ref("B"), NULL)}), "B": model("B", {"as": arr(ref("A"))})}), model("M", {"g": ref("Box_int_")}, defs={"Box_int_": model("Box[int]", {"item": INTEGER})}), model("M", {"deep": arr(arr(arr(INTEGER, maxItems=3), maxItems=3), maxItems=3)}), {"items": ref("Address"), "type": "array", "$defs": {"Address": ADDRESS}}, {"anyOf": [ref("Cat"), ref("Dog")], "$defs": {"Cat": CAT, "Dog": DOG}},
    {"type": "object", "additionalProperties": ref("Color"), "$defs": {"Color": COLOR}}, model("Expr", {"expr": ref("E")}, defs={"E": {"anyOf": [INTEGER, ref("Add")]}, "Add": model("Add", {"l": ref("E"), "r": ref("E")})}), model("M", {"steps": arr(model("Step", {"explanation": STRING, "output": STRING})), "final": STRING}), model("M", {"date_range": {"type": "array", "prefixItems": [s(format="date"), s(format="date")], "minItems": 2, "maxItems": 2}}), model("M", {"neg": i(maximum=0), "pos": i(minimum=0), "frac": n(exclusiveMinimum=0, exclusiveMaximum=1)}),
    model("M", {"b": s(format="base64url"), "bb": s(format="base64")}), model("M", {"uuid1": s(format="uuid1"), "uuid4": s(format="uuid4")}), model("M", {"cc": s(pattern="^\\w{2}$", title="c"), "col": s(format="color")}), model("M", {"x": {"type": "string", "default": None, "maxLength": 5}}, []), model("M", {"json": {"type": "object", "title": "J", "default": {}}}, []), model("M", {"a": anyof(BOOLEAN, enum("auto", "never"))}), model("M", {"past": s(format="date-past"), "tz": s(format="zoneinfo")}),
)

# --- OpenAI's own shapes -----------------------------------------------------------------------------------------------
def strict(properties, defs=None):
    schema = obj(properties, closed=True)
    return {**schema, "$defs": defs} if defs else schema


UI = strict({
    "type": enum("div", "button", "header", "section", "field", "form", description="The type"), "label": STRING,
    "children": arr({"$ref": "#"}), "attributes": arr(strict({"name": STRING, "value": STRING})),
})
add(
    "openai",
    strict({"name": STRING, "date": STRING, "participants": arr(STRING)}), strict({"steps": arr(strict({"explanation": STRING, "output": STRING})), "final_answer": STRING}), UI, strict({"linked_list": ref("ln")}, {"ln": strict({"value": NUMBER, "next": anyof(ref("ln"), NULL)})}), strict({"location": STRING, "unit": {"type": ["string", "null"], "enum": ["F", "C", None]}}),
    strict({"item": anyof(strict({"name": STRING, "age": NUMBER}), strict({"number": STRING, "street": STRING, "city": STRING}))}), strict({"name": s(pattern="^[a-zA-Z0-9_]+$"), "email": s(format="email")}), strict({"location": STRING, "unit": {"type": ["string", "null"], "enum": ["celsius", "fahrenheit", None], "description": "u"}, "value": n(minimum=-130, maximum=130)}), strict({"categories": arr(enum("violence", "sexual", "self_harm")), "is_violating": BOOLEAN, "explanation_if_violating": {"type": ["string", "null"]}}),
    strict({"title": STRING, "authors": arr(STRING), "abstract": STRING, "keywords": arr(STRING)}), strict({"x": i(multipleOf=2, minimum=0, maximum=20)}), strict({"when": s(format="date-time"), "day": s(format="date"), "at": s(format="time"), "for": s(format="duration")}), strict({"host": s(format="hostname"), "v4": s(format="ipv4"), "v6": s(format="ipv6"), "id": s(format="uuid")}), strict({"items": arr(strict({"sku": s(pattern="^[A-Z]{3}-\\d{4}$"), "qty": i(minimum=1, maximum=99)}), minItems=1, maxItems=5)}),
    strict({"a": ref("s"), "b": arr(ref("s"))}, {"s": strict({"t": STRING, "sub": anyof(ref("s"), NULL)})}), strict({"operator": enum("=", ">", "<", "<=", ">=", "!="), "value": anyof(STRING, NUMBER, strict({"column_name": STRING}))}), strict({"table_name": {"type": "string", "enum": ["orders", "customers"]}, "columns": arr(enum("id", "status", "expected_delivery_date")), "conditions": arr(strict({"column": STRING, "operator": enum("=", "<"), "value": {"type": ["string", "number"]}})), "order_by": enum("asc", "desc")}),
    strict({"sentiment": enum("positive", "negative", "neutral"), "confidence": n(minimum=0, maximum=1)}), strict({"choice": {"type": "string", "const": "yes"}}), strict({"query": STRING, "k": {"type": ["integer", "null"]}}), strict({"email": s(pattern="^\\S+@\\S+$"), "body": STRING, "cc": arr(s(format="email"), maxItems=3)}), strict({"response": {"anyOf": [strict({"kind": enum("text"), "text": STRING}), strict({"kind": enum("refusal"), "reason": STRING})]}}), strict({"": STRING}), strict({"a\"b\\c": INTEGER, "d/e~f": INTEGER}),
    obj({"city": STRING, "country": STRING}), obj({"queries": arr(STRING, description="q"), "source_filter": {"type": "array", "items": STRING}}), obj({"path": STRING, "recursive": BOOLEAN}, ["path"], closed=True, description="d", title="t"), obj({"order_id": s(description="o")}, closed=True), obj({"code": STRING, "language": enum("python", "javascript")}), obj({"size": enum("256x256", "512x512", "1024x1024"), "n": i(minimum=1, maximum=10, default=1)}, []), obj({"command": arr(STRING), "workdir": STRING, "timeout": NUMBER}, ["command"], closed=True),
    obj({"plan": arr(obj({"step": STRING, "status": enum("pending", "in_progress", "completed")}, closed=True)), "explanation": STRING}, ["plan"], closed=True), obj({"input": STRING}, closed=True), {"type": "object", "properties": {"cmd": {"type": ["string", "array"], "items": STRING}}, "required": ["cmd"]}, obj({"session_id": NUMBER, "chars": STRING, "yield_time_ms": NUMBER}, ["session_id"], closed=True),
)

# --- MCP servers' tools ------------------------------------------------------------------------------------------------
PATHS = {"path": STRING}
REPO = {"owner": s(description="Repository owner"), "repo": s(description="Repository name")}
PAGED = {"page": n(description="Page", minimum=1), "perPage": n(description="Results", minimum=1, maximum=100)}
add(
    "mcp",
    obj(PATHS, closed=True, **Z3), obj({"path": STRING, "head": NUMBER, "tail": NUMBER}, ["path"], closed=True, **Z3), obj({"paths": arr(STRING)}, closed=True, **Z3), obj({"path": STRING, "content": STRING}, closed=True, **Z3), obj({"path": STRING, "edits": arr(obj({"oldText": s(description="x"), "newText": STRING}, closed=True)), "dryRun": {"type": "boolean", "default": False}}, ["path", "edits"], closed=True, **Z3),
    obj({"source": STRING, "destination": STRING}, closed=True, **Z3), obj({"path": STRING, "pattern": STRING, "excludePatterns": arr(STRING, default=[])}, ["path", "pattern"], closed=True, **Z3), {"type": "object", "properties": {}, "required": []}, obj({"url": s(format="uri", minLength=1, title="Url"), "max_length": i(default=5000, exclusiveMaximum=1000000, exclusiveMinimum=0), "start_index": i(default=0, minimum=0), "raw": {"type": "boolean", "default": False}}, ["url"], title="Fetch"),
    obj({**REPO, **PAGED, "state": enum("open", "closed", "all")}, ["owner", "repo"]), obj({**REPO, "title": STRING, "body": STRING, "labels": arr(STRING), "assignees": arr(STRING), "milestone": NUMBER}, ["owner", "repo", "title"], closed=True), obj({**REPO, "issue_number": NUMBER}), obj({**REPO, "path": STRING, "content": STRING, "message": STRING, "branch": STRING, "sha": STRING}, ["owner", "repo", "path", "content", "message", "branch"]),
    obj({**REPO, "pull_number": NUMBER, "event": enum("APPROVE", "REQUEST_CHANGES", "COMMENT"), "comments": arr(anyof(obj({"path": STRING, "position": NUMBER, "body": STRING}, closed=True), obj({"path": STRING, "line": NUMBER, "body": STRING}, closed=True)))}, ["owner", "repo", "pull_number", "event"]), obj({"query": STRING, "sort": enum("stars", "forks", "updated"), "order": enum("asc", "desc"), **PAGED}, ["query"]), obj({"channel_id": STRING, "text": STRING}), obj({"channel_id": STRING, "thread_ts": s(description="ts"), "limit": n(default=10)}, ["channel_id"]),
    obj({"channel_id": STRING, "timestamp": STRING, "reaction": STRING}), obj({"sql": STRING}), obj({"entities": arr(obj({"name": STRING, "entityType": STRING, "observations": arr(STRING)}))}), obj({"relations": arr(obj({"from": STRING, "to": STRING, "relationType": STRING}))}), obj({"names": arr(STRING)}), obj({"thought": STRING, "nextThoughtNeeded": BOOLEAN, "thoughtNumber": i(minimum=1), "totalThoughts": i(minimum=1), "isRevision": BOOLEAN, "revisesThought": i(minimum=1), "branchId": STRING}, ["thought", "nextThoughtNeeded", "thoughtNumber", "totalThoughts"]),
    obj({"url": STRING, "launchOptions": {"type": "object"}, "allowDangerous": BOOLEAN}, ["url"]), obj({"name": STRING, "selector": STRING, "width": NUMBER, "height": NUMBER, "encoded": BOOLEAN}, ["name"]), obj({"apiVersion": STRING, "kind": STRING, "namespace": STRING, "labelSelector": s(pattern="([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")}, ["apiVersion", "kind"]), obj({"resource": s(description="yaml")}), obj({"namespace": STRING, "name": STRING, "tail": i(minimum=0, default=100), "previous": BOOLEAN}, ["name"]),
    obj({"timezone": STRING}), obj({"source_timezone": STRING, "time": STRING, "target_timezone": STRING}), obj({"repo_path": STRING, "files": arr(STRING)}), obj({"repo_path": STRING, "max_count": i(default=10), "start_timestamp": anyof(STRING, NULL, default=None)}, ["repo_path"], title="GitLog"), obj({"query": s(maxLength=400), "count": n(minimum=1, maximum=20, default=10), "offset": n(maximum=9, default=0)}, ["query"]), obj({"origins": arr(STRING), "destinations": arr(STRING), "mode": enum("driving", "walking", "bicycling", "transit")}, ["origins", "destinations"]),
    obj({"latitude": n(minimum=-90, maximum=90), "longitude": n(minimum=-180, maximum=180)}), obj({"locations": arr(obj({"latitude": NUMBER, "longitude": NUMBER}))}), obj({"a": {"type": "object", "propertyNames": STRING, "additionalProperties": STRING}}, closed=True), obj({"filters": {"type": "object", "additionalProperties": anyof(STRING, NUMBER, BOOLEAN, arr(STRING))}}, []), obj({"database_id": s(format="uuid"), "filter": {"type": "object"}, "sorts": arr(obj({"property": STRING, "direction": enum("ascending", "descending")}))}, ["database_id"]),
    obj({"page_id": s(pattern="^[0-9a-f]{32}$"), "properties": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}}), obj({"issueKey": s(pattern="^[A-Z][A-Z0-9]+-\\d+$"), "fields": arr(STRING)}, ["issueKey"]), obj({"jql": STRING, "limit": i(minimum=1, maximum=50, default=10), "start_at": i(minimum=0, default=0), "projects_filter": STRING}, ["jql"]), obj({"cloudId": STRING, "bodyFormat": enum("storage", "atlas_doc_format"), "expand": {"type": "array", "items": STRING, "uniqueItems": True}}, ["cloudId"]),
    obj({"cron": s(pattern="^(\\S+\\s){4}\\S+$"), "enabled": BOOLEAN}), obj({"to": arr(s(format="email"), minItems=1), "subject": s(minLength=1, maxLength=78), "body": STRING, "attachments": arr(obj({"name": STRING, "content": s(contentEncoding="base64")}), maxItems=3)}, ["to", "subject", "body"]), obj({"element": s(description="Human-readable"), "ref": STRING, "doubleClick": BOOLEAN, "button": enum("left", "right", "middle")}, ["element", "ref"], closed=True, **Z3), obj({"fields": arr(obj({"name": STRING, "type": enum("textbox", "checkbox", "radio", "combobox", "slider"), "ref": STRING, "value": STRING}, closed=True))}, closed=True, **Z3),
    obj({"width": NUMBER, "height": NUMBER}, closed=True, **Z3), obj({"accept": BOOLEAN, "promptText": STRING}, ["accept"], closed=True, **Z3), obj({"time": NUMBER, "text": STRING, "textGone": STRING}, [], closed=True, **Z3), obj({"action": enum("list", "new", "close", "select"), "index": NUMBER}, ["action"], closed=True, **Z3), obj({"libraryName": STRING}), obj({"context7CompatibleLibraryID": STRING, "topic": STRING, "tokens": {"type": "number"}}, ["context7CompatibleLibraryID"]), obj({"collection": STRING, "pipeline": arr({"type": "object", "additionalProperties": True}), "limit": i(maximum=1000)}, ["collection", "pipeline"]),
    obj({"documents": arr({"type": "object", "additionalProperties": {}}, minItems=1)}), obj({"key": STRING, "value": {}, "ttl": i(minimum=-1)}, ["key", "value"]), obj({"bucket": s(pattern="^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"), "prefix": STRING, "max_keys": i(minimum=1, maximum=1000)}, ["bucket"]), obj({"region": enum("us-east-1", "eu-west-1"), "instance_ids": arr(s(pattern="^i-[0-9a-f]{8,17}$"), minItems=1, uniqueItems=True)}), obj({"markdownDescription": STRING, "m": s(markdownDescription="**x**", examples=["a"], order=1)}, []),
    obj({"amount": i(minimum=1), "currency": s(minLength=3, maxLength=3, pattern="^[a-z]{3}$"), "metadata": {"type": "object", "maxProperties": 50, "additionalProperties": s(maxLength=500)}}, ["amount", "currency"]), obj({"cells": arr(arr({"type": ["string", "number", "null"]}))}), obj({"range": s(pattern="^[A-Z]+[0-9]+(:[A-Z]+[0-9]+)?$"), "values": arr(arr(STRING, minItems=1), minItems=1)}), obj({"svg": STRING, "opts": obj({"w": i(minimum=1), "bg": s(pattern="^#[0-9a-f]{6}$")}, [])}, ["svg"]), obj({"args": {"type": "object", "required": ["id"], "properties": {"id": {"type": ["integer", "string"]}}}}),
    obj({"recurrence": {"oneOf": [obj({"freq": {"const": "daily"}}), obj({"freq": {"const": "weekly"}, "days": arr(enum("mo", "tu"), minItems=1)})]}}), obj({"where": {"$ref": "#/definitions/cond"}}, definitions={"cond": {"anyOf": [obj({"and": arr({"$ref": "#/definitions/cond"})}), obj({"field": STRING, "op": enum("eq", "ne"), "value": STRING})]}}),
)

# --- Gemini, OpenAPI, Anthropic, TypeBox, LangChain, JSON Schema's drafts and odd but legal ones -------------------------
add(
    "gemini",
    obj({"a": STRING}, closed=True, propertyOrdering=["a"]), obj({"recipe_name": STRING, "ingredients": arr(STRING)}, propertyOrdering=["recipe_name", "ingredients"]), arr(obj({"recipe_name": STRING, "ingredients": arr(STRING)}, propertyOrdering=["ingredients", "recipe_name"])), enum("Percussion", "String", "Woodwind", format="enum"), obj({"grade": enum("a+", "a", "b", format="enum"), "n": i(format="int32")}), obj({"x": s(nullable=True), "y": i(nullable=True, minimum=0)}, ["x"]),
    obj({"rating": i(minimum=1, maximum=5), "when": s(format="date-time")}, ["rating"]), obj({"list": arr(n(format="float"), minItems=1, maxItems=3)}), obj({"u": anyof(STRING, obj({"t": STRING}))}, example={"u": "x"}), obj({"opt": anyof(STRING, NULL, title="o", default=None)}, []),
)
add(
    "openapi",
    obj({"id": i(format="int64"), "name": STRING, "photoUrls": arr(STRING, xml={"name": "photoUrl", "wrapped": True}), "status": enum("available", "pending", "sold")}, ["name", "photoUrls"], xml={"name": "Pet"}), obj({"at": s(format="date-time", readOnly=True), "pw": s(format="password", writeOnly=True, minLength=8)}), {"allOf": [{"$ref": "#/definitions/Base"}, obj({"extra": STRING})], "definitions": {"Base": obj({"id": INTEGER})}}, s(nullable=True), obj({"v": {"type": "string", "nullable": True, "enum": ["a", None]}}), obj({"n": n(exclusiveMinimum=0, maximum=1)}, externalDocs={"url": "https://e.org"}),
    {"$schema": DRAFT4, **obj({"a": {"type": "integer", "minimum": 0, "exclusiveMinimum": True}}, closed=True)}, {"$schema": DRAFT4, **obj({"a": n(maximum=10, exclusiveMaximum=True)})}, {"$schema": DRAFT4, **obj({"a": n(minimum=1, exclusiveMinimum=False)})}, {"$schema": DRAFT4, "id": "https://example.org/x.json", "type": "object", "definitions": {"p": {"type": "integer"}}, "properties": {"q": {"$ref": "#/definitions/p"}}, "required": ["q"]}, obj({"x": {"type": "string", "example": "e", "x-go-name": "X"}}, **{"x-internal": True}),
    {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "components": {"schemas": {"Cat": obj({"k": {"const": "cat"}}), "Dog": obj({"k": {"const": "dog"}})}}, "discriminator": {"propertyName": "k"}}, obj({"page": i(minimum=1, default=1), "limit": i(minimum=1, maximum=100, default=20), "sort": s(pattern="^-?[a-z_]+$")}, []), obj({"error": obj({"code": i(minimum=400, maximum=599), "message": STRING, "details": arr({"type": "object"})}, ["code", "message"])}),
)
add(
    "anthropic",
    obj({"location": s(description="The city and state, e.g. San Francisco, CA"), "unit": enum("celsius", "fahrenheit")}, ["location"]), obj({"ticker": STRING}), obj({"command": enum("view", "create", "str_replace", "insert"), "path": STRING, "view_range": arr(INTEGER, minItems=2, maxItems=2)}, ["command", "path"]), obj({"file_path": STRING, "offset": i(minimum=0, maximum=9007199254740991), "limit": i(exclusiveMinimum=0, maximum=9007199254740991)}, ["file_path"], closed=True, **Z4),
    obj({"command": STRING, "timeout": NUMBER, "run_in_background": BOOLEAN}, ["command"], closed=True, **Z4), obj({"todos": arr(obj({"content": s(minLength=1), "status": enum("pending", "in_progress", "completed"), "activeForm": s(minLength=1)}, closed=True))}, closed=True, **Z4), obj({"questions": arr(obj({"question": STRING, "options": arr(obj({"label": STRING, "description": STRING}, closed=True), minItems=2, maxItems=4), "multiSelect": {"type": "boolean", "default": False}}, ["question", "options"], closed=True), minItems=1, maxItems=4), "answers": {"type": "object", "propertyNames": STRING, "additionalProperties": STRING}}, ["questions"], closed=True, **Z4),
    obj({"query": s(minLength=2), "allowed_domains": arr(STRING), "blocked_domains": arr(STRING)}, ["query"], closed=True, **Z4), obj({"url": s(format="uri"), "prompt": STRING}, closed=True, **Z4), obj({"pattern": STRING, "output_mode": enum("content", "files_with_matches", "count"), "-A": NUMBER, "-i": BOOLEAN, "head_limit": NUMBER}, ["pattern"], closed=True, **Z4), obj({"name": STRING, "email": s(format="email"), "plan_interest": STRING, "demo_requested": BOOLEAN}, closed=True), obj({"edits": arr(obj({"old": STRING, "new": STRING, "all": {"default": False, "type": "boolean"}}, ["old", "new"], closed=True), minItems=1)}, closed=True),
)
add(
    "typebox",
    {"$id": "T", **obj({"x": NUMBER, "y": NUMBER})}, {"type": "object", "patternProperties": {"^(.*)$": NUMBER}}, {"type": "object", "patternProperties": {"^(0|[1-9][0-9]*)$": STRING}}, {"anyOf": [{"const": "A", "type": "string"}, {"const": "B", "type": "string"}]}, {"allOf": [obj({"x": NUMBER}), obj({"y": NUMBER})], "unevaluatedProperties": False}, {"type": "array", "items": [NUMBER, NUMBER], "additionalItems": False, "minItems": 2, "maxItems": 2}, s(pattern="^(A|B)-(1|2)$"), {"$id": "Node", **obj({"id": STRING, "nodes": arr({"$ref": "Node"})})},
    {"type": "array", "uniqueItems": True, "items": NUMBER}, {"type": "object", "properties": {"a": {"const": True, "type": "boolean"}}, "required": ["a"]}, {"not": {"type": "string"}, "type": ["integer", "boolean"]}, i(minimum=10, maximum=20, exclusiveMaximum=20), {"type": "object", "unevaluatedProperties": INTEGER, "allOf": [obj({"a": STRING})]}, s(pattern="^([0-9]{4})-([a-z]+)$", minLength=6, maxLength=12),
)
add(
    "references",
    {"$defs": {"E": {"$anchor": "e", "type": "integer"}}, "type": "object", "properties": {"a": {"$ref": "#e"}}, "required": ["a"]}, {"$id": "https://example.org/root.json", "$defs": {"item": {"$id": "item.json", "type": "string", "maxLength": 4}}, "type": "array", "items": {"$ref": "item.json"}}, {"$id": "https://example.org/root.json", "$defs": {"item": {"type": "boolean"}}, "items": {"$ref": "https://example.org/root.json#/$defs/item"}, "type": "array"},
    {"$id": "https://example.org/a/root.json", "$defs": {"x": {"$id": "sub/x.json", "$defs": {"y": {"type": "integer", "minimum": 1}}, "$ref": "#/$defs/y"}}, "$ref": "sub/x.json"}, {"$defs": {"a b/c~d%": STRING}, "$ref": "#/$defs/a%20b~1c~0d%25"}, {"properties": {"p": {"type": "object", "properties": {"q": INTEGER}}, "r": {"$ref": "#/properties/p/properties/q"}}, "type": "object", "required": ["r"]}, {"definitions": {"t": {"type": "object", "properties": {"sub": {"$ref": "#/definitions/t"}}, "additionalProperties": False}}, "$ref": "#/definitions/t"},
    {"$defs": {"t": {"oneOf": [INTEGER, {"type": "array", "items": {"$ref": "#/$defs/t"}}]}}, "$ref": "#/$defs/t"}, {"type": "object", "properties": {"n": INTEGER, "c": {"$ref": "#"}}, "required": ["n"], "additionalProperties": False}, {"$dynamicAnchor": "node", "type": "object", "properties": {"v": INTEGER, "kids": arr({"$dynamicRef": "#node"}, maxItems=2)}, "required": ["v"], "additionalProperties": False}, {"$defs": {"s": s(minLength=1)}, "type": "object", "properties": {"a": ref("s", maxLength=3)}, "required": ["a"]}, {"$defs": {"used": INTEGER, "unused": {"$ref": "https://elsewhere.example/schema.json"}}, "$ref": "#/$defs/used"},
    {"items": {"$ref": "#/prefixItems/0"}, "prefixItems": [{"type": "integer"}], "type": "array", "minItems": 2}, {"$defs": {"json": {"anyOf": [STRING, NUMBER, BOOLEAN, NULL, arr(ref("json")), {"type": "object", "additionalProperties": ref("json")}]}}, "$ref": "#/$defs/json"}, {"$defs": {"tree": obj({"v": INTEGER, "l": anyof(NULL, ref("tree")), "r": anyof(NULL, ref("tree"))}, closed=True)}, "allOf": [ref("tree"), {"properties": {"v": i(minimum=0)}}]}, {"$defs": {"a": ref("b"), "b": ref("c"), "c": {"const": 3}}, "anyOf": [ref("a"), NULL]}, {"$defs": {"l": {"type": "object", "properties": {"next": ref("l"), "v": INTEGER}, "required": ["v"], "minProperties": 1}}, **ref("l")},
    {"$defs": {"p": obj({"n": STRING, "friends": arr(ref("p"), maxItems=2)}, ["n"], closed=True)}, **ref("p", description="d", title="t")}, {"$recursiveAnchor": True, "$schema": "https://json-schema.org/draft/2019-09/schema", "type": "object", "properties": {"c": {"type": "array", "items": {"$recursiveRef": "#"}, "maxItems": 2}}, "additionalProperties": False}, {"$defs": {"even": {"anyOf": [NULL, obj({"o": ref("odd")}, closed=True)]}, "odd": obj({"e": ref("even")}, closed=True)}, **ref("even")},
)
add(
    "odd",
    obj({"a": s(description="", title="")}, closed=True), obj({"type": STRING, "properties": STRING, "required": BOOLEAN, "enum": arr(STRING), "$ref": STRING}), obj({"default": s(default="x"), "const": {"const": "const"}}), {"type": "object", "properties": {"a": True, "b": {}}, "required": ["a"]}, obj({"a": False, "b": INTEGER}, ["b"]), {"type": ["object"], "properties": {"a": {"type": ["integer"]}}, "required": ["a"]}, {"$comment": "c", "type": "integer", "$vocabulary": {}}, obj({"a": STRING}, minItems=3, maxLength=2), {"properties": {"a": INTEGER}, "required": ["a"]},
    {"items": INTEGER, "maxItems": 3}, {"required": ["a"]}, {"minLength": 2}, {"minimum": 5}, {"type": "string", "maxLength": 3.0}, obj({str(k): INTEGER for k in range(30)}, closed=True), obj({"p%d" % k: STRING for k in range(60)}, [], closed=True), obj({"k%d" % k: enum(*["v%d" % v for v in range(40)]) for k in range(5)}), enum(*["option %d" % k for k in range(300)]), {"anyOf": [{"const": k} for k in range(80)]}, {"anyOf": [obj({"t": {"const": "t%d" % k}, "f%d" % k: STRING}) for k in range(25)]}, s(unknownKeyword=True, another={"deep": [1]}), {"deprecated": True, "examples": [1], "type": "integer", "maximum": 3},
    obj({"a": s(contentMediaType="text/html"), "b": s(contentEncoding="quoted-printable")}), obj({"a": s(errorMessage="no", **{"ui:widget": "textarea"})}, [], **{"ui:order": ["a"]}), {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": {"type": "array", "items": INTEGER, "maxItems": 1}, "maxItems": 1}, "maxItems": 1}, "maxItems": 1}, {"title": "Any"}, {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": INTEGER, "maxProperties": 1}, "maxProperties": 1}, "maxProperties": 1}, obj({"long": s(minLength=30, maxLength=40), "exact": arr(INTEGER, minItems=12, maxItems=12)}),
    {"type": "object", "properties": {"x": {"enum": [1.0, 2.5, -3e2]}}, "required": ["x"]}, {"type": "integer", "enum": [10, 20], "default": 10, "title": "n"}, {"minProperties": 1, "maxProperties": 2, "type": ["object", "null"], "additionalProperties": BOOLEAN}, {"type": "object", "propertyNames": {"anyOf": [{"pattern": "^a"}, {"const": "zz"}]}, "additionalProperties": INTEGER}, {"type": "object", "properties": {"a": INTEGER, "b": INTEGER}, "propertyNames": {"enum": ["a", "c"]}, "required": ["a"]}, {"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^[a-c]$"}, "additionalProperties": {"const": 1}},
    {"type": "array", "minItems": 3, "uniqueItems": True, "items": enum("x", "y", "z")}, {"type": "array", "items": {"anyOf": [STRING, INTEGER]}, "minItems": 1, "uniqueItems": True}, {"type": "object", "properties": {"m": arr(arr(n(minimum=0, maximum=1), minItems=3, maxItems=3), minItems=3, maxItems=3)}, "required": ["m"]}, {"type": "string", "pattern": "^(?:[a-z]{3}){1,2}$", "maxLength": 4}, {"type": ["number", "string"], "minimum": 1, "pattern": "^n/a$"}, {"enum": [0, False, "", None, [], {}]},
)


def main():
    lines, seen = [], set()
    for origin, schema in LIST:
        text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        if text not in seen:
            seen.add(text)
            lines.append(json.dumps({"origin": origin}, separators=(",", ":"))[:-1] + ',"schema":' + text + "}")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(lines), "schemas")


main()
