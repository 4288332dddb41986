"""Compares random template programs with the real Jinja2.

    <python with Jinja2 3.1.6> fuzz.py BATCH_BINARY [--seed N] [--count N] [--mode MODE]

BATCH_BINARY is the example `batch` of this crate. Disagreements are printed, shortened by leaving out lines.
"""

import argparse
import collections
import json
import random
import subprocess

from oracle import run

CONTEXT = {
    "a": 1, "b": 0, "c": "text", "d": {"x": 1, "y": [1, 2], "items": 5}, "e": [3, 1, 2],
    "f": 2.5, "g": None, "h": True, "i": [], "j": ["p", "q"], "k": [[1, 2], [3, 4]], "m": {}, "n": "",
    "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}]}, {"v": 3, "kids": []}],
}
NAMES = list("abcdefghijkmn") + ["tree", "x", "y", "z", "u", "_p", "undef"]
TARGETS = ["x", "y", "z", "u", "a", "c", "_p"]


class Gen:
    def __init__(self, rng):
        self.r = rng
        self.blocks = 0
        self.in_loop = 0
        self.in_macro = 0

    def pick(self, *options):
        return self.r.choice(options)

    def chance(self, p):
        return self.r.random() < p

    # expressions

    def name(self):
        return self.r.choice(NAMES)

    def literal(self):
        return self.pick(
            "1", "0", "2", "10", "1_000", "0x1f", "1.5", "2e3", "true", "False", "none", "None", "'s'", '"q"', "''",
            "'a' 'b'", "'\\n'", "'é'", "[]", "{}", "()", "[1, 2]", "(1,)", "{'x': 1}", "'%s'", "-1",
        )

    def expr(self, depth=3):
        if depth <= 0 or self.chance(0.25):
            return self.name() if self.chance(0.6) else self.literal()
        sub = lambda: self.expr(depth - 1)  # noqa: E731
        kind = self.r.randrange(21)
        if kind < 3:
            op = self.pick("+", "-", "*", "/", "//", "%", "~", "~", "**")
            right = sub() if op != "**" else self.pick("2", "0", "a", "-1", "f", "x")
            return f"{sub()} {op} {right}"
        if kind == 3:
            return f"({sub()})"
        if kind == 4:
            return f"{self.pick('not ', '-', '+', '- ')}{sub()}"
        if kind == 5:
            return f"{sub()} {self.pick('and', 'or')} {sub()}"
        if kind == 6:
            op = lambda: self.pick("==", "!=", "<", "<=", ">", ">=", "in", "not in")  # noqa: E731
            more = f" {op()} {sub()}" if self.chance(0.3) else ""
            return f"{sub()} {op()} {sub()}{more}"
        if kind == 7:
            other = f" else {sub()}" if self.chance(0.7) else ""
            return f"{sub()} if {sub()}{other}"
        if kind == 8:
            return f"{self.name()}.{self.pick('x', 'y', '0', 'items', 'name', 'upper', 'v', 'zz')}"
        if kind == 9:
            key = self.pick("0", "'x'", "-1", "1:", ":2", "::2", "::-1", "a", "'y'", "1, 2", "5", sub(), "b:a", "")
            return f"{self.pick(self.name(), 'e', 'd', 'c', 'k')}[{key}]"
        if kind in (10, 11):
            name = self.pick(
                "upper", "lower", "length", "default('dd')", "default(x, true)", "list", "join('-')", "first", "last",
                "string", "int", "sort", "title", "replace('t', 'T')", "abs", "d('v')", "trim", "reverse", "nofilter",
                "map('string')|list", "sum", "tojson", "e", "safe", "escape",
            )
            return f"{sub()}|{name}"
        if kind in (12, 13):
            name = self.pick(
                "defined", "undefined", "none", "string", "number", "mapping", "iterable", "odd", "even", "true",
                "divisibleby 2", "divisibleby(3)", "eq 1", "in [1, 2]", "sameas none", "callable", "notest", "sequence",
                "gt 1", "boolean", "integer", "lower",
            )
            return f"{sub()} is {self.pick('', '', 'not ')}{name}"
        if kind == 14:
            return f"[{', '.join(sub() for _ in range(self.r.randrange(3)))}]"
        if kind == 15:
            pairs = ", ".join(f"{self.pick(chr(39) + 'k' + chr(39), 'a', '1', 'c', sub())}: {sub()}" for _ in range(self.r.randrange(3)))
            return "{" + pairs + "}"
        if kind == 16:
            return f"({sub()}, {sub()})"
        if kind == 17:
            return self.call(depth - 1)
        if kind == 18:
            return self.special()
        if kind == 19:
            return f"{self.pick('c', chr(39) + 'ab' + chr(39))}.{self.pick('upper()', 'split()', 'replace(c, c)', 'format(1)', 'join(j)', 'startswith(' + chr(39) + 't' + chr(39) + ')')}"
        return f"range({self.pick('3', 'a', '2, 4')})|list"

    def special(self):
        choices = ["loop.index", "loop.first", "loop.last", "loop.length", "loop.previtem", "loop.nextitem",
                   "loop.cycle('o', 'e')", "loop.changed(x)", "loop.depth", "loop.revindex", "loop.revindex0",
                   "loop.index0", "loop", "loop.zz"]
        if self.in_loop and self.chance(0.8):
            return self.r.choice(choices)
        if self.in_macro and self.chance(0.8):
            return self.pick("caller()", "varargs", "kwargs", "caller", "caller(1)", "caller is defined", "caller('z', y=2)")
        return self.pick("loop.index", "caller()", "varargs", "kwargs", "self", "super()", "self.b1()", "self.b0()", "ns.x", "ns.y",
                         "m0.name", "m0.arguments", "m1.catch_kwargs", "lib.m0(1)", "lib.zz", "lib", "lib._p", "cycler('a')", "ns",
                         "dict(x=1).x", "m0", "self.zz", "m1.caller", "namespace(x=1).x")

    def args(self, depth):
        out = []
        for _ in range(self.r.randrange(3)):
            out.append(self.expr(depth))
        if self.chance(0.3):
            out.append(f"{self.pick('x', 'y', 'z', 'caller')}={self.expr(depth)}")
        if self.chance(0.1):
            out.append(f"*{self.pick('e', 'j', 'a', '[1]')}")
        if self.chance(0.1):
            out.append(f"**{self.pick('m', 'd', 'a', '{' + chr(39) + 'z' + chr(39) + ': 1}')}")
        return ", ".join(out)

    def call(self, depth):
        return f"{self.pick('m0', 'm1', 'm0', 'm1', 'lib.m0', 'imp', self.name())}({self.args(depth)})"

    # statements

    def text(self):
        return self.pick("T", "\n", " ", "  \n  ", "text\n", "<&>", "", "é", "{", "}", "%", "#", "a b", "\n\n", "-", "{ %")

    def tag(self, body):
        return f"{{%{self.pick('', '', '', '', '-', '+')} {body} {self.pick('', '', '', '', '-', '+')}%}}"

    def out(self):
        return f"{{{{{self.pick(' ', ' ', ' ', '-', '- ')}{self.expr()} {self.pick('', '', '', '-')}}}}}"

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.r.randrange(1, 4)))

    def target(self):
        if self.chance(0.15):
            return self.pick("x, y", "(x, y)", "x, (y, z)", "x,", "y, x")
        return self.r.choice(TARGETS)

    def params(self):
        return self.pick("", "", "x", "x, y=1", "x=a, y=x", "z", "x=undef", "x, caller=none", "a, b=2", "y=z", "x=y, y=2", "kwargs", "varargs=1")

    def statement(self, depth):
        kind = self.r.randrange(34)
        if depth <= 0 or kind < 5:
            return self.text() if self.chance(0.4) else self.out()
        if kind < 9:
            return self.tag(f"set {self.target()} = {self.expr()}")
        if kind < 13:
            cond = self.expr(2)
            middle = self.tag(f"elif {self.expr(1)}") + self.body(depth - 1) if self.chance(0.3) else ""
            other = self.tag("else") + self.body(depth - 1) if self.chance(0.4) else ""
            return self.tag(f"if {cond}") + self.body(depth - 1) + middle + other + self.tag("endif")
        if kind < 18:
            return self.loop(depth)
        if kind < 21:
            return self.macro(depth)
        if kind == 21:
            filt = self.pick("", "", " | upper", " | replace('T', a)", "|trim|title")
            return self.tag(f"set {self.pick(self.target(), 'x', 'x', 'ns.x')}{filt}") + self.body(depth - 1) + self.tag("endset")
        if kind == 22:
            sign = self.pick("", "", "(x)", "(x, y=2)", "()")
            self.in_macro += 1
            inner = self.body(depth - 1)
            self.in_macro -= 1
            return self.tag(f"call{sign} {self.call(1)}") + inner + self.tag("endcall")
        if kind == 23:
            return self.tag(f"filter {self.pick('upper', 'trim', 'replace(c, x)', 'upper|lower', 'length', 'indent(2)')}") + self.body(depth - 1) + self.tag("endfilter")
        if kind == 24:
            pairs = ", ".join(f"{self.target() if self.chance(.1) else self.r.choice(TARGETS)} = {self.expr(2)}" for _ in range(self.r.randrange(3)))
            return self.tag(f"with {pairs}") + self.body(depth - 1) + self.tag("endwith")
        if kind == 25:
            return self.block(depth)
        if kind in (26, 27):
            return self.include()
        if kind == 28:
            return self.tag(self.pick("import 'lib' as lib", "import 'lib' as lib with context", "from 'lib' import m0 as imp",
                                      "from 'lib' import m0, v", "from 'lib' import nothing as y", "from 'lib' import m0 as imp, v as x with context",
                                      "import c as z", "from 'inc' import x, y", "import 'nope' as z", "from 'lib' import m1"))
        if kind == 29:
            return self.tag("raw") .replace("+%}", "%}") + self.pick("{{ x }}", "{% if %}", " {# ", "r\n") + self.tag("endraw")
        if kind == 30:
            return self.pick("{# c #}", "{#- c -#}", "{#+ c #}", "{#-#}", "{# {{ x }} -#}", "{##}")
        if kind == 31:
            return self.tag(self.pick("set ns = namespace(x=1)", "set ns.x = " + self.expr(1), "set ns.x, y = 1, 2", "set x.y = 1"))
        if kind == 32:
            return self.tag(f"autoescape {self.pick('true', 'false', 'h', 'a')}") + self.body(depth - 1) + self.tag("endautoescape")
        return self.tag(f"print {self.expr()}")

    def loop(self, depth):
        iterable = self.pick("e", "j", "k", "i", "[1, 2, 3]", "range(3)", "d", "d.items()", "c", "e[1:]", "tree", "(1, 2)", self.expr(1),
                             "e|map('string')", "x", "'ab'", "k, j")
        target = self.pick("x", "x", "y", "x, y", "z", "a", "(x, y)", "x, (y, z)", "_p")
        cond = f" if {self.expr(2)}" if self.chance(0.25) else ""
        recursive = " recursive" if self.chance(0.15) else ""
        self.in_loop += 1
        inner = self.body(depth - 1)
        if recursive and self.chance(0.7):
            inner += "{{ " + self.pick("loop(x.kids)", "loop(x)", "loop([])", "loop(x.kids) if x.kids", "loop(e[3:])") + " }}"
        self.in_loop -= 1
        other = self.tag("else") + self.body(depth - 1) if self.chance(0.25) else ""
        return self.tag(f"for {target} in {iterable}{cond}{recursive}") + inner + other + self.tag("endfor")

    def macro(self, depth):
        outer, self.in_loop = self.in_loop, 0
        self.in_macro += 1
        inner = self.body(depth - 1)
        self.in_macro -= 1
        self.in_loop = outer
        name = self.pick("m0", "m1")
        text = self.tag(f"macro {name}({self.params()})") + inner + self.tag("endmacro")
        if self.chance(0.6):
            text += "{{ " + f"{name}({self.args(1)})" + " }}"
        return text

    def block(self, depth):
        name = f"b{self.blocks}"
        self.blocks += 1
        flags = self.pick("", "", "", " scoped", " scoped", " required")
        outer = self.in_loop
        inner = "" if flags == " required" else self.body(depth - 1)
        if flags != " required" and self.chance(0.3):
            inner += "{{ super() }}"
        self.in_loop = outer
        return self.tag(f"block {name}{flags}") + inner + self.tag(f"endblock{self.pick('', ' ' + name)}")

    def include(self):
        what = self.pick("'inc'", "'inc'", "'inc2'", "'nope'", "['nope', 'inc']", "('nope',)", "[]", "c", "undef", "e", "'inc' if a", "[undef, 'inc2']", "['nope', undef]")
        flags = self.pick("", "", "", " ignore missing", " with context", " without context", " ignore missing with context")
        return self.tag(f"include {what}{flags}")

    def template(self, depth=3, size=6):
        return "".join(self.statement(depth) for _ in range(self.r.randrange(1, size)))


