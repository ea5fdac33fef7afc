"""Writes src/runtime/test/resources/jinja/*.json: what Jinja2 itself makes of the cases below.

Run with Debian's Python after changing a case: /usr/bin/python3 src/runtime/test/python/jinja_golden.py
"""

import json
import pathlib

import jinja_reference
from jinja_chats import CHATS

# Every section is a list of templates or of (template, context); CONTEXT is what the others get.
CONTEXT = {
    "s": "Hello World", "empty": "", "u": "Zürich 😀 ǅ ß", "lines": "one\n  two\n\nthree\n", "pad": "  x y \t\n",
    "html": "<b>&amp; \"q\" 'r'</b>", "i": 7, "neg": -3, "zero": 0, "big": 123456789012345678901234567890,
    "f": 2.5, "g": 1e16, "h": 1e-7, "t": True, "n": None, "no": False,
    "l": [3, 1, 2], "ls": ["b", "A", "c"], "nested": [[1, 2], [3, [4, None]]], "el": [],
    "d": {"b": 1, "a": [1, 2], "items": "shadow", "x y": None}, "ed": {},
    "users": [
        {"name": "Ann", "age": 30, "tags": ["x", "y"], "address": {"city": "Oslo"}},
        {"name": "bob", "age": 25, "tags": [], "address": {"city": "Rome"}},
        {"name": "Cy", "age": 30, "tags": ["z"], "address": {"city": "Oslo"}},
    ],
    "messages": [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"}, {"role": "user", "content": "Bye"},
    ],
}

# Addresses of objects, and complex numbers, which Finch refuses by name.
UNCOMPARABLE = [" at 0x", "j)"]

SECTIONS = {}


def expressions(name, text):
    """One expression a line."""
    SECTIONS.setdefault(name, []).extend(
        "{{ " + line.strip() + " }}" for line in text.strip().splitlines() if line.strip())


def templates(name, *all_templates):
    SECTIONS.setdefault(name, []).extend(all_templates)


def product(name, pattern, *lists):
    """Every combination; @ and # and $ stand for the lists' items."""
    cases = [pattern]
    for mark, items in zip("@#$", lists):
        cases = [case.replace(mark, item) for case in cases for item in items]
    SECTIONS.setdefault(name, []).extend(cases)


VALUES = ["s", "empty", "i", "neg", "zero", "big", "f", "g", "t", "n", "l", "el", "d", "ed", "(1, 'a')", "missing", "u",
          "range(3)", "d.items()", "s.upper", "namespace(a=1)", "(l|map('string'))"]
PRINTABLE = [v for v in VALUES if v not in ("s.upper", "(l|map('string'))")]

# --- literals and printing
product("literals", "{{ @ }}", [
    "1", "0", "007" , "0x1F", "0b101", "0o17", "1_000", "1.0", "1e3", "1E-5", "1.5e300", "1e16", "1e15", "123456789.125", "0.1",
    "1e22", "1e-4", "1e-5", "100000000000000000000", "1.e5", ".5", "true", "True", "false", "False", "none", "None", "'a'", '"a"',
    "'a' 'b' \"c\"", r"'\n|\t|\\|\''", r"'\x41\u00e9\U0001F600'", r"'\101'", r"'\q'", r"'\é'", r"'\N{BULLET}'", r"'\x4'", r"'\u12'",
    "'a\\\nb'", "'é😀'", "[]", "[1]", "[1,]", "[1, 'a', none, [true]]", "()", "(1,)", "(1, 2)", "1, 2", "1,", "{}", "{'a': 1}",
    "{'a': 1,}", "{1: 2, 'b': {'c': [none]}}", "{1: 'a', true: 'b', 1.0: 'c'}", "{(1, 2): 'x'}", "{[]: 1}", "[[1, 2], (3,), {}]",
    "['it\\'s', 'say \"x\"', 'both \\' and \"']", "['a\\nb', 'tab\\t', '\\x00\\x7f\\xa0', 'é', '\\u200b', '😀']", "[1.0, 1e16, -0.0, 0.1]",
    "-1", "--1", "+1", "- 1.5", "-'a'", "+true", "-true", "not 1", "not not ''", "not none", "(1)", "((1))", "", "1 2", "[1 2]", "{1}",
    "'unterminated", "(1", "1)", "a b", "1 +", "* 1", "@x", "a;b", "a!b", "ä", "_x", "1x", "x.1", "'%s' % 1", "{'a': 1}.a", "[1, 2].0", "'abc'.1",
    "true.real", "1 .real", "1.0.real", "none.x", "undefined_name", "undefined_name.x", "undefined_name['x']", "undefined_name()",
])
product("literals", "{{ @ }}|{{ [@] }}|{{ @|string|length }}", PRINTABLE)
product("literals", "{{ [@]|length }}{{ 'T' if @ else 'F' }}", VALUES)

# --- operators
OPERANDS = ["7", "-7", "0", "2.5", "-2.5", "true", "'ab'", "[1]", "(1,)", "none", "big", "missing"]
product("arithmetic", "{{ @ # $ }}", OPERANDS, ["+", "-", "*", "/", "//", "%", "**"], ["3", "-2", "0.5", "'x'", "[2]", "false", "2", "0"])
product("comparisons", "{{ @ # $ }}", ["1", "1.0", "true", "'a'", "'B'", "[1, 2]", "(1, 2)", "none", "{'a': 1}", "missing", "big", "u"],
        ["==", "!=", "<", ">=", "in", "not in"], ["1", "'a'", "'abc'", "[1, 2]", "(1, 2, 3)", "{'a': 1}", "none", "2.5", "missing", "range(2)"])
expressions("operators", r"""
1 + 2 * 3
(1 + 2) * 3
2 ** 3 ** 2
-2 ** 2
2 ** -1
2 * 3 ** 2
7 // 2 * 2
-7 // 2
-7 % 3
7 % -3
7.5 % -2
-7.5 // 2
1 - -1
1 - - 1
1+1
i+1
i -1
i-1
n ~ 1
1 ~ 2 ~ 'x'
1 + 1 ~ 2
'a' ~ 1 + 1
1 ~ 2 * 3
l ~ d
true ~ none
'a' + 'b' * 2
3 * 'ab'
'ab' * -1
[0] * 3
(1,) * 2
[1] + [2, 3]
(1,) + (2,)
[1] + (2,)
'a' + 1
1 < 2 < 3
1 < 3 < 2
1 < 2 == true
1 == 1 == 1
3 > 2 > 1 != 0
1 <= 1.0 <= true
'a' < 'b' < 'c'
'Z' < 'a'
'é' > 'z'
'a' in 'abc' in ['abc']
not 1 == 2
not 1 in [2]
1 not in [2]
not i is odd
i is not odd
i is odd and s
i and s
zero and s
zero or s
zero or empty or n
n or 'x' and 'y'
t and not no
'yes' if i > 3 else 'no'
'yes' if i > 30 else 'no' if i > 20 else 'maybe'
'yes' if no
('yes' if no) is defined
'a' if t else 'b' ~ 'c'
('a' if t else 'b') ~ 'c'
1 if 0 else 2 if 0 else 3
s if s is string and s|length > 3 else 'short'
big * big
big // 7
big % 1000
big - big
big ** 2
-big
2 ** 100
10 ** 20 / 10 ** 18
2 ** 0.5
0 ** 0
0.0 ** 0
9007199254740993 + 0.0
1e308 * 10
1 / 3
2 / 2
1e16 + 1
0.1 + 0.2
3.0 * 2
7 // 2.0
1 / 0
1 % 0
1.0 // 0
5 % 3.0
'%s and %s' % ('a', 1)
'%d%%' % 50
'%5.1f|%-6s|%06d|%x|%X|%o|%e|%g|%c|%r' % (2.25, 'ab', -42, 255, 255, 8, 12345.678, 0.0001, 'z', 'q')
'%(a)s-%(b)03d' % {'a': 'x', 'b': 7}
'%s' % [1, 2]
'%s' % d.a
'%s' % 'a'
'%s %s' % 'a'
'%s' % (1, 2)
'%d' % 'x'
'%d' % 3.99
'%i' % true
'%+d % d' % (5, 5)
'%.3s' % 'abcdef'
'%*d' % (5, 42)
'%.0f %.0f %.0f' % (0.5, 1.5, 2.5)
'%g %g %g' % (1e10, 1e-5, 123456)
'%#x %#o' % (255, 8)
'%q' % 1
'%' % 1
'%s' % missing
'%s' % none
missing + 1
1 + missing
missing ~ 'x'
missing == missing
missing == none
missing or 'default'
missing and 'x'
not missing
missing in [1]
'a' in missing
1 in none
1 in 5
l[0] + l[-1]
{} == {}
{'a': 1} == {'a': 1.0}
[1, [2]] == [1, [2]]
range(3) == range(0, 3)
range(3) == [0, 1, 2]
d.keys() == d.keys()
(1, 2) < (1, 3)
[1, 'a'] < [1, 'b']
[1, 'a'] < [1, 2]
none < 1
{} < {}
""")

