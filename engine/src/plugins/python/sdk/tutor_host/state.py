"""What plugins keep in their modules from call to call: a look at it before and after a call tells whether the call
changed it.

Looked at is what can be reached from the modules of plugins: data, instances of plugins' and libraries' classes, these
classes, functions with their defaults and what they close over, iterators and generators. What Python's own modules
keep is not, and neither is what `functools.lru_cache` remembers: it comes to the same. A call that ran no code of a
plugin that could change anything needs no look.
"""
import collections
import functools
import itertools
import sys
import types

from tutor_host.changing import Changing
from tutor_host.owners import STANDARD

PLAIN = (str, bytes, int, float, complex, bool, type(None), type(Ellipsis))
LISTS = (list, tuple, collections.deque)
SETS = (set, frozenset)
COUNTING = (itertools.count, itertools.cycle, type(iter([])), type(iter(())), type(iter(range(0))), type(iter("")))
IGNORED = ("__builtins__", "__warningregistry__", "__cached__", "__spec__", "__loader__", "__file__", "__path__", "__doc__")
OF_CLASSES = ("__dict__", "__weakref__", "__doc__", "__module__", "__abstractmethods__", "_abc_impl")
LOOSE = (types.SimpleNamespace, collections.UserDict, collections.UserList)
WIDEST = 5000
DEEPEST = 60
MOST = 50000
UNSET = object()
# Of Python's own classes, by name: what tells how far an object is.
TELLING = {
    "Random": lambda value: value.getstate(),
    "StringIO": lambda value: (value.getvalue(), value.tell()),
    "BytesIO": lambda value: (value.getvalue(), value.tell()),
    "ContextVar": lambda value: value.get(None),
}


