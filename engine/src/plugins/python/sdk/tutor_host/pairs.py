"""Filters whose items are names of templates, each with what it stands for: what they come to, and whose each of these is."""
from tutor_host import added, core, things, values
from tutor_host.errors import Wrong

KINDS = ("ENV_TEMPLATE_VARIABLES", "ENV_TEMPLATE_FILTERS")


class Given:
    """A name and what it stands for."""

    __slots__ = ("name", "thing", "plugin")

    def __init__(self, name, thing, plugin):
        self.name, self.thing, self.plugin = name, thing, plugin


def pairs(name):
    """All of them, in the order in which later ones win."""
    from tutor import hooks

    hook = getattr(hooks.Filters, name) if name in KINDS else None
    if hook is None:
        raise LookupError("%s is no filter of names" % name)
    callbacks = list(hook.callbacks)
    if all(hasattr(one, "items") for one in callbacks):
        return [given(name, item, one) for one in callbacks for item in one.items]
    items, whose = [], {}  # by name and thing: pairs are often made anew
    for callback in hook.chosen(None):
        try:
            items = callback.apply(items)
        except Exception as error:
            hook.complain(callback, error)
            raise
        if not isinstance(items, (list, tuple)):
            items = listed(name, items, callback)
        for item in items:
            one = given(name, item, callback)
            whose.setdefault(key(one), one)
    return [whose[key(given(name, item, None))] for item in items]


def key(one):
    return one.name if isinstance(one.name, str) else id(one.name), id(one.thing)


def listed(name, items, callback):
    """What a callback answers that is no list."""
    if not hasattr(type(items), "__iter__") or isinstance(items, (str, bytes)):
        raise wrong(name, "what a function gives for %s" % name, "a list of pairs", items, callback)
    return list(items)


def given(name, item, callback):
    """A pair."""
    try:
        first, second = item
    except (TypeError, ValueError):
        raise wrong(name, "an item of %s" % name, "a pair of name and thing", item, callback)
    return Given(first, second, None if callback is None else added.owner(callback))


def wrong(name, what, expected, found, callback):
    """The error, with the line of the function or of what added the item."""
    place = added.place_of(callback)
    kind = values.type_name(found)
    if isinstance(found, (tuple, list)):
        kind += " of length %d" % len(found)
    message = "%s should be %s, but is of type %s" % (what, expected, kind)
    error = Wrong(message, attribute=name, key=[], expected=expected, found=kind, file=place[0], line=place[1])
    error.tutor_plugin = added.owner(callback)
    return error


def told(hook, one):
    """A name as it is sent; null for what is no name."""
    if not isinstance(one.name, str):
        return None
    if core.things.get((hook, one.name)) is one.thing:
        return [one.name, None, "core", None]
    try:
        values.encode(one.thing, (), (), things.refuse if hook == "ENV_TEMPLATE_VARIABLES" else None)
    except values.Unrepresentable:
        return [one.name, one.plugin, "thing", None]
    return [one.name, one.plugin, "data", one.thing]
