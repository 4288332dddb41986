"""Values of Python and YAML as JSON. What JSON cannot say is tagged: {"t": type, "v": value}."""
import math

DEEPEST = 100
KEYS = (str, int, float, bytes)
PLAIN = (str, int, float, list, dict, tuple, set, frozenset, bytes)


class Unrepresentable(Exception):
    """A value that has no form in JSON: where it is, and what."""

    def __init__(self, path, value, why=None):
        self.path = list(path)
        self.type = type_name(value)
        Exception.__init__(self, why or "a value of type %s cannot be represented" % self.type)


def type_name(value):
    """How a message names the type of a value."""
    kind = type(value)
    module = getattr(kind, "__module__", "builtins")
    return kind.__qualname__ if module == "builtins" else "%s.%s" % (module, kind.__qualname__)


def encode(value, path=(), within=(), other=None):
    """JSON for a value; `path` is where it is, for the message if it has none. `other` is asked first about whatever
    is no plain value of Python: it gives JSON, or None.
    """
    if value is None or value is True or value is False:
        return value
    if other is not None and (type(value) not in PLAIN or is_odd(value) or is_live(value, other)):
        said = other(value, path, within)
        if said is not None:
            return said
    if isinstance(value, str):
        return text(value, path)
    if isinstance(value, int):
        value = int(value)
        return value if -(1 << 63) <= value < 1 << 63 else {"t": "int", "v": str(value)}
    if isinstance(value, float):
        value = float(value)
        return value if math.isfinite(value) else {"t": "float", "v": repr(value)}
    return inside(value, path, within, other)


def inside(value, path, within, other=None):
    """JSON for a container, or what is seldom met."""
    if id(value) in within:
        raise Unrepresentable(path, value, "a value that contains itself cannot be represented")
    if len(within) >= DEEPEST:
        raise Unrepresentable(path, value, "a value that is nested more than %d deep cannot be represented" % DEEPEST)
    within += (id(value),)
    if isinstance(value, list):
        return [encode(item, path + (at,), within, other) for at, item in enumerate(value)]
    if isinstance(value, dict):
        pairs = [(key, encode(item, path + (key,), within, other)) for key, item in value.items()]
        return {"t": "dict", "v": [[encode(key, path + (key,), within, other), item] for key, item in pairs]}
    if isinstance(value, tuple):
        return {"t": "tuple", "v": [encode(item, path + (at,), within, other) for at, item in enumerate(value)]}
    return rare(value, path, within, other)


def is_live(value, other):
    """Whether it can be changed, and `other` wants to know of that."""
    return getattr(other, "live", False) and type(value) in (list, dict, set)


def is_odd(value):
    """Whether it is a container that plain data of its form would not stand for."""
    kind = type(value)
    return kind is frozenset or (kind in (dict, set) and not all(map(is_key, value)))


def is_key(value):
    kind = type(value)
    if kind is tuple:
        return all(map(is_key, value))
    return value is None or kind is bool or kind in KEYS or kind.__module__ == "datetime"


def rare(value, path, within, other=None):
    """What is seldom met."""
    if isinstance(value, (bytes, bytearray)):
        from binascii import b2a_base64

        return {"t": "bytes", "v": b2a_base64(bytes(value), newline=False).decode("ascii")}
    if isinstance(value, (set, frozenset)):
        items = sorted(value, key=lambda item: (type_name(item), repr(item)))
        return {"t": "set", "v": [encode(item, path, within, other) for item in items]}
    import datetime

    if isinstance(value, datetime.datetime):
        return {"t": "datetime", "v": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"t": "date", "v": value.isoformat()}
    raise Unrepresentable(path, value)


def text(value, path):
    """Text, which has to be Unicode."""
    value = str.__str__(value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Unrepresentable(path, value, "text that is not Unicode (a lone surrogate) cannot be represented")
    return value


def decode(value, special=None):
    """The value that JSON says. `special`: what further tags mean, functions of what is tagged."""
    if isinstance(value, list):
        return [decode(item, special) for item in value]
    if not isinstance(value, dict):
        return value
    tag, inner = value["t"], value.get("v")
    if special is not None and tag in special:
        return special[tag](inner)
    if tag == "dict":
        return {decode(key, special): decode(item, special) for key, item in inner}
    if tag == "tuple":
        return tuple(decode(item, special) for item in inner)
    if tag == "set":
        return {decode(item, special) for item in inner}
    if tag in ("int", "float"):
        return int(inner) if tag == "int" else float(inner)
    if tag == "bytes":
        from binascii import a2b_base64

        return a2b_base64(inner)
    import datetime

    if tag == "date":
        return datetime.date.fromisoformat(inner)
    return datetime.datetime.fromisoformat(inner.replace("Z", "+00:00"))
