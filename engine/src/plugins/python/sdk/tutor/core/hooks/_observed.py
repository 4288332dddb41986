"""Who watches hooks: the host, while it calls functions of plugins; otherwise nobody."""
import typing as t

# Has applied(hook, context), enter(callback, hook), leave(), failed(callback, error, hook, culprit), odd(hook, culprit),
# added(hook, callback), cleared(hook, context, callbacks), compute(function) and replay(log).
observer: t.Any = None
# Hooks that were cleared while nobody watched, since somebody emptied the list: (hook, context, callbacks).
cleared: t.List[t.Any] = []