def program(rng):
    gen = Gen(rng)
    templates = {
        "lib": "{% set v = 'V' %}{% set _p = 1 %}{% macro m0(x, y=2) %}[{{ x }},{{ y }},{{ a is defined }},{{ v }}]{% endmacro %}"
               "{% macro m1() %}{{ caller(1) if caller is defined }}{{ varargs }}{{ kwargs }}{% endmacro %}",
        "inc": Gen(rng).template(2, 4),
        "inc2": "{{ x is defined }}{{ y is defined }}{{ loop is defined }}{{ v is defined }}{{ a }}{% set y = 9 %}",
        "base": Gen(rng).template(2, 5),
    }
    source = gen.template()
    if rng.random() < 0.25:
        base = Gen(rng)
        templates["base"] = "".join(base.block(1) if rng.random() < 0.6 else base.statement(2) for _ in range(4))
        extends = rng.choice(["{% extends 'base' %}", "{% extends 'base' %}", "{% if a %}{% extends 'base' %}{% endif %}",
                              "{% if b %}{% extends 'base' %}{% endif %}", "{% extends c %}"])
        gen.blocks = 0
        at = rng.randrange(3)
        parts = [gen.statement(2) if rng.random() < 0.5 else gen.block(2) for _ in range(4)]
        parts.insert(at, extends)
        source = "".join(parts)
    return {"source": source, "templates": templates, "context": CONTEXT}