class State:
    """The last look, and what has to be looked at."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.changing = Changing(recorder)
        self.last = None
        self.kinds = {}
        self.found, self.count = [], None
        self.always = False

    def forget(self):
        """Plugins have come or gone, or what they did is no call."""
        self.last = None
        self.changing.forget()
        self.kinds.clear()
        self.count = None

    def begin(self):
        """Before a call: what is there, unless that is known from the call before."""
        if self.last is None:
            self.last = self.take()

    def changed(self, codes, asked=True):
        """After a call that ran these codes: (module, name) of what is another thing than before. `asked`: whether
        anything was asked of objects that may change what they are part of.
        """
        if not self.always and not self.changing.may(codes, asked):
            return []
        before, self.last = self.last, self.take()
        found = []
        for module, names in (before or {}).items():
            # One that was imported meanwhile is what it is, whoever imports it first.
            now = self.last.get(module, names)
            changed = sorted(name for name in names.keys() | now.keys() if names.get(name) != now.get(name))
            found.extend((module, name) for name in changed)
        return found

    def modules(self):
        """The modules of plugins, with their names."""
        singles = self.recorder.singles
        if self.count != (len(sys.modules), len(singles)):
            self.count = len(sys.modules), len(singles)
            self.found = [(name, module) for name, module in list(sys.modules.items()) if self.is_plugins(name, module)]
            self.found.extend(singles.items())
        return self.found

    def is_plugins(self, name, module):
        if not isinstance(name, str) or not isinstance(module, types.ModuleType):
            return False
        return self.recorder.owners.is_plugin(name.partition(".")[0])

    def take(self):
        """Everything, by name."""
        look = Look(self.recorder.owners, self.kinds)
        found = {
            name: {
                str(key): hash(look.at(value, 0))
                for key, value in list(vars(module).items())
                if key not in IGNORED and not isinstance(value, types.ModuleType)
            }
            for name, module in self.modules()
        }
        self.always = look.moves
        return found


class Look:
    """One look: nothing is looked at twice."""

    def __init__(self, owners, kinds):
        self.owners, self.kinds, self.seen, self.known = owners, kinds, {}, {}
        self.moves = False  # whether there is something that changes as it is read

    def at(self, value, depth):
        """Something to compare. Not `isinstance`, which objects can answer as they like."""
        kind = type(value)
        if kind in PLAIN:
            return kind, value
        known = self.seen.get(id(value))
        if known is not None:
            return known[0]
        if depth > DEEPEST or len(self.seen) > MOST:
            return kind
        # The value is kept: while it is, nothing else can have its number. Whoever gets back to it meanwhile is told how
        # deep it is; not the how manieth, which others change by having more.
        self.seen[id(value)] = depth, value
        found = kind, hash(self.inside(value, kind, depth + 1))
        self.seen[id(value)] = found, value
        return found

    def inside(self, value, kind, depth):
        if kind is dict:
            return self.pairs(value, depth)
        if kind is list or kind is tuple:
            return self.items(value, depth)
        if issubclass(kind, dict):
            return self.pairs(value, depth) + self.own_of(value, kind, depth)
        if issubclass(kind, LISTS):
            return self.items(value, depth) + self.own_of(value, kind, depth)
        if issubclass(kind, SETS):
            return len(value), hash(frozenset(map(hash, map(plain, value))))
        if kind is types.FunctionType:
            return self.function(value, depth)
        if kind is types.MethodType:
            return self.at(value.__self__, depth), value.__func__.__qualname__
        if kind is functools.partial:
            return self.at(value.func, depth), self.at(value.args, depth), self.at(value.keywords, depth)
        if kind in (staticmethod, classmethod):
            return self.at(value.__func__, depth)
        if kind is property:
            return tuple(self.at(one, depth) for one in (value.fget, value.fset, value.fdel))
        if kind is bytearray:
            return bytes(value)
        if kind in COUNTING:
            self.moves = True
            return self.at(value.__reduce__()[1:], depth)
        if kind is types.GeneratorType:
            self.moves = True
            frame = value.gi_frame
            return None if frame is None else (frame.f_lasti, self.pairs(frame.f_locals, depth))
        if issubclass(kind, type):
            return id(value) if self.is_standard(value) else self.pairs(without(vars(value), OF_CLASSES), depth)
        if kind in LOOSE or not self.is_standard(kind):
            return self.own_of(value, kind, depth)
        if kind.__name__ in TELLING:
            self.moves = True
            return self.at(TELLING[kind.__name__](value), depth)
        return id(value)

    def pairs(self, value, depth):
        """A dict."""
        if len(value) > WIDEST:
            return len(value), id(value)
        return tuple((plain(key), self.at(item, depth)) for key, item in list(dict.items(value)))

    def items(self, value, depth):
        """A list or the like."""
        if len(value) > WIDEST:
            return len(value), id(value)
        return tuple(self.at(item, depth) for item in list(value))

    def own_of(self, value, kind, depth):
        """What an instance has of its own."""
        try:
            found = object.__getattribute__(value, "__dict__")
        except AttributeError:
            found = {}
        slots, cached = self.kinds.get(kind) or self.learn(kind)
        if type(found) is dict and not cached.isdisjoint(found):
            found = without(found, cached)
        said = self.pairs(found, depth) if type(found) is dict else ()
        return said + tuple(self.slot(one, value, depth) for one in slots)

    def learn(self, kind):
        """The slots of a class, and the names of what it computes once."""
        all_of_it = [pair for cls in kind.__mro__ for pair in vars(cls).items()]
        slots = [thing for _, thing in all_of_it if type(thing) is types.MemberDescriptorType]
        cached = {name for name, thing in all_of_it if type(thing) is functools.cached_property}
        self.kinds[kind] = slots, cached
        return self.kinds[kind]

    def slot(self, descriptor, value, depth):
        try:
            return descriptor.__name__, self.at(descriptor.__get__(value), depth)
        except AttributeError:
            return descriptor.__name__, None

    def function(self, value, depth):
        """A function: what it keeps besides its code."""
        defaults = value.__defaults__
        plain = defaults is None or all(type(one) in PLAIN for one in defaults)
        if plain and value.__closure__ is None and not value.__kwdefaults__ and not value.__dict__:
            return id(value.__code__)
        if self.of_standard(value.__module__):
            return id(value)
        kept = [value.__defaults__, value.__kwdefaults__, value.__dict__ or None]
        kept.extend(content(cell) for cell in value.__closure__ or ())
        return id(value.__code__), tuple(self.at(one, depth) for one in kept if one is not None)

    def is_standard(self, kind):
        """Whether a class is Python's own, or ours."""
        return self.of_standard(kind.__module__)

    def of_standard(self, module):
        known = self.known.get(module)
        if known is None:
            top = str(module).partition(".")[0]
            single = str(module).startswith("tutor.plugin.v1.")
            known = self.known[module] = not single and (
                top in ("builtins", "tutor", "tutor_host") or self.owners.of_top(top) == STANDARD
            )
        return known


def content(cell):
    """What is in a cell, if there is anything."""
    try:
        return cell.cell_contents
    except ValueError:
        return UNSET


def without(pairs, names):
    return {key: value for key, value in pairs.items() if key not in names}


def plain(key):
    """A key, as it can be hashed whatever it does itself."""
    return key if type(key) in PLAIN else id(key)
