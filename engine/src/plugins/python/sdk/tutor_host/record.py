"""What loading a plugin depended on. Things are recorded under the module that did them while it was imported
(so that it does not matter for which plugin that happened first), or under the load that was going on.
"""
import os
import sys
from _thread import get_ident
from importlib import invalidate_caches

from tutor_host import report
from tutor_host.blame import HOST, Blame
from tutor_host.chance import LOAD
from tutor_host.loading import Loading
from tutor_host.owners import PLUGIN, Owners
from tutor_host.state import State
from tutor_host.wrappers import Wrappers

PROCESS = "subprocess.Popen os.system os.fork os.forkpty os.exec os.posix_spawn os.spawn pty.spawn".split()
NETWORK = (
    "socket.__new__ socket.connect socket.bind socket.sendto socket.getaddrinfo socket.gethostbyname "
    "socket.gethostbyaddr socket.gethostname socket.getnameinfo urllib.Request"
).split()
# Paths that are written to (their places among the arguments), those that are gone afterwards, and the descriptors of
# the folders that they are in.
WRITING = {
    "os.mkdir": ((0,), (), (2,)),
    "os.remove": ((), (0,), (1,)),
    "os.rename": ((1,), (0,), (2, 3)),
    "os.rmdir": ((), (0,), (1,)),
    "os.link": ((1,), (), (2, 3)),
    "os.symlink": ((1,), (), (2,)),
    "os.truncate": ((0,), (), ()),
    "os.utime": ((0,), (), (3,)),
    "os.chmod": ((0,), (), (2,)),
    "os.chown": ((0,), (), (3,)),
}
RANDOM_DEVICES = ("/dev/urandom", "/dev/random")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Record:
    """What one module, or one load, did."""

    __slots__ = ("files", "listings", "stats", "indexes", "missing", "variables", "volatile", "seeded")

    def __init__(self):
        for name in self.__slots__:
            setattr(self, name, {})


