"""Contexts: names that callbacks are marked with while they are entered, so that they can be found again."""
import typing as t
from contextlib import contextmanager


class Context:
    """A name that can be entered; contexts nest."""

    CURRENT: t.List[str] = []

    def __init__(self, name: str):
        self.name = name

    @contextmanager
    def enter(self) -> t.Iterator[None]:
        """Marks what is added meanwhile."""
        Context.CURRENT.append(self.name)
        try:
            yield
        finally:
            Context.CURRENT.pop()


class Contextualized:
    """Remembers in which contexts it was made."""

    def __init__(self) -> None:
        self.contexts = Context.CURRENT[:]

    def is_in_context(self, context: t.Optional[str]) -> bool:
        """Whether it was made in `context`; everything is in None."""
        return context is None or context in self.contexts


def enter(name: str) -> t.ContextManager[None]:
    """Enters the context of that name."""
    return Context(name).enter()
