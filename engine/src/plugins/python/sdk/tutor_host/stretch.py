"""The time of one call: everything that it does is noted, and what it does to the interpreter undone."""
import os
import sys

from tutor.core.hooks import _observed

from tutor_host.capture import Capture
from tutor_host.guard import Guard
from tutor_host.watch import Watch

ASKING = ("now", "utcnow")
ROOM = 400


class Stretch:
    """A context. The span has what was done, `printed` what was printed."""

    def __init__(self, recorder, chance, plugin, request):
        self.recorder, self.chance = recorder, chance
        self.watch = Watch(recorder, chance, plugin, request)
        self.capture = Capture()

    def __enter__(self):
        recorder = self.recorder
        self.opened, recorder.opened = recorder.opened, []
        self.outer = _observed.observer
        self.guard = Guard(recorder.owners.is_library)
        self.capture.start()
        self.span = self.watch.open()
        _observed.observer = self.watch
        sys.setrecursionlimit(sys.getrecursionlimit() + ROOM)  # calls within calls have as much each
        sys.setprofile(self.profile)
        return self

    def __exit__(self, *_):
        sys.setprofile(None)
        _observed.observer = self.outer
        self.guard.restore()
        self.capture.stop()
        self.watch.close(self.span)
        self.span.opened, self.recorder.opened = self.recorder.opened, self.opened

    def reads(self):
        """What it depended on, as it is sent."""
        from tutor_host import report

        recorder = self.recorder
        on, recorder.on = recorder.on, False
        profile = sys.getprofile()
        sys.setprofile(None)
        try:
            return report.reads_of_span(recorder, self.span, self.watch.mark)
        finally:
            recorder.on = on
            sys.setprofile(profile)

    def profile(self, frame, event, function):
        """Who asks `datetime` for the time: nothing can be wrapped there."""
        if event == "c_call" and function.__name__ in ASKING:
            kind = getattr(function, "__self__", None)
            if isinstance(kind, type) and any(one.__module__ == "datetime" for one in kind.__mro__):
                self.recorder.impure("time", frame)