# --- access
expressions("access", r"""
d.a
d['a']
d.b
d['missing']
d.missing
d.missing.x
d.items
d['items']
d.items()
d.keys()
d.values()
d.get('a')
d.get('zz')
d.get('zz', 5)
d.get('zz', default=5)
d.get('n', none)
d.get()
d.get([])
d.items()|list
d.keys()|list
d.values()|list|length
d.copy()
d.pop('a')
d.update({})
d.setdefault('q', 1)
d.clear
d.pop is defined
d.nosuch is defined
d.fromkeys([1, 2], 'v')
d[1]
d[[1]]
d[n]
{1: 'a'}[true]
{1: 'a'}[1.0]
{none: 'x'}[n]
{(1, 2): 'y'}[1, 2]
l[0]
l[-1]
l[5]
l[-5]
l['0']
l.0
l.first
l['index']
l[1.0]
l[true]
l[none]
l[big]
l.append(1)
l.append
l.insert
l.index(2)
l.index(9)
l.count(1)
l.copy()
l.extend([1])
(1, 2, 1).count(1)
(1, 2).index(2)
(1, 2).append
s[0]
s[-1]
s[50]
s[1:3]
s[::-1]
s[::2]
s[-5:]
s[:-1]
s[3:1]
s[10:2:-2]
s[:100]
s[none:2]
s['x':]
s[::0]
u[0]
u[7]
u[7:9]
u[::-1]
u[-3:]
u|length
l[1:]
l[:2]
l[::-1]
l[5:]
l[-2:]
l[:-1]
l[100:200]
l[-100:2]
l[2:0:-1]
l[::2]
l[1:2:3]
(1, 2, 3)[1:]
(1, 2, 3)[::-1]
range(10)[2:5]
range(10)[::3]
range(10)[5]
range(10)[-1]
range(10)[50]
range(10)[::-1]
d[1:2]
n[1:2]
missing[1:]
messages[0].content
messages[0]['content']
messages[-1].role
messages[0]['role'] ~ messages[1]['role']
messages[1:]|length
messages[1:][0].role
users[0].address.city
users[0]['address']['city']
users[0].address['city']
users[5].name
users[5].name.x
users.0.name
s.__class__
s.__class__.__mro__
s['__class__']
s._private
d.__class__
d._x
''.__class__.__base__
s.upper.__self__
l.__len__
i.real
i.imag
i.numerator
i.denominator
i.bit_length()
f.is_integer()
3.0.is_integer()
(3.0).is_integer()
i.nothing
i.nothing()
n.x
n['x']
t.real
range(3).start
range(1, 9, 2).stop
range(1, 9, 2).step
range(5).index(3)
range(5).count(3)
range(1, 2)
range(5, 0, -2)|list
range(0)|list
range(100001)
range(1, 2, 0)
range('a')
range()
range(1.5)
dict()
dict(a=1, b='x')
dict([('a', 1), ('b', 2)])
dict({'a': 1}, b=2)
dict([1])
dict(**d)
dict(d, **{'z': 1}).z
namespace(a=1)
namespace(a=1).a
namespace(a=1).b
namespace({'a': 1}, b=2).b
namespace(a=1)['a']
namespace()|length
joiner()()
range
dict
namespace is callable
range is callable
s is callable
s.upper is callable
missing is callable
lipsum is callable
raise_exception is defined
strftime_now is defined
strftime_now('%Y-%m-%d')
strftime_now('%d %b %Y')
strftime_now('%A, %B %d, %Y %H:%M:%S.%f %p %I %j %y %a %w %%')
strftime_now('%-d %-m %e|%U %W %V %G %u|%D %F %T %R|%c|%x|%X')
strftime_now('no')
strftime_now()
raise_exception('bad')
raise_exception(1)
raise_exception()
nosuch()
nosuch.f()
s()
s.nosuch()
5()
none()
""")

# --- methods of text
TEXTS = ["s", "empty", "u", "pad", "'aXbXc'", "\"it's a-b c\"", "'ABC'", "'123'", "'a\\tb'"]
product("methods", "{{ @.#|pprint }}", TEXTS, [
    "upper()", "lower()", "title()", "capitalize()", "swapcase()", "casefold()", "strip()", "lstrip()", "rstrip()", "split()", "rsplit()",
    "splitlines()", "isdigit()", "isalpha()", "isalnum()", "isspace()", "isupper()", "islower()", "istitle()", "isnumeric()", "isdecimal()",
    "isascii()", "isidentifier()", "isprintable()", "zfill(5)", "center(9, '*')", "ljust(6, '.')", "rjust(6)", "partition('X')",
    "rpartition('X')", "find('X')", "rfind('X')", "count('')", "replace('', '-')", "expandtabs(4)", "encode is defined"])
