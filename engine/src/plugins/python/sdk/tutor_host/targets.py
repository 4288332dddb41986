"""What the engine wants called, and how it names it: by hook, by number in a list, or by how it came about."""
from tutor_host import added, pairs, things, values, worlds
from tutor_host.names import find_hook, hook_name
from tutor_host.steps import QUIET
from tutor_host.undefined import StrictUndefined
from tutor_host.worlds import through

OF_TEMPLATES = ("variable", "filter")
made = {}  # pairs of filters of names that depend on plugins only


def forget():
    """Plugins have come or gone."""
    made.clear()
    worlds.forget()


class Refusal(LookupError):
    """There is no such thing."""


class Turned(TypeError):
    """A list went into a filter, and something came out that is none."""

    def __init__(self, turned):
        TypeError.__init__(self, "a callback returned %s, expected a %s" % (turned["found"], turned["expected"]))
        self.tutor_given, self.tutor_plugin = turned, turned["plugin"]


class Target:
    """What is called: the thing, and whose it is."""

    def __init__(self, thing, plugin, call=None, hook=None):
        self.thing, self.plugin, self.call, self.hook = thing, plugin, call, hook

    def __call__(self, *args, **kwargs):
        return through(self.call or self.thing, args, kwargs)


def find(target, evaluation):
    """The target of that description."""
    kind = target.get("kind")
    finder = FINDERS.get(kind)
    if finder is None:
        raise Refusal("there is no kind of target '%s'" % kind)
    return finder(target, evaluation)


def named(hook):
    """The last pair of that name in a filter, and whose it is."""

    def find_named(target, evaluation):
        name, found = target.get("name"), None
        for given in evaluation.pairs(hook):
            if given.name == name:
                found = Target(given.thing, given.plugin, hook=hook)
        if found is None:
            raise Refusal("%s has no '%s'" % (hook, name))
        return found

    return find_named


def names(target, evaluation):
    """All names that a filter comes to, in their order, with what they stand for: [name, plugin, what, data]."""
    name = str(target.get("name"))
    return Target([pairs.told(name, one) for one in evaluation.pairs(name)], None)


def callback(target, _evaluation):
    """A function, or an item that is no data, by its number in the list "callbacks"."""
    plugin, at = target.get("plugin"), target.get("at")
    known = added.things.get(plugin)
    if known is None or not isinstance(at, int) or not 0 <= at < len(known):
        raise Refusal("there is no callback %s of plugin %s: was it loaded?" % (at, plugin))
    kind, one, thing = known[at]
    hook = hook_of(one)
    if thing is not one.func:
        if isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[0], str):
            thing = thing[1]
        return Target(thing, added.owner(one), hook=hook)

    def run(*args, **kwargs):
        result = one.func(*args, **kwargs)
        return result if kind == "filter" else None

    return Target(thing, added.owner(one), run, hook)


def hook_of(callback):
    """The name of the hook that a callback was added to, if it is there."""
    from tutor.core.hooks import Action, Filter

    for kind in (Filter, Action):
        for hook in list(kind.INSTANCES):
            if any(one is callback for one in hook.callbacks):
                return hook_name(hook)
    return None


def apply(target, _evaluation):
    """A whole filter."""
    name, context = target.get("name"), target.get("context")
    hook = find_hook(str(name), "filter")
    if hook is None:
        raise Refusal("there is no filter '%s'" % name)

    def run(*args, **kwargs):
        if context is None:
            return hook.apply(*args, **kwargs)
        return hook.apply_from_context(context, *args, **kwargs)

    return Target(hook, None, run)


FINDERS = {
    "variable": named("ENV_TEMPLATE_VARIABLES"),
    "filter": named("ENV_TEMPLATE_FILTERS"),
    "callback": callback,
    "apply": apply,
    "names": names,
}


class Evaluation:
    """Comes to the thing that a request is about, in one span."""

    def __init__(self, watch, settings):
        self.watch, self.settings = watch, settings
        self.plugin = None
        self.changed = False
        self.asked = True  # whether anything was asked of an object that may change what it is part of
        self.tell = None  # how exceptions are told
        self.steps = worlds.Evaluation(self)
        self.special = {
            "config": self.configuration,
            "of": self.steps.reference,
            "iterator": lambda said: iter(values.decode(said["items"], self.special)),
            "markup": markup,
            "undefined": StrictUndefined,
        }

    def configuration(self, _):
        if self.settings is None:
            raise Refusal("the arguments have a configuration, but the call has none")
        return self.settings

    def arguments(self, args, kwargs):
        args = values.decode(args or [], self.special)
        return args, {name: values.decode(value, self.special) for name, value in kwargs or []}

    def found(self, target):
        """What a target names; whose it is, is noted."""
        found = find(target, self)
        if self.plugin is None:
            self.plugin = self.watch.running[0] = found.plugin
        if found.plugin is not None:
            self.watch.span.ran[found.plugin] = True
            self.watch.begin(added.described(found.plugin, found.hook, None, found.thing))
        return found

    def result(self, target, args=None, kwargs=None):
        """What a request comes to, as it is sent."""
        kind = target.get("kind")
        if kind == "of":
            self.found(target.get("target") or {})
            return self.done(target.get("log") or [], target.get("do") or {})
        if kind in OF_TEMPLATES:
            root = {"t": "of", "v": {"root": target}}
            if args is None:
                return self.done([], {"op": "thing", "args": [root]})
            return self.done([], {"op": "call", "args": [root] + args, "kwargs": kwargs or []})
        found = self.found(target)
        if args is None:
            return things.encode_data(found.thing)
        args, kwargs = self.arguments(args, kwargs)
        result = found(*args, **kwargs)
        turned = self.watch.turned.get(target.get("name")) if target.get("kind") == "apply" else None
        if turned is not None and args and isinstance(args[0], list) and not things.is_listed(result):
            raise Turned(turned)
        return things.encode_data(result)

    def pairs(self, name):
        """The pairs that a filter of names comes to. They are kept if they depend on nothing but what plugins have added."""
        kept = made.get(name)
        if kept is None:
            with self.watch.inside() as span:
                found = pairs.pairs(name)
            if not span.outside():
                made[name] = found, span
            return found
        self.watch.span.merge(kept[1])
        return kept[0]

    def done(self, log, step):
        """What an operation of a template comes to."""
        self.asked = bool(log) or step.get("op") not in QUIET
        try:
            thing = self.steps.evaluate(log, step)
            return things.encode(thing, step.get("op"), self.steps.items_of, self.tell)
        finally:
            self.changed = self.steps.changed


def markup(text):
    from markupsafe import Markup

    return Markup(text)
