"""Who asks `datetime` for the time. Nothing can be wrapped there, so the code is looked at: `now` and `utcnow`
in code that loading runs, as far as names tell.
"""
import sys

ATTRIBUTES = ("config", "patches", "hooks", "templates")
ASKING = ("now", "utcnow")
OPTIMIZED = 1  # CO_OPTIMIZED: a function; what has it not is the body of a module or class


def reads(singles, modules):
    """Places (file, line) in these modules, if what loading runs in them asks for the time."""
    codes = [code_of(name, singles.get(name) or sys.modules.get(name)) for name in modules]
    codes = [code for code in codes if code is not None]
    if not codes:
        return []
    functions, reached, waiting = {}, set(), []
    for code in codes:
        collect(code, functions)
        waiting.append(code)
    for name in ATTRIBUTES:
        waiting.extend(functions.get(name, ()))
    places = []
    while waiting:
        code = waiting.pop()
        if code in reached:
            continue
        reached.add(code)
        names = loaded(code)
        if names.intersection(ASKING):
            places.append((code.co_filename, code.co_firstlineno))
        waiting.extend(inner for inner in inside(code) if runs_at_once(inner))
        for name in names:
            waiting.extend(functions.get(name, ()))
    return places


def loaded(code):
    """The names that it uses, and does not only define."""
    from dis import get_instructions

    return {
        instruction.argval
        for instruction in get_instructions(code)
        if instruction.opname.startswith("LOAD_") and instruction.opname != "LOAD_CONST"
    }


def code_of(name, module):
    """The code of a module, if it has the word in it at all."""
    loader = getattr(getattr(module, "__spec__", None), "loader", None)
    try:
        with open(module.__file__, "rb") as file:
            if b"now" not in file.read():
                return None
        return loader.get_code(name)
    except Exception:
        return None


def inside(code):
    return [item for item in code.co_consts if hasattr(item, "co_consts")]


def runs_at_once(code):
    """Bodies of classes, comprehensions, and (as far as anybody can tell) lambdas."""
    return not code.co_flags & OPTIMIZED or code.co_name.startswith("<")


def collect(code, functions):
    """All functions in it, by name."""
    for inner in inside(code):
        functions.setdefault(inner.co_name, []).append(inner)
        collect(inner, functions)