expressions("methods", r"""
'a,b,,c'.split(',')
'a,b,,c'.split(',', 1)
'a,b,,c'.rsplit(',', 1)
'a,b,,c'.rsplit(',', maxsplit=2)
'a,b'.split(sep=',')
' a  b  c '.split(none, 1)
' a  b  c '.rsplit(none, 1)
' a  b '.split(' ')
'abc'.split('')
'abc'.split(1)
''.split()
''.split(',')
'a<think>b</think>c'.split('</think>')[-1]
'a</think>b'.split('</think>')|last
'xxabcxx'.strip('x')
'xxabcyx'.lstrip('x')
'xxabcyx'.rstrip('xy')
'abc'.strip('')
'abc'.strip(none)
'abc'.strip(1)
'\n\nab\n'.strip('\n')
'a\nb\r\nc\rd\x0be\u2028f'.splitlines()
'a\nb\n'.splitlines(true)
'\n'.splitlines()
'abcabc'.find('c')
'abcabc'.find('c', 3)
'abcabc'.find('c', 0, 2)
'abcabc'.find('c', -2)
'abcabc'.rfind('b')
'abcabc'.rfind('b', 0, 3)
'abc'.find('')
'abc'.find('', 5)
'abc'.index('z')
'abc'.index('b')
'abcabc'.rindex('a')
'ü😀x'.find('x')
'aaa'.count('aa')
'aaa'.count('a', 1)
'abc'.startswith('a')
'abc'.startswith(('x', 'a'))
'abc'.startswith('b', 1)
'abc'.startswith('')
'abc'.startswith(1)
'abc'.startswith(['a'])
'abc'.endswith('c')
'abc'.endswith(('b', 'bc'))
'abc'.endswith('b', 0, 2)
'abc'.removeprefix('a')
'abc'.removeprefix('x')
'abc'.removesuffix('bc')
'abc'.removesuffix('')
'aaa'.replace('a', 'b', 2)
'aaa'.replace('a', 'b', 0)
'aaa'.replace('aa', 'b')
'abc'.replace('', '-', 2)
'ü😀'.replace('', '.')
''.replace('', 'x')
'abc'.replace('b')
'abc'.replace(1, 2)
', '.join(['a', 'b'])
', '.join(ls)
''.join([])
', '.join([1])
'-'.join('abc')
'-'.join(d)
'-'.join(ls|map('upper'))
'x'.join(5)
'a'.center(5)
'ab'.center(5)
'abc'.center(6, '*')
'abc'.center(2)
'abc'.center(6, 'ab')
'😀'.center(4, '-')
'7'.zfill(3)
'-7'.zfill(4)
'+7'.zfill(4)
'abc'.ljust(5) ~ '|'
'abc'.rjust(5, '0')
'{} {}'.format('a', 1)
'{0} {1} {0}'.format('a', 1)
'{a} {b}'.format(a=1, b='x')
'{a[0]} {b.real}'.format(a=[5], b=3)
'{:>5}|{:<5}|{:^5}|'.format('a', 'b', 'c')
'{:*^7}'.format('x')
'{:05d} {:+d} {:x} {:#x} {:b} {:o} {:,} {:_}'.format(42, 42, 255, 255, 5, 8, 1234567, 1234567)
'{:.2f} {:8.3f} {:e} {:g} {:%}'.format(3.14159, 2.5, 12345.678, 0.00001, 0.25)
'{!r} {!s}'.format('a', 'b')
'{:>{}}'.format('a', 4)
'{{}} {}'.format(1)
'{'.format()
'}'.format()
'{}'.format()
'{a}'.format()
'{} {0}'.format(1)
'{:d}'.format('a')
'{:s}'.format(1)
'{:.1}'.format('abc')
'{:,.2f}'.format(1234567.891)
'{:010.3f}'.format(-3.14159)
'{}'.format(none)
'{:5}'.format(true)
'{:5}|'.format(2.0)
'{0.__class__}'.format('a')
'{a}'.format_map({'a': 1})
'a-b_c d'.title()
"they're bill's".title()
'ǆ'.title()
'ßa'.capitalize()
'ÄÖ'.lower()
'straße'.upper()
'Σας'.lower()
'x'.upper
'abc'.translate({97: 'z', 98: none})
'a.b.c'.partition('.')
'a.b.c'.rpartition('.')
'abc'.partition('.')
'²'.isdigit()
'½'.isnumeric()
'ΣΑΣ ẞ ı ꭰ Ꭰ ᏸ ﬀ ǅ İ'.casefold()
['五', '仟', '柒', '廾', '零', '𠃢', '人'] | map('upper') | list
'五'.isnumeric() and '仟'.isnumeric() and '柒'.isnumeric() and '卌'.isnumeric() and '𠃢'.isnumeric()
'人'.isnumeric()
[5e-324, -5e-324, 1e-323, 1.5e-323, 2e-323, 2.5e-323, 9.9e-5, 1.2e22, 2e-308]
'٣'.isdecimal()
'Ⅷ'.isalpha()
'a1'.isalnum()
'_a'.isidentifier()
'1a'.isidentifier()
'\x00'.isprintable()
'Hello There'.istitle()
'ab\tc'.expandtabs()
'ab\tc'.expandtabs(2)
""")

# --- filters
product("filters", "{{ @|#|pprint }}", PRINTABLE, [
    "length", "list", "first", "last", "upper", "trim", "string", "int", "float", "abs", "join", "join(', ')", "sort", "unique|list",
    "reverse|list", "default('D')", "default('D', true)", "tojson", "sum", "min", "max", "title", "capitalize", "batch(2)|list", "slice(2)|list",
    "map('string')|list", "select|list", "reject|list", "dictsort", "items|list", "escape", "urlencode", "wordcount", "round", "center(5)",
    "replace('a', 'b')", "indent", "truncate(5)", "striptags", "filesizeformat", "pprint", "count", "xmlattr"])
