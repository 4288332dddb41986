"""What the modules here lack, a Tutor that is installed beside the plugins may have."""
import typing as t


def fallback(module: str) -> t.Callable[[str], t.Any]:
    """The function that a module is asked with for a name that it has not."""

    def get(name: str) -> t.Any:
        found = None
        if not name.startswith("__"):
            from tutor_host import installed

            found = installed.module(module)
        if found is None or not hasattr(found, name):
            raise AttributeError("module %r has no attribute %r" % (module, name))
        return getattr(found, name)

    return get
