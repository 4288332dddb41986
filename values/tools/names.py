#!/usr/bin/env python3.11
"""Writes src/methods/names.rs: the methods that the built-in types have in CPython 3.11.

So that a method we lack is reported as missing here, not as missing in Python.
"""
import datetime
import sys

from markupsafe import Markup

TYPES = [
    ("NONE", type(None)), ("BOOL", bool), ("INT", int), ("FLOAT", float), ("STR", str), ("MARKUP", Markup),
    ("BYTES", bytes), ("LIST", list), ("TUPLE", tuple), ("DICT", dict), ("SET", set), ("DATE", datetime.date),
    ("DATETIME", datetime.datetime), ("TIMEZONE", datetime.timezone), ("DICT_KEYS", type({}.keys())),
    ("DICT_VALUES", type({}.values())), ("DICT_ITEMS", type({}.items())),
]


def array(name, names):
    lines, line = [], "   "
    for text in sorted(names):
        text = f' "{text}",'
        if len(line) + len(text) > 110:
            lines.append(line)
            line = "   "
        line += text
    if line.strip():
        lines.append(line)
    body = "\n" + "\n".join(lines) + "\n" if lines else ""
    return f"#[rustfmt::skip]\npub(super) static {name}: [&str; {len(names)}] = [{body}];"


def main():
    common = {name for name in dir(object) if callable(getattr(object(), name))} - {"__class__"}
    out = [
        "//! The methods that the built-in types have in `CPython` 3.11. Written by `tools/names.py`: do not edit.",
        "", "/// The methods of all objects.", array("OBJECT", common),
    ]
    for name, kind in TYPES:
        methods = {m for m in dir(kind) if callable(getattr(kind, m)) and not m.startswith("_Markup")}
        out += ["", array(name, methods - common - {"__class__"})]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


main()
