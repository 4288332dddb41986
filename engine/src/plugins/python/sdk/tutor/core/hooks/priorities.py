"""In which order callbacks run: the smaller number first, equal ones as they were added."""
import typing as t

HIGH = 5
DEFAULT = 10
LOW = 50


class PrioritizedCallback:
    """Anything with a priority."""

    priority: int


TPrioritized = t.TypeVar("TPrioritized")


def insert_callback(callback: t.Any, callbacks: t.List[t.Any]) -> None:
    """Puts it where it belongs."""
    at = 0
    while at < len(callbacks) and callbacks[at].priority <= callback.priority:
        at += 1
    callbacks.insert(at, callback)