def mutated(rng):
    case = program(rng)
    source = list(case["source"])
    for _ in range(rng.randrange(1, 3)):
        if not source:
            break
        at = rng.randrange(len(source))
        what = rng.randrange(4)
        if what == 0:
            del source[at]
        elif what == 1:
            source.insert(at, rng.choice("{}%#()[]-+*/~|.,:;='\"\\ \n\r!x1@$&éif"))
        elif what == 2:
            end = min(len(source), at + rng.randrange(1, 8))
            del source[at:end]
        else:
            word = rng.choice([" if ", " is ", " not ", " in ", " else ", "{%", "%}", "{{", "}}", "{#", "#}", "endif", "**", "1.", ".5", "recursive", "0b", "1_"])
            source[at:at] = list(word)
    case["source"] = "".join(source)
    case["templates"]["inc"] = "i"
    return case


def expression(rng):
    gen = Gen(rng)
    return {"source": "".join(gen.out() for _ in range(1)), "templates": {}, "context": CONTEXT}


class Scoping(Gen):
    """Programs that seldom fail: who sees which assignment."""

    def expr(self, depth=3):
        name = self.pick("a", "x", "y", "z", "u", "_p", "c", "loop.index", "varargs", "loop.last", "ns.x")
        safe = name.replace("loop.", "e.").replace("ns.", "d.")
        return self.pick(name if self.chance(0.2) else f"{safe}|d(a)", f"{safe}|default('-')", "1", "'q'", f"({safe}|d('-')) ~ a", "[x|d(1), y|d(2)]", f"{safe} is defined")

    def out(self):
        if self.in_macro and self.chance(0.2):
            return "{{ caller() if caller is defined }}"
        name = self.pick("a", "x", "y", "z", "u", "_p", "c", "v", "loop.index", "loop.previtem", "ns.x", "m0(1)", "m0()", "lib.m0(x|d(3))")
        base = name.split("(")[0].split(".")[0]
        return self.pick("", " ") + f"{{{{ {name} if {base} is defined else '-' }}}}"

    def args(self, depth):
        return self.pick("", "1", "x|d(0)", "1, 2", "x=5", "a, y=z|d(1)")

    def call(self, depth):
        return f"{self.pick('m0', 'm1')}({self.args(1)})"

    def target(self):
        return self.pick("x", "y", "z", "u", "a", "_p", "x, y")

    def params(self):
        return self.pick("", "x=1", "x=a, y=x", "y=x", "z=u", "x=1, y=2", "a=x")

    def text(self):
        return self.pick("T", ".", " ", "\n")

    def loop(self, depth):
        iterable = self.pick("[1, 2]", "e", "[[1, 2], [3, 4]]", "range(2)", "j", "[x|d(7)]", "[]")
        target = "x, y" if iterable.startswith("[[") else self.pick("x", "y", "z", "a", "_p")
        cond = f" if {self.pick('x is defined', 'a', 'loop is defined', 'y|d(1)', 'true')}" if self.chance(0.25) else ""
        recursive = " recursive" if self.chance(0.15) else ""
        self.in_loop += 1
        inner = self.body(depth - 1)
        self.in_loop -= 1
        if recursive:
            inner += "{{ loop([]) }}"
        other = self.tag("else") + self.body(depth - 1) if self.chance(0.25) else ""
        return self.tag(f"for {target} in {iterable}{cond}{recursive}") + inner + other + self.tag("endfor")

    def include(self):
        what = self.pick("'inc'", "'inc2'", "['nope', 'inc']", "'nope' ignore missing")
        return self.tag(f"include {what}{self.pick('', '', ' with context', ' without context')}")

    def statement(self, depth):
        if self.chance(0.08):
            return self.tag(self.pick("from 'lib' import m0", "from 'lib' import v as x", "import 'lib' as lib with context", "from 'inc' import x, y as z", "set ns = namespace(x=a)",
                                      "from 'inc' import m0 with context"))
        return super().statement(depth)


