"""What plugins add that are not Python, and the core: so that filters are complete here too."""
from tutor_host import added, core, values
from tutor_host.added import CORE
from tutor_host.names import find_hook
from tutor_host.targets import Refusal


def contribute(request):
    """Adds data in the context of a plugin, or in none. What the same one added before is dropped."""
    from tutor import hooks

    plugin = request.get("plugin")
    wanted = []
    for name, entries in (request.get("filters") or {}).items():
        hook = find_hook(name, "filter")
        if hook is None:
            raise Refusal("there is no filter '%s'" % name)
        for entry in entries:
            items = [values.decode(item) for item in entry["items"]]
            wanted.append((hook, entry.get("priority"), items, entry.get("context")))
    forget(plugin)
    if plugin is None:
        add(plugin, wanted)
    else:
        with hooks.Contexts.PLUGINS.enter(), hooks.Contexts.app(plugin).enter():
            add(plugin, wanted + [(hooks.Filters.PLUGINS_LOADED, None, [plugin], None)])
    return {"result": None}


def add(plugin, wanted):
    core.install()
    for hook, priority, items, context in wanted:
        hook.add_items(items, priority=priority)
        for callback in hook.callbacks:
            if getattr(callback, "items", None) is items:
                callback.contributor = CORE if plugin is None else plugin
                if context is not None:
                    callback.contexts = [context]


def order(plugins):
    """Puts callbacks of equal priority in the order of plugins, however these were loaded, and hides what plugins have
    cleared.
    """
    from tutor.core.hooks import Action, Filter

    added.reset()
    added.places.clear()
    added.places.update((CORE if name is None else name, at) for at, name in enumerate(plugins))
    for kind in (Filter, Action):
        for hook in list(kind.INSTANCES):
            hook.callbacks = sorted(hook.callbacks + added.hidden(hook), key=added.place)
            hook.hidden = []
    for name in plugins:
        for hook, context in added.erasures.get(name, ()):
            erase(hook, context, added.places[name])
    return {"result": None}


def erase(hook, context, at):
    """Hides what a plugin has cleared: what was there when it was loaded."""
    gone = {id(one) for one in hook.callbacks if one.is_in_context(context) and added.index(one) < at and not ours(one)}
    hook.hidden = added.hidden(hook) + [one for one in hook.callbacks if id(one) in gone]
    hook.callbacks = [one for one in hook.callbacks if id(one) not in gone]


def put_in_order():
    """Puts what was added in the place of plugins there."""
    for hook in {id(addition.hook): addition.hook for addition in added.later}.values():
        hook.callbacks.sort(key=added.place)


def tell_of_loads():
    """Tells plugins of those that were loaded after them (PLUGIN_LOADED). What they add then is in their place."""
    from tutor import hooks

    loaded = hooks.Actions.PLUGIN_LOADED
    for name, at in sorted(added.places.items(), key=lambda pair: pair[1]):
        if name == CORE:
            continue
        with hooks.Contexts.PLUGINS.enter(), hooks.Contexts.app(name).enter():
            for callback in loaded.chosen(None):
                if ours(callback) or added.index(callback) >= at:
                    continue
                # Those with a higher priority than the plugin itself come before it.
                added.moment = at - 0.5 if callback.priority < hooks.priorities.DEFAULT else at + 0.5
                loaded.run(callback, name)


def ours(callback):
    """Whether it is what makes `lru_cache` forget: that is in the host's hands."""
    return getattr(callback.func, "__module__", None) == "tutor.hooks"


def forget(plugin):
    """Drops it."""
    from tutor.core.hooks import Filter

    added.reset()
    who = CORE if plugin is None else plugin
    added.discard(lambda one: getattr(one, "contributor", None) == who and not hasattr(one, "rank"), Filter)
    return {"result": None}
