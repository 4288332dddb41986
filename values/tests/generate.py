#!/usr/bin/env python3.11
"""Asks CPython what the expressions in cases/*.txt give, and writes cases/*.json.

Run with a Python 3.11 that has Jinja2 and MarkupSafe. A line is an expression; blank lines and lines that start
with `#` are not. Before the expression may stand a mark, for what this crate does not do as CPython does:

    !  is not supported here: the error must say so
    ^  would be too large here: an OverflowError
"""
import ast
import datetime
import glob
import html
import json
import os
import sys

from jinja2 import StrictUndefined
from jinja2.exceptions import UndefinedError
from markupsafe import Markup, escape

KINDS = [
    TypeError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError, RecursionError, UndefinedError,
    RuntimeError, ValueError,
]
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.USub: "-", ast.UAdd: "+", ast.Not: "not",
}


def undefined(name):
    return StrictUndefined(name=name)


def gen(*items):
    yield from items


def nest(kind, depth):
    """`kind` is list, tuple or dict."""
    value = None
    for _ in range(depth):
        value = [value] if kind == "list" else (value,) if kind == "tuple" else {"a": value}
    return value


NAMES = {
    "Markup": Markup, "escape": escape, "date": datetime.date, "datetime": datetime.datetime,
    "timezone": datetime.timezone, "timedelta": datetime.timedelta, "utc": datetime.timezone.utc,
    "undefined": undefined, "gen": gen, "nest": nest, "dumps": json.dumps, "unescape": html.unescape,
}
# Constructors whose results are written down as literals.
LITERALS = {"date", "datetime", "undefined"}


def literal(value):
    if value is None or isinstance(value, (bool, str)) and not isinstance(value, Markup):
        return ["value", value]
    if isinstance(value, int):
        return ["int", str(value) if value.bit_length() < 9000 else hex(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, bytes):
        return ["bytes", list(value)]
    if isinstance(value, datetime.datetime):
        offset = value.utcoffset()
        zone = None if offset is None else int(offset.total_seconds())
        fields = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
        return ["datetime", fields, zone, value.tzinfo is datetime.timezone.utc]
    if isinstance(value, datetime.date):
        return ["date", [value.year, value.month, value.day]]
    if isinstance(value, StrictUndefined):
        return ["undefined", value._undefined_name]
    raise TypeError(f"no literal for {value!r}")


def tree(node, namespace):
    def sub(child):
        return tree(child, namespace)

    match node:
        case ast.Constant(value=value):
            return literal(value)
        case ast.Name(id=name):
            return ["name", name]
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            return ["let", name, sub(value)]
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return [type(node).__name__.lower(), [sub(item) for item in items]]
        case ast.Dict(keys=keys, values=values):
            return ["dict", [[sub(key), sub(value)] for key, value in zip(keys, values)]]
        case ast.BinOp(left=left, op=op, right=right):
            return ["binary", OPERATORS[type(op)], sub(left), sub(right)]
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return ["binary", OPERATORS[type(op)], sub(left), sub(right)]
        case ast.UnaryOp(op=op, operand=operand):
            return ["unary", OPERATORS[type(op)], sub(operand)]
        case ast.Attribute(value=value, attr=name):
            return ["attr", sub(value), name]
        case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            parts = [["value", None] if part is None else sub(part) for part in (lower, upper, step)]
            return ["slice", sub(value), *parts]
        case ast.Subscript(value=value, slice=key):
            return ["item", sub(value), sub(key)]
        case ast.Call(func=ast.Name(id=name)) if name in LITERALS:
            return literal(eval(compile(ast.Expression(node), "case", "eval"), dict(namespace)))
        case ast.Call(func=function, args=args, keywords=keywords):
            arguments = [[sub(arg) for arg in args], [[keyword.arg, sub(keyword.value)] for keyword in keywords]]
            if isinstance(function, ast.Name):
                return ["function", function.id, *arguments]
            return ["method", sub(function.value), function.attr, *arguments]
    raise SyntaxError(ast.dump(node))


def case(line):
    mark, expression = (line[0], line[1:].strip()) if line[0] in "!^" else ("", line)
    node = ast.parse(expression, mode="eval").body
    result = {"expression": line, "tree": tree(node, NAMES)}
    if mark == "!":
        return result | {"raises": ["NotImplementedError", None]}
    if mark == "^":
        return result | {"raises": ["OverflowError", None]}
    try:
        value = eval(expression, dict(NAMES))
        return result | {"is": f"{type(value).__name__} {value!r}"}
    except MemoryError:
        return result | {"raises": ["OverflowError", None]}
    except Exception as error:
        kind = next((kind.__name__ for kind in KINDS if isinstance(error, kind)), type(error).__name__)
        return result | {"raises": [kind, str(error)]}


def write(path, lines):
    cases = [case(line) for line in lines if line.strip() and not line.startswith("#")]
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    return len(cases)


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
    sources = sys.argv[1:] or sorted(glob.glob(os.path.join(folder, "*.txt")))
    total = 0
    for source in sources:
        with open(source, encoding="utf-8") as file:
            total += write(source.removesuffix(".txt") + ".json", file.read().split("\n"))
    print(total, "cases")


if __name__ == "__main__":
    main()
