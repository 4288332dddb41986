"""Plugins of API v1: modules that add to hooks when they are imported, in contexts that tell whose it is."""
import os
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location

from tutor_host import added, core, replaced, v0
from tutor_host.errors import Wrong

PREFIX = "tutor.plugin.v1."


def load(recorder, plugin, chance=None):
    """Imports a plugin: what it adds, and what that depends on."""
    name_single(plugin)
    added.reset()
    core.install()
    with recorder.loading(plugin, chance):
        added.cleared()
        module = enter(recorder, plugin)
        try:
            behind = []
            result = added.gather(added.of(plugin), behind)
            result["version"] = version(module, plugin)
            result["cleared"] = added.cleared(plugin)
            result["replaced"] = plugin.pop("replaced") + replaced.foreign(home_of(plugin))
            result["own"] = added.own(plugin)
            added.plugins[plugin.get("name")], added.things[plugin.get("name")] = dict(plugin), behind
        except BaseException:
            added.drop(plugin)
            raise
    return {"result": result, "reads": recorder.reads(plugin)}


def name_single(plugin):
    """Gives a plugin that is a file the name of a module."""
    if plugin.get("file"):
        stem = os.path.splitext(os.path.basename(plugin["file"]))[0]
        plugin["module"] = PREFIX + stem


def enter(recorder, plugin):
    """Runs the module in the plugin's contexts, and then what it wants to be called when it is loaded."""
    from tutor import hooks

    module = plugin.get("module")
    if not module:
        raise Wrong("the entry point names no module", attribute=None)
    name = plugin.get("name")
    app = hooks.Contexts.app(name)
    fresh = bool(plugin.get("file")) or module not in sys.modules
    if fresh:
        added.drop(plugin)
    with Alone(), hooks.Contexts.PLUGINS.enter(), app.enter():
        try:
            thing = from_file(recorder, plugin) if plugin.get("file") else import_module(module)
            plugin["replaced"] = replaced.put_back()
            if fresh:
                hooks.Actions.PLUGIN_LOADED.do_from_context(app.name, name)
                hooks.Filters.PLUGINS_LOADED.add_item(name)
        except BaseException:
            replaced.put_back()
            added.drop(plugin)
            raise
    plugin["replaced"] += replaced.put_back()
    hooks.forget_all()
    return thing


class Alone:
    """Leaves the contexts of the load that this one may be within."""

    def __enter__(self):
        from tutor.core.hooks import Context

        self.current = Context.CURRENT
        self.outer = self.current[:]
        del self.current[:]

    def __exit__(self, *_):
        self.current[:] = self.outer


def from_file(recorder, plugin):
    """Runs a file as a module, which nobody else can import."""
    spec = spec_from_file_location(plugin["module"], plugin["file"])
    if spec is None or spec.loader is None:
        raise ImportError("no plugin can be loaded from " + plugin["file"], path=plugin["file"])
    module = module_from_spec(spec)
    if recorder is not None:
        recorder.singles[plugin["module"]] = module
    spec.loader.exec_module(module)
    return module


def home_of(plugin):
    """Whether a module is a plugin's own: a function that tells."""
    module = str(plugin.get("module"))
    top = module if plugin.get("file") else module.partition(".")[0]
    return lambda name: name == top or name.startswith(top + ".")


def version(module, plugin):
    """The distribution's version, or what the module says of itself."""
    if not plugin.get("file"):
        return v0.version(module, plugin)
    found = plugin.get("version") or getattr(module, "__version__", None)
    return found if isinstance(found, str) else None


def command(plugin, name):
    """The command of that name which the plugin adds."""
    from tutor import hooks

    name_single(plugin)
    enter(None, plugin)
    filters = hooks.Filters.CLI_COMMANDS
    for found in filters.iterate_from_context(hooks.Contexts.app(plugin.get("name")).name):
        if getattr(found, "name", None) == name:
            return found
    raise Wrong("plugin %s has no command %s" % (plugin.get("name"), name), attribute="CLI_COMMANDS")
