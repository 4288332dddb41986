"""What a plugin of API v1 has added to hooks: data as data, functions by name and place."""
import sys
import types

from tutor_host import command, shapes
from tutor_host.blame import HOST
from tutor_host import things as things_of
from tutor_host.names import hook_name
from tutor_host.values import Unrepresentable, encode, type_name

UNKNOWN = ("None", "__main__", "tutor")
CORE = ""  # in place of a plugin's name
packages = {}  # of plugins that were loaded, by context
sharing = {}  # the other way round: the contexts of the plugins in a package
plugins = {}  # the plugin objects of those, by name
things = {}  # what is behind "callbacks" of the last result, in that order: (kind, callback, thing); None: later ones
later = []  # Additions since the loads
dropped = []  # what was dropped since the loads: (hook, callbacks)
erasures = {}  # what plugins have cleared while they were loaded, by plugin: (hook, context)


def of(plugin):
    """The callbacks that are a plugin's: (kind, name, callback), in the order of the catalogue. Those which the
    module of another plugin adds are that plugin's, whoever imported it.
    """
    from tutor import hooks

    belongs_to = belongs(plugin)
    mine = lambda callback: belongs_to(callback) and not hasattr(callback, "contributor")
    for kind, catalogue in (("filter", hooks.Filters), ("action", hooks.Actions)):
        for name, hook in list(vars(catalogue).items()):
            for callback in list(getattr(hook, "callbacks", ())):
                if mine(callback):
                    yield kind, name, callback


def own(plugin):
    """What a plugin adds to filters that plugins have made, by name: the items, or null where there is more than data."""
    from tutor import hooks
    from tutor.core.hooks import Filter

    mine, found = belongs(plugin), {}
    catalogue = {id(hook) for hook in vars(hooks.Filters).values()}
    for hook in list(Filter.INSTANCES):
        if id(hook) in catalogue:
            continue
        for callback in list(hook.callbacks):
            if mine(callback) and not hasattr(callback, "contributor"):
                found.setdefault(hook_name(hook), []).append([callback.priority, said_of(callback)])
    return {
        name: None if any(said is None for _, said in additions) else additions
        for name, additions in sorted(found.items())
    }


def said_of(callback):
    """The items that a callback adds, if they are data."""
    if not hasattr(callback, "items"):
        return None
    try:
        return encode(list(callback.items))
    except Exception:
        return None


def belongs(plugin):
    """Whether a callback is a plugin's: a function that tells."""
    import tutor_host
    from tutor import hooks

    recorder = tutor_host.current.recorder if tutor_host.current is not None else None
    context = hooks.Contexts.app(plugin.get("name")).name
    own = None if plugin.get("file") else str(plugin.get("module") or "").partition(".")[0]
    if context not in packages or packages[context] != own:
        packages[context] = own
        sharing.clear()
        for other, package in packages.items():
            if package is not None:
                sharing.setdefault(package, []).append(other)

    def mine(callback):
        top = str(callback.module).partition(".")[0]
        if top == own:
            # Imported by another plugin first, unless that one shares the package.
            return context in callback.contexts or all(packages.get(other) != own for other in callback.contexts)
        foreign = top not in UNKNOWN and recorder is not None and recorder.owners.is_plugin(top)
        return context in callback.contexts and not foreign

    return mine


def cleared(plugin=None):
    """The names of the hooks that a plugin has cleared since this was asked last. What is others' is hidden only: they may
    be loaded in another order, and the plugin may go. What is its own is gone.
    """
    from tutor import hooks
    from tutor.core.hooks import _observed

    taken, _observed.cleared[:] = list(_observed.cleared), []
    if plugin is None:
        for hook, _context, gone in taken:
            hook.hidden = hidden(hook) + gone
        return []
    mine, own = belongs(plugin), hooks.Contexts.app(plugin.get("name")).name
    for hook, context, gone in taken:
        hook.hidden = hidden(hook) + [one for one in gone if not mine(one)]
        if context != own:
            erasures.setdefault(plugin.get("name"), []).append((hook, context))
    return sorted({hook_name(hook) for hook, _context in erasures.get(plugin.get("name"), ())})


