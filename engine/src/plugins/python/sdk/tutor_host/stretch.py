"""The time of one call: everything that it does is noted, and what it does to the interpreter undone."""
import sys

from tutor.core.hooks import Context, _observed

from tutor_host.capture import Capture
from tutor_host.guard import Guard
from tutor_host.watch import Watch

ASKING = ("now", "utcnow")
ROOM = 400


class Stretch:
    """A context. The span has what was done, `printed` what was printed."""

    def __init__(self, recorder, chance, plugin, request, overlay=None):
        self.recorder, self.chance = recorder, chance
        self.watch = Watch(recorder, chance, plugin, request)
        self.capture = Capture()
        self.codes = set()  # that ran, as far as it may be plugins'
        self.changing = recorder.state.changing
        self.foreign = self.changing.foreign
        self.overlay = None
        if overlay is not None:
            from tutor_host.overlay import Overlay

            self.overlay = Overlay(recorder, overlay)

    def __enter__(self):
        recorder = self.recorder
        self.opened, recorder.opened = recorder.opened, []
        self.outer = _observed.observer
        self.contexts = Context.CURRENT[:]
        del Context.CURRENT[:]  # of the load that this may be within
        self.guard = Guard(recorder.owners.is_library)
        if self.overlay is not None:
            self.overlay.install()
        self.capture.start()
        self.span = self.watch.open()
        _observed.observer = self.watch
        sys.setrecursionlimit(sys.getrecursionlimit() + ROOM)  # calls within calls have as much each
        sys.setprofile(self.profile)
        return self

    def __exit__(self, *_):
        sys.setprofile(None)
        _observed.observer = self.outer
        Context.CURRENT[:] = self.contexts
        if self.overlay is not None:
            self.overlay.uninstall()
            self.overlay.translate(self.span)
        self.guard.restore()
        self.capture.stop()
        self.watch.close(self.span)
        self.span.opened, self.recorder.opened = self.recorder.opened, self.opened

    def reads(self):
        """What it depended on, as it is sent."""
        from tutor_host import report

        recorder = self.recorder
        on, recorder.on = recorder.on, False
        if self.overlay is not None:
            self.overlay.install()  # what is there, as the call saw it
        try:
            return report.reads_of_span(recorder, self.span, self.watch.mark)
        finally:
            if self.overlay is not None:
                self.overlay.uninstall()
            recorder.on = on

    def profile(self, frame, event, function):
        """What runs; and who asks `datetime` for the time: nothing can be wrapped there."""
        if event == "call":
            if id(frame.f_globals) not in self.foreign:
                self.changing.see(frame, self.codes)
        elif event == "c_call" and function.__name__ in ASKING:
            kind = getattr(function, "__self__", None)
            if isinstance(kind, type) and any(one.__module__ == "datetime" for one in kind.__mro__):
                self.recorder.impure("time", frame)