expressions("filters", r"""
-5|abs
-5.5|abs
(-5)|abs
l|attr('append')
s|attr('upper')
d|attr('a')
d|attr('items')
users[0]|attr('name')
missing|attr('x')
s|attr('__class__')
[1, 2, 3, 4, 5]|batch(2)|list
[1, 2, 3]|batch(2, 'x')|list
[1, 2, 3]|batch(2, fill_with=0)|list
[]|batch(2)|list
[1, 2, 3]|batch(0)|list
[1, 2, 3, 4, 5]|slice(2)|list
[1, 2, 3, 4, 5]|slice(3, 'x')|list
[1]|slice(3)|list
[1]|slice(0)|list
'hello WORLD'|capitalize
'x'|center(7)
'x'|center(7)|length
s|center
missing|default
missing|default('x')
missing|d('x')
n|default('x')
n|default('x', true)
empty|default('x', boolean=true)
0|d(5, true)
missing.x|default('y')
d.missing|default('y')
d|dictsort
{'b': 1, 'A': 2, 'c': 0}|dictsort
{'b': 1, 'A': 2, 'c': 0}|dictsort(true)
{'b': 1, 'A': 2, 'c': 0}|dictsort(false, 'value')
{'b': 1, 'A': 2}|dictsort(reverse=true)
{'b': 1, 'A': 2}|dictsort(by='x')
{1: 1, 'a': 2}|dictsort
html|e
html|escape
html|e|e
html|forceescape
html|e|forceescape
html|safe
html|e|upper
html|e|length
html|e ~ html
html|e + html
html + html|e
(html|e).replace('b', '<')
['<', '>'|safe]|join('&')
html|e is escaped
html is escaped
[html|e]
500|filesizeformat
1|filesizeformat
0|filesizeformat
1000|filesizeformat
1024|filesizeformat(true)
1500000|filesizeformat
1e30|filesizeformat
'1234'|filesizeformat
-5|filesizeformat
'abc'|first
'abc'|last
[]|first
{}|first
d|first
d|last
(l|map('string'))|first
(l|map('string'))|last
5|first
'3.7'|float
'x'|float
'x'|float(1.5)
' 1e3 '|float
'inf'|float
'nan'|float
'1_0.5'|float
'1__0'|float
'0x10'|float
n|float
l|float
missing|float
'3.7'|int
'42'|int
' 42 '|int
'x'|int
'x'|int(5)
'x'|int(default=none)
'0x1f'|int(0, 16)
'1f'|int(base=16)
'101'|int(0, 2)
'0b11'|int(base=0)
'z'|int(base=36)
'1_000'|int
'1__0'|int
'１２'|int
''|int
3.99|int
-3.99|int
true|int
n|int
l|int
'1e3'|int
'nan'|int
'inf'|int
missing|int
big|int
'123456789012345678901234567890'|int
'%s-%s'|format('a', 1)
'%(x)s'|format(x=1)
'%s'|format('a', x=1)
'%s'|format
'%d items'|format(3)
users|groupby('age')
users|groupby('address.city')|map('first')|list
users|groupby('age')|map(attribute='grouper')|list
users|groupby('nope')
users|groupby('nope', default=1)|length
users|groupby('name')|map('last')|map('length')|list
lines|indent
lines|indent(2)
lines|indent(2, true)
lines|indent(2, first=true, blank=true)
lines|indent('> ')
lines|indent(width=0)
''|indent(4, true)
'a\n\nb'|indent(3, false, true)
5|indent
l|join
l|join('-')
l|join(d='+')
users|join(', ', attribute='name')
users|join(', ', 'address.city')
'abc'|join('.')
[1, none, true, 'x', 1.0, [2]]|join(' ')
missing|join(',')
5|join
[]|join(',')
l|last
l|length
n|length
5|length
range(7)|length
(l|map('string'))|length
'abc'|list
d|list
range(3)|list
5|list
'ABC'|lower
5|lower
none|upper
d|items|list
n|items|list
users|map(attribute='name')|list
users|map(attribute='address.city')|join(',')
users|map(attribute='tags.0')|list
users|map(attribute='tags.0', default='-')|list
users|map(attribute='nope', default='-')|list
users|map('length')|list
ls|map('upper')|list
ls|map('replace', 'b', 'q')|list
ls|map('nosuch')|list
ls|map()|list
ls|map(attribute='x', foo=1)|list
[]|map('nosuch')|list
ls|map('default', 'x')|list
l|map('string')|map('int')|sum
[[1, 2], [3]]|map('sum')|list
[[1, 2], [3]]|map('first')|list
['%s!', '%s?']|map('format', 'a')|list
users|map('attr', 'name')|list
l|max
l|min
ls|max
ls|min
ls|max(true)
ls|min(case_sensitive=true)
users|max(attribute='age')|attr('x')
(users|min(attribute='age')).name
[]|max
[]|max is defined
[1, 'a']|max
[1, 2.5, true]|max
'hello'|max
[3, 1]|pprint
{'b': [1, 2], 'a': 'x'}|pprint
users|pprint
('word ' * 40)|pprint
[('word ' * 30), 'x']|pprint
{'key': 'word ' * 30}|pprint
'line one\nline two\n'|pprint
['line one\n' * 15]|pprint
range(40)|list|pprint
('a' * 100)|pprint
(1,)|pprint
{'a': {'b': {'c': range(30)|list}}}|pprint
[[1, 2, 3]] * 12|pprint
([[1, 2, 3]] * 12)|pprint
({'x': 1, 1: 2})|pprint
l|reject('odd')|list
l|select('odd')|list
l|select('>', 1)|list
l|select('in', [1, 2])|list
l|select('divisibleby', 3)|list
l|reject('equalto', 1)|list
[0, 1, '', 'a', none]|select|list
[0, 1, '', 'a', none]|reject|list
l|select('nosuch')|list
l|select('odd', 1)|list
[]|select('nosuch')|list
users|selectattr('tags')|map(attribute='name')|list
users|selectattr('age', 'equalto', 30)|map(attribute='name')|list
users|selectattr('age', '>=', 30)|list|length
users|rejectattr('age', 'eq', 30)|map(attribute='name')|list
users|rejectattr('tags')|map(attribute='name')|list
users|selectattr('address.city', 'in', ['Rome'])|map(attribute='name')|list
users|selectattr('nope', 'defined')|list
users|rejectattr('nope', 'defined')|list|length
users|selectattr|list
messages|selectattr('role', 'equalto', 'user')|map(attribute='content')|join('|')
messages|rejectattr('role', '==', 'system')|list|length
(messages|selectattr('role', 'equalto', 'user')|list)[-1].content
messages|selectattr('role', 'eq', 'tool')|list|first|default('none')
'aXbX'|replace('X', '-')
'aXbX'|replace('X', '-', 1)
'aXbX'|replace('X', '-', count=1)
5|replace(5, 6)
'a'|replace('a')
'abc'|reverse
l|reverse|list
l|reverse
d|reverse|list
range(3)|reverse|list
(l|map('string'))|reverse
5|reverse
2.5|round
3.5|round
2.567|round(2)
2.567|round(2, 'floor')
2.567|round(2, 'ceil')
2.5|round(method='ceil')
1234|round(-2)
1250|round(-2)
1234.5|round(-2)
7|round
7|round(1)
-2.5|round
0.5|round
2.675|round(2)
2.1|round(1, 'common')
2.1|round(0, 'x')
'a'|round
7|round(2, 'floor')
1e300|round(5)
l|sort
ls|sort
ls|sort(true)
ls|sort(reverse=true)
ls|sort(false, true)
ls|sort(case_sensitive=true)
users|sort(attribute='name')|map(attribute='name')|list
users|sort(attribute='age')|map(attribute='name')|list
users|sort(attribute='age', reverse=true)|map(attribute='name')|list
users|sort(attribute='age,name')|map(attribute='name')|list
users|sort(attribute='address.city,age')|map(attribute='name')|list
users|sort
[1, 'a']|sort
[3, 1.5, true]|sort
[[2, 1], [1, 2]]|sort
['b', 'B', 'a', 'A']|sort
'hello'|sort
5|sort
d|sort
5|string
none|string
'a'|string
'<p>a  <b>b</b>\n c</p><!-- x -->'|striptags
'a &lt; b &amp; c'|striptags
'1 < 2'|striptags
'a <!--> b <!---> c'|striptags
'a <!-- b > c'|striptags
l|sum
users|sum(attribute='age')
l|sum(start=10)
[[1], [2]]|sum(start=[])
['a']|sum
[]|sum
[1, 2.5]|sum
'hello world foo-bar'|title
"it's (a) [b] {c} <d>"|title
pad|trim
'xxaxx'|trim('x')
5|trim
'foo bar baz qux'|truncate(9)
'foo bar baz qux'|truncate(9, true)
'foo bar baz qux'|truncate(11)
'foo bar baz qux'|truncate(9, false, '..')
'foo bar baz qux'|truncate(9, leeway=0)
'foo bar baz qux'|truncate(9, true, '', 0)
'foo bar baz qux'|truncate(2)
'foobarbazqux'|truncate(6, leeway=0)
'😀😀😀😀😀😀😀😀😀😀😀'|truncate(5, true, '.', 0)
[1, 1.0, true, 'a', 'A', 2]|unique|list
['a', 'A']|unique(true)|list
users|unique(attribute='age')|map(attribute='name')|list
[[1]]|unique|list
'aAb'|unique|join
'a b/c?d=é&f'|urlencode
{'a b': 'c/d', 'e': 1}|urlencode
[('a', 1), ('b', 'ü')]|urlencode
5|urlencode
'see http://example.com/x?y=1. or www.foo.org, (https://a.b/c) mail a@b.cd end'|urlize
'http://example.com/abcdefghij'|urlize(10)
'http://example.com'|urlize(nofollow=true, target='_blank')
'foo.com bar.xyz localhost http://1.2.3.4:80/'|urlize
'tel:123 x'|urlize(extra_schemes=['tel:'])
'<http://x.com> & "q"'|urlize
'a b  c-d e_f'|wordcount
''|wordcount
'the quick brown fox jumps over the lazy dog'|wordwrap(15)
'the quick brown fox'|wordwrap(15, wrapstring='|')
'averyveryverylongword and short'|wordwrap(10)
'averyveryverylongword and short'|wordwrap(10, false)
'well-known state-of-the-art things'|wordwrap(12)
'well-known state-of-the-art things'|wordwrap(12, break_on_hyphens=false)
'a\nb  c\n\nd'|wordwrap(3)
'word -- dash--dash x'|wordwrap(6)
'  lead and trail  '|wordwrap(8)
{'class': 'a b', 'id': none, 'x': '<'}|xmlattr
{'class': 'a'}|xmlattr(false)
{}|xmlattr
{'a b': 1}|xmlattr
{'a': missing, 'b': 1}|xmlattr
d|tojson
d|tojson(indent=2)
nested|tojson(indent=1)
users|tojson(indent=4)
[]|tojson(indent=2)
{}|tojson(indent=2)
[[], {}]|tojson(indent=2)
d|tojson(separators=(',', ':'))
d|tojson(indent=2, separators=(',', ': '))
d|tojson(indent='--')
d|tojson(indent=0)
{'b': 1, 'a': 2}|tojson(sort_keys=true)
{'é': '😀\u2028<>&\x7f'}|tojson
{'é': '😀\u2028<>&\x7f'}|tojson(ensure_ascii=true)
'a"b\\c\n\t\r\b\f\x01/'|tojson
[1.0, 1e16, 1e-7, 0.1, -0.0, 1e22, 12345678901234567890]|tojson
['inf'|float, '-inf'|float]|tojson
{1: 'a', none: 'b', true: 'c', 2.5: 'd'}|tojson
{(1, 2): 1}|tojson
(1, 2)|tojson
missing|tojson
range(3)|tojson
(l|map('string'))|tojson
namespace(a=1)|tojson
s.upper|tojson
d.items()|tojson
html|e|tojson
big|tojson
d|tojson|length
d|tojson is string
d|tojson is escaped
d|tojson(true)
d|tojson(false, 2)
d|tojson(foo=1)
d|nosuch
s|upper|lower|title|length
s|replace('o', '0')|upper
(s|upper)[0]
s|upper.lower()
s|upper()
s|upper(1)
l|map('string')|join('+')|length
l|join(',')|upper ~ '!'
-1|abs
2 * 3|string
1 + 2|string|length
not s|length
s|length > 3
s|length is odd
'a' if s|length > 3 else 'b'
""")