def hidden(hook):
    """The callbacks of a hook that somebody has dropped, and that may come back."""
    return getattr(hook, "hidden", [])


def drop(plugin):
    """Drops what is a plugin's, also in hooks that plugins made."""
    from tutor.core.hooks import Action, Filter

    discard(belongs(plugin), Action, Filter)
    things.pop(plugin.get("name"), None)
    erasures.pop(plugin.get("name"), None)


def drop_packages(packages):
    """Drops what modules of packages added."""
    for name, plugin in plugins.items():
        if str(plugin.get("module")).partition(".")[0] in packages:
            things.pop(name, None)
            erasures.pop(name, None)
    hooks = sys.modules.get("tutor.core.hooks")
    if hooks is not None:
        discard(lambda one: str(one.module).partition(".")[0] in packages, hooks.Action, hooks.Filter)


def take_back(addition):
    """Drops one thing that was added since the loads."""
    hook = addition.hook
    hook.callbacks = [one for one in hook.callbacks if one is not addition.callback]
    if addition in later:
        later.remove(addition)


def reset():
    """Back to what the loads came to: drops what was added since, and what was remembered."""
    for addition in list(later):
        take_back(addition)
    del later[:]
    while dropped:
        hook, gone = dropped.pop()
        hook.callbacks = sorted(hook.callbacks + [one for one in gone if not hasattr(one, "during")], key=place)
    things.pop(None, None)
    targets = sys.modules.get("tutor_host.targets")
    if targets is not None:
        targets.forget()
    hooks = sys.modules.get("tutor.hooks")
    if hooks is not None and hasattr(hooks, "forget_all"):
        hooks.forget_all()


def owner(callback):
    """The name of the plugin that a callback is of, if it is anybody's."""
    during = getattr(callback, "during", None)
    if during is not None:
        return during
    if getattr(callback, "contributor", None) == CORE:
        return None
    names = [name[len("app:") :] for name in callback.contexts if name.startswith("app:")]
    top = str(callback.module).partition(".")[0]
    if not names or packages.get("app:" + names[-1]) != top:
        for context in sharing.get(top, ()):
            return context[len("app:") :]
    return names[-1] if names else None


def plugins_of(package, file=None):
    """The names of the plugins that are in a package, or that are a file."""
    return [
        name
        for name, one in plugins.items()
        if (one.get("file") == file if file or one.get("file") else str(one.get("module")).partition(".")[0] == package)
    ]


def discard(unwanted, *kinds):
    for kind in kinds:
        for hook in list(kind.INSTANCES):
            hook.callbacks = [one for one in hook.callbacks if not unwanted(one)]
            if hidden(hook):
                hook.hidden = [one for one in hook.hidden if not unwanted(one)]


places = {}  # plugins in their order, by name
moment = None  # in whose place what is added now is


def index(callback):
    """The place of the plugin whose callback it is. Whose it is not known, that is first: it is the host's."""
    at = getattr(callback, "at", None)
    if at is not None:
        return at
    whose = getattr(callback, "contributor", None)
    return places.get(owner(callback) if whose is None else whose, -1)


def place(callback):
    """What callbacks are sorted by: priority, plugin, and the order in which they were added."""
    return callback.priority, index(callback), getattr(callback, "rank", 0), callback.serial


def gather(callbacks, behind, whose=False):
    """The result of a load. What is behind "callbacks" is added to a list; `whose`: tell whose each thing is."""
    gathered = Gathered(behind, whose)
    for kind, name, callback in callbacks:
        if str(callback.place[0]).startswith(HOST) or getattr(callback.func, "__module__", None) == "tutor.hooks":
            continue  # the host's, or those of `lru_cache`, which the host forgets
        try:
            gathered.take(kind, name, callback)
        except BaseException as error:
            if whose:
                error.tutor_plugin = owner(callback)
            raise
    return gathered.result


