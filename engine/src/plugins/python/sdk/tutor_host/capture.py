"""What is printed meanwhile, by the plugin or its children."""
import os
import sys

from tutor_host.guard import Guard, identity

DUP2 = os.dup2
HIGH = 210


class Capture:
    """Descriptors 1 and 2 lead to a file for a while."""

    def __init__(self):
        self.text = ""

    def start(self):
        self.flush()
        self.file = anonymous()
        self.kept = {number: high(number) for number in (1, 2)}
        self.streams = dict(Guard.streams.kept) if Guard.streams is not None else {}
        for number in (1, 2):
            DUP2(self.file, number)
            if Guard.streams is not None:
                Guard.streams.kept[number] = self.file, identity(self.file)

    def stop(self):
        self.flush()
        try:
            size = os.lseek(self.file, 0, os.SEEK_END)
            self.text = os.pread(self.file, size, 0).decode("utf-8", "replace") if size else ""
        except OSError:
            pass  # the plugin has closed it
        if Guard.streams is not None:
            Guard.streams.kept = self.streams
        for number, copy in self.kept.items():
            close(copy, number)
        close(self.file)

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass


def anonymous():
    """A file without a name."""
    if hasattr(os, "memfd_create"):
        found = os.memfd_create("printed")
    else:
        import tempfile

        with tempfile.TemporaryFile() as file:
            found = os.dup(file.fileno())
    moved = high(found)
    os.close(found)
    return moved


def high(descriptor):
    """A copy with a number that plugins and their children do not get in touch with."""
    try:
        import fcntl

        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except ImportError:
        return os.dup(descriptor)


def close(descriptor, number=None):
    """Closes it, after making another lead where it does. A plugin may have closed it already."""
    try:
        if number is not None:
            DUP2(descriptor, number)
        os.close(descriptor)
    except OSError:
        pass
