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


def is_pattern(value):
    """A regular expression."""
    if not is_text(value):
        return False
    import re

    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


PATTERN = (is_pattern, "a regular expression")
TEXT, PATH, WORDS, ANY = (is_text, "text"), (is_path, "text or texts"), (is_words, "a list of texts"), (is_any, "")
SETTING, PAIR, TASK = (TEXT, ANY), (TEXT, TEXT), (TEXT, PATH)
SHAPES = {
    "CLI_DO_INIT_TASKS": PAIR,
    "COMPOSE_MOUNTS": PAIR,
    "COMMANDS_INIT": TASK,
    "COMMANDS_PRE_INIT": TASK,
    "CONFIG_DEFAULTS": SETTING,
    "CONFIG_OVERRIDES": SETTING,
    "CONFIG_UNIQUE": SETTING,
    "CONFIG_USER": SETTING,
    "ENV_PATCHES": PAIR,
    "ENV_PATTERNS_IGNORE": PATTERN,
    "ENV_PATTERNS_INCLUDE": PATTERN,
    "ENV_TEMPLATE_ROOTS": TEXT,
    "ENV_TEMPLATE_TARGETS": PAIR,
    "IMAGES_BUILD": (TEXT, PATH, TEXT, WORDS),
    "IMAGES_BUILD_MOUNTS": PAIR,
    "IMAGES_BUILD_REQUIRED": TEXT,
    "IMAGES_PULL": PAIR,
    "IMAGES_PUSH": PAIR,
    "MOUNTED_DIRECTORIES": (TEXT, PATTERN),
}
# Here items may be no data; a name that is none is one that no template can use.
NAMES = ("ENV_TEMPLATE_FILTERS", "ENV_TEMPLATE_VARIABLES")


def listed(name, callback):
    """The items that a callback adds, which are a list."""
    if not isinstance(callback.priority, int):
        raise wrong(name + " priority", callback, callback.priority, "an integer")
    if not isinstance(callback.items, list):
        raise wrong(name, callback, callback.items, "a list")
    return callback.items


def check(name, item, at, callback):
    """The item, with paths as text; a Wrong if it is not what the filter takes."""
    shape = SHAPES.get(name)
    if name in NAMES:
        return pair(name, item, at, callback)
    if shape is None:
        return item
    if shape is PATTERN and hasattr(item, "pattern"):
        item = inline(item)
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


def pair(name, item, at, callback):
    """A name and what it stands for."""
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise wrong(name, callback, item, "a pair of name and thing", at)
    if not is_text(item[0]):
        raise wrong(name, callback, item[0], "text", at, 0)
    return item


def inline(pattern):
    """The text of a compiled regular expression, with its flags."""
    import re

    flags = "".join(letter for letter in "aimsx" if pattern.flags & getattr(re, letter.upper()))
    return "(?%s)%s" % (flags, pattern.pattern) if flags and is_text(pattern.pattern) else pattern.pattern


def wrong(name, callback, value, expected, *key):
    """The error, with the line that added the item."""
    file, line = callback.place
    found = type_name(value)
    if expected == "a regular expression" and is_text(value):
        found = "%r" % (value,)
    if isinstance(value, (tuple, list)) and expected in ("a pair", "a pair of name and thing", "four values"):
        found += " of length %d" % len(value)
    place = name + "".join("[%r]" % (part,) for part in key)
    message = "%s should be %s, but is of type %s" % (place, expected, found)
    details = {"attribute": name, "key": [str(part) for part in key], "expected": expected, "found": found}
    return Wrong(message, file=file, line=line, **details)
