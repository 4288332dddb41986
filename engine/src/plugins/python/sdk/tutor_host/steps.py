"""What can be done with values and objects: each is one operation of Python's."""
import operator

from tutor_host import things


def call(function, *args, **kwargs):
    return function(*args, **kwargs)


def method(thing, name, *args, **kwargs):
    return getattr(thing, name)(*args, **kwargs)


def slice_of(thing, start, stop, step):
    return thing[slice(start, stop, step)]


def listed(thing):
    return things.listed(iter(thing), ("result",))


def turned(thing):
    return things.listed(reversed(thing), ("result",))


def following(thing):
    """The next item in a list, or an empty one."""
    try:
        return [next(thing)]
    except StopIteration:
        return []


def is_sequence(thing):
    """What Jinja2 takes for one."""
    try:
        len(thing)
        thing.__getitem__
    except Exception:
        return False
    return True


def is_iterable(thing):
    try:
        iter(thing)
    except TypeError:
        return False
    return True


def as_json(thing, indent):
    """As the filter of Jinja2 does it."""
    import json

    return json.dumps(thing, sort_keys=True, indent=indent)


def pretty(thing):
    import pprint

    return pprint.pformat(thing)


def shown(function):
    """Text in which addresses are the same in all runs."""
    return lambda *args: things.still(function(*args))


STEPS = {
    "abs": abs,
    "bool": bool,
    "call": call,
    "contains": operator.contains,
    "float": float,
    "format": shown(format),
    "getattr": getattr,
    "getitem": operator.getitem,
    "hash": hash,
    "index": operator.index,
    "int": int,
    "is": operator.is_,
    "is_iterable": is_iterable,
    "is_sequence": is_sequence,
    "iterate": listed,
    "json": as_json,
    "len": len,
    "method": method,
    "next": following,
    "pprint": shown(pretty),
    "repr": shown(repr),
    "reversed": turned,
    "round": round,
    "slice": slice_of,
    "str": shown(str),
    "thing": lambda thing: thing,
}
for name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "neg", "pos"):
    STEPS[name] = getattr(operator, name)
# Those by which an object that is no Python changes nothing.
QUIET = frozenset("bool getattr hash is is_sequence len thing".split())
