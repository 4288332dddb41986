#!/usr/bin/env python3
"""Compares this crate with PyYAML on random input.

    cargo build --release -p yaml --example differential
    PYTHON tests/fuzz.py TARGET/release/examples/differential [--count N] [--seed S] [--kind KIND]… [--files GLOB]…

PYTHON has PyYAML 6.0.3 (and MarkupSafe). Prints, for each kind of input, how many answers agree, and the first that
do not. An answer of `load` agrees if the value is the same, shared objects included, or if both refuse with the
same error class; different wording or marks of the error are counted apart.
"""
import argparse
import collections
import datetime
import glob
import json
import random
import subprocess
import sys

import yaml

import codec

WORDS = ["a", "b", "key", "foo bar", "yes", "No", "on", "null", "~", "0777", "0o17", "0x1F", "0b101", "1_000", "1:30",
         "1:30.5", "1e3", "1.5e+3", ".inf", "-.INF", ".nan", "1.", "12.5", "-7", "+3", "2001-01-01",
         "2001-1-1 1:02:03", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.1 Z", "=", "<<", "-", "---", "...",
         "- x", "a: b", "a:b", "a #b", "a#b", "# c", "x,y", "[", "]", "{", "}", "{{ VAR }}", "{% if x %}", "*", "&",
         "!", "%", "@", "`", "'", '"', "it's", "?", ":", "é", "日本語", "\U0001f600", "tab\there", "x" * 50]
TOKENS = ["\n", "\n", "\n", "\n  ", "\n    ", "\n ", " ", " ", "  ", "\t", "- ", "- ", "? ", ": ", ": ", ": ", ":", ",",
          ", ", "[", "]", "{", "}", "[]", "{}", "&a ", "&b ", "*a", "*b", "*a ", "!!str ", "!!int ", "!!float ", "!!set ",
          "!!omap ", "!!pairs ", "!!binary ", "!!timestamp ", "!!map ", "!!seq ", "!!null ", "!!bool ", "!", "! ", "!foo ", "!<x> ",
          "!<tag:yaml.org,2002:int> ", "!e!x ", "|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "|\n", ">\n", "'", '"', "''",
          '""', "#", " # c", "---", "---\n", "--- ", "...", "...\n", "%YAML 1.1\n", "%TAG !e! tag:e,2000:\n", "%FOO x\n",
          "<<: ", "<<: *a", "<<: [*a, *b]", "=: ", "= ", "\\", "\\n", "\\x41", "\\u00e9", "\\\n", "\r\n", "\r", "\x85",
          "\u2028", "\u2029", "\ufeff", "\xa0", "a: 1\n", "b: 2\n", "- x\n", "  c: d\n", "  - y\n", "key: |\n  text\n"]
CHARS = " \n\n\t:-#,[]{}&*!|>'\"%@`?<=~\\/._+abyYnN0123456789eExT\r\x85\u2028\ufeff\xa0é日\U0001f600"
NUMERIC = "0123456789001+-._:eExXbTtZ ofnaiINF"
TEXT = "abc  \n\n\t:-#,[]{}&*!|>'\"%@`?~\\=.0123\x00\x07\x1b\x7f\x85\xa0\u2028\u2029\ufeff\ufffe\uffff\U0001f600\U0010ffffé日本 \r"
PLUGIN = """name: myplugin
version: 0.1.0
config:
  add:
    PASSWORD: "{{ 8|random_string }}"
    LIST: [1, 'two', three]
  defaults: &defaults
    HOST: "my.{{ LMS_HOST }}"
    PORT: 8000
    DEBUG: off
    MODE: 0644
    SINCE: 2020-01-01
  set:
    <<: *defaults
    KEY: !!str 12
patches:
  openedx-common-settings: |
    # comment: not one
    FEATURES["X"] = {
        'a': "b",
    }
  caddyfile: >-
    folded text
    goes on

    and on
  "quoted key": 'single '' quoted
    over lines'
  double: "esc \\t \\u00e9 \\
    joined"
hooks:
  init:
  - lms
  - cms
  build-image:
    ? myimage
    : "{{ X }}/img:{{ TUTOR_VERSION }}"
"""


