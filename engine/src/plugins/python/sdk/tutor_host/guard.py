"""Undoes what a plugin does to the interpreter that it shares with others: builtins, streams, search path, signals,
limits. What it adds to (the path, finders, new modules and names) stays, since its code may need it later.
"""
import builtins
import gc
import os
import signal
import sys
from operator import is_

try:  # without the detour through enumerations, which takes longer than all the rest
    from _signal import getsignal, pthread_sigmask
except ImportError:
    from signal import getsignal, pthread_sigmask

# Taken early: a plugin may replace them.
WHOLE = (builtins, os, os.path)
NAMES = ("stdin", "stdout", "stderr", "argv", "excepthook", "unraisablehook", "displayhook", "modules")
LISTS = ("path", "meta_path", "path_hooks")
HANDLED = ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGUSR2")
HIGH = 100


class Streams:
    """Descriptors 0 to 2, as they were at the beginning, for the time after somebody has closed them."""

    def __init__(self):
        self.kept = {}
        import fcntl

        for number in range(3):
            try:
                copy = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, HIGH)
                self.kept[number] = copy, identity(copy)
            except OSError:
                pass

    def restore(self):
        for number, (copy, known) in self.kept.items():
            if identity(number) != known and identity(copy) == known:
                os.dup2(copy, number)
        for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
            stream = getattr(sys, name)
            if stream is not None and getattr(stream, "closed", False):
                fresh = open(number, mode, buffering=1, errors="backslashreplace", closefd=False)
                setattr(sys, name, fresh)


def identity(descriptor):
    """Which file it is, None if it is closed."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class Guard:
    """The state before a load."""

    streams = None

    def __init__(self, standard):
        """`standard` tells whether a module is of the library or the SDK: only these are put back."""
        if Guard.streams is None:
            Guard.streams = Streams()
        self.standard = standard
        self.whole = [(vars(module), dict(vars(module))) for module in WHOLE]
        self.names = {name: getattr(sys, name) for name in NAMES}
        self.lists = [(name, getattr(sys, name), list(getattr(sys, name))) for name in LISTS]
        self.modules = dict(sys.modules)
        self.hooks = sys.getprofile(), sys.gettrace()
        self.limit = sys.getrecursionlimit()
        self.collecting = gc.isenabled()
        self.mask = os.umask(0o22)
        os.umask(self.mask)
        self.environ = [(data, dict(data)) for data in self.environments()]
        self.handlers = [(number, getsignal(number)) for number in map(number_of, HANDLED) if number]

    def environments(self):
        """What is behind `os.environ`, to be read without being noticed."""
        data = getattr(os.environ, "_data", None)
        return [data] if data is not None else []

    def restore(self):
        """Puts everything back."""
        sys.setprofile(self.hooks[0])
        sys.settrace(self.hooks[1])
        sys.setrecursionlimit(self.limit)
        for current, before in self.whole:
            if not begins_with(current, before):
                for name, value in before.items():
                    if current.get(name, before) is not value:
                        current[name] = value
        for name, value in self.names.items():
            setattr(sys, name, value)
        for name, thing, before in self.lists:
            self.mend(name, thing, before)
        if not begins_with(sys.modules, self.modules):
            for name, module in self.modules.items():
                if sys.modules.get(name) is not module and self.standard(name, module):
                    sys.modules[name] = module
        if self.collecting:
            gc.enable()
        os.umask(self.mask)
        for data, before in self.environ:
            if data != before:
                self.set_environ(data, before)
        self.signals()
        Guard.streams.restore()

    def mend(self, name, thing, before):
        """The same list, with everything that was in it."""
        found = getattr(sys, name)
        now = list(found) if isinstance(found, list) else []
        if name == "path":
            now = [entry for entry in now if isinstance(entry, str)]
        if any(one not in now for one in before):
            now = before + [one for one in now if one not in before]
        if found is not thing or now != thing:
            thing[:] = now
            setattr(sys, name, thing)

    def set_environ(self, data, before):
        """The variables, also those that children get."""
        for key in set(data) | set(before):
            if data.get(key) == before.get(key):
                continue
            if key in before:
                os.putenv(key, before[key])
            else:
                os.unsetenv(key)
        data.clear()
        data.update(before)

    def signals(self):
        """Handlers, timers and what is blocked."""
        for number, handler in self.handlers:
            if handler is not None and getsignal(number) is not handler:
                signal.signal(number, handler)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pthread_sigmask(signal.SIG_SETMASK, ())


def begins_with(now, before):
    """Whether a dictionary still has the same things under the same names, in the same order. It may have more."""
    if len(now) < len(before):
        return False
    return all(map(is_, before, list(now))) and all(map(is_, before.values(), list(now.values())))


def number_of(name):
    return getattr(signal, name, None)
