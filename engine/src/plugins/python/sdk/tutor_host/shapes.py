"""Which items the filters take that matter to the engine."""
import os

from tutor_host.errors import Wrong
from tutor_host.values import type_name


def is_text(value):
    return isinstance(value, str)


def is_any(value):
    return True


def is_path(value):
    """A path, in one piece or in several."""
    return is_text(value) or is_words(value)


def is_words(value):
    return isinstance(value, (list, tuple)) and all(map(is_text, value))


TEXT, PATH, WORDS, ANY = (is_text, "text"), (is_path, "text or texts"), (is_words, "a list of texts"), (is_any, "")
SETTING, PAIR, TASK = (TEXT, ANY), (TEXT, TEXT), (TEXT, PATH)
SHAPES = {
    "CLI_DO_INIT_TASKS": PAIR,
    "COMMANDS_INIT": TASK,
    "COMMANDS_PRE_INIT": TASK,
    "CONFIG_DEFAULTS": SETTING,
    "CONFIG_OVERRIDES": SETTING,
    "CONFIG_UNIQUE": SETTING,
    "CONFIG_USER": SETTING,
    "ENV_PATCHES": PAIR,
    "ENV_TEMPLATE_ROOTS": TEXT,
    "ENV_TEMPLATE_TARGETS": PAIR,
    "IMAGES_BUILD": (TEXT, PATH, TEXT, WORDS),
    "IMAGES_BUILD_MOUNTS": PAIR,
    "IMAGES_BUILD_REQUIRED": TEXT,
    "IMAGES_PULL": PAIR,
    "IMAGES_PUSH": PAIR,
}


def listed(name, callback):
    """The items that a callback adds, which are a list."""
    if not isinstance(callback.items, list):
        raise wrong(name, callback, callback.items, "a list")
    return callback.items


def check(name, item, at, callback):
    """The item, with paths as text; a Wrong if it is not what the filter takes."""
    shape = SHAPES.get(name)
    if shape is None:
        return item
    if name == "ENV_TEMPLATE_ROOTS" and isinstance(item, os.PathLike):
        item = os.fspath(item)
    if callable(shape[0]):
        if not shape[0](item):
            raise wrong(name, callback, item, shape[1], at)
        return item
    if not isinstance(item, (tuple, list)) or len(item) != len(shape):
        expected = {2: "a pair", 4: "four values"}[len(shape)]
        raise wrong(name, callback, item, expected, at)
    if name == "IMAGES_BUILD" and isinstance(item[1], os.PathLike):
        item = (item[0], os.fspath(item[1])) + tuple(item[2:])
    for place, (value, (fits, expected)) in enumerate(zip(item, shape)):
        if not fits(value):
            # A pair is best known by its name.
            known = item[0] if place and is_text(item[0]) else at
            raise wrong(name, callback, value, expected, known, place)
    return item


def wrong(name, callback, value, expected, *key):
    """The error, with the line that added the item."""
    file, line = callback.place
    found = type_name(value)
    if isinstance(value, (tuple, list)) and expected in ("a pair", "four values"):
        found += " of length %d" % len(value)
    place = name + "".join("[%r]" % (part,) for part in key)
    message = "%s should be %s, but is of type %s" % (place, expected, found)
    details = {"attribute": name, "key": [str(part) for part in key], "expected": expected, "found": found}
    return Wrong(message, file=file, line=line, **details)
