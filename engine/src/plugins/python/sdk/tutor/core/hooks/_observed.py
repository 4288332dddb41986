"""Who watches hooks: the host, while it calls functions of plugins; otherwise nobody."""
import typing as t

# Has applied(hook, context), enter(callback, hook), leave(), failed(callback, error, hook, culprit), odd(hook, culprit),
# added(hook, callback), cleared(hook), compute(function) and replay(log).
observer: t.Any = None
# Hooks of which something was dropped that others had added, since somebody emptied the list.
cleared: t.List[t.Any] = []