# --- tests
TESTS = ["defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "true", "false", "mapping", "sequence", "iterable",
         "callable", "escaped", "lower", "upper", "odd", "even", "eq 1", "ne 1", "divisibleby 2", "in [1, 7, 'Hello World']"]
product("tests", "{{ @ is # }}{{ @ is not # }}", VALUES, TESTS)
expressions("tests", r"""
i is divisibleby 7
i is divisibleby(7)
i is divisibleby 0
i is eq 7
i is == 7
i is equalto(7)
i is gt 5
i is greaterthan 5
i is ge 7
i is lt 5
i is lessthan 50
i is le 7
i is ne 7
i is in [7]
i is not in [7]
i is in(l)
s is in 'xHello Worldx'
n is sameas none
t is sameas true
1 is sameas 1
l is sameas l
1 is sameas true
'upper' is filter
'nosuch' is filter
'odd' is test
'nosuch' is test
i is nosuch
i is odd or s is string
i is odd and s is string
not i is odd
i is odd is true
(i is odd) is true
i is odd == true
'ABC' is upper
'abc' is lower
'' is lower
5 is upper
i is string(1)
i is defined and i > 5
missing is defined or 'x'
d.a is defined
d.q is defined
d.a is iterable and d.a is not string
d.a is sequence and d.a is not mapping
messages[0].content is string
users[0].address is mapping
i is number and i is not float
l is eq [3, 1, 2]
i is divisibleby i
i is eq -7
i is in [1] + [7]
i is lt 5 + 5
""")

# --- statements
templates("if",
    "{% if i %}a{% endif %}", "{% if zero %}a{% else %}b{% endif %}", "{% if zero %}a{% elif i %}b{% else %}c{% endif %}",
    "{% if zero %}a{% elif zero %}b{% elif n %}c{% else %}d{% endif %}", "{% if missing %}a{% endif %}|", "{% if missing.x %}a{% endif %}",
    "{% if 1, %}a{% endif %}", "{% if i == 7 and s is defined %}y{% endif %}", "{% if (i) %}y{% endif %}", "{% if not (i and zero) %}y{% endif %}",
    "{% if %}a{% endif %}", "{% if i %}a", "{% endif %}", "{% else %}", "{% if i %}a{% endfor %}", "{% if i %}a{% else %}b{% else %}c{% endif %}",
    "{% if i %}{% set x = 1 %}{% endif %}{{ x }}", "{% if zero %}{% set x = 1 %}{% endif %}{{ x }}|{{ x is defined }}",
    "{% if zero %}{% set s = 1 %}{% endif %}{{ s }}", "{% if i %}{% set s = 1 %}{% else %}{% set s = 2 %}{% endif %}{{ s }}",
    "{% if i %}{% if t %}a{% endif %}b{% endif %}", "{% if i: %}x{% endif %}", "{% if i if t else no %}x{% endif %}", "{%if i%}x{%endif%}",
    "{% if zero %}{{ s|nosuch }}{% endif %}ok", "{{ s|nosuch }}", "{% if i %}{{ s|nosuch }}{% endif %}", "{% for x in [] %}{{ x|nosuch }}{% endfor %}",
    "{{ 'a' if t else s|nosuch }}", "{{ 'a' if no else s|nosuch }}", "{% if zero %}{{ s is nosuch }}{% endif %}ok", "{{ s is nosuch }}",
    "{% if zero %}{% for x in l %}{{ x|nosuch }}{% endfor %}{% endif %}ok", "{% nosuch %}", "{% nosuch x %}{% endnosuch %}", "{% %}", "{% do l.append(1) %}",
    "{% include 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{% extends 'x' %}", "{% break %}", "{% continue %}",
    "{% print i %}", "{% print i, s %}", "{% print %}", "{{ i }}{{ s }}", "{{i}}", "{{ }}", "{{", "{%", "{#", "}}", "%}", "{{ i }", "{% if i }%}",
    "{{ i %}", "{% if i }}", "text only", "", "\n", "a\n", "a\n\n", "{{ i }}\n", "{% if i %}\n{% endif %}\n")
LOOP = ["index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem", "nextitem", "nothing",
        "cycle('a', 'b')", "changed(x)", "changed(x > 1)", "cycle()"]
