"""The hooks that plugins use."""
import functools
import typing as t

from tutor.core.hooks import clear_all, priorities

from .catalog import Actions, Contexts, Filters

__all__ = ["Actions", "Contexts", "Filters", "clear_all", "lru_cache", "priorities"]


def lru_cache(func: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """Like that of functools, but what it remembers is forgotten when plugins come and go."""
    cached = functools.lru_cache(func)

    @Actions.PLUGIN_LOADED.add()
    def _forget_on_load(_plugin: str) -> None:
        cached.cache_clear()

    @Actions.PLUGIN_UNLOADED.add()
    def _forget_on_unload(_plugin: str, _root: str, _config: t.Any) -> None:
        cached.cache_clear()

    return cached


def forget_all() -> None:
    """Forgets what all of them remember, without telling anybody else."""
    for callback in list(Actions.PLUGIN_LOADED.callbacks):
        if getattr(callback.func, "__module__", None) == __name__:
            callback.func("")
