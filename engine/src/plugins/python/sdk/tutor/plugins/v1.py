"""Plugins of API v1: modules that add to hooks when they are imported."""
import os
import typing as t

from tutor import hooks

from .base import PLUGINS_ROOT  # noqa: F401


def discover_module(path: str) -> None:
    """Installs the plugin in a file."""
    name = os.path.splitext(os.path.basename(path))[0]
    _install(name, path)

    @hooks.Actions.PLUGIN_LOADED.add()
    def load(plugin_name: str) -> None:
        if plugin_name == name:
            from importlib.util import module_from_spec, spec_from_file_location

            spec = spec_from_file_location("tutor.plugin.v1." + name, path)
            if spec is None or spec.loader is None:
                raise ValueError("no plugin can be loaded from " + path)
            spec.loader.exec_module(module_from_spec(spec))


def discover_package(entrypoint: t.Any) -> None:
    """Installs the plugin that an entry point names."""
    name = entrypoint.name
    _install(name, entrypoint.dist.version if entrypoint.dist else None)

    @hooks.Actions.PLUGIN_LOADED.add()
    def load(plugin_name: str) -> None:
        if plugin_name == name:
            from importlib import import_module

            import_module(entrypoint.value)


def _install(name: str, info: t.Optional[str]) -> None:
    hooks.Filters.PLUGINS_INSTALLED.add_item(name)
    hooks.Filters.PLUGINS_INFO.add_item((name, info))