def random_text(rng):
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(WORDS)
    if kind == 1:
        return "".join(rng.choice(TEXT) for _ in range(rng.randrange(12)))
    if kind == 2:
        return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 40)))
    if kind == 3:
        return "\n".join(" " * rng.choice([0, 0, 2]) + rng.choice(WORDS) for _ in range(rng.randrange(1, 8))) + rng.choice(["", "\n", "\n\n"])
    if kind == 4:
        return "".join(rng.choice(TEXT) for _ in range(rng.randrange(60, 200)))
    if kind == 5:
        return rng.choice(["word ", "x", "é", "ab  ", "it's ", "\t", "日本 ", "\U0001f600 "]) * rng.randrange(10, 140)
    if kind == 6:
        return "".join(rng.choice(NUMERIC) for _ in range(rng.randrange(1, 9)))
    return "".join(rng.choice("abcdef  ") for _ in range(rng.randrange(70, 180)))


def random_scalar(rng):
    kind = rng.randrange(14)
    if kind < 6:
        return random_text(rng)
    if kind == 6:
        return rng.choice([None, True, False])
    if kind == 7:
        return rng.choice([0, 1, -1, 8, 10 ** 18, -(2 ** 63), 2 ** 63, 10 ** 30, rng.randrange(-1000, 1000)])
    if kind == 8:
        return rng.choice([0.0, -0.0, 1.5, 1e16, 1e-5, 1e22, -1e100, float("inf"), -float("inf"), float("nan"), 123456789.123,
                           rng.uniform(-10, 10), rng.random() * 10 ** rng.randrange(-20, 20)])
    if kind == 9:
        return bytes(rng.randrange(256) for _ in range(rng.choice([0, 1, 2, 3, 10, 57, 58, 120])))
    if kind == 10:
        return datetime.date(rng.randrange(1, 9999), rng.randrange(1, 13), rng.randrange(1, 29))
    if kind == 11:
        zone = rng.choice([None, datetime.timezone.utc, datetime.timezone(datetime.timedelta(minutes=rng.randrange(-800, 800)))])
        return datetime.datetime(rng.randrange(1, 9999), rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(24),
                                 rng.randrange(60), rng.randrange(60), rng.choice([0, 0, 5, 123000]), tzinfo=zone)
    return rng.choice(WORDS)


def random_key(rng):
    if rng.random() < 0.75:
        return random_text(rng)
    key = random_scalar(rng)
    if rng.random() < 0.15:
        key = tuple(random_scalar(rng) for _ in range(rng.randrange(3)))
    return key


def random_value(rng, depth=0, pool=None):
    pool = [] if pool is None else pool
    if pool and rng.random() < 0.12:
        return rng.choice(pool)
    kind = rng.random()
    size = rng.choice([0, 1, 1, 2, 3, 5])
    if depth > 4 or kind < 0.35 + depth * 0.1:
        value = random_scalar(rng)
    elif kind < 0.7:
        value = {}
        homogeneous = rng.random() < 0.7
        for _ in range(size):
            key = random_text(rng) if homogeneous else random_key(rng)
            value[key] = random_value(rng, depth + 1, pool)
    elif kind < 0.93:
        value = [random_value(rng, depth + 1, pool) for _ in range(size)]
    elif kind < 0.97:
        value = tuple(random_value(rng, depth + 1, pool) for _ in range(size))
    else:
        # All of one type: PyYAML sorts them; else the order of Python's set would matter.
        value = set(random_text(rng) for _ in range(size))
    pool.append(value)
    return value


