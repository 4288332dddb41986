#!/usr/bin/env python3.11
"""Writes src/unicode/table.rs: what CPython 3.11 (Unicode 14) says of every code point.

Rust's own tables follow a newer Unicode, with other repr()s and case mappings. Run with CPython 3.11.
"""
import sys
import unicodedata

CASED = {"Lu", "Ll", "Lt"}


def case_ignorable(char):
    # Python does not expose the property; "final sigma" does: in "AΣ" + char + "A" the sigma is
    # final unless the letter after the ignored characters is seen.
    alone = ("A\u03a3" + char).lower()[1] == "\u03c2"
    before_letter = ("A\u03a3" + char + "A").lower()[1] == "\u03c2"
    return alone and not before_letter


def cased(char):
    # Python does not expose the property; title() does: a letter after a cased character is small.
    return (char + "a").title()[-1] == "a"


FLAGS = [
    ("ASSIGNED", lambda c: unicodedata.category(c) != "Cn"),
    ("PRINTABLE", str.isprintable),
    ("ALPHA", str.isalpha),
    ("DECIMAL", str.isdecimal),
    ("DIGIT", str.isdigit),
    ("NUMERIC", str.isnumeric),
    ("LOWER", str.islower),
    ("UPPER", str.isupper),
    ("TITLE", lambda c: unicodedata.category(c) == "Lt"),
    ("ID_START", str.isidentifier),
    ("ID_CONTINUE", lambda c: ("a" + c).isidentifier()),
]
EXTRA = [("CASED", cased), ("CASE_IGNORABLE", case_ignorable)]


def ranges(test):
    found, start = [], None
    for code in range(0x110000):
        if not 0xD800 <= code <= 0xDFFF and test(chr(code)):
            if start is None:
                start = code
        elif start is not None:
            found.append((start, code - 1))
            start = None
    if start is not None:
        found.append((start, 0x10FFFF))
    return found


def numbers(values):
    line, lines = "   ", []
    for value in values:
        text = f" {value},"
        if len(line) + len(text) > 140:
            lines.append(line)
            line = "   "
        line += text
    return "\n".join(lines + [line])


def pairs(mapping):
    def literal(text):
        return '"' + "".join(f"\\u{{{ord(c):x}}}" for c in text) + '"'

    return numbers(f"(0x{ord(key):x}, {literal(value)})" for key, value in mapping.items())



def main():
    chars = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    out = [
        "//! What `CPython` 3.11 (Unicode 14) says of every code point. Written by `tools/unicode.py`: do not edit.",
        "//!",
        "//! [`CLASSES`] holds runs of code points of equal properties: the first code point of the run,",
        "//! shifted left by 11, and the index of the run's properties in [`SETS`].",
        "",
    ]
    flags = FLAGS + EXTRA
    for bit, (name, _) in enumerate(flags):
        out.append(f"pub(super) const {name}: u16 = 1 << {bit};")
    sets, runs, last = [], [], None
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            value = 0
        else:
            value = sum(1 << bit for bit, (_, test) in enumerate(flags) if test(chr(code)))
        if value != last:
            if value not in sets:
                sets.append(value)
            runs.append((code << 11) | sets.index(value))
            last = value
    out += ["", "#[rustfmt::skip]", f"pub(super) static SETS: [u16; {len(sets)}] = [", numbers(sets), "];"]
    out += ["", "#[rustfmt::skip]", "#[allow(clippy::unreadable_literal, reason = \"generated\")]"]
    out += [f"pub(super) static CLASSES: [u32; {len(runs)}] = [", numbers(map(hex, runs)), "];"]

    decimals = [c for c in chars if c.isdecimal() and unicodedata.decimal(c) == 0]
    out += ["", "/// The zeros of all sets of ten decimal digits.", "#[rustfmt::skip]"]
    out += [f"pub(super) static ZEROS: [u32; {len(decimals)}] = [", numbers(hex(ord(c)) for c in decimals), "];"]

    titles = {c: c.title() for c in chars if c.title() != c.upper()}
    out += ["", "/// Titlecase, where it is not uppercase.", "#[rustfmt::skip]"]
    out += [f"pub(super) static TITLES: [(u32, &str); {len(titles)}] = [", pairs(titles), "];"]

    folds = {c: c.casefold() for c in chars if c.casefold() != c.lower()}
    out += ["", "/// Case folding, where it is not lowercase.", "#[rustfmt::skip]"]
    out += [f"pub(super) static FOLDS: [(u32, &str); {len(folds)}] = [", pairs(folds), "];", ""]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n".join(out))


main()
