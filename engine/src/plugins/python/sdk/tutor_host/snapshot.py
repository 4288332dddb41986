"""How objects look inside, to tell whether something has changed them, and to put them back."""
import collections
import types

ATOMS = (str, int, float, complex, bool, bytes, type(None), type(Ellipsis), type(NotImplemented), range, slice)
DATA = (str, int, float, bool, bytes, list, dict, set, frozenset, tuple, type(None))
STILL = (
    "_abc", "_decimal", "_thread", "_weakref", "datetime", "decimal", "enum", "fractions", "ipaddress", "logging",
    "pathlib", "re", "string", "threading", "typing", "uuid", "weakref", "zoneinfo",
)  # modules whose objects do not change, or do not matter
LAZY = ("builtins", "itertools", "collections")
MOST = 20000
HEAP = 1 << 9
CELL = type((lambda value: lambda: value)(0).__closure__[0])
SLOT = types.MemberDescriptorType
FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)


class Snapshot:
    """Everything that can be reached from some values, without running code of theirs."""

    def __init__(self, roots):
        self.tokens, self.saved, self.keep, self.seen = [], [], [], {}
        self.opaque = False  # something of it cannot be seen
        waiting = list(reversed(roots))
        while waiting:
            if len(self.keep) > MOST:
                self.opaque = True
                return
            waiting.extend(reversed(self.look(waiting.pop())))

    def differs(self, later):
        """Whether something has changed since."""
        return self.opaque or later.opaque or self.tokens != later.tokens

    def restore(self):
        """Puts everything back."""
        for put, thing, content in self.saved:
            try:
                put(thing, content)
            except Exception:
                pass  # what cannot be put back stays

    def look(self, thing):
        """Notes a value; what is to be looked at besides."""
        kind = type(thing)
        self.tokens.append(id(kind))
        if kind in ATOMS:
            self.tokens.append(thing)
            return ()
        known = self.seen.get(id(thing))
        if known is not None:
            self.tokens.append(known)
            return ()
        self.seen[id(thing)] = len(self.keep)
        self.keep.append(thing)
        inside = list(self.inside(thing, kind))
        self.tokens.append(len(inside))
        return inside

    def save(self, put, thing, content):
        self.saved.append((put, thing, content))

    def inside(self, thing, kind):
        module = kind.__module__ if isinstance(kind.__module__, str) else ""
        top = module.partition(".")[0]
        if top in STILL or top in ("tutor", "tutor_host") and not module.startswith("tutor.plugin"):
            return
        if issubclass(kind, types.ModuleType):
            return
        if issubclass(kind, type):
            yield from self.of_class(thing)
            return
        if issubclass(kind, FUNCTIONS):
            yield from self.of_function(thing, kind)
            return
        found = True
        if issubclass(kind, dict):
            base = collections.OrderedDict if issubclass(kind, collections.OrderedDict) else dict
            content = list(base.items(thing))
            self.save(lambda one, items: (base.clear(one), base.update(one, items)), thing, content)
            yield from (part for pair in content for part in pair)
        elif issubclass(kind, list):
            content = list.copy(thing)
            self.save(lambda one, items: list.__setitem__(one, slice(None), items), thing, content)
            yield from content
        elif issubclass(kind, (tuple, frozenset)):
            yield from (tuple if issubclass(kind, tuple) else frozenset).__iter__(thing)
        elif issubclass(kind, set):
            content = list(set.__iter__(thing))
            self.save(lambda one, items: (set.clear(one), set.update(one, items)), thing, content)
            yield from content
        elif issubclass(kind, collections.deque):
            content = list(collections.deque.__iter__(thing))
            put = lambda one, items: (collections.deque.clear(one), collections.deque.extend(one, items))
            self.save(put, thing, content)
            yield from content
        elif issubclass(kind, bytearray):
            content = bytes(thing)
            self.save(lambda one, items: bytearray.__setitem__(one, slice(None), items), thing, content)
            yield content
        elif kind is CELL:
            try:
                content = thing.cell_contents
            except ValueError:
                return
            self.save(lambda one, value: setattr(one, "cell_contents", value), thing, content)
            yield content
        elif kind is types.GeneratorType:
            frame = thing.gi_frame
            if frame is not None:
                yield frame.f_lasti
                yield from frame.f_locals.values()
        elif issubclass(kind, ATOMS) or kind in (property, staticmethod, classmethod, object):
            yield base_value(thing, kind)
        else:
            found = False
        yield from self.of_instance(thing, kind, module, found)

    def of_instance(self, thing, kind, module, found):
        """What an instance has of its own."""
        own = attributes(thing)
        if own is not None:
            found = True
            content = list(dict.items(own))
            self.save(lambda one, items: (dict.clear(one), dict.update(one, items)), own, content)
            yield from (part for pair in content for part in pair)
        for cls in kind.__mro__:
            for name, slot in list(vars(cls).items()):
                if type(slot) is SLOT and cls.__flags__ & HEAP:
                    found = True
                    try:
                        content = slot.__get__(thing, kind)
                    except AttributeError:
                        continue
                    self.save(lambda one, value, slot=slot: slot.__set__(one, value), thing, content)
                    yield name
                    yield content
        if not found:
            yield from self.of_native(thing, kind, module)
        elif kind.__flags__ & HEAP:
            for cls in kind.__mro__:
                yield cls

    def of_native(self, thing, kind, module):
        """Iterators tell what is left of them."""
        if kind.__flags__ & HEAP:
            return
        if module in LAZY and hasattr(kind, "__next__"):
            try:
                said = thing.__reduce__()
            except Exception:
                self.opaque = True
                return
            yield said
        elif module not in LAZY:
            self.opaque = True

    def of_function(self, thing, kind):
        if kind is types.FunctionType:
            yield thing.__dict__
            yield thing.__defaults__
            yield thing.__kwdefaults__
            yield from thing.__closure__ or ()
        else:
            yield getattr(thing, "__func__", None)
            yield thing.__self__

    def of_class(self, cls):
        """The data that a class has."""
        if not cls.__flags__ & HEAP or cls.__module__.partition(".")[0] in STILL + LAZY:
            return
        for name, value in list(vars(cls).items()):
            if not name.startswith("__") and type(value) in DATA:
                self.save(lambda one, value, name=name: type.__setattr__(one, name, value), cls, value)
                yield name
                yield value


def attributes(thing):
    """The dict of an instance, if it has one."""
    try:
        own = object.__getattribute__(thing, "__dict__")
    except Exception:
        return None
    return own if type(own) is dict else None


def base_value(thing, kind):
    """The plain value of an instance of a subclass."""
    for plain in (str, bytes, int, float, complex):
        if issubclass(kind, plain):
            return plain.__str__(thing) if plain is str else plain.__repr__(thing)
    return None
