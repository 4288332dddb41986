"""What a function comes to: data, or, for what is none, a description of it (a "handle") with what is data in it."""
import re
import types
from collections.abc import Iterator

from tutor_host import values

LONGEST = 100000
WIDEST = 500
DEEPEST = 2
VIEWS = (type({}.keys()), type({}.values()), type({}.items()), range)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, staticmethod, classmethod)
PLAIN_TYPES = (str, bytes, bytearray, int, float, list, dict, tuple, set, frozenset)
BUILTIN = (object, dict, list, tuple, str, int, float, bool, set, frozenset, bytes, type, BaseException, Exception)
PLAIN_MODULES = ("builtins", "collections", "enum", "abc", "typing", "tutor_host.settings")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{4,}\b")


def encode(value, path=("result",)):
    """JSON for a result. One-shot iterators become lists."""
    return values.encode(value, path, (), other)


def other(value, path, within, depth=0):
    """JSON for what is no plain value, or None if it is one after all."""
    if issubclass(type(value), VIEWS) or is_iterator(value):
        return values.encode(listed(value, path), path, within + (id(value),), other)
    if is_plain(value):
        if not has_more(type(value)):
            return None  # a subclass that adds nothing
        said = handle(value, path, within, depth)
        said["v"]["data"] = values.encode(value, path, within, shallow(depth))
        return said
    if is_dated(value):
        return None
    return handle(value, path, within, depth)


def shallow(depth):
    """Like `other`, further inside; what has attributes of its own counts as plain there."""

    def inside(value, path, within):
        if is_plain(value):
            return None
        return other(value, path, within, depth + 1)

    return inside


def is_plain(value):
    """Whether it is plain data, or of a subclass. (Not `isinstance`: objects can say that they are what they are not.)"""
    return issubclass(type(value), PLAIN_TYPES)


def is_dated(value):
    import datetime

    return issubclass(type(value), datetime.date)


def is_listed(value):
    """Whether it is told as a list, or like one."""
    return issubclass(type(value), (list, tuple, set, frozenset) + VIEWS) or is_iterator(value)


def is_iterator(value):
    return issubclass(type(value), Iterator)


def listed(value, path):
    """The items of something that ends before too long."""
    found = []
    for item in value:
        if len(found) >= LONGEST:
            raise values.Unrepresentable(path, value, "more than %d items cannot be represented" % LONGEST)
        found.append(item)
    return found


def has_more(kind):
    """Whether a subclass of plain data has attributes that templates could use."""
    return bool(public(kind))


def public(kind):
    """The names that classes of plugins and libraries give to their instances, without those of plain data."""
    found, known = {}, set()
    for cls in reversed(kind.__mro__):
        if is_foreign(cls):
            found.update(dict.fromkeys(vars(cls)))
        else:
            known.update(vars(cls))
    if any(cls.__module__ == "enum" for cls in kind.__mro__):
        found.update(name=None, value=None)
        known -= {"name", "value"}
    return [name for name in found if isinstance(name, str) and not name.startswith("_") and name not in known]


def is_foreign(cls):
    """Whether it is a class of a plugin or a library."""
    return cls not in BUILTIN and cls.__module__ not in PLAIN_MODULES


def handle(value, path, within, depth):
    """The description of an object. What is inside of objects that are inside is left out."""
    kind = type(value)
    said = {
        "type": values.type_name(value),
        "text": attempt(lambda: plain_text(value)),
        "truth": attempt(lambda: bool(value)),
        "callable": callable(value),
        "iterable": hasattr(kind, "__iter__") or hasattr(kind, "__getitem__"),
        "attributes": [],
    }
    within += (id(value),)
    for name in names_of(value):
        if len(said["attributes"]) >= WIDEST:
            break
        found = attribute(value, name, path, within, depth)
        if found is not None:
            said["attributes"].append([name, found])
    return {"t": "handle", "v": said}


def attempt(function):
    """What it gives, None if it fails."""
    try:
        return function()
    except BaseException:
        return None


def plain_text(value):
    """Its text. Addresses differ from run to run, so they are none here."""
    return ADDRESS.sub("0x0", values.text(str(value), ()))


def names_of(value):
    """The public attributes: its own, and those of its classes. Of functions and modules, none that are not data."""
    if issubclass(type(value), FUNCTIONS):
        return []
    found = dict.fromkeys(public(value if issubclass(type(value), type) else type(value)))
    try:
        own = object.__getattribute__(value, "__dict__")
    except Exception:
        own = {}
    if issubclass(type(value), types.ModuleType):
        own = [name for name, thing in list(own.items()) if isinstance(thing, values.PLAIN + (bool,))]
    elif issubclass(type(value), type):
        own = ()
    found.update(dict.fromkeys(own))
    return [name for name in found if isinstance(name, str) and not name.startswith("_")]


def attribute(value, name, path, within, depth):
    """JSON for an attribute, None if there is none that can be told."""
    try:
        found = getattr(value, name)
    except BaseException:
        return None
    path += (name,)
    if id(found) in within or (is_iterator(found) and not issubclass(type(found), VIEWS)):
        return None  # looking at an iterator would use it up
    inside = Inside(depth + 1)
    try:
        return values.encode(found, path, within, inside)
    except (values.Unrepresentable, RecursionError):
        return None


class Inside:
    """`other` for what is inside of an object, down to a depth."""

    def __init__(self, depth):
        self.depth = depth

    def __call__(self, value, path, within):
        if issubclass(type(value), VIEWS):
            return None if len(value) > LONGEST else values.encode(list(value), path, within, self)
        if is_iterator(value) or (self.depth >= DEEPEST and not is_data(value)):
            raise values.Unrepresentable(path, value)
        if is_plain(value):
            return None
        return other(value, path, within, self.depth)


def is_data(value):
    return value is None or is_plain(value) or is_dated(value)
