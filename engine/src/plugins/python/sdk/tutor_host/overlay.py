"""A folder that a call sees changed while it stays as it is: what is written below it goes to another folder, what is
removed is noted, and what is read comes from the other folder if it is there.
"""
import errno
import io
import os
import shutil
import stat
import sys

from tutor_host.owners import PLUGIN
from tutor_host.view import Entries, Entry
from tutor_host.wrapper import Wrapper

# As `targets` does: what C code does counts for who called.
through = eval(compile("lambda function, args, kwargs: function(*args, **kwargs)", "<tutor-call>", "eval"))
READING = ("stat", "lstat", "access", "readlink", "listxattr", "getxattr")
CHANGING = ("chmod", "chown", "lchown", "utime", "truncate", "setxattr", "removexattr")
OWN = {"listdir": "listed", "scandir": "scanned", "open": "low_opened", "mkdir": "make_folder", "rmdir": "remove_folder",
       "remove": "remove", "unlink": "remove", "rename": "rename", "replace": "rename", "symlink": "second", "link": "second"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Redirect(Wrapper):
    """A function that is replaced for a while by one that gets it, and the arguments."""

    def __init__(self, wrapped, method):
        Wrapper.__init__(self, wrapped, None)
        self.__method = method

    def __call__(self, *args, **kwargs):
        return self.__method(self.__wrapped__, args, kwargs)


class Overlay:
    """The two folders: `lower` is what the plugin names, `upper` is where things go."""

    def __init__(self, recorder, wanted):
        self.recorder = recorder
        self.lower, self.upper = os.path.normpath(wanted["of"]), os.path.normpath(wanted["in"])
        self.names = {self.lower, os.path.realpath(self.lower)}
        self.gone = {self.rel(path) for path in wanted.get("removed") or ()} - {None}
        self.made = set()
        self.undo = []

    # On and off.

    def install(self):
        self.raw = {name: getattr(os, name) for name in READING + CHANGING + tuple(OWN) if hasattr(os, name)}
        self.open = io.open
        replaced = {}
        for name, function in self.raw.items():
            method = self.reading if name in READING else self.changing if name in CHANGING else getattr(self, OWN[name])
            replaced[id(function)] = function, Redirect(function, method)
            self.replace(os, name, replaced[id(function)][1])
        opened = Redirect(self.open, self.opened)
        replaced[id(self.open)] = self.open, opened
        self.replace(io, "open", opened)
        import builtins

        self.replace(builtins, "open", opened)
        # Not by descriptors of folders, which cannot be followed.
        self.replace(shutil, "_use_fd_functions", False)
        for holder in [vars(module) for module in self.modules()]:
            for name, value in list(holder.items()):
                if id(value) in replaced and replaced[id(value)][0] is value:
                    self.undo.append((dict.__setitem__, holder, name, value))
                    holder[name] = replaced[id(value)][1]
        for kind in self.classes():
            for name, value in list(vars(kind).items()):
                found = value.__func__ if isinstance(value, staticmethod) else value
                # It may have them from before they were wrapped.
                function = replaced.get(id(found)) or replaced.get(id(self.raw.get(name)))
                if function is not None and callable(found) and function[0] == found:
                    self.undo.append((setattr, kind, name, value))
                    setattr(kind, name, staticmethod(function[1]))

    def classes(self):
        """Classes of the library that have functions of `os` as attributes."""
        for home in ("pathlib", "pathlib._local", "glob"):
            for found in list(vars(sys.modules[home]).values()) if home in sys.modules else ():
                if isinstance(found, type) and found.__module__ == home:
                    yield found

    def modules(self):
        """The modules of plugins: they may have functions of `os` by name."""
        owners = self.recorder.owners
        found = list(self.recorder.singles.values())
        for name, module in list(sys.modules.items()):
            if module is not None and owners.of_top(str(name).partition(".")[0]) == PLUGIN:
                found.append(module)
        return [module for module in found if hasattr(module, "__dict__")]

    def replace(self, thing, name, value):
        if hasattr(thing, name):
            self.undo.append((setattr, thing, name, getattr(thing, name)))
            setattr(thing, name, value)

    def uninstall(self):
        while self.undo:
            put, thing, name, value = self.undo.pop()
            put(thing, name, value)

    # Where things are.

    def rel(self, path):
        """The path from the folder on, None if it is not below it."""
        if isinstance(path, int):
            return None
        try:
            path = os.fsdecode("." if path is None else path)
        except TypeError:
            return None
        if not os.path.isabs(path):
            getcwd = getattr(os.getcwd, "__wrapped__", os.getcwd)
            path = os.path.join(getcwd(), path)
        path = os.path.normpath(path)
        for name in self.names:
            if path == name or path.startswith(name + os.sep):
                return path[len(name) + 1 :]
        return None

    def up(self, rel):
        return os.path.join(self.upper, rel) if rel else self.upper

    def down(self, rel):
        return os.path.join(self.lower, rel) if rel else self.lower

    def is_gone(self, rel):
        """Whether it, or a folder that it is in, was removed."""
        while rel:
            if rel in self.gone:
                return True
            rel = os.path.dirname(rel)
        return False

    def there(self, path):
        try:
            return self.raw["lstat"](path)
        except OSError:
            return None

    def find(self, rel):
        """The path where it is, None if it is not there."""
        if self.there(self.up(rel)) and (rel or not self.there(self.lower)):
            return self.up(rel)
        return None if self.is_gone(rel) or not self.there(self.down(rel)) else self.down(rel)

    def is_folder(self, rel):
        found = self.find(rel)
        return found is not None and stat.S_ISDIR(self.raw["stat"](found).st_mode)

    def names_in(self, rel):
        """The names in a folder."""
        names = {}
        for path, below in ((self.down(rel), True), (self.up(rel), False)):
            try:
                found = self.raw["listdir"](path)
            except OSError:
                continue
            for name in found:
                inner = os.path.join(rel, name)
                if not below or not self.is_gone(inner):
                    names[name] = True
        return list(names)

    # Doing things.

    def run(self, rels, function, path, args, kwargs):
        """Calls the original. It counts as the plugin's doing, unless it is about what the call itself has made."""
        try:
            if all(rel in self.made for rel in rels):
                return function(*args, **kwargs)
            return through(function, args, kwargs)
        except OSError as error:
            if error.filename is not None and str(os.fsdecode(error.filename)).startswith(self.upper):
                error.filename = path
            raise

    def fail(self, number, path):
        raise OSError(number, os.strerror(number), path)

    def split(self, args, kwargs, name="path"):
        """The path, where it is from the folder on, and the other arguments."""
        kwargs = dict(kwargs)
        if args:
            path, args = args[0], args[1:]
        else:
            path = kwargs.pop(name, None)
        if any(isinstance(kwargs.get(key), int) and key.endswith("dir_fd") for key in kwargs):
            return path, None, args, kwargs
        return path, self.rel(path), args, kwargs

    def reading(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        found = self.find(rel)
        if found is None:
            if self.is_gone(rel):
                if function.__name__ == "access":
                    return False
                self.fail(errno.ENOENT, path)
            found = self.down(rel)
        return self.run([rel], function, path, (found,) + rest, more)

    def changing(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        return self.run([rel], function, path, (self.take_up(rel, path),) + rest, more)

    def parent(self, rel, path):
        """Makes the folder that something is to be in, if it is there below."""
        folder = os.path.dirname(rel)
        if rel and not self.is_folder(folder):
            self.fail(errno.ENOENT if self.find(folder) is None else errno.ENOTDIR, path)
        self.folders(folder)

    def folders(self, rel):
        """Makes folders in `upper`."""
        path, missing = self.up(rel), []
        while not self.there(path):
            missing.append(path)
            path = os.path.dirname(path)
        for one in reversed(missing):
            self.raw["mkdir"](one)

    def take_up(self, rel, path, content=True):
        """The path in `upper` of something that is to be changed, with what is in it."""
        found = self.find(rel)
        if content and found is None:
            self.fail(errno.ENOENT, path)
        self.parent(rel, path)
        target = self.up(rel)
        if content and found is not None and found != target:
            self.copy(rel, rel)
        return target

    def copy(self, rel, other):
        """Copies what is there under one name to `upper` under another, folders with all in them."""
        found, target = self.find(rel), self.up(other)
        mode = self.raw["lstat"](found).st_mode
        if stat.S_ISLNK(mode):
            self.raw["symlink"](self.raw["readlink"](found), target)
        elif stat.S_ISDIR(mode):
            if not self.there(target):
                self.raw["mkdir"](target)
            if rel != other:
                for name in self.names_in(rel):
                    self.copy(os.path.join(rel, name), os.path.join(other, name))
        else:
            with self.open(found, "rb") as source, self.open(target, "wb") as copied:
                shutil.copyfileobj(source, copied)
        if not stat.S_ISLNK(mode):
            self.raw["chmod"](target, stat.S_IMODE(mode))

    def appear(self, rel):
        """It is there from now on."""
        self.gone.discard(rel)
        self.made.add(rel)

    def opened(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs, "file")
        if rel is None:
            return through(function, args, kwargs)
        mode = rest[0] if rest else more.get("mode", "r")
        writes = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if not writes:
            return self.reading(function, (path,) + rest, more)
        return self.write(rel, path, function, rest, more, "r" in mode, "x" in mode, "w" not in mode)

    def low_opened(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        flags = rest[0] if rest else more.get("flags", 0)
        if rel is None:
            return through(function, args, kwargs)
        if not flags & WRITES:
            return self.reading(function, (path,) + rest, more)
        exclusive = flags & os.O_CREAT and flags & os.O_EXCL
        return self.write(rel, path, function, rest, more, not flags & os.O_CREAT, exclusive, not flags & os.O_TRUNC)

    def write(self, rel, path, function, rest, more, has_to_be, must_not_be, keeps):
        """Opens a file that is written to."""
        found = self.find(rel)
        if found is None and has_to_be:
            self.fail(errno.ENOENT, path)
        if found is not None and must_not_be:
            self.fail(errno.EEXIST, path)
        if self.is_folder(rel):
            self.fail(errno.EISDIR, path)
        target = self.take_up(rel, path, content=found is not None and keeps)
        opened = through(function, (target,) + rest, more)
        self.appear(rel)
        return opened

    def make_folder(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        if self.find(rel) is not None:
            self.fail(errno.EEXIST, path)
        if rel:
            self.parent(rel, path)
        else:
            self.folders("")
        if rel in self.gone and self.there(self.down(rel)):
            below = self.down(rel)
            if stat.S_ISDIR(self.raw["lstat"](below).st_mode):  # what was in it stays gone
                self.gone.update(os.path.join(rel, name) for name in self.raw["listdir"](below))
        if rel:
            through(function, (self.up(rel),) + rest, more)
        self.appear(rel)

    def remove(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        found = self.find(rel)
        if found is None:
            self.fail(errno.ENOENT, path)
        if stat.S_ISDIR(self.raw["lstat"](found).st_mode):
            self.fail(errno.EISDIR, path)
        self.vanish(rel, function)

    def remove_folder(self, function, args, kwargs):
        path, rel, rest, more = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        found = self.find(rel)
        if found is None:
            self.fail(errno.ENOENT, path)
        if not stat.S_ISDIR(self.raw["lstat"](found).st_mode):
            self.fail(errno.ENOTDIR, path)
        if self.names_in(rel):
            self.fail(errno.ENOTEMPTY, path)
        self.vanish(rel, function)

    def vanish(self, rel, function):
        """Removes it, above and (as far as can be seen) below."""
        if self.there(self.up(rel)):
            function(self.up(rel))
        if self.there(self.down(rel)):
            self.gone.add(rel)
        self.made.discard(rel)
        self.note("removed", rel)

    def rename(self, function, args, kwargs):
        kwargs = dict(kwargs)
        names = ("src", "dst")
        paths = list(args[:2]) + [kwargs[name] for name in names[len(args) :] if name in kwargs]
        rels = [self.rel(path) for path in paths]
        if rels == [None, None] or len(rels) < 2:
            return through(function, args, kwargs)
        source, target = rels
        if None in rels:
            return self.carry(source, target, *paths)
        found = self.find(source)
        if found is None:
            self.fail(errno.ENOENT, paths[0])
        if source == target:
            return None
        folder = stat.S_ISDIR(self.raw["lstat"](found).st_mode)
        if self.find(target) is not None:
            if self.is_folder(target) != folder:
                self.fail(errno.ENOTDIR if folder else errno.EISDIR, paths[1])
            if folder and self.names_in(target):
                self.fail(errno.ENOTEMPTY, paths[1])
        self.parent(target, paths[1])
        if folder and self.there(self.down(target)):
            self.gone.update(os.path.join(target, name) for name in self.raw["listdir"](self.down(target)))
        moved = self.below(source)
        self.copy(source, target)
        self.appear(target)
        for inner in moved:
            self.appear(os.path.join(target, inner) if inner else target)
            self.note("wrote", os.path.join(target, inner) if inner else target)
            self.note("removed", os.path.join(source, inner) if inner else source)
        if self.there(self.up(source)):
            shutil.rmtree(self.up(source)) if folder else self.raw["remove"](self.up(source))
        if self.there(self.down(source)):
            self.gone.add(source)
        self.made.discard(source)
        return None

    def carry(self, source, target, source_path, target_path):
        """Moves something into the folder or out of it: as if it were another file system, which programs know."""
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source_path, None, target_path)

    def below(self, rel):
        """All that is in a folder, from it on, beginning with itself."""
        found = [""]
        if self.is_folder(rel):
            for name in self.names_in(rel):
                found += [os.path.join(name, inner) if inner else name for inner in self.below(os.path.join(rel, name))]
        return found

    def second(self, function, args, kwargs):
        """Links: what they lead to is left as it is."""
        if len(args) < 2 or self.rel(args[1]) is None:
            return through(function, args, kwargs)
        rel = self.rel(args[1])
        if self.find(rel) is not None:
            self.fail(errno.EEXIST, args[1])
        self.parent(rel, args[1])
        source = args[0]
        if function.__name__ == "link" and self.rel(source) is not None:
            source = self.find(self.rel(source)) or source
        through(function, (source, self.up(rel)) + args[2:], kwargs)
        self.appear(rel)
        return None

    # Looking around.

    def listed(self, function, args, kwargs):
        path, rel, _, _ = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        names = self.look_into(rel, path)
        return [os.fsencode(name) for name in names] if isinstance(path, bytes) else names

    def look_into(self, rel, path):
        """The names in a folder; that somebody has looked is noted."""
        found = self.find(rel)
        if found is not None and not self.is_folder(rel):
            self.fail(errno.ENOTDIR, path)
        if rel not in self.made and not self.is_gone(rel):
            self.note("listings", rel)
        if found is None:
            self.fail(errno.ENOENT, path)
        return self.names_in(rel)

    def scanned(self, function, args, kwargs):
        path, rel, _, _ = self.split(args, kwargs)
        if rel is None:
            return through(function, args, kwargs)
        names = self.look_into(rel, path)
        path = "." if path is None else os.fspath(path)
        return Entries([Entry(self, os.path.join(rel, name), path, name) for name in names])

    def note(self, kind, rel):
        """Tells the recorder, in the names that the plugin knows."""
        span = self.recorder.spans[-1] if self.recorder.spans else None
        if span is None:
            return
        path = self.down(rel)
        if kind == "listings":
            span.record.listings[path] = True
            return
        getattr(span, kind)[path] = True
        (span.removed if kind == "wrote" else span.wrote).pop(path, None)

    def translate(self, span):
        """What was noted of `upper` is about `lower`; what the call made itself, it did not read."""
        made = {self.down(rel) for rel in self.made}
        reads = span.record.files, span.record.stats, span.record.listings
        for store, skipped in [(span.wrote, ()), (span.removed, ())] + [(store, made) for store in reads]:
            for path in [one for one in store if one == self.upper or one.startswith(self.upper + os.sep)]:
                del store[path]
                path = self.lower + path[len(self.upper) :]
                if path not in skipped:
                    store[path] = True
        for path in [one for one in span.wrote if one in span.removed]:
            span.removed.pop(path) if self.find(self.rel(path) or "") else span.wrote.pop(path)