class Recorder:
    """At work from the first plugin to the end of the process."""

    def __init__(self):
        self.owners = Owners()
        self.blame = Blame(self.owners)
        self.records = {}
        self.loads = []
        self.chances = []
        self.marks = {}
        self.singles = {}
        self.spans = []  # of the calls that are going on; None: a load
        self.thread = get_ident()
        self.opened = []
        self.seen, self.fresh = set(), []
        self.graph = report.Graph(self)
        self.state = State(self)
        self.wrappers = Wrappers(self)
        self.on = False
        self.events = {"open": self.on_open, "os.listdir": self.on_listing, "os.scandir": self.on_listing}
        self.events["sqlite3.connect"] = self.on_database
        for names, kind in ((PROCESS, "process"), (NETWORK, "network")):
            for name in names:
                self.events[name] = self.on_impure(kind)
        for name in WRITING:
            self.events[name] = self.on_writing(*WRITING[name])

    def install(self):
        """Starts to listen."""
        self.on = True
        self.wrappers.install()
        sys.meta_path.append(self)
        events = self.events

        def audit(event, args):
            if event in events and self.on and self.loads:
                events[event](args, sys._getframe(1))

        sys.addaudithook(audit)

    def uninstall(self):
        """Stops; an audit hook cannot be taken off, but does nothing any more."""
        self.on = False
        self.wrappers.uninstall()
        sys.meta_path.remove(self)

    def loading(self, plugin, chance=None):
        """While a plugin is loaded, with randomness that is real or from a seed."""
        self.know(plugin)
        return Loading(self, plugin.get("name"), chance)

    def know(self, plugin):
        """Whose code the plugin's is. What a single file did when it was run before is gone with that run."""
        self.state.forget()
        if plugin.get("file"):
            self.owners.files.add(plugin["file"])
            for store in (self.records, self.graph.modules, self.singles):
                store.pop(plugin["module"], None)
            self.seen.difference_update([edge for edge in self.seen if edge[0] == plugin["module"]])
            self.blame.kinds.pop(plugin["file"], None)
            return
        top = str(plugin.get("module") or "").partition(".")[0]
        if top and top not in self.owners.plugins:
            self.owners.know(top)
            self.blame.forget()

    def forget(self, packages):
        """Drops the modules of packages, so that the next load imports them anew."""
        gone = [name for name in sys.modules if name.partition(".")[0] in packages]
        for name in gone:
            del sys.modules[name]
        for store in (self.records, self.graph.modules):
            for name in [key for key in store if isinstance(key, str) and key.partition(".")[0] in packages]:
                del store[name]
        self.seen.difference_update([edge for edge in self.seen if str(edge[0]).partition(".")[0] in packages])
        self.owners.forget(packages)
        self.blame.forget()
        invalidate_caches()
        return sorted(gone)

    def reads(self, plugin):
        """What the load of a plugin depended on, as it is sent."""
        on, self.on = self.on, False
        try:
            return report.reads(self, plugin)
        finally:
            self.on = on

    def record(self, place):
        key = place.module if place.module is not None else (self.loads[-1],)
        found = self.records.get(key)
        if found is None:
            found = self.records[key] = Record()
        return found

    def edge(self, frame, name):
        """`frame` imports a module that it knows by name only: for itself, or for a plugin that asked it to."""
        importer = frame.f_globals.get("__name__")
        if self.loads and self.on and self.owners.of_top(str(importer).partition(".")[0]) != PLUGIN:
            place = self.blame.find(frame)
            if place is not None:
                importer = place.module or (self.loads[-1],)
        self.imported((importer, name, 0, ()))

    def imported(self, edge):
        """An import. Calls have their own, since it matters to them also if it was not the first."""
        if self.spans and self.spans[-1] is not None:
            self.spans[-1].edges[edge] = True
            if edge[0].__class__ is tuple:
                return  # the call's own
        if edge not in self.seen:
            self.seen.add(edge)
            self.fresh.append(edge)

    def path(self, kind, path, frame):
        """A path was looked at."""
        if not self.loads or not self.on:
            return
        place = self.blame.find(frame)
        if place is None:
            return
        try:
            path = os.fsdecode("." if path is None or path == "" else path)
        except TypeError:
            return
        if not os.path.isabs(path):
            self.impure("cwd", frame)
        getattr(self.record(place), kind)[os.path.abspath(path)] = True

    def impure(self, kind, frame, detail=None):
        """Something that is different next time."""
        if self.loads and self.on:
            place = self.blame.find(frame)
            if place is not None:
                kind = place.kind or kind
                self.record(place).volatile[(kind, place.file, place.line)] = detail

    def draw(self, kind, frame, real=False):
        """Something random is drawn: the stream to make it from, or None if it is to be real."""
        if not self.loads or not self.on:
            return None
        place, chance = self.blame.find(frame), self.chances[-1]
        if real or chance is None or get_ident() != self.thread:
            if place is not None and kind is not None:
                self.record(place).volatile[(place.kind or kind, place.file, place.line)] = None
            return None
        if place is None:
            name = importing(frame)
            return None if name is None else chance.stream("other", name)
        if kind is not None:
            self.record(place).seeded[(place.kind or kind, place.file, place.line)] = chance.mark
        return chance.stream("own", place.module or LOAD)

    def variable(self, name, frame):
        """An environment variable was read."""
        if self.loads and self.on:
            while frame is not None and frame.f_code.co_filename.endswith("_collections_abc.py"):
                frame = frame.f_back
            place = self.blame.find(frame)
            if place is not None:
                self.record(place).variables[os.fsdecode(name) if isinstance(name, (str, bytes)) else "*"] = True

    def on_open(self, args, frame):
        path, mode, flags = args
        if isinstance(path, int):
            return
        if path in RANDOM_DEVICES:
            self.impure("urandom", frame)
        if self.blame.by_machinery(frame):
            self.opened.append(path)
        elif (mode and mode[0] in "wax") or (mode and "+" in mode) or (not mode and flags & WRITES):
            self.written((path,), (), frame)
        else:
            self.path("files", path, frame)

    def on_listing(self, args, frame):
        if not isinstance(args[0], int):
            metadata = "metadata" in frame.f_code.co_filename and "importlib" in frame.f_code.co_filename
            self.path("indexes" if metadata else "listings", args[0], frame)

    def on_database(self, args, frame):
        if isinstance(args[0], (str, bytes, os.PathLike)) and args[0] != ":memory:":
            self.path("files", args[0], frame)

    def on_impure(self, kind):
        return lambda args, frame: self.impure(kind, frame)

    def on_writing(self, written, removed, folders):
        """For an event: what it tells of the file system."""

        def event(args, frame):
            inside = [args[at] for at in folders if at < len(args)]
            self.written([args[at] for at in written], [args[at] for at in removed], frame, inside)

        return event

    def written(self, written, removed, frame, folders=()):
        """Files or folders were made, changed or removed: an effect of a call, an impurity of a load."""
        span = self.spans[-1] if self.spans else None
        if span is None:
            for path in list(written) + list(removed):
                self.impure("write", frame, os.fsdecode(path) if not isinstance(path, int) else None)
            return
        if not self.on or self.blame.find(frame) is None:
            return
        for paths, found in ((written, span.wrote), (removed, span.removed)):
            for path in paths:
                path = in_folder(path, folders)
                if path is None:
                    self.impure("write", frame)
                    continue
                found[path] = True
                (span.removed if found is span.wrote else span.wrote).pop(path, None)

    def find_spec(self, name, path=None, target=None):
        """The last finder: what gets here, nobody found."""
        if self.loads and self.on:
            place = self.blame.importer(sys._getframe(1))
            if place is not None:
                self.record(place).missing[name] = list(path) if path is not None else None
        return None


def in_folder(path, folders):
    """The absolute path; None if nobody can tell. Descriptors of folders are -1 if there are none."""
    if isinstance(path, int):
        return None
    path = os.fsdecode(path)
    for folder in folders:
        if isinstance(folder, int) and folder >= 0 and not os.path.isabs(path):
            try:
                return os.path.join(os.readlink("/proc/self/fd/%d" % folder), path)
            except OSError:
                return None
    return os.path.abspath(path)


def importing(frame):
    """The module whose import a frame is part of; None if it is the host that does something."""
    nearest = frame.f_globals.get("__name__")
    if frame.f_code.co_filename.startswith(HOST):
        return None
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            return str(frame.f_globals.get("__name__"))
        frame = frame.f_back
    return str(nearest)
