"""What a function comes to: data, or, for what is none, a description of it (a "handle") with what is data in it."""
import collections.abc
import functools
import numbers
import re
import types

from tutor_host import values
from tutor_host.snapshot import SLOT, attributes
from tutor_host.undefined import StrictUndefined

LONGEST = 100000
TOO_MANY = "more than %d items cannot be represented"
WIDEST = 500
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), range)
CACHED = type(functools.lru_cache(None)(len))
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type, CACHED)
PLAIN_TYPES = (str, bytes, bytearray, int, float, list, dict, tuple, set, frozenset)
LAZY = ("builtins", "itertools")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}\b")
KINDS = (
    ("mapping", collections.abc.Mapping),
    ("string", str),
    ("number", numbers.Number),
    ("integer", int),
    ("float", float),
    ("tuple", tuple),
    ("list", list),
    ("dict", dict),
)


PARTS = ("getattr", "getitem", "iterate", "next", "reversed", "thing")  # operations that give parts of what there is
LISTS = ("iterate", "next", "reversed")  # those whose results are lists of ours


def encode(value, op, lists, tell, path=("result",)):
    """JSON for the result of an operation. `lists` gives the items of one-shot iterators, `tell` tells what stopped one."""
    encoder = Encoder(lists, tell, op in PARTS)
    if op in LISTS:
        return values.inside(value, path, (), encoder)
    return values.encode(value, path, (), encoder)


def encode_data(value, path=("result",)):
    """JSON for the result of a filter, say, in which iterators are lists."""
    return values.encode(value, path, (), listing)


def listing(value, path, within):
    if issubclass(type(value), VIEWS) or is_iterator(value):
        return values.encode(listed(value, path), path, within + (id(value),), listing)
    if is_plain(value) or is_dated(value):
        return None
    return handle(value)


class Encoder:
    """What becomes of everything that is no plain value."""

    def __init__(self, lists, tell, live):
        self.lists, self.tell, self.live = lists, tell, live

    def __call__(self, value, path, within):
        kind = type(value)
        if values.is_live(value, self) and not values.is_odd(value) and id(value) not in within:
            return {"t": "live", "v": values.inside(value, path, within, self)}
        if is_lazy(value):
            found = self.lists(value)
            said = values.encode(found.items, path, within + (id(value),), self)
            more = {"type": kind.__name__, "text": still(repr(value))}
            if found.error is not None:
                more["error"] = self.tell(found.error)
            return {"t": "iterator", "v": dict(more, items=said)}
        if kind.__module__ == "markupsafe" and kind.__name__ == "Markup":
            return {"t": "markup", "v": values.text(value, path)}
        if kind is StrictUndefined:
            return {"t": "undefined", "v": value._undefined_message}
        if kind.__module__ == "tutor_host.settings" or is_dated(value):
            return None
        return handle(value)


def is_plain(value):
    """Whether it is plain data, or of a subclass. (Not `isinstance`: objects can say that they are what they are not.)"""
    return issubclass(type(value), PLAIN_TYPES)


def is_dated(value):
    import datetime

    kind = type(value)
    return kind is datetime.date or (kind is datetime.datetime and value.tzinfo is None and not value.fold)


def is_listed(value):
    """Whether it is told as a list, or like one."""
    return issubclass(type(value), (list, tuple, set, frozenset) + VIEWS) or is_iterator(value)


def is_iterator(value):
    return issubclass(type(value), collections.abc.Iterator)


def is_lazy(value):
    """Whether it is an iterator that Python has made: it has nothing but its items."""
    kind = type(value)
    return kind.__module__ in LAZY and is_iterator(value)


def listed(value, path):
    """The items of something that ends before too long."""
    found = []
    for item in value:
        if len(found) >= LONGEST:
            raise values.Unrepresentable(path, value, TOO_MANY % LONGEST)
        found.append(item)
    return found


def still(text):
    """Addresses differ from run to run, so they are none here."""
    return ADDRESS.sub("0x0", text) if type(text) is str else text


def handle(value):
    """The description of an object, without running any code of its class."""
    kind = type(value)
    said = {
        "type": values.type_name(value),
        "callable": callable(value),
        "iterator": hasattr(kind, "__next__"),
        "truth": not (hasattr(kind, "__bool__") or hasattr(kind, "__len__")) or None,
        "subscript": hasattr(kind, "__getitem__") or issubclass(kind, type),
        "html": hasattr(kind, "__html__"),
        "is": [name for name, base in KINDS if issubclass(kind, base)],
        "attributes": found_attributes(value, kind),
    }
    data = plain_data(value, kind)
    if data is not None:
        said["data"] = data
    return {"t": "handle", "v": said}


def plain_data(value, kind):
    """The text or number that it is as well."""
    try:
        if issubclass(kind, str):
            return values.text(value, ())
        if issubclass(kind, (int, float)):
            return values.encode(int.__int__(value) if issubclass(kind, int) else float.__float__(value))
    except values.Unrepresentable:
        pass
    return None


def found_attributes(value, kind):
    """Public data that is there without a call: of the instance, and of its slots."""
    if issubclass(kind, FUNCTIONS) or kind.__getattribute__ is not object.__getattribute__:
        return []
    found, own = [], attributes(value) or {}
    for name, thing in list(own.items())[:WIDEST]:
        if isinstance(name, str) and not name.startswith("_") and not is_overridden(kind, name):
            found.append((name, thing))
    for cls in kind.__mro__:
        for name, slot in list(vars(cls).items()):
            if type(slot) is SLOT and not name.startswith("_") and kind.__dict__.get(name, slot) is slot:
                try:
                    found.append((name, slot.__get__(value, kind)))
                except AttributeError:
                    pass
    said = []
    for name, thing in found[:WIDEST]:
        try:
            said.append([name, values.encode(thing, (), (), refuse_parts)])
        except (values.Unrepresentable, RecursionError):
            pass  # it is asked for
    return said


def is_overridden(kind, name):
    """Whether the class has a say in what the attribute is."""
    for cls in kind.__mro__:
        if name in vars(cls):
            return hasattr(type(vars(cls)[name]), "__set__") or hasattr(type(vars(cls)[name]), "__delete__")
    return False


def refuse(value, path, within):
    """What is no data ends it."""
    if is_dated(value):
        return None
    raise values.Unrepresentable(path, value)


def refuse_parts(value, path, within):
    """So does what could be changed."""
    return refuse(value, path, within)


refuse_parts.live = True
