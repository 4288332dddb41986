"""Writes what the real Jinja2 makes of the cases in `cases/`.

    <python with Jinja2 3.1.6> generate.py

Each `cases/<topic>.txt` has cases that start with a line `=== title`; in a case, a line `--- name` starts a
template that it can include, import or extend. In `cases/<topic>.lines` each line is a case. `␊` and `␍` stand for
line breaks. All see the variables of `cases/context.json`. The answers go to `cases/<topic>.json`, in the same order.
"""

import copy
import json
import pathlib

from oracle import run

CASES = pathlib.Path(__file__).parent / "cases"


def read(path):
    cases = []
    part = None
    if path.suffix == ".lines":
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
        return [{"title": line, "source": text([line]), "templates": {}} for line in lines]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("=== "):
            cases.append({"title": line[4:], "source": [], "templates": {}})
            part = cases[-1]["source"]
        elif line.startswith("--- "):
            part = cases[-1]["templates"].setdefault(line[4:], [])
        elif part is not None:
            part.append(line)
    for case in cases:
        case["source"] = text(case["source"])
        case["templates"] = {name: text(lines) for name, lines in case["templates"].items()}
    return cases


def text(lines):
    """Without the empty line between cases."""
    if lines and not lines[-1]:
        lines = lines[:-1]
    return "\n".join(lines).replace("␍", "\r").replace("␊", "\n")


def main():
    context = json.loads((CASES / "context.json").read_text(encoding="utf-8"))
    total = 0
    for path in sorted([*CASES.glob("*.txt"), *CASES.glob("*.lines")]):
        answers = []
        for case in read(path):
            title = case.pop("title")
            case["context"] = copy.deepcopy(context)
            answers.append({"title": title, **run(case)})
        titles = [answer["title"] for answer in answers]
        assert len(titles) == len(set(titles)), f"{path}: a title occurs twice"
        total += len(answers)
        out = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
        path.with_suffix(".json").write_text(out, encoding="utf-8")
    print(total, "cases")


if __name__ == "__main__":
    main()
