"""Plugins of API v0: an object with attributes, each a value or a function without arguments."""
import sys
from importlib import import_module

from tutor_host import command as commands
from tutor_host.errors import Wrong
from tutor_host.values import Unrepresentable, encode, text, type_name

SECTIONS = ("add", "defaults", "set")
SERVICES = ("init", "pre-init")
IMAGES = ("build-image", "remote-image")


def load(recorder, plugin, chance=None):
    """Imports a plugin: what it declares, and what that depends on."""
    with recorder.loading(plugin, chance):
        thing = thing_of(plugin)
        declaration = {
            "config": config(thing),
            "patches": patches(thing),
            "hooks": hooks(thing),
            "templates": templates(thing),
            "command": command(thing),
            "version": version(thing, plugin),
            "unknown": [],
        }
        for name, known in (("config", SECTIONS), ("hooks", SERVICES + IMAGES)):
            unknown = [[name, str(key)] for key in declaration[name].pop(None) if key not in known]
            declaration["unknown"].extend(unknown)
    return {"result": declaration, "reads": recorder.reads(plugin)}


def thing_of(plugin):
    """What the entry point names: a module, or something in it."""
    module = plugin.get("module")
    if not module:
        raise Wrong("the entry point names no module", attribute=None)
    thing = import_module(module)
    for name in (plugin.get("attribute") or "").split("."):
        thing = getattr(thing, name) if name else thing
    return thing


def evaluate(thing, name, default):
    """The value of an attribute, called if it can be."""
    try:
        value = getattr(thing, name, default)
        return value() if callable(value) else value
    except BaseException as error:
        error.tutor_attribute = name
        raise


def expect(kind, value, attribute, *keys):
    """Checks a type: a Wrong that says where, what was expected and what found."""
    if isinstance(value, kind):
        return value
    names = {dict: "a dict", str: "text", list: "a list"}
    expected, found = names[kind], type_name(value)
    place = attribute + "".join("[%r]" % (key,) for key in keys)
    raise Wrong(
        "%s should be %s, but is of type %s" % (place, expected, found),
        attribute=attribute,
        key=[str(key) for key in keys],
        expected=expected,
        found=found,
    )


def name_of(key, attribute, *keys):
    """Checks that a key is text."""
    if isinstance(key, str):
        return text(key, (attribute,) + keys)
    raise Wrong(
        "the key %r in %s should be text, but is of type %s" % (key, attribute, type_name(key)),
        attribute=attribute,
        key=[str(part) for part in keys + (key,)],
        expected="text",
        found=type_name(key),
    )


def config(thing):
    """`config`: settings to add, defaults, settings to set. Under None, the names of its sections."""
    found = expect(dict, evaluate(thing, "config", {}), "config")
    for section, settings in found.items():
        name_of(section, "config")
        for key in expect(dict, settings, "config", section):
            name_of(key, "config", section)
    said = {None: list(found)}
    for section in SECTIONS:
        settings = found.get(section, {})
        said[section] = [
            [key, encode_setting(value, ("config", section, key))] for key, value in settings.items()
        ]
    return said


def encode_setting(value, path):
    """A setting's value; what cannot be said names the place."""
    try:
        return encode(value, path)
    except Unrepresentable as error:
        place = error.path[0] + "".join("[%r]" % (part,) for part in error.path[1:])
        error.args = ("%s: %s" % (place, error.args[0]),)
        error.tutor_attribute = "config"
        raise


def patches(thing):
    """`patches`: texts by name."""
    found = expect(dict, evaluate(thing, "patches", {}), "patches")
    return [
        [name_of(name, "patches"), text(expect(str, content, "patches", name), ("patches", name))]
        for name, content in found.items()
    ]


def hooks(thing):
    """`hooks`: services to initialise, images. Under None, the names of all."""
    found = expect(dict, evaluate(thing, "hooks", {}), "hooks")
    said = {None: list(found)}
    for name in SERVICES:
        services = found.get(name, [])
        if isinstance(services, (str, bytes)) or not hasattr(services, "__iter__"):
            expect(list, services, "hooks", name)
        services = list(services)
        said[name] = [text(expect(str, item, "hooks", name, at), ("hooks",)) for at, item in enumerate(services)]
    for name in IMAGES:
        images = expect(dict, found.get(name, {}), "hooks", name)
        said[name] = [
            [name_of(image, "hooks", name), text(expect(str, tag, "hooks", name, image), ("hooks", name))]
            for image, tag in images.items()
        ]
    return said


def templates(thing):
    """`templates`: a folder."""
    found = evaluate(thing, "templates", None)
    return None if found is None else text(expect(str, found, "templates"), ("templates",))


def command(thing):
    """`command`: what there is to know without running it."""
    found = getattr(thing, "command", None)
    if found is None:
        return None
    commands.check(found, "command")
    return commands.describe(found)


def version(thing, plugin):
    """The distribution's version, or else what the package says of itself."""
    if plugin.get("version"):
        return plugin["version"]
    about = sys.modules.get(str(plugin.get("module")).partition(".")[0] + ".__about__")
    for place in (about, thing):
        found = getattr(place, "__version__", None)
        if isinstance(found, str):
            return found
    found = getattr(thing, "version", None)
    return found if isinstance(found, str) else None