product("for", "{% for x in @ %}[{{ loop.# }}]{% endfor %}", ["l", "[]", "'ab'", "l|map('string')", "range(3)", "d", "l|select('odd')"], LOOP)
templates("for",
    "{% for x in l %}{{ x }},{% endfor %}", "{% for x in l %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for x in [] %}a{% else %}b{% endfor %}", "{% for x in l %}a{% else %}b{% endfor %}", "{% for x in missing %}a{% else %}b{% endfor %}",
    "{% for x in none %}a{% endfor %}", "{% for x in 5 %}a{% endfor %}", "{% for k in d %}{{ k }},{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %}", "{% for a, b in [[1, 2], [3, 4]] %}{{ a }}-{{ b }} {% endfor %}",
    "{% for (a, b) in [[1, 2]] %}{{ a }}-{{ b }} {% endfor %}", "{% for a, (b, c) in [[1, [2, 3]]] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, b in [1] %}{% endfor %}", "{% for a, b in [[1]] %}{% endfor %}", "{% for a, b in [[1, 2, 3]] %}{% endfor %}", "{% for a, b in ['xy'] %}{{ b }}{{ a }}{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}:{{ x }}/{{ loop.length }} {% endfor %}", "{% for x in l if x > 5 %}{{ x }}{% else %}none{% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ m.content }}{% if not loop.last %}|{% endif %}{% endfor %}",
    "{% for m in messages if m.role != 'system' %}{{ loop.index0 % 2 }}{{ loop.revindex }}{% endfor %}",
    "{% for a, b in [(1, 2), (3, 4)] if a > 1 %}{{ loop.previtem }}{{ a }}{{ b }}{% endfor %}", "{% for a, b in [[1, 2], [3, 4]] if b %}{{ loop.nextitem }}{% endfor %}",
    "{% for x in l if (true if x == 1 else false) %}{{ x }}{% endfor %}", "{% for x in l if x is odd %}{{ x }}{% endfor %}",
    "{% for x in l if loop.first %}{{ x }}{% endfor %}", "{% for x in l %}{% for y in l if y < x %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
    "{% for x in l %}{% for y in ls %}{{ loop.index }}{{ x }}{{ y }} {% endfor %}{{ loop.index }}{% endfor %}",
    "{% for x in l %}{% set outer = loop %}{% for y in ls %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}", "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in l %}{% continue %}{% else %}E{% endfor %}", "{% for x in l %}{% break %}{% else %}E{% endfor %}", "{% for x in l %}{% if x == 2 %}{% break %}{% endif %}{% else %}E{% endfor %}",
    "{% for x in l %}{% for y in ls %}{% break %}{% endfor %}{{ x }}{% endfor %}", "{% for x in l %}{% for y in [] %}{% else %}{% break %}{% endfor %}{{ x }}{% endfor %}",
    "{% for x in l %}{% with y = x %}{% if y == 1 %}{% break %}{% endif %}{{ y }}{% endwith %}{% endfor %}",
    "{% for x in l %}{% set z %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endset %}{{ z }}{% endfor %}",
    "{% for x in l %}{% filter upper %}a{% if x == 1 %}{% break %}{% endif %}{% endfilter %}{% endfor %}",
    "{% macro f() %}{% break %}{% endmacro %}", "{% for x in l %}{% macro f() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for x in l %}{% generation %}{% break %}{% endgeneration %}{% endfor %}", "{% for x in l %}{% else %}{% break %}{% endfor %}",
    "{% for x in [[1, [2, 3]], [4]] recursive %}{{ x if x is number else '(' ~ loop(x) ~ ')' }}{% endfor %}",
    "{% for x in [1, [2, [3]]] recursive %}{{ loop.depth }}{% if x is iterable %}<{{ loop(x) }}>{% else %}{{ x }}{% endif %}{% endfor %}",
    "{% for x in [{'n': 1, 'c': [{'n': 2, 'c': []}]}] recursive %}{{ x.n }}{% if x.c %}[{{ loop(x.c) }}]{% endif %}{% endfor %}",
    "{% for x in [] recursive %}{% else %}empty{% endfor %}", "{% for x in l %}{{ loop(l) }}{% endfor %}", "{% for x in l recursive %}{{ loop() }}{% endfor %}",
    "{% for x in [[1], [2]] recursive %}{{ loop.index }}{% if x is iterable %}{{ loop(x) }}{% endif %}{% endfor %}",
    "{% for x in [1, 2] if x > 1 recursive %}{{ x }}{% if loop.depth < 3 %}{{ loop([x, x + 1]) }}{% endif %}{% endfor %}",
    "{% set q = 1 %}{% for m in [1, 2] %}{% set q = q + m %}{{ q }}{% endfor %}{{ q }}", "{% for m in [1, 2] %}{% set q = m %}{% endfor %}{{ q }}",
    "{% for m in [1, 2] %}{{ q }}{% set q = m %}{{ q }}{% endfor %}", "{% for x in l %}{% endfor %}{{ x }}", "{% set x = 9 %}{% for x in l %}{{ x }}{% endfor %}{{ x }}",
    "{% for s in l %}{{ s }}{% endfor %}{{ s }}", "{% for loop in l %}{% endfor %}", "{% for x in l %}{% set loop = 1 %}{% endfor %}", "{{ loop }}", "{% for x in l %}{{ loop is defined }}{% endfor %}",
    "{% set loop = 5 %}{{ loop }}", "{% for x in l %}{% else %}{{ loop is defined }}{% endfor %}", "{% set ns = namespace(c=0) %}{% for x in l %}{% set ns.c = ns.c + x %}{% endfor %}{{ ns.c }}",
    "{% for x in l -%} {{ x }} {%- endfor %}", "{% for x in l %}\n{{ x }}\n{% endfor %}", "{% for x in l %}  {{ x }}  {% endfor %}",
    "{% for x in (1, 2) %}{{ x }}{% endfor %}", "{% for x in 1, 2 %}{{ x }}{% endfor %}", "{% for x in l + [9] %}{{ x }}{% endfor %}", "{% for x in l|sort %}{{ x }}{% endfor %}",
    "{% for x in l[1:] %}{{ x }}{% endfor %}", "{% for x in l[::-1] %}{{ x }}{% endfor %}", "{% for x in l if x else no %}{% endfor %}", "{% for x in %}{% endfor %}", "{% for in l %}{% endfor %}",
    "{% for x l %}{% endfor %}", "{% for 1 in l %}{% endfor %}", "{% for x.y in l %}{% endfor %}", "{% for true in l %}{% endfor %}", "{% for x in l %}", "{% for x in l %}{% endif %}",
    "{% for x in l %}{{ loop.index if loop.first else loop.index * 10 }} {% endfor %}", "{% for x in ls %}{{ loop.changed(x|lower) }}{% endfor %}",
    "{% for m in messages %}{% if loop.previtem is defined %}{{ loop.previtem.role }}>{% endif %}{{ m.role }} {% endfor %}",
    "{% for m in messages %}{{ loop.nextitem.role if not loop.last else 'END' }} {% endfor %}", "{% for m in messages %}{{ loop.previtem.role }}{% endfor %}",
    "{% for x in l %}{{ loop.cycle(1, 2, 3) }}{% endfor %}", "{% for x in l %}{{ loop|string|length > 3 }}{% endfor %}", "{% for x in l %}{{ loop.last }}{{ loop.length }}{% endfor %}",
    "{% set g = l|map('string') %}{{ g|list }}{{ g|list }}", "{% set g = l|map('string') %}{% for x in g %}{{ x }}{% endfor %}{% for x in g %}{{ x }}{% else %}E{% endfor %}",
    "{% set g = l|select %}{{ g is iterable }}{{ g is sequence }}{{ 1 in g }}{{ g|list }}", "{% for x in l|map('nosuch') %}{{ x }}{% endfor %}")
templates("set",
    "{% set x = 1 %}{{ x }}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set x, y = [1, 2] %}{{ x }}{{ y }}", "{% set x, y = 1 %}", "{% set x, y = (1, 2, 3) %}",
    "{% set (x, y) = 1, 2 %}{{ y }}", "{% set x, (y, z) = 1, (2, 3) %}{{ z }}", "{% set x = 1, 2 %}{{ x }}", "{% set x = 1, %}{{ x }}", "{% set x = %}", "{% set x %}",
    "{% set x %}abc{% endset %}{{ x }}|{{ x|length }}", "{% set x | upper %}abc{% endset %}{{ x }}", "{% set x | upper | replace('B', '-') %}abc{% endset %}{{ x }}",
    "{% set x %}{{ s }}{% for y in l %}{{ y }}{% endfor %}{% endset %}[{{ x }}]", "{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y }}", "{% set x %}{% endset %}[{{ x }}]",
    "{% set x | nosuch %}a{% endset %}", "{% set 1 = 2 %}", "{% set x.y = 1 %}", "{% set s.y = 1 %}", "{% set d.y = 1 %}", "{% set missing.y = 1 %}", "{% set x['y'] = 1 %}", "{% set true = 1 %}",
    "{% set ns = namespace() %}{% set ns.a = 1 %}{{ ns.a }}", "{% set ns = namespace(a=1) %}{% set ns.a = ns.a + 1 %}{{ ns.a }}", "{% set ns = namespace(a=[]) %}{% set ns.a = ns.a + [1] %}{{ ns.a }}",
    "{% set ns = namespace(found=false) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}",
    "{% set ns = namespace(a=1) %}{{ ns.b }}|{{ ns.b is defined }}", "{% set ns = namespace(a=1) %}{% set ns.b %}x{% endset %}{{ ns.b }}", "{% set ns = namespace() %}{% set ns._x = 1 %}{{ ns._x }}|",
    "{% set ns = namespace(a=1) %}{% macro f() %}{% set ns.a = 2 %}{% endmacro %}{{ f() }}{{ ns.a }}", "{% set ns = namespace() %}{% set ns.self = ns %}{{ ns.self.self is defined }}",
    "{% set x = x %}{{ x }}|", "{% set s = s ~ '!' %}{{ s }}", "{% set x = 1 %}{% set x = x + 1 %}{{ x }}", "{% set x = {'a': 1} %}{{ x.a }}", "{% set x = l %}{{ x == l }}", "{% set _ = 1 %}{{ _ }}",
    "{% set x = 1 %}{% with %}{% set x = 2 %}{{ x }}{% endwith %}{{ x }}", "{% set messages = messages[1:] %}{{ messages|length }}", "{% set x = y %}{% set y = 1 %}{{ x }}{{ y }}",
    "{% set x = missing %}{{ x is defined }}{{ x }}", "{%- set x = 1 -%}\n {{ x }}", "{% set x=1%}{{x}}", "{% set range = 5 %}{{ range }}", "{{ range is defined }}{% set range = 5 %}",
    "{% if i %}{% set x = 1 %}{% set y = x %}{% endif %}{{ y }}", "{% for q in l %}{% if q == 1 %}{% set s = q %}{% endif %}{{ s }}|{% endfor %}{{ s }}")
