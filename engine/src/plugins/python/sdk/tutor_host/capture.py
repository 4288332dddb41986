"""What is printed meanwhile, by the plugin or its children.

It goes to one file, which the engine can open, too: at its beginning it says whose function is at work, so that
somebody knows it should the process end in the middle.
"""
import os
import sys

from tutor_host.guard import Guard, identity

DUP2 = os.dup2
HIGH = 210
HEADER = 4096  # bytes at the beginning that are not printed
file = None


def prepare():
    """The number of the file's descriptor, for the engine."""
    global file
    if file is None:
        file = anonymous()
        os.pwrite(file, b"\0", HEADER - 1)
    return file


class Capture:
    """Descriptors 1 and 2 lead to the file for a while. Within another one, what it prints is its own."""

    def __init__(self):
        self.text = ""

    def start(self):
        self.flush()
        self.file = usable()
        self.begin = os.lseek(self.file, 0, os.SEEK_END)
        self.kept = {number: high(number) for number in (1, 2)}
        self.streams = dict(Guard.streams.kept) if Guard.streams is not None else {}
        for number in (1, 2):
            DUP2(self.file, number)
            if Guard.streams is not None:
                Guard.streams.kept[number] = self.file, identity(self.file)

    def stop(self):
        self.flush()
        try:
            size = os.lseek(self.file, 0, os.SEEK_END) - self.begin
            self.text = os.pread(self.file, size, self.begin).decode("utf-8", "replace") if size > 0 else ""
            os.ftruncate(self.file, self.begin)
            os.lseek(self.file, self.begin, os.SEEK_SET)
        except OSError:
            pass  # the plugin has closed it
        if Guard.streams is not None:
            Guard.streams.kept = self.streams
        for number, copy in self.kept.items():
            close(copy, number)

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                pass


def usable():
    """The file, or another one if a plugin has closed it."""
    global file
    try:
        os.fstat(prepare())
    except OSError:
        file = None
    return prepare()


def note(text):
    """Says at the beginning of the file what is at work."""
    said = text.encode("utf-8", "replace")[: HEADER - 1] + b"\0"
    try:
        os.pwrite(prepare(), said, 0)
    except OSError:
        usable()  # a plugin has closed it


def anonymous():
    """A file without a name."""
    if hasattr(os, "memfd_create"):
        found = os.memfd_create("printed")
    else:
        import tempfile

        with tempfile.TemporaryFile() as opened:
            found = os.dup(opened.fileno())
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
