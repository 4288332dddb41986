"""Hooks: actions, filters, and the contexts in which callbacks are added."""
import typing as t

from . import actions, contexts, filters, priorities
from .actions import Action
from .contexts import Context
from .filters import Filter

__all__ = ["Action", "Context", "Filter", "actions", "clear_all", "contexts", "filters", "priorities"]


def clear_all(context: t.Optional[str] = None) -> None:
    """Drops the callbacks of all actions and filters, or those that were added in a context."""
    Action.clear_all(context=context)
    Filter.clear_all(context=context)
