"""What was done during one call, or while one remembered result was computed."""
import os


class Span:
    """Everything that a stretch of code read and did. The recorder keeps the record of it, by the span itself."""

    def __init__(self, recorder):
        from tutor_host.record import Record

        self.record = recorder.records[(self,)] = Record()
        self.edges = {}  # imports, also of what was imported before
        self.filters = {}  # names of those that were applied
        self.ran = {}  # plugins whose callbacks and items were used
        self.asks = {}  # what the engine was asked for
        self.wrote, self.removed = {}, {}  # paths
        self.added = []  # Additions
        self.cleared = {}  # names of hooks
        self.opened = []  # by the import system

    def merge(self, other):
        """What was done there counts here too, also if it was long ago."""
        for name in self.record.__slots__:
            getattr(self.record, name).update(getattr(other.record, name))
        for name in ("edges", "filters", "ran", "asks"):
            getattr(self, name).update(getattr(other, name))

    def take_effects(self, other):
        """What was done to others there was done here."""
        for name in ("wrote", "removed", "cleared"):
            getattr(self, name).update(getattr(other, name))
        self.added.extend(other.added)

    def outside(self):
        """Whether it depends on anything but what plugins have added."""
        record = self.record
        looked = any(getattr(record, name) for name in record.__slots__)
        return bool(looked or self.edges or self.asks or self.wrote or self.removed or self.added or self.cleared)


class Log:
    """The span of a result that is remembered, and what tells whether it would be the same by now."""

    def __init__(self, span, mark, request):
        self.span, self.mark, self.request = span, mark, request
        self.print = self.take()

    def take(self):
        """How the world looks that it depends on. Sizes and times do: the engine knows better, but asks again only if
        something has changed, and then it shall not get what was there before.
        """
        record, found = self.span.record, []
        for kind in ("files", "stats", "listings", "indexes"):
            for path in getattr(record, kind):
                found.append((path, look(path)))
        environ = getattr(os.environ, "_data", {})
        for name in record.variables:
            found.append((name, dict(environ) if name == "*" else environ.get(os.fsencode(name))))
        return found

    def holds(self, mark, request):
        """Whether it can be used: in the same request always, since a process of Tutor remembers as well."""
        if request == self.request:
            return True
        if self.span.asks or (self.span.record.seeded and mark != self.mark):
            return False
        return self.print == self.take()


def look(path):
    """What changes if a file or folder does."""
    try:
        found = os.stat.__wrapped__(path) if hasattr(os.stat, "__wrapped__") else os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mode, found.st_ino, found.st_size, found.st_mtime_ns