def scoping(rng):
    lib = "{% set v = 'V' %}{% macro m0(x, y=2) %}[{{ x }},{{ y }},{{ a is defined }}]{% endmacro %}"
    templates = {"lib": lib, "inc": Scoping(rng).template(2, 4).replace("'inc'", "'inc2'"),
                 "inc2": "<{{ x|d('-') }}{{ y|d('-') }}{{ z|d('-') }}{{ loop.index if loop is defined }}{% set y = 9 %}>"}
    gen = Scoping(rng)
    source = gen.template(3, 6)
    if rng.random() < 0.3:
        base = Scoping(rng)
        templates["base"] = "".join(base.block(1) if rng.random() < 0.6 else base.statement(2) for _ in range(4))
        gen.blocks = 0
        parts = [gen.statement(2) if rng.random() < 0.5 else gen.block(2) for _ in range(4)]
        parts.insert(rng.randrange(3), rng.choice(["{% extends 'base' %}", "{% if a %}{% extends 'base' %}{% endif %}"]))
        source = "".join(parts)
    return {"source": source, "templates": templates, "context": CONTEXT}


MODES = {"scoping": scoping, "program": program, "mutated": mutated, "expression": expression}


def same(theirs, ours):
    if "output" in theirs or "output" in ours:
        # Objects print their addresses.
        if " at 0x" in theirs.get("output", "") or ours.get("error") == "NotImplementedError" and "a generator" in ours["message"]:
            return True
        return theirs.get("output") == ours.get("output")
    if "error" in ours and ours["error"] == "NotImplementedError" and "a generator" in ours["message"]:
        return True
    if theirs["error"] == "RecursionError":
        return ours["error"] == "RecursionError"
    if theirs["error"] == "SyntaxError":
        return ours["error"] == "SyntaxError" and theirs["message"].split(" (")[0] == ours["message"]
    if " at 0x" in theirs["message"]:
        return theirs["error"] == ours["error"]
    return theirs["error"] == ours["error"] and theirs["message"] == ours["message"]