templates("macro",
    "{% macro f() %}x{% endmacro %}{{ f() }}", "{% macro f(a) %}[{{ a }}]{% endmacro %}{{ f(1) }}{{ f(a=2) }}{{ f() }}", "{% macro f(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(b=4, a=5) }}",
    "{% macro f(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}", "{% macro f(a=b, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f() }}", "{% macro f(a=s) %}{{ a }}{% endmacro %}{{ f() }}",
    "{% macro f(a) %}{{ varargs }}{% endmacro %}{{ f(1, 2, 3) }}", "{% macro f(a) %}{{ kwargs }}{% endmacro %}{{ f(1, b=2) }}", "{% macro f(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, b=3) }}{{ f() }}",
    "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, a=2) }}", "{% macro f(a=1, b) %}{% endmacro %}",
    "{% macro f(a, a) %}{% endmacro %}", "{% macro f(1) %}{% endmacro %}", "{% macro f %}{% endmacro %}", "{% macro f() %}", "{% macro f(a) %}{{ a is defined }}{% endmacro %}{{ f() }}{{ f(none) }}",
    "{% macro f(x) %}{{ x }}{{ y }}{% endmacro %}{% set y = 5 %}{{ f(1) }}", "{% set y = 5 %}{% macro f(x) %}{{ x }}{{ y }}{% endmacro %}{{ f(1) }}", "{% macro f() %}{{ q }}{% endmacro %}{% for q in l %}{{ f() }}{% endfor %}|",
    "{% macro f() %}{% set z = 1 %}{{ z }}{% endmacro %}{{ f() }}{{ z }}", "{% set z = 0 %}{% macro f() %}{% set z = 1 %}{{ z }}{% endmacro %}{{ f() }}{{ z }}", "{% macro f() %}{{ s }}{% endmacro %}{% set s = 'new' %}{{ f() }}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro f(x) %}{{ g(x) }}{% endmacro %}{% macro g(x) %}<{{ x }}>{% endmacro %}{{ f(1) }}", "{{ f() }}{% macro f() %}x{% endmacro %}",
    "{% macro f() %}{{ caller() }}{% endmacro %}{% call f() %}body{% endcall %}", "{% macro f() %}[{{ caller() }}]{% endmacro %}{% call f() %}{{ s }}{% endcall %}", "{% macro f() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) f() %}{{ a }}-{{ b }}{% endcall %}",
    "{% macro f(x) %}{{ caller(x) }}{% endmacro %}{% call(a, b=5) f(7) %}{{ a }}-{{ b }}{% endcall %}", "{% macro f() %}{{ caller() }}{% endmacro %}{{ f() }}", "{% macro f() %}{{ caller is defined }}{% endmacro %}{{ f() }}",
    "{% macro f() %}x{% endmacro %}{% call f() %}y{% endcall %}", "{% macro f(caller=none) %}{{ caller }}{% endmacro %}{{ f() }}", "{% macro f(caller) %}{{ caller() }}{% endmacro %}", "{% call s %}{% endcall %}", "{% call nosuch() %}x{% endcall %}",
    "{% for x in l %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}", "{% macro f() %}{% for x in l %}{{ x }}{% endfor %}{% endmacro %}{{ f() }}", "{% macro f(l) %}{% for x in l %}{{ loop.index }}{% endfor %}{% endmacro %}{{ f('ab') }}",
    "{% macro f(a, b='x') %}{% endmacro %}{{ f.name }}{{ f.arguments }}{{ f.catch_kwargs }}{{ f.catch_varargs }}{{ f.caller }}", "{% macro f() %}{% endmacro %}{{ f }}", "{% macro f() %}x{% endmacro %}{{ f is callable }}{{ f is string }}",
    "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(*[1]) }}{{ f(**{'x': 2}) }}", "{% macro f(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1, *[2, 3]) }}{{ f(*'ab', c=1) }}{{ f(1, **{'b': 2, 'c': 3}) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(*5) }}",
    "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(**[1]) }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1)|upper ~ f('b')|upper }}", "{% macro f(a) %}{{ a }}{% endmacro %}{{ ['x', 'y']|map('upper')|map('lower')|join(f('-')) }}",
    "{% macro f() %}{% macro g() %}in{% endmacro %}{{ g() }}{% endmacro %}{{ f() }}", "{% macro f() %}{% macro g() %}in{% endmacro %}{% endmacro %}{{ g() }}", "{% macro f(x) %}{% set x = x ~ '!' %}{{ x }}{% endmacro %}{{ f('a') }}",
    "{% macro f() -%}\n  x\n{%- endmacro %}[{{ f() }}]", "{% macro f() %}\n  x\n{% endmacro %}[{{ f() }}]", "{% set f = 5 %}{% macro f() %}m{% endmacro %}{{ f() }}", "{% macro loop() %}x{% endmacro %}{{ loop() }}", "{% macro f() %}{{ f.name }}{% endmacro %}{{ f() }}",
    "{% macro f() %}{% call g() %}inner{% endcall %}{% endmacro %}{% macro g() %}<{{ caller() }}>{% endmacro %}{{ f() }}", "{% macro g() %}<{{ caller() }}>{% endmacro %}{% for x in l %}{% call g() %}{{ x }}{{ loop.index }}{% endcall %}{% endfor %}",
    "{% macro f(a) %}{{ caller.name }}{{ caller.arguments }}{% endmacro %}{% call(q) f(1) %}{% endcall %}", "{% macro f(kwargs) %}{{ kwargs }}{% endmacro %}{{ f(1) }}", "{% macro f(varargs=3) %}{{ varargs }}{% endmacro %}{{ f() }}")
templates("blocks",
    "{% with %}x{% endwith %}", "{% with a = 1 %}{{ a }}{% endwith %}{{ a }}", "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}", "{% with a = 1, b = a %}{{ b }}{% endwith %}|", "{% with s = s ~ '!' %}{{ s }}{% endwith %}{{ s }}",
    "{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}", "{% with a = 1 %}{% set b = 2 %}{{ a }}{{ b }}{% endwith %}{{ b }}", "{% with a %}{% endwith %}", "{% with a = 1 %}{% with a = 2 %}{{ a }}{% endwith %}{{ a }}{% endwith %}",
    "{% filter upper %}abc{{ s }}{% endfilter %}", "{% filter upper|replace('A', 'x') %}abc{% endfilter %}", "{% filter indent(2) %}a\nb{% endfilter %}", "{% filter nosuch %}{% endfilter %}", "{% filter trim %}  {{ i }}  {% endfilter %}|",
    "{% filter upper %}{% set q = 1 %}a{% endfilter %}{{ q }}", "{% filter length %}abc{% endfilter %}", "{% filter replace(s, 'x') %}{{ s }}{% endfilter %}", "{% filter %}{% endfilter %}",
    "{% raw %}{{ x }}{% if %}{% endraw %}", "{% raw %}{# x #}{% endraw %}a", "{%- raw -%}  {{ x }}  {%- endraw -%}  b", "a {% raw %} x {% endraw %} b", "{% raw %}", "{% raw %}{% endraw", "{% raw x %}{% endraw %}", "{% endraw %}",
    "{% raw %}\n a\n{% endraw %}\nb", "  {% raw %}x{% endraw %}", "{% raw +%}x{% endraw %}", "{%raw%}a{%endraw%}", "{% raw %}a{%- endraw %}", "{% raw %}a  {%- endraw %}", "{% raw %}a\n  {% endraw %}b", "{% raw %}a\n  {%+ endraw %}b",
    "{% autoescape true %}{{ html }}{% endautoescape %}", "{% autoescape false %}{{ html }}{% endautoescape %}", "{% autoescape true %}{{ html|safe }}{{ html|e }}{% endautoescape %}", "{% autoescape true %}{{ '<' ~ html|e }}{% endautoescape %}",
    "{% autoescape true %}{% set x %}<{{ '<' }}{% endset %}{{ x }}{% endautoescape %}", "{% autoescape true %}{% macro f(x) %}<{{ x }}>{% endmacro %}{{ f('<') }}{% endautoescape %}", "{% autoescape i > 3 %}{{ html }}{% endautoescape %}",
    "{% autoescape true %}{% filter upper %}<{{ '<' }}{% endfilter %}{% endautoescape %}", "{% autoescape true %}{{ ['<', '>']|join('&') }}{{ ['<'|safe, '>']|join('&') }}{% endautoescape %}", "{% autoescape true %}{{ [1, '<'] }}{{ none }}{{ 1 }}{% endautoescape %}",
    "{% generation %}x{% endgeneration %}", "{% generation %}{{ s }}{% set q = 1 %}{% endgeneration %}{{ q }}", "{% for m in messages %}{% generation %}{{ m.content }}{{ loop.index }}{% endgeneration %}{% endfor %}", "{% generation %}", "{% generation -%}  x  {%- endgeneration %}",
    "{% block a %}x{% endblock %}", "{% block a %}{{ s }}{% endblock a %}", "{% set q = 1 %}{% block a %}{{ q }}{% endblock %}", "{% for x in l %}{% block a %}{{ x }}{% endblock %}{% endfor %}|", "{% for x in l %}{% block a scoped %}{{ x }}{% endblock %}{% endfor %}",
    "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{% block a %}{% block b %}in{% endblock %}{% endblock %}", "{% block %}{% endblock %}", "{% block a-b %}{% endblock %}", "{% block a %}{% set z = 1 %}{{ z }}{% endblock %}{{ z }}|",
    "{# c #}x", "a{# c #}b", "{# {{ x }} {% if %} #}x", "{#- c -#}  x", "a  {#- c #}  b", "a\n  {# c #}\n  b", "{# a\nb #}x", "{# unclosed", "{##}x", "{#--#}x", "a\n{# c +#}\nb", "{# #} #}", "a {#+ c #} b")
