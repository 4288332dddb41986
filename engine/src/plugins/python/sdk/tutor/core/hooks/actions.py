"""Actions: callbacks that are run when something happens."""
import typing as t

from .base import Callback, Hook


class ActionCallback(Callback):
    """One of them."""

    def do(self, *args: t.Any, **kwargs: t.Any) -> None:
        self.func(*args, **kwargs)


class Action(Hook):
    """Something that happens."""

    KIND = "action"

    def add(self, priority: t.Optional[int] = None) -> t.Callable[[t.Any], t.Any]:
        """A decorator that adds a callback."""

        def decorate(func: t.Any) -> t.Any:
            self.insert(ActionCallback(func, priority=priority))
            return func

        return decorate

    def do(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Runs the callbacks."""
        self.do_from_context(None, *args, **kwargs)

    def do_from_context(self, context: t.Optional[str], *args: t.Any, **kwargs: t.Any) -> None:
        """Runs the callbacks that were added in a context."""
        for callback in self.chosen(context):
            self.run(callback, *args, **kwargs)

    def run(self, callback: ActionCallback, *args: t.Any, **kwargs: t.Any) -> None:
        """Runs one of its callbacks."""
        try:
            callback.do(*args, **kwargs)
        except Exception as error:
            self.complain(callback, error)
            raise
