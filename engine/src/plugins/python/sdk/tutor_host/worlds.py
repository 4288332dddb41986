"""Objects, while a template works on them.

An object is named by the operation that it came from. Operations that change something that others can see are the
log of a template; all that comes later is asked for with the log, and found in the world in which just that was done.
There is one such world at a time: for another log, what was changed is put back, and the other log done again.
"""
import json

from tutor_host import things, values
from tutor_host.chance import Chance
from tutor_host.snapshot import Snapshot
from tutor_host.steps import STEPS

MOST = 2000
CALL, METHOD = STEPS["call"], STEPS["method"]
# Calls go through a frame that is neither the host's nor a plugin's, so that also what is written in C is noticed.
through = eval(compile("lambda function, args, kwargs: function(*args, **kwargs)", "<tutor-call>", "eval"))


class World:
    """What was done so far, and what it came to."""

    def __init__(self):
        self.log = []  # as text
        self.logged = []  # what these came to, each with its span
        self.made = {}  # what came from other operations, by name, each with its span
        self.undo = []  # snapshots from before
        self.asked = set()
        self.lists = {}  # of one-shot iterators: their items
        self.busy = False

    def leave(self):
        """Puts back what was changed."""
        while self.undo:
            self.undo.pop().restore()


current = World()


def forget():
    """Plugins have come or gone."""
    global current
    current.leave()
    current = World()


class Lists:
    """The items of a one-shot iterator, and what stopped it."""

    def __init__(self, iterator):
        self.iterator, self.items, self.error = iterator, [], None
        try:
            for item in iterator:
                if len(self.items) >= things.LONGEST:
                    raise values.Unrepresentable(("result",), iterator, things.TOO_MANY % things.LONGEST)
                self.items.append(item)
        except values.Unrepresentable:
            raise
        except Exception as error:
            self.error = error


def name_of(said):
    return json.dumps(said, sort_keys=True)


class Evaluation:
    """Does one operation, after those that it builds on."""

    def __init__(self, evaluation):
        self.outer = evaluation  # what finds targets, and decodes
        self.watch = evaluation.watch
        self.base = self.watch.chance
        self.changed = False

    def evaluate(self, log, step):
        global current
        if current.busy:  # a call within a call
            outer, current = current, World()
            try:
                return self.within(log, step)
            finally:
                current.leave()
                current = outer
        return self.within(log, step)

    def within(self, log, step):
        world = self.enter(log, step)
        world.busy = True
        try:
            for at in range(len(world.log), len(log)):
                self.ready([log[at]], at)
                self.ready([step] + log[at:], at)
                self.act(log[at], True)
            self.ready([step], len(log))
            return self.act(step, False)
        finally:
            world.busy = False
            self.watch.chance = self.base

    def enter(self, log, step):
        """The world to be in."""
        global current
        world, texts = current, [name_of(one) for one in log]
        done = len(world.log)
        asked = name_of(step)
        fits = texts[:done] == world.log and asked not in world.asked and len(world.made) < MOST
        if fits:
            early = [one for one in references([step] + log[done:]) if one.get("at", done) < done]
            fits = all(bare(one) in world.made for one in early)
        if not fits:
            world.leave()
            world = current = World()
        if len(texts) == len(world.log):
            world.asked.add(asked)
        return world

    def ready(self, steps, at):
        """Makes what these need and what came about at this point."""
        for one in references(steps):
            if one.get("at") == at:
                self.reference(one)

    def act(self, step, again):
        """Does something that may change objects."""
        with self.watch.inside() as span:
            function, args, kwargs = self.operands(step)
            # What plugins' own functions keep stays as they leave it, in all worlds: `state` looks after that.
            parts = list(args)[int(is_own(step)) :] + list(kwargs.values())
            before = Snapshot(parts)
            self.watch.chance = self.chance(step)
            try:
                failure, thing = None, self.run(function, args, kwargs)
            except Exception as error:
                failure, thing = error, None
            finally:
                self.watch.chance = self.base
            changed = again or before.differs(Snapshot(parts))
            world = current
            if changed:
                world.undo.append(before)
                world.log.append(name_of(step))
                world.logged.append((thing, span))
                world.asked = set()
            elif failure is None:
                world.made[bare({"did": step, "at": len(world.log), "nth": 0})] = thing, span
        if not again:
            self.changed = changed
            if failure is not None:
                raise failure
        return thing

    def run(self, function, args, kwargs):
        with self.watch.inside():  # with the randomness of this operation
            if function is METHOD and len(args) > 1:
                function, args = CALL, [through(getattr, args[:2], {})] + args[2:]
            if function is CALL and args:
                return through(args[0], args[1:], kwargs)  # without a frame of ours between
            return through(function, args, kwargs)

    def operands(self, step):
        function = STEPS.get(step.get("op"))
        if function is None:
            from tutor_host.targets import Refusal

            raise Refusal("there is no operation %s" % step.get("op"))
        args, kwargs = self.outer.arguments(step.get("args"), step.get("kwargs"))
        return function, args, kwargs

    def chance(self, step):
        """What it draws depends on what it is, not on who asks first."""
        if self.base is None:
            return None
        made = Chance(self.base.block("step " + name_of(step), 0).hex())
        made.mark = self.base.mark
        return made

    def reference(self, said):
        """The thing that is named."""
        thing = self.whole(said)
        for key in said.get("path") or ():
            if things.is_lazy(thing):
                thing = self.items_of(thing).items[key]
            else:
                thing = thing[values.decode(key)]
        return thing

    def whole(self, said):
        world = current
        if "root" in said:
            return self.outer.found(said["root"]).thing
        if "logged" in said:
            thing, span = world.logged[said["logged"]]
        else:
            name = bare(said)
            if name not in world.made:
                with self.watch.inside() as span:
                    function, args, kwargs = self.operands(said["did"])
                    self.watch.chance = self.chance(said["did"])
                    try:
                        thing = self.run(function, args, kwargs)
                    finally:
                        self.watch.chance = self.base
                world.made[name] = thing, span
            thing, span = world.made[name]
        self.watch.span.merge(span)
        return thing

    def items_of(self, iterator):
        """Of a one-shot iterator, which is used up only once."""
        lists = current.lists
        if id(iterator) not in lists:
            lists[id(iterator)] = Lists(iterator)
        return lists[id(iterator)]


def is_own(step):
    """Whether a function is called that a plugin gives to templates, not one that came about in a template."""
    callee = (step.get("args") or [None])[0]
    said = callee.get("v") if isinstance(callee, dict) and callee.get("t") == "of" else None
    return step.get("op") == "call" and isinstance(said, dict) and "root" in said and not said.get("path")


def bare(said):
    """The name of the whole that a reference is to."""
    return name_of({"did": said["did"], "at": said.get("at", 0), "nth": said.get("nth", 0)})


def references(said):
    """All references in operations, the inner ones first."""
    if isinstance(said, list):
        for one in said:
            yield from references(one)
    elif isinstance(said, dict):
        if said.get("t") == "of" and isinstance(said.get("v"), dict):
            if "did" in said["v"]:
                yield from references(said["v"]["did"])
                yield said["v"]
        else:
            for one in said.values():
                yield from references(one)