def ask(binary, cases):
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([binary], input=text, capture_output=True, text=True, encoding="utf-8")
    lines = done.stdout.split("\n")[:-1]
    if len(lines) != len(cases):
        print("CRASH after", len(lines), done.stderr[-2000:])
        print(json.dumps(cases[len(lines)])[:3000])
        raise SystemExit(1)
    return [json.loads(line) for line in lines]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--mode", choices=MODES, default="program")
    parser.add_argument("--show", type=int, default=8)
    args = parser.parse_args()
    cases = [MODES[args.mode](random.Random(f"{args.seed}/{n}")) for n in range(args.count)]
    mine = ask(args.binary, cases)
    shown, kinds, agree, lines = 0, collections.Counter(), 0, 0
    for case, ours in zip(cases, mine):
        theirs = run(json.loads(json.dumps(case)))
        kinds[theirs.get("error", "output")] += 1
        if same(theirs, ours):
            agree += 1
            lines += theirs.get("line") == ours.get("line")
            continue
        if shown < args.show:
            shown += 1
            print("-----", json.dumps({k: v for k, v in case.items() if k != "context"}, ensure_ascii=False))
            print("  theirs", json.dumps(theirs, ensure_ascii=False)[:600])
            print("  ours  ", json.dumps(ours, ensure_ascii=False)[:600])
    print(f"{agree} of {len(cases)} agree, {lines} of these in the line too; {dict(kinds.most_common())}")


if __name__ == "__main__":
    main()