class Gathered:
    """What callbacks came to so far."""

    def __init__(self, behind, whose):
        self.behind, self.whose = behind, whose
        self.result = {"filters": {}, "callbacks": [], "commands": []}

    def take(self, kind, name, callback):
        """One more: a function, or items."""
        if not hasattr(callback, "items"):
            self.no_data(kind, name, callback, callback.func)
            return
        items = shapes.listed(name, callback)
        if name == "CLI_COMMANDS":
            for at, item in enumerate(items):
                command.check(item, name, str(at))
                self.result["commands"].append(self.told(command.describe(item), callback))
            return
        said = []
        for at, item in enumerate(items):
            checked = shapes.check(name, item, at, callback)
            try:
                exact = things_of.refuse if name == "ENV_TEMPLATE_VARIABLES" else None
                said.append(encode(checked, (name, at), (), exact))
            except Unrepresentable as error:
                if name in shapes.SHAPES:
                    error.tutor_attribute, error.tutor_place = name, callback.place
                    raise
                self.no_data(kind, name, callback, item, item=True)
        if said:
            entry = self.told({"priority": callback.priority, "items": said}, callback)
            self.result["filters"].setdefault(name, []).append(entry)

    def told(self, said, callback):
        """The same, with the plugin whose it is."""
        return dict(said, plugin=owner(callback)) if self.whose else said

    def no_data(self, kind, name, callback, thing, **more):
        """A function, or an item that is no data."""
        self.result["callbacks"].append(self.told(function(kind, name, callback, thing, **more), callback))
        self.behind.append((kind, callback, thing))


def place_of(callback):
    """File and line of a function, or those that added items."""
    code = getattr(innermost(callback.func), "__code__", None)
    if code is None or hasattr(callback, "items"):
        return callback.place
    return code.co_filename, code.co_firstlineno


def function(kind, name, callback, thing, **more):
    """What there is to say of something that is no data. Of a pair with a name, the name is its key."""
    key = None
    if isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[0], str):
        key, thing = thing
    found = innermost(thing)
    code = attribute(found, "__code__")
    file, line = callback.place
    if isinstance(code, types.CodeType):
        file, line = code.co_filename, code.co_firstlineno
    called = attribute(found, "__name__")
    if not isinstance(called, str):
        called = type(found).__name__
    said = {"hook": kind, "name": name, "priority": callback.priority, "function": called, "file": file, "line": line}
    if more:
        said.update(more, key=key)
        if type(thing) in things_of.FUNCTIONS:
            said["handle"] = things_of.handle(thing)["v"]
    return said


def described(plugin, hook, callback, thing):
    """Whose function it is, for which hook, and where it is written."""
    found = innermost(thing)
    code = attribute(found, "__code__")
    place = callback.place if callback is not None else (None, None)
    file, line = place if code is None or hasattr(callback, "items") else (code.co_filename, code.co_firstlineno)
    called = attribute(found, "__name__")
    called = called if isinstance(called, str) and not hasattr(callback, "items") else None
    return {"plugin": plugin, "hook": hook, "function": called, "file": file, "line": line}


def odd(hook, callback, before, after):
    """Who has made another thing of a filter's value: what it should have given, and what it gave."""
    said = described(owner(callback), hook, callback, callback.func)
    return dict(said, expected=type_name(before), found=type_name(after))


def attribute(thing, name):
    """What it has under a name, if it lets itself be asked."""
    try:
        return getattr(thing, name, None)
    except Exception:
        return None


def innermost(thing):
    """The function in partial functions, methods, commands and decorators."""
    for _ in range(20):
        for name in ("__wrapped__", "func", "__func__", "callback"):
            inner = attribute(thing, name)
            if callable(inner):
                thing = inner
                break
        else:
            break
    return thing
