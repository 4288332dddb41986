"""What the engine wants called, and how it names it: by hook, by number in a list, or by how it came about."""
import json

from tutor_host import added, pairs, things, values
from tutor_host.names import find_hook, hook_name

# Calls go through a frame that is neither the host's nor a plugin's, so that also what is written in C is noticed.
through = eval(compile("lambda function, args, kwargs: function(*args, **kwargs)", "<tutor-call>", "eval"))
MOST = 64
made = {}  # objects that came about in calls that depend on plugins only


def forget():
    """Plugins have come or gone."""
    made.clear()


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
        self.special = {"config": self.configuration, "of": self.thing}

    def configuration(self, _):
        if self.settings is None:
            raise Refusal("the arguments have a configuration, but the call has none")
        return self.settings

    def arguments(self, args, kwargs):
        args = values.decode(args or [], self.special)
        return args, {name: values.decode(value, self.special) for name, value in kwargs or []}

    def thing(self, target, args=None, kwargs=None):
        """A target, called if there are arguments; or a chain of steps that begins with one."""
        if target.get("kind") == "of":
            thing = self.beginning(target)
            for step in target.get("then") or []:
                thing = self.step(thing, step)
            return thing
        found = find(target, self)
        if self.plugin is None:
            self.plugin = self.watch.running[0] = found.plugin
        if found.plugin is not None:
            self.watch.span.ran[found.plugin] = True
            self.watch.begin(added.described(found.plugin, found.hook, None, found.thing))
        if args is None:
            return found.thing
        args, kwargs = self.arguments(args, kwargs)
        result = found(*args, **kwargs)
        turned = self.watch.turned.get(target.get("name")) if target.get("kind") == "apply" else None
        if turned is not None and args and isinstance(args[0], list) and not things.is_listed(result):
            raise Turned(turned)
        return result

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

    def beginning(self, target):
        """What a chain begins with. If it depends on what plugins have added, and on nothing else, it is kept."""
        what = target.get("target"), target.get("args"), target.get("kwargs")
        key = json.dumps(what, sort_keys=True)
        kept = made.get(key)
        if kept is not None:
            self.watch.span.merge(kept[1])
            self.plugin = self.plugin or kept[2]
            return kept[0]
        watch = self.watch
        with watch.inside() as span:
            thing = self.thing(*what)
        calls = any("call" in step for step in target.get("then") or [])
        if not (span.outside() or calls or things.is_iterator(thing) or '"t": "config"' in key):
            if len(made) >= MOST:
                made.pop(next(iter(made)))
            made[key] = thing, span, self.plugin
        return thing

    def step(self, thing, step):
        """One step from a thing to another."""
        if "attribute" in step:
            return through(getattr, (thing, step["attribute"]), {})
        if "item" in step:
            return through(lambda key: thing[key], (values.decode(step["item"], self.special),), {})
        if "call" in step:
            args, kwargs = self.arguments(step["call"].get("args"), step["call"].get("kwargs"))
            return through(thing, args, kwargs)
        if step.get("iterate"):
            return through(things.listed, (thing, ("result",)), {})
        for name, function in (("text", str), ("truth", bool), ("length", len)):
            if step.get(name):
                return through(function, (thing,), {})
        raise Refusal("there is no step %s" % json.dumps(step))