def mutate(rng, text):
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3, 6])):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(7)
        if kind == 0:
            text = text[:at] + text[at + rng.choice([1, 1, 2, 5]):]
        elif kind == 1:
            text = text[:at] + rng.choice(CHARS) + text[at:]
        elif kind == 2:
            text = text[:at] + rng.choice(TOKENS) + text[at:]
        elif kind == 3:
            text = text[:at] + rng.choice(CHARS) + text[at + 1:]
        elif kind == 4:
            lines = text.split("\n")
            i = rng.randrange(len(lines))
            lines[i] = rng.choice([" " + lines[i], lines[i][1:], lines[i].strip(), "  " + lines[i], lines[i] + " ", "", "\t" + lines[i]])
            text = "\n".join(lines)
        elif kind == 5:
            lines = text.split("\n")
            i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
            text = "\n".join(lines)
        else:
            text = text[:at] if rng.random() < 0.5 else text + rng.choice(WORDS)
    return text


def dumped(rng):
    options = dict(
        default_style=rng.choice([None, None, None, "'", '"', "|", ">"]),
        default_flow_style=rng.choice([False, False, True, None]),
        width=rng.choice([None, 20, 40, 1000]),
        indent=rng.choice([None, 4]),
        allow_unicode=rng.random() < 0.7,
        explicit_start=rng.random() < 0.2,
        line_break=rng.choice([None, None, "\r\n", "\r"]),
    )
    return yaml.safe_dump(random_value(rng), **options)


def structured(rng, depth, anchors, flow=False):
    """A node with anchors, aliases, merge keys and tags: mostly valid."""
    pad = "  " * depth
    kind = rng.random()
    if anchors and kind < 0.2:
        return "*" + rng.choice(anchors)
    anchor = ""
    if rng.random() < 0.35:
        name = f"n{len(anchors)}" if rng.random() < 0.95 else "n0"
        anchor = f"&{name} "
    tag = rng.choice(["!!set ", "!!omap ", "!!pairs ", "!!map ", "!!seq ", "!!str "]) if rng.random() < 0.06 else ""
    result = None
    if kind < 0.35 or depth > 4:
        result = rng.choice(["x", "1", "'q'", "\"d\"", "2001-01-01", "=", "", "<<", "1.5", "[]", "{}", "no", "plain text", "a"])
    elif kind < 0.8 and not flow:
        result = ""
        for _ in range(rng.randrange(1, 5)):
            if rng.random() < 0.25:
                sources = ["*" + name for name in anchors] + ["{a: 1, m: 2}", "{z: 1, a: 7}"]
                chosen = rng.choice(sources) if rng.random() < 0.5 else "[" + ", ".join(rng.choice(sources) for _ in range(rng.randrange(4))) + "]"
                result += f"\n{pad}<<: {chosen}"
            else:
                key = rng.choice(["a", "b", "c", "d", "1", "1.0", "true", "=", "z", "2001-01-01", "? x\n" + pad, "*n0 ", "[1]"])
                result += f"\n{pad}{key}: {structured(rng, depth + 1, anchors)}"
    elif kind < 0.9 and not flow:
        result = "".join(f"\n{pad}- {structured(rng, depth + 1, anchors)}" for _ in range(rng.randrange(1, 5)))
    elif kind < 0.95:
        result = "[" + ", ".join(structured(rng, depth + 1, anchors, True) for _ in range(rng.randrange(4))) + "]"
    else:
        result = "{" + ", ".join(rng.choice("abcde<=") + ": " + structured(rng, depth + 1, anchors, True) for _ in range(rng.randrange(4))) + "}"
    if anchor and rng.random() < 0.97:
        anchors.append(anchor[1:-1])
    return anchor + tag + result


