"""The time of one load."""
from tutor_host import capture
from tutor_host.guard import Guard


class Loading:
    """A context. (No generator: that would write on the exceptions that go through it.)"""

    def __init__(self, recorder, name, chance):
        self.recorder, self.name, self.chance = recorder, name, chance

    def __enter__(self):
        capture.note("")  # no function is at work
        recorder = self.recorder
        recorder.loads.append(self.name)
        recorder.chances.append(self.chance)
        recorder.marks[self.name] = None if self.chance is None else self.chance.mark
        # The same load again is another load.
        recorder.records.pop((self.name,), None)
        recorder.opened = []
        recorder.spans.append(None)
        self.guard = Guard(recorder.owners.is_library)

    def __exit__(self, *_):
        self.guard.restore()
        self.recorder.loads.pop()
        self.recorder.chances.pop()
        self.recorder.spans.pop()
