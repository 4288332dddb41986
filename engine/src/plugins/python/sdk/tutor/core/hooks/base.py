"""What actions and filters share: callbacks in order, of which some can be dropped."""
import itertools
import sys
import typing as t
from weakref import WeakSet

from . import _observed, priorities
from .contexts import Contextualized

_HOOKS = __file__[: -len("base.py")]
_serials = itertools.count()


class Callback(Contextualized):
    """A function with its priority and contexts."""

    def __init__(self, func: t.Callable[..., t.Any], priority: t.Optional[int] = None):
        super().__init__()
        self.func = func
        self.priority = priority or priorities.DEFAULT
        self.place, self.module = _origin(sys._getframe(1))
        self.serial = next(_serials)  # in which order they were made


class Hook:
    """A list of callbacks. `Hook[...]` is the hook itself: types are for readers."""

    KIND = "hook"
    INSTANCES: "WeakSet[t.Any]"

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.INSTANCES = WeakSet()

    def __class_getitem__(cls, types: t.Any) -> t.Any:
        return cls

    def __init__(self) -> None:
        self.callbacks: t.List[t.Any] = []
        self.module = sys._getframe(1).f_globals.get("__name__")  # whose hook it is
        self.INSTANCES.add(self)

    def insert(self, callback: Callback) -> None:
        """Adds a callback where its priority puts it."""
        priorities.insert_callback(callback, self.callbacks)
        if _observed.observer is not None:
            _observed.observer.added(self, callback)

    def clear(self, context: t.Optional[str] = None) -> None:
        """Drops its callbacks, or those that were added in a context."""
        gone = [one for one in self.callbacks if one.is_in_context(context)]
        self.callbacks = [one for one in self.callbacks if not one.is_in_context(context)]
        if _observed.observer is not None:
            _observed.observer.cleared(self, context, gone)
        else:
            _observed.cleared.append((self, context, gone))

    @classmethod
    def clear_all(cls, context: t.Optional[str] = None) -> None:
        """Drops the callbacks of all hooks of this kind."""
        for hook in list(cls.INSTANCES):
            hook.clear(context)

    def chosen(self, context: t.Optional[str]) -> t.Iterator[t.Any]:
        """The callbacks of a context, in order, with those that are added meanwhile."""
        observer = _observed.observer
        if observer is not None:
            observer.applied(self, context)
        for callback in self.callbacks:
            if not callback.is_in_context(context):
                continue
            if observer is None:
                yield callback
                continue
            observer.enter(callback, self)
            try:
                yield callback
            finally:
                observer.leave()

    def complain(self, callback: Callback, error: Exception, culprit: t.Any = None) -> None:
        """Says which callback failed. `culprit`: the one that gave it something odd, with what it got and what it gave."""
        if _observed.observer is not None:
            _observed.observer.failed(callback, error, self, culprit)
        message = "Error in a callback of a %s: func=%s contexts=%s" % (self.KIND, callback.func, callback.contexts)
        print(message, file=sys.stderr)


def _origin(frame: t.Any) -> t.Tuple[t.Tuple[t.Optional[str], t.Optional[int]], t.Optional[str]]:
    """Who adds a callback: the line, and the module that is being imported."""
    place: t.Tuple[t.Optional[str], t.Optional[int]] = (None, None)
    while frame is not None:
        code = frame.f_code
        if place[0] is None and not code.co_filename.startswith(_HOOKS):
            place = code.co_filename, frame.f_lineno
        if code.co_name == "<module>":
            return place, frame.f_globals.get("__name__")
        frame = frame.f_back
    return place, None
