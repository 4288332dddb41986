"""Filters: callbacks that a value passes through."""
import typing as t

from . import _observed
from .base import Callback, Hook


class FilterCallback(Callback):
    """One of them."""

    def apply(self, value: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        return self.func(value, *args, **kwargs)


class Filter(Hook):
    """Something that can be changed: mostly a list that items are added to."""

    KIND = "filter"

    def add(self, priority: t.Optional[int] = None) -> t.Callable[[t.Any], t.Any]:
        """A decorator that adds a callback."""

        def decorate(func: t.Any) -> t.Any:
            self.insert(FilterCallback(func, priority=priority))
            return func

        return decorate

    def apply(self, value: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """What the callbacks make of a value."""
        return self.apply_from_context(None, value, *args, **kwargs)

    def apply_from_context(self, context: t.Optional[str], value: t.Any, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """What the callbacks that were added in a context make of a value."""
        culprit = None
        for callback in self.chosen(context):
            before = value
            try:
                value = callback.apply(value, *args, **kwargs)
            except Exception as error:
                self.complain(callback, error, culprit)
                raise
            if type(value) is not type(before):
                culprit = None if culprit and type(value) is type(culprit[1]) else culprit or (callback, before, value)
        if _observed.observer is not None:
            _observed.observer.odd(self, culprit)
        return value

    def add_item(self, item: t.Any, priority: t.Optional[int] = None) -> None:
        """Adds an item to the list."""
        self.add_items([item], priority=priority)

    def add_items(self, items: t.Any, priority: t.Optional[int] = None) -> None:
        """Adds items to the list."""
        callback = FilterCallback(lambda value, *_args, **_kwargs: value + items, priority=priority)
        callback.items = items  # type: ignore[attr-defined]  # data, for whoever looks: nothing to call
        self.insert(callback)

    def iterate(self, *args: t.Any, **kwargs: t.Any) -> t.Iterator[t.Any]:
        """The items of the list."""
        yield from self.iterate_from_context(None, *args, **kwargs)

    def iterate_from_context(self, context: t.Optional[str], *args: t.Any, **kwargs: t.Any) -> t.Iterator[t.Any]:
        """The items that were added in a context."""
        yield from self.apply_from_context(context, [], *args, **kwargs)