def documents(kind, rng, count, files):
    if kind == "files":
        sources = [open(path, encoding="utf-8").read() for pattern in files for path in glob.glob(pattern, recursive=True)]
        sources += [PLUGIN] * (len(sources) // 3 + 1)
        sources = [source[:6000] for source in sources]
    for _ in range(count):
        if kind == "files":
            source = rng.choice(sources)
            if len(source) > 800 and rng.random() < 0.8:
                lines = source.split("\n")
                start = rng.randrange(len(lines))
                source = "\n".join(lines[start:start + rng.randrange(3, 25)])
            yield mutate(rng, source)
        elif kind == "dumped":
            yield dumped(rng)
        elif kind == "mutated":
            yield mutate(rng, dumped(rng))
        elif kind == "anchors":
            yield structured(rng, 0, [])
        elif kind == "tokens":
            yield "".join(rng.choice(TOKENS if rng.random() < 0.7 else WORDS) for _ in range(rng.randrange(1, 14)))
        elif kind == "chars":
            yield "".join(rng.choice(CHARS) for _ in range(rng.randrange(1, 30)))
        elif kind == "numbers":
            tag = rng.choice(["", "", "", "", "!!int ", "!!float ", "!!timestamp ", "!!bool "])
            yield tag + "".join(rng.choice(NUMERIC) for _ in range(rng.randrange(1, 8))) if rng.random() < 0.5 else tag + mutate(rng, rng.choice(WORDS))
        elif kind == "texts":
            text = random_text(rng)
            yield rng.choice(["{}", "k: {}", "- {}", "[{}]", "{{a: {}}}", "k: '{}'", 'k: "{}"', "k: |\n  {}", "k: >\n {}", "? {}"]).format(text)


def oracle_load(text):
    try:
        return {"value": yaml.load(text, Loader=yaml.SafeLoader)}
    except RecursionError:
        return {"error": "ComposerError"}
    except yaml.YAMLError as error:
        return {"error": type(error).__name__, "text": str(error)}
    except Exception as error:
        return {"error": "ConstructorError", "other": f"{type(error).__name__}: {error}"}


def compare_load(text, ours):
    theirs = oracle_load(text)
    if "value" in theirs:
        try:
            expected = codec.comparable(codec.encode(theirs["value"]))
        except (codec.CannotEncode, RecursionError) as error:
            return f"known: {error}" if ours.get("error") == "ConstructorError" else f"accepted: {error}"
        if "value" not in ours:
            return "refused"
        return None if codec.comparable(ours["value"]) == expected else "value"
    if "value" in ours:
        return "accepted"
    if ours["error"] != theirs["error"]:
        return "class"
    if "text" in theirs and ours["text"] != theirs["text"]:
        return "wording"
    return None


def ask(program, requests):
    data = "".join(json.dumps(request) + "\n" for request in requests)
    result = subprocess.run([program], input=data, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{program} failed: {result.stderr}")
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def report(kind, count, found, examples, show):
    bad = sum(n for name, n in found.items() if name != "wording" and not name.startswith("known"))
    print(f"{kind}: {count} cases, {100 * (count - bad) / count:.3f} % agree; {dict(found)}", flush=True)
    for name, items in examples.items():
        for item in items[:show]:
            print("  ", name, *map(repr, item), sep="\n     ")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--kind", action="append")
    parser.add_argument("--files", action="append", default=[])
    args = parser.parse_args()
    kinds = args.kind or ["files", "dumped", "mutated", "anchors", "tokens", "chars", "numbers", "texts", "dump"]
    for kind in kinds:
        rng = random.Random(f"{args.seed} {kind}")
        found, examples = collections.Counter(), collections.defaultdict(list)
        if kind == "dump":
            values, requests = [], []
            while len(values) < args.count:
                value = random_value(rng) if rng.random() < 0.6 else random_text(rng)
                values.append(value)
                requests.append({"dump": codec.encode(value)})
            for value, ours in zip(values, ask(args.program, requests), strict=True):
                theirs = yaml.dump(value, default_flow_style=False, allow_unicode=True)
                if ours.get("text") != theirs:
                    found["text"] += 1
                    examples["text"].append((value, theirs, ours.get("text", ours)))
        else:
            texts = list(documents(kind, rng, args.count, args.files))
            for text, ours in zip(texts, ask(args.program, [{"load": text} for text in texts]), strict=True):
                verdict = compare_load(text, ours)
                if verdict:
                    found[verdict] += 1
                    if not verdict.startswith("known"):
                        examples[verdict].append((text, oracle_load(text), ours))
        for items in examples.values():
            items.sort(key=lambda item: len(str(item[0])))
        report(kind, args.count, found, examples, args.show)


if __name__ == "__main__":
    main()
