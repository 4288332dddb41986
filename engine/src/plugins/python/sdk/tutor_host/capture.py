"""What is printed meanwhile, by the plugin or its children."""
import os
import sys

from tutor_host.guard import Guard, identity


class Capture:
    """Descriptors 1 and 2 lead to a file for a while."""

    def __init__(self):
        self.text = ""

    def start(self):
        self.flush()
        self.file = anonymous()
        self.kept = {number: os.dup(number) for number in (1, 2)}
        self.streams = dict(Guard.streams.kept) if Guard.streams is not None else {}
        for number in (1, 2):
            os.dup2(self.file, number)
            if Guard.streams is not None:
                Guard.streams.kept[number] = self.file, identity(self.file)

    def stop(self):
        self.flush()
        try:
            size = os.lseek(self.file, 0, os.SEEK_END)
            self.text = os.pread(self.file, size, 0).decode("utf-8", "replace") if size else ""
        except OSError:
            pass  # the plugin has closed it
        for number, copy in self.kept.items():
            os.dup2(copy, number)
            os.close(copy)
        if Guard.streams is not None:
            Guard.streams.kept = self.streams
        try:
            os.close(self.file)
        except OSError:
            pass

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass


def anonymous():
    """A file without a name, on a descriptor that children do not inherit."""
    if hasattr(os, "memfd_create"):
        found = os.memfd_create("printed")
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            found = os.dup(file.fileno())
    try:
        import fcntl

        high = fcntl.fcntl(found, fcntl.F_DUPFD_CLOEXEC, 150)
    except (ImportError, OSError):
        return found
    os.close(found)
    return high
