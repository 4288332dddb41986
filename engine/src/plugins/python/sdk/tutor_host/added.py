"""What a plugin of API v1 has added to hooks: data as data, functions by name and place."""
import sys

from tutor_host import command, shapes
from tutor_host.values import Unrepresentable, encode

OWN = ("PLUGINS_LOADED",)  # added by the host
UNKNOWN = ("None", "__main__", "tutor")
packages = {}  # of plugins that were loaded, by context


def of(plugin):
    """The callbacks that are a plugin's: (kind, name, callback), in the order of the catalogue. Those which the
    module of another plugin adds are that plugin's, whoever imported it.
    """
    from tutor import hooks

    mine = belongs(plugin)
    for kind, catalogue in (("filter", hooks.Filters), ("action", hooks.Actions)):
        for name, hook in list(vars(catalogue).items()):
            for callback in list(getattr(hook, "callbacks", ())):
                if mine(callback):
                    yield kind, name, callback


def belongs(plugin):
    """Whether a callback is a plugin's: a function that tells."""
    import tutor_host
    from tutor import hooks

    recorder = tutor_host.current.recorder if tutor_host.current is not None else None
    context = hooks.Contexts.app(plugin.get("name")).name
    own = None if plugin.get("file") else str(plugin.get("module") or "").partition(".")[0]
    packages[context] = own

    def mine(callback):
        top = str(callback.module).partition(".")[0]
        if top == own:
            # Imported by another plugin first, unless that one shares the package.
            return context in callback.contexts or all(packages.get(other) != own for other in callback.contexts)
        foreign = top not in UNKNOWN and recorder is not None and recorder.owners.is_plugin(top)
        return context in callback.contexts and not foreign

    return mine


def drop(plugin):
    """Drops what is a plugin's, also in hooks that plugins made."""
    from tutor.core.hooks import Action, Filter

    discard(belongs(plugin), Action, Filter)


def drop_packages(packages):
    """Drops what modules of packages added."""
    hooks = sys.modules.get("tutor.core.hooks")
    if hooks is not None:
        discard(lambda one: str(one.module).partition(".")[0] in packages, hooks.Action, hooks.Filter)


def discard(unwanted, *kinds):
    for kind in kinds:
        for hook in list(kind.INSTANCES):
            hook.callbacks = [one for one in hook.callbacks if not unwanted(one)]


def gather(callbacks):
    """The result of a load."""
    result = {"filters": {}, "callbacks": [], "commands": []}
    for kind, name, callback in callbacks:
        if name in OWN or getattr(callback.func, "__module__", None) == "tutor.hooks":
            continue  # the host's, or those of `lru_cache`, which the host forgets
        if not hasattr(callback, "items"):
            result["callbacks"].append(function(kind, name, callback, callback.func))
            continue
        items = shapes.listed(name, callback)
        if name == "CLI_COMMANDS":
            for at, item in enumerate(items):
                command.check(item, name, str(at))
                result["commands"].append(command.describe(item))
            continue
        said = []
        for at, item in enumerate(items):
            checked = shapes.check(name, item, at, callback)
            try:
                said.append(encode(checked, (name, at)))
            except Unrepresentable as error:
                if name in shapes.SHAPES:
                    error.tutor_attribute = name
                    raise
                result["callbacks"].append(function(kind, name, callback, item, item=True))
        if said:
            result["filters"].setdefault(name, []).append({"priority": callback.priority, "items": said})
    return result


def function(kind, name, callback, thing, **more):
    """What there is to say of something that is no data. Of a pair with a name, the name is its key."""
    key = None
    if isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[0], str):
        key, thing = thing
    found = innermost(thing)
    code = getattr(found, "__code__", None)
    file, line = callback.place
    if code is not None:
        file, line = code.co_filename, code.co_firstlineno
    called = getattr(found, "__name__", None)
    if not isinstance(called, str):
        called = type(found).__name__
    said = {"hook": kind, "name": name, "priority": callback.priority, "function": called, "file": file, "line": line}
    if more:
        said.update(more, key=key)
    return said


def innermost(thing):
    """The function in partial functions, methods, commands and decorators."""
    for _ in range(20):
        for name in ("__wrapped__", "func", "__func__", "callback"):
            inner = getattr(thing, name, None)
            if callable(inner):
                thing = inner
                break
        else:
            break
    return thing
