#!/usr/bin/env python3
"""Writes what PyYAML makes of the inputs in tests/cases into the .jsonl files beside them.

    PYTHON tests/generate.py        (PYTHON has PyYAML 6.0.3 and MarkupSafe)

To add a case, add it to an input file, or add an input file, and run this:
  load/*.lines    one document a line
  load/*.pylines  one document a line, as Python expression
  load/*.docs     documents of several lines, each under a line "=== name"
  dump/*.lines    one value a line, as Python expression
"""
import datetime
import json
import pathlib

import markupsafe
import yaml

import codec

CASES = pathlib.Path(__file__).parent / "cases"


def documents(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".docs":
        for part in text.split("=== ")[1:]:
            yield part.split("\n", 1)[1]
    else:
        for line in text.split("\n"):
            if line:
                yield eval(line) if path.suffix == ".pylines" else line


def load(text):
    case = {"text": text}
    try:
        value = yaml.load(text, Loader=yaml.SafeLoader)
    except RecursionError:
        return case | {"error": "ComposerError"}
    except yaml.YAMLError as error:
        return case | {"error": type(error).__name__, "message": str(error)}
    except Exception as error:
        return case | {"error": "ConstructorError", "python": f"{type(error).__name__}: {error}"}
    try:
        return case | {"value": codec.comparable(codec.encode(value))}
    except codec.CannotEncode as error:
        return case | {"error": "ConstructorError", "divergence": str(error)}


def dump(expression):
    names = {
        "date": datetime.date, "datetime": datetime.datetime, "timezone": datetime.timezone,
        "timedelta": datetime.timedelta, "utc": datetime.timezone.utc, "Markup": markupsafe.Markup,
        "twice": lambda value: [value, value], "nan": float("nan"), "inf": float("inf"),
    }
    value = eval(expression, names)
    text = yaml.dump(value, default_flow_style=False, allow_unicode=True)
    case = {"case": expression, "value": codec.encode(value), "text": text}
    try:
        back = yaml.load(text, Loader=yaml.UnsafeLoader)
        if back != value and "nan" not in expression:
            case["note"] = "PyYAML reads something else back"
    except Exception as error:
        case["note"] = f"PyYAML cannot read it back: {type(error).__name__}"
    return case


def write(path, cases):
    lines = [json.dumps(case, ensure_ascii=True) + "\n" for case in cases]
    path.with_suffix(path.suffix + ".jsonl").write_text("".join(lines), encoding="utf-8")
    return len(lines)


def main():
    loads = sum(write(path, map(load, documents(path))) for path in sorted((CASES / "load").glob("*"))
                if path.suffix != ".jsonl")
    dumps = 0
    for path in sorted((CASES / "dump").glob("*.lines")):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
        dumps += write(path, map(dump, lines))
    print(f"{loads} documents, {dumps} values")


if __name__ == "__main__":
    main()
