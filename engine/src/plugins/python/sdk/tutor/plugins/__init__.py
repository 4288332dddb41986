"""Which plugins there are, and which are loaded in this process."""
import typing as t

from tutor import exceptions, fmt, hooks


def is_installed(name: str) -> bool:
    return name in iter_installed()


def iter_installed() -> t.Iterator[str]:
    """Names, sorted."""
    yield from sorted(set(hooks.Filters.PLUGINS_INSTALLED.iterate()))


def iter_info() -> t.Iterator[t.Tuple[str, t.Optional[str]]]:
    """Names and versions, sorted."""
    yield from sorted(hooks.Filters.PLUGINS_INFO.iterate(), key=lambda info: info[0])


def is_loaded(name: str) -> bool:
    return name in iter_loaded()


def load_all(names: t.Iterable[str]) -> None:
    """Loads plugins in alphabetical order; one that fails is an alert."""
    for name in sorted(set(names)):
        try:
            load(name)
        except Exception as error:
            fmt.echo_alert("plugin '%s' cannot be loaded: %s" % (name, error))
    hooks.Actions.PLUGINS_LOADED.do()


def load(name: str) -> None:
    """Loads a plugin, in its context."""
    if not is_installed(name):
        raise exceptions.TutorError("plugin '%s' is not installed" % name)
    with hooks.Contexts.PLUGINS.enter(), hooks.Contexts.app(name).enter():
        hooks.Actions.PLUGIN_LOADED.do(name)
        hooks.Filters.PLUGINS_LOADED.add_item(name)


def iter_loaded() -> t.Iterator[str]:
    """Names, sorted."""
    yield from sorted(hooks.Filters.PLUGINS_LOADED.iterate())


def iter_patches(name: str) -> t.Iterator[str]:
    """The texts for a place in templates."""
    for patch, content in hooks.Filters.ENV_PATCHES.iterate():
        if patch == name:
            yield content


def unload(plugin: str) -> None:
    """Drops everything that a plugin added."""
    hooks.clear_all(context=hooks.Contexts.app(plugin).name)
