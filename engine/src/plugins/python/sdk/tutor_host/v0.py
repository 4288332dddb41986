"""Plugins of API v0: an object whose attributes say everything. PROTOCOL.md has the form of the result."""
import sys
from importlib import import_module

from tutor_host import command
from tutor_host.declared import Declared
from tutor_host.errors import Wrong

SETTINGS = ("add", "defaults", "set")
HOOKS = {"init": Declared.texts, "pre-init": Declared.texts, "build-image": Declared.pairs, "remote-image": Declared.pairs}
EMPTY = {Declared.texts: (), Declared.pairs: {}}


def load(recorder, plugin, chance=None):
    """Imports a plugin: what it declares, and what that depends on."""
    with recorder.loading(plugin, chance):
        thing = thing_of(plugin)
        result = declaration(thing)
        result["version"] = version(thing, plugin)
    return {"result": result, "reads": recorder.reads(plugin)}


def thing_of(plugin):
    """What the entry point names: a module, or something in it."""
    if not plugin.get("module"):
        raise Wrong("the entry point names no module", attribute=None)
    found = import_module(plugin["module"])
    for name in filter(None, (plugin.get("attribute") or "").split(".")):
        found = getattr(found, name)
    return found


def declaration(thing):
    """All of it. What is no section and no hook that anybody knows is told, since it may be a slip of the pen."""
    config = Declared.of(thing, "config", {})
    sections = {name: settings(section) for name, section in config.entries()}
    patches = Declared.of(thing, "patches", {}).pairs()
    hooks = Declared.of(thing, "hooks", {})
    known = {name: read(hooks.get(name, EMPTY[read])) for name, read in HOOKS.items()}
    templates = Declared.of(thing, "templates", None)
    return {
        "config": {name: [[key, entry.plain()] for key, entry in sections.get(name, ())] for name in SETTINGS},
        "patches": patches,
        "hooks": known,
        "templates": None if templates.value is None else templates.text(),
        "command": described(getattr(thing, "command", None)),
        "unknown": [["config", name] for name in sections if name not in SETTINGS]
        + [["hooks", str(name)] for name in hooks.value if name not in HOOKS],
    }


def settings(section):
    """The settings of a section, whose names have been checked."""
    return list(section.entries())


def described(found):
    """A plugin's command, if it has one."""
    if found is None:
        return None
    command.check(found, "command")
    return command.describe(found)


def version(thing, plugin):
    """The distribution's version, or else what the package says of itself."""
    if plugin.get("version"):
        return plugin["version"]
    about = sys.modules.get(str(plugin.get("module")).partition(".")[0] + ".__about__")
    said = (getattr(about, "__version__", None), getattr(thing, "__version__", None), getattr(thing, "version", None))
    return next((text for text in said if isinstance(text, str)), None)
