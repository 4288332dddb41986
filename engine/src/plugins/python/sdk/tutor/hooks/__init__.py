"""The hooks that plugins use."""
import functools
import typing as t

from tutor.core.hooks import _observed, clear_all, priorities

from .catalog import Actions, Contexts, Filters

__all__ = ["Actions", "Contexts", "Filters", "clear_all", "lru_cache", "priorities"]


def lru_cache(func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """Like that of functools, but what it remembers is forgotten when plugins come and go. Whoever watches learns
    what a result depended on, also if it was remembered.
    """

    @functools.lru_cache
    def remember(*args: t.Any, **kwargs: t.Any) -> t.Any:
        observer = _observed.observer
        if observer is None:
            return func(*args, **kwargs), None
        return observer.compute(func, args, kwargs)

    @functools.wraps(func)
    def cached(*args: t.Any, **kwargs: t.Any) -> t.Any:
        value, log = remember(*args, **kwargs)
        if log is not None and _observed.observer is not None and not _observed.observer.replay(log):
            remember.cache_clear()
            value, log = remember(*args, **kwargs)
        return value

    for name in ("cache_clear", "cache_info", "cache_parameters"):
        if hasattr(remember, name):
            setattr(cached, name, getattr(remember, name))

    @Actions.PLUGIN_LOADED.add()
    def _forget_on_load(_plugin: str) -> None:
        remember.cache_clear()

    @Actions.PLUGIN_UNLOADED.add()
    def _forget_on_unload(_plugin: str, _root: str, _config: t.Any) -> None:
        remember.cache_clear()

    return cached


def forget_all() -> None:
    """Forgets what all of them remember, without telling anybody else."""
    for callback in list(Actions.PLUGIN_LOADED.callbacks):
        if getattr(callback.func, "__module__", None) == __name__:
            callback.func("")