BLANKS = ["", " ", "\n", "  \n  ", "\t", "x ", " x", "\n\n"]
product("whitespace", "A@{%# if t $%}B@{%# endif $%}C", BLANKS, ["", "-", "+"], ["", "-", "+"])
product("whitespace", "A@{{# i }}B@{{ i $}}C", BLANKS, ["", "-", "+"], ["", "-"])
templates("whitespace", *(
    blank + "{#" + before + " c " + after + "#}" + blank + "C"
    for blank in BLANKS for before in ["", "-", "+"] for after in ["", "-", "+"]))
templates("whitespace",
    "{% if t %}\n{% endif %}\n", "a\r\nb\rc\n", "{% if t %}\r\nx\r\n{% endif %}\r\n", "   {% if t %}x{% endif %}", "\t{% if t %}x{% endif %}", " \n {% if t %}x{% endif %}", "x {% if t %}y{% endif %}", "{{ i }} {% if t %}y{% endif %}",
    "{% if t %}a{% endif %} {% if t %}b{% endif %}", "{{ i }}\n  {% if t %}\n    y\n  {% endif %}\nz", "{% for x in l %}\n  {{ x }}\n{% endfor %}\nend", "{% for x in l %}\n  - {{ x }}\n  {% if x == 1 %}\n    one\n  {% endif %}\n{% endfor %}",
    "{{- i -}}", "  {{- i -}}  ", "\n\n{{- i }}", "{{ i -}}\n\nx", "{%- if t -%}\n\n  x\n\n{%- endif -%}", "a\xa0{%- if t %}b{% endif %}", "a\u2003{{- i }}", "\xa0{% if t %}b{% endif %}", "{% if t %} {% endif %}|", "{% if t %}\n\n{% endif %}|",
    "a{% if t +%}\nb{% endif %}", "  {%+ if t %}b{% endif %}", "{{ '\n' }}", "{{ 'a\r\nb' }}", "a{{ '' }}\n", "{{ s\n}}", "{%\nif t\n%}x{%\nendif\n%}", "{% if t %}x{% endif %}\n\n\ny", "x\n   {# c #}   \ny", "x\n   {# c #}{% if t %}\ny{% endif %}")
templates("scopes",
    "{% macro f() %}{{ x }}{% endmacro %}{{ f() }}{% set x = 1 %}{{ f() }}", "{% set a = 1 %}{% for i in l %}{% set a = a + 1 %}{{ a }}{% endfor %}{{ a }}", "{% for i in [1, 2] %}{% for j in [1, 2] %}{% set s = s ~ i ~ j %}{% endfor %}{{ s }}|{% endfor %}",
    "{% set x = 1 %}{% macro f(y=x) %}{{ y }}{% endmacro %}{% set x = 2 %}{{ f() }}", "{% for x in l %}{% if x == 1 %}{% set found = x %}{% endif %}{{ found }}|{% endfor %}", "{% if t %}{% for x in l %}{% set q = x %}{% endfor %}{{ q }}{% endif %}|",
    "{% set x = 1 %}{% if t %}{% set x = 2 %}{% endif %}{{ x }}", "{% set x = 1 %}{% if no %}{% set x = 2 %}{% else %}{% set x = 3 %}{% endif %}{{ x }}", "{% set x = 1 %}{% filter upper %}{% set x = 2 %}{{ x }}{% endfilter %}{{ x }}",
    "{% set x = 1 %}{% set y %}{% set x = 2 %}{{ x }}{% endset %}{{ x }}{{ y }}", "{% macro f() %}{% set messages = [] %}{{ messages|length }}{% endmacro %}{{ f() }}{{ messages|length }}", "{% macro f() %}{{ messages|length }}{% endmacro %}{% set messages = [] %}{{ f() }}",
    "{% macro f() %}{{ messages|length }}{% endmacro %}{{ f() }}{% set messages = [] %}{{ f() }}", "{% for x in l %}{% with y = x %}{% set x = 5 %}{{ x }}{{ y }}{% endwith %}{{ x }} {% endfor %}", "{% for m in messages %}{% set content = m.content %}{% if m.role == 'user' %}{% set content = content ~ '!' %}{% endif %}{{ content }} {% endfor %}",
    "{% set ns = namespace(x=1) %}{% macro f() %}{% for q in l %}{% set ns.x = ns.x + q %}{% endfor %}{% endmacro %}{{ f() }}{{ ns.x }}", "{% for x in l %}{% macro f() %}{{ x }}{% endmacro %}{% set ff = f %}{{ ff() }}{% endfor %}", "{% for x in l %}{{ y }}{% if loop.first %}{% set y = 1 %}{% endif %}{{ y }}|{% endfor %}",
    "{% call(x) (joiner) %}{% endcall %}", "{% set j = joiner(', ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}", "{{ cycler() }}",
    "{% set c = cycler(1, 2) %}{% for x in l %}{{ c.next() }}{% endfor %}{{ c.pos }}{{ c.items }}", "{% macro outer() %}{% set v = 1 %}{% macro inner() %}{{ v }}{% endmacro %}{% set v = 2 %}{{ inner() }}{% endmacro %}{{ outer() }}",
    "{% if no %}{% macro f() %}x{% endmacro %}{% endif %}{{ f is defined }}", "{% for x in l %}{% set x = x * 2 %}{{ x }}{% endfor %}", "{% set x = 0 %}{% for x in l if x > 1 %}{{ x }}{% endfor %}{{ x }}", "{% with x = 1 %}{% macro f() %}{{ x }}{% endmacro %}{{ f() }}{% endwith %}")


def main():
    folder = pathlib.Path(__file__).parents[1] / "resources" / "jinja"
    folder.mkdir(exist_ok=True)
    count = 0
    for name, section in SECTIONS.items():
        cases = []
        for template in dict.fromkeys(section):
            result = jinja_reference.render(template, CONTEXT)
            if any(part in result.get("text", "") for part in UNCOMPARABLE):
                continue
            cases.append({"template": template, **result})
        write(folder / (name + ".json"), {"context": CONTEXT, "cases": cases})
        count += len(cases)
    chats = []
    for name, template, context in CHATS:
        chats.append({"name": name, "template": template, "context": context, **jinja_reference.render(template, context)})
    write(folder / "chats.json", {"context": {}, "cases": chats})
    print(count, "cases and", len(chats), "chats")


def write(path, section):
    cases = ",\n".join(json.dumps(case, ensure_ascii=True) for case in section["cases"])
    path.write_text('{"context": ' + json.dumps(section["context"]) + ',\n"cases": [\n' + cases + "\n]}\n")


if __name__ == "__main__":
    main()
