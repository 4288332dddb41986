"""What plugins add that are not Python, and the core: so that filters are complete here too."""
from tutor_host import added, values
from tutor_host.names import find_hook
from tutor_host.targets import Refusal

CORE = ""


def contribute(request):
    """Adds data in the context of a plugin, or in none. What the same one added before is dropped."""
    from tutor import hooks

    plugin = request.get("plugin")
    wanted = []
    for name, entries in (request.get("filters") or {}).items():
        hook = find_hook(name, "filter")
        if hook is None:
            raise Refusal("there is no filter '%s'" % name)
        wanted += [(hook, entry.get("priority"), [values.decode(item) for item in entry["items"]]) for entry in entries]
    forget(plugin)
    if plugin is None:
        add(plugin, wanted)
    else:
        with hooks.Contexts.PLUGINS.enter(), hooks.Contexts.app(plugin).enter():
            add(plugin, wanted + [(hooks.Filters.PLUGINS_LOADED, None, [plugin])])
    return {"result": None}


def add(plugin, wanted):
    for hook, priority, items in wanted:
        hook.add_items(items, priority=priority)
        for callback in hook.callbacks:
            if getattr(callback, "items", None) is items:
                callback.contributor = CORE if plugin is None else plugin


def order(plugins):
    """Puts callbacks of equal priority in the order of plugins, however these were loaded. Whose a callback is not known,
    that is first: it is the host's.
    """
    from tutor.core.hooks import Action, Filter

    added.reset()
    places = {CORE if name is None else name: at for at, name in enumerate(plugins)}

    def place(callback):
        whose = getattr(callback, "contributor", None)
        return callback.priority, places.get(added.owner(callback) if whose is None else whose, -1)

    for kind in (Filter, Action):
        for hook in list(kind.INSTANCES):
            hook.callbacks = sorted(hook.callbacks, key=place)
    return {"result": None}


def forget(plugin):
    """Drops it."""
    from tutor.core.hooks import Filter

    added.reset()
    who = CORE if plugin is None else plugin
    added.discard(lambda one: getattr(one, "contributor", None) == who, Filter)
    return {"result": None}
