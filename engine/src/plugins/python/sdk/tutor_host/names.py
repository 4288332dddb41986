"""Names of hooks: those of the catalogue have short ones, those that plugins made `module.NAME`."""
import sys


def single_modules():
    """Modules of plugins that are single files, which are not in `sys.modules`."""
    import tutor_host

    recorder = tutor_host.current.recorder if tutor_host.current is not None else None
    return recorder.singles if recorder is not None else {}


def hook_name(hook):
    """How a hook is called."""
    known = getattr(hook, "tutor_name", None)
    if known is None:
        known = look_up(hook)
        if not known.endswith(".?"):
            hook.tutor_name = known
    return known


def look_up(hook):
    from tutor import hooks

    for catalogue in (hooks.Filters, hooks.Actions):
        for name, found in vars(catalogue).items():
            if found is hook:
                return name
    home = str(hook.module)
    module = single_modules().get(home) or sys.modules.get(home)
    for name, found in list(vars(module).items()) if module is not None else ():
        if found is hook:
            return home + "." + name
        if isinstance(found, type) and getattr(found, "__module__", None) == home:
            for inner, thing in list(vars(found).items()):
                if thing is hook:
                    return home + "." + name + "." + inner
    return home + ".?"  # in a list or a function: nobody can name it


def find_hook(name, kind):
    """The hook of that name, or None."""
    from tutor import hooks
    from tutor.core.hooks import Action, Filter

    catalogue, wanted = (hooks.Filters, Filter) if kind == "filter" else (hooks.Actions, Action)
    found = vars(catalogue).get(name)
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        home = ".".join(parts[:length])
        module = single_modules().get(home) or sys.modules.get(home)
        if found is None and module is not None:
            found = module
            for part in parts[length:]:
                found = getattr(found, part, None)
    return found if isinstance(found, wanted) else None
