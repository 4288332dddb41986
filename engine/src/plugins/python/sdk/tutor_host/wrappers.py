"""What no audit event tells: wrappers around look-ups of files, variables and the clock (`draws` has those around
randomness). They call what they wrap with the same arguments, compare equal to it, and can be taken off again.
"""
import builtins
import importlib
import os
import sys
import time
from importlib.machinery import SourceFileLoader

from tutor_host.draws import LATE, Draws
from tutor_host.wrapper import Wrapper

CLOCK = {"time": 9, "time_ns": 9, "localtime": 0, "gmtime": 0, "ctime": 0, "asctime": 0, "strftime": 1}
SYSTEM = ("uname", "getlogin", "getuid", "geteuid", "getgid", "getegid", "getpid", "getppid", "cpu_count", "getloadavg")


class Wrappers:
    """All of them, on and off."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.undo = []
        self.draws = Draws(recorder, self)
        self.pending = set(LATE)

    def put(self, thing, name, before):
        """Wraps one attribute."""
        original = getattr(thing, name, None)
        if original is not None and not isinstance(original, Wrapper):
            self.replace(thing, name, Wrapper(original, before))

    def replace(self, thing, name, value):
        self.undo.append((thing, name, thing.__dict__[name]))
        setattr(thing, name, value)

    def install(self):
        """Puts them on."""
        for name in ("stat", "lstat", "access", "readlink"):
            self.put(os, name, self.looked)
        self.put(os, "getcwd", self.impure("cwd"))
        self.put(os, "getcwdb", self.impure("cwd"))
        for name in SYSTEM:
            self.put(os, name, self.impure("system"))
        self.draws.install(os)
        for name, arguments in CLOCK.items():
            self.put(time, name, self.clock(arguments))
        self.variables()
        self.imports()
        for name in list(self.pending):
            if name in sys.modules:
                self.late(name)

    def uninstall(self):
        """Takes them off."""
        while self.undo:
            setattr(*self.undo.pop())

    def looked(self, args, kwargs, frame):
        path = args[0] if args else kwargs.get("path")
        if kwargs.get("dir_fd") is None and not isinstance(path, int):
            if frame.f_code.co_name not in ("realpath", "_joinrealpath"):
                self.recorder.path("stats", path, frame)

    def impure(self, kind):
        return lambda args, kwargs, frame: self.recorder.impure(kind, frame)

    def clock(self, arguments):
        def before(args, kwargs, frame):
            if len(args) <= arguments:
                self.recorder.impure("time", frame)

        return before

    def variables(self):
        """Environment variables: another class for the same object, since many hold on to it."""
        recorder = self.recorder
        plain = type(os.environ)

        class Environ(plain):
            def __getitem__(self, key):
                recorder.variable(key, sys._getframe(1))
                return plain.__getitem__(self, key)

            def __iter__(self):
                recorder.variable("*", sys._getframe(1))
                return plain.__iter__(self)

        Environ.__name__, Environ.__qualname__, Environ.__module__ = "_Environ", "_Environ", "os"
        for name in ("environ", "environb"):
            environ = getattr(os, name, None)
            if environ is not None:
                self.undo.append((environ, "__class__", plain))
                environ.__class__ = Environ

    def imports(self):
        """Who imports whom, also what is there already."""
        from tutor_host import importlib_bootstrap

        pending, late = self.pending, self.late
        imported, module = importlib_bootstrap.watching(
            self.recorder, pending, late, builtins.__import__, importlib.import_module
        )
        self.replace(builtins, "__import__", imported)
        self.replace(importlib, "import_module", module)
        loader = SourceFileLoader
        if "_cache_bytecode" in loader.__dict__:
            self.replace(loader, "_cache_bytecode", importlib_bootstrap.careful(loader._cache_bytecode))

    def late(self, name):
        """Wraps what a module has that was imported just now."""
        self.pending.discard(name)
        self.draws.late(name, sys.modules[name])
