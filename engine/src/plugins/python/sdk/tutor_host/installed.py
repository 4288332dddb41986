"""Modules of a Tutor that is installed beside the plugins, for names that ours lack."""
import importlib.util
import sys

import tutor_host

ALIAS = "tutor_installed."


def module(name):
    """The installed module of that name, run once beside ours; None if there is none. What it adds to hooks is dropped:
    that is of the core, which is here already.
    """
    alias = ALIAS + name
    found = sys.modules.get(alias)
    if found is None and tutor_host.current is not None:
        spec = tutor_host.current.finder.elsewhere(name)
        if spec is None:
            return None
        spec = importlib.util.spec_from_file_location(alias, spec.origin)
        found = sys.modules[alias] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(found)
        except BaseException:
            del sys.modules[alias]
            raise
        finally:
            forget(alias)
    return found


def forget(alias):
    """Drops what a module has added to hooks."""
    from tutor.core.hooks import Action, Filter
    from tutor_host import added

    added.discard(lambda callback: callback.module == alias, Action, Filter)
