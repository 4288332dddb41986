"""Watches hooks while functions of plugins are called: which filters are used, whose callbacks run, what is added."""
import json

from tutor.core.hooks import _observed

from tutor_host import added, capture
from tutor_host.names import hook_name
from tutor_host.spans import Log, Span


class Addition:
    """A callback that was added to a hook during a call, and the plugin that did it."""

    __slots__ = ("hook", "callback", "plugin")

    def __init__(self, hook, callback, plugin):
        self.hook, self.callback, self.plugin = hook, callback, plugin


class Watch:
    """The observer of hooks, for one call. Calls within calls have their own."""

    def __init__(self, recorder, chance, plugin, request):
        self.recorder, self.chance, self.request = recorder, chance, request
        self.mark = None if chance is None else chance.mark
        self.running = [plugin]
        self.places = [None]  # of the functions that run
        self.error = self.failing = self.given = None
        self.turned = {}  # hooks whose value some callback has made another thing of, and who did

    def open(self):
        """A new span, on top of the others."""
        self.say()
        span = Span(self.recorder)
        self.recorder.spans.append(span)
        self.recorder.loads.append(span)
        self.recorder.chances.append(self.chance)
        return span

    def close(self, span):
        """The end of a span, and of those within it that something has interrupted."""
        recorder = self.recorder
        while span in recorder.spans:
            last = recorder.spans.pop()
            recorder.loads.pop()
            recorder.chances.pop()
            recorder.records.pop((last,), None)

    def inside(self):
        """A span of its own, which counts for the one around it."""
        return Inside(self)

    @property
    def span(self):
        return self.recorder.spans[-1]

    def applied(self, hook, context):
        span = self.span
        if span is not None and hook.KIND == "filter":
            span.filters[hook_name(hook)] = True

    def enter(self, callback, hook):
        plugin = added.owner(callback)
        self.running.append(plugin)
        self.begin(added.described(plugin, hook_name(hook), callback, callback.func))
        if self.span is not None and plugin is not None:
            self.span.ran[plugin] = True

    def leave(self):
        self.running.pop()
        self.places.pop()
        self.say()

    def begin(self, place):
        """Another function is at work."""
        self.places.append(place)
        self.say()

    def say(self):
        capture.note(json.dumps(self.places[-1]))

    def failed(self, callback, error, hook, culprit):
        """Notes the innermost plugin that an exception went through, and who had given its function something odd."""
        if error is not self.error:
            self.error, self.failing = error, added.owner(callback)
            self.given = None if culprit is None else added.odd(hook_name(hook), *culprit)

    def odd(self, hook, culprit):
        """Notes who has made another thing of a hook's value, or that nobody has."""
        self.turned[hook_name(hook)] = None if culprit is None else added.odd(hook_name(hook), *culprit)

    def added(self, hook, callback):
        if self.span is None or getattr(callback.func, "__module__", None) == "tutor.hooks":
            return  # a load within, or `lru_cache`
        addition = Addition(hook, callback, self.running[-1])
        callback.during = self.running[-1]
        callback.at = added.moment
        self.span.added.append(addition)
        added.later.append(addition)

    def cleared(self, hook, context, gone):
        if self.span is None:  # a load within
            _observed.cleared.append((hook, context, gone))
        elif gone:
            if added.moment is not None:  # of plugins that Tutor loads later, nothing is there yet
                late = [one for one in gone if added.index(one) > added.moment]
                hook.callbacks = sorted(hook.callbacks + late, key=added.place)
                gone = [one for one in gone if one not in late]
            added.dropped.append((hook, gone))
            self.span.cleared[hook_name(hook)] = True

    def compute(self, function, args, kwargs):
        """A result for `lru_cache` to remember, with what it depended on."""
        if self.span is None:
            return function(*args, **kwargs), None
        with self.inside() as span:
            value = function(*args, **kwargs)
        return value, Log(span, self.mark, self.request)

    def replay(self, log):
        """A remembered result is used: whether it may be."""
        if not log.holds(self.mark, self.request):
            for addition in log.span.added:  # computing it again adds them again
                added.take_back(addition)
            return False
        if self.span is not None:
            self.span.merge(log.span)
        return True


class Inside:
    """A context: the span of something that may be used again."""

    def __init__(self, watch):
        self.watch = watch

    def __enter__(self):
        self.outer = self.watch.span
        self.span = self.watch.open()
        return self.span

    def __exit__(self, *_):
        self.watch.close(self.span)
        self.outer.merge(self.span)
        self.outer.take_effects(self.span)
