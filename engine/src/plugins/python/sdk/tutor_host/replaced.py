"""What plugins put in place of things of the SDK. What the host itself works with is put back; the rest stays, for those
plugins that use it, and is told: the engine does not call it.
"""
import sys

SDK = "<tutor-sdk>/tutor/"
OURS = ("tutor.hooks", "tutor.core")
known = {}  # what the host works with, as it was: (thing, name) by names


def remember():
    """Once, before the first plugin is loaded."""
    for name, thing in list(owners(lambda name: name.startswith(OURS))):
        for key, value in list(vars(thing).items()):
            if not key.startswith("__") or key == "__init__":
                known[name + "." + key] = thing, key, value


def owners(wanted):
    """Modules of the SDK and their classes, with their names."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(SDK) and wanted(name):
            yield name, module
            for key, value in list(vars(module).items()):
                if isinstance(value, type) and value.__module__ == name:
                    yield name + "." + key, value


def put_back():
    """The names of what was replaced, and is what it was again."""
    found = []
    for name, (thing, key, value) in known.items():
        if vars(thing).get(key) is not value and key not in ("CURRENT", "APP", "INSTANCES", "observer"):
            setattr(thing, key, value)
            found.append(name)
    return sorted(found)


def foreign(is_plugins):
    """The names of what is replaced by functions and classes of plugins."""
    found = []
    for name, thing in owners(lambda name: not name.startswith(OURS)):
        for key, value in list(vars(thing).items()):
            home = getattr(value, "__module__", None)
            if callable(value) and isinstance(home, str) and is_plugins(home):
                found.append(name + "." + key)
    return sorted(found)
