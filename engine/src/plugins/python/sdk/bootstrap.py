"""The program that the engine passes to `python -c`: moves the protocol out of the plugins' reach, shakes
hands, serves the modules that the engine sends, and gives way to `tutor_host`.

Any Python, also 2.7, has to be able to parse this file: it says "too old" where it is.
"""
import os
import sys
from json import JSONEncoder, loads
from os import read, write

if sys.version_info[0] > 2:
    import builtins

    __builtins__ = dict(vars(builtins))  # our own: plugins may replace what is in the module
PROTOCOL = 1
OLDEST = (3, 8)
SDK = "<tutor-sdk>/"
encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
process_id = os.getpid  # before anybody wraps it


class Channel(object):
    """One JSON object a line, on a descriptor that nobody else knows."""

    def __init__(self, descriptor):
        self.descriptor = private(descriptor)
        self.buffer = b""
        self.owner = process_id()
        self.identity = self.find()

    def find(self, fstat=os.fstat):
        """Which file the descriptor is."""
        found = fstat(self.descriptor)
        return found.st_dev, found.st_ino

    def check(self, leave=os._exit):
        """Ends the process if a plugin has closed the descriptor, also if it is something else by now."""
        try:
            if self.find() == self.identity:
                return
        except OSError:
            pass
        leave(4)

    def send(self, message, leave=os._exit):
        if process_id() != self.owner:
            leave(0)  # a child that a plugin forked: it has nobody to talk to
        self.check()
        text = encode(message) + "\n"
        data = text.encode("utf-8", "replace")  # no lone surrogates: nobody could read them
        while data:
            data = data[write(self.descriptor, data):]

    def receive(self):
        """The next message, or None at the end."""
        self.check()
        parts = [self.buffer]
        while b"\n" not in parts[-1]:
            part = read(self.descriptor, 1 << 18)
            if not part:
                return None
            parts.append(part)
        line, _, self.buffer = b"".join(parts).partition(b"\n")
        return loads(line.decode("utf-8"))


def private(descriptor):
    """Moves it to a high number, which children do not inherit."""
    try:
        import fcntl

        moved = fcntl.fcntl(descriptor, getattr(fcntl, "F_DUPFD_CLOEXEC", 1030), 200)
    except (ImportError, OSError, IOError):
        moved = os.dup(descriptor)
    os.close(descriptor)
    return moved


def redirect():
    """What is printed goes to stderr, for children too; there is nothing to read."""
    os.dup2(2, 1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    if null > 2:
        os.close(null)
    try:
        sys.stdout.reconfigure(line_buffering=True)
    except (AttributeError, ValueError):
        pass


class Bytecode(object):
    """What the SDK's modules compile to, kept in a file: compiling them takes longer than starting Python.

    What was kept for another text is not used, and neither is a file that is broken, or that others could have written.
    Without a folder, or where it cannot be written, nothing is kept.
    """

    SALT = 7
    LENGTH = 8

    def __init__(self, folder):
        self.path, self.known, self.fresh = None, {}, False
        if folder is None:
            return
        try:
            import marshal
            from _imp import source_hash

            self.marshal, self.hash = marshal, source_hash
            name = "sdk-%s-%d.bin" % (sys.implementation.cache_tag, sys.flags.optimize)
            if not os.path.isdir(folder):
                os.makedirs(folder, 0o700)
            self.path = os.path.join(folder, name)
            self.known = self.read()
        except Exception:
            pass

    def read(self):
        file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            found = os.fstat(file)
            if found.st_uid != os.getuid() or found.st_mode & 0o077:
                return {}
            data = b""
            while len(data) < found.st_size:
                part = read(file, found.st_size)
                if not part:
                    break
                data += part
        finally:
            os.close(file)
        head, data = data[: self.LENGTH], data[self.LENGTH :]
        return self.marshal.loads(data) if self.hash(self.magic(), data) == head else {}

    def magic(self):
        """Of another Python, another number."""
        from _frozen_importlib_external import MAGIC_NUMBER

        return int.from_bytes(MAGIC_NUMBER, "little") + self.SALT

    def code(self, name, text):
        """The code of a module."""
        if self.path is None:
            return compile(text, SDK + name, "exec", dont_inherit=True)
        mark = self.hash(self.SALT, text.encode("utf-8"))
        kept = self.known.get(name)
        if kept is not None and kept[0] == mark:
            return kept[1]
        made = compile(text, SDK + name, "exec", dont_inherit=True)
        self.known[name] = mark, made
        self.fresh = True
        return made

    def keep(self, os_open=os.open, os_write=os.write, close=os.close, rename=os.rename):
        """Writes what was compiled. The file is never half-written."""
        if not self.fresh or self.path is None:
            return
        self.fresh = False
        try:
            data = self.marshal.dumps(self.known)
            data = self.hash(self.magic(), data) + data
            new = "%s.%d" % (self.path, process_id())
            file = os_open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                while data:
                    data = data[os_write(file, data):]
            finally:
                close(file)
            rename(new, self.path)
        except Exception:
            self.path = None
            self.path = None


class Finder(object):
    """Serves modules from texts; for modules of `tutor` that it lacks, looks into an installed `tutor`."""

    def __init__(self, texts, bytecode):
        self.texts = texts
        self.bytecode = bytecode
        self.tops = set(path.partition("/")[0] for path in texts)
        self.fallthrough = []
        self.installed = None

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in self.tops:
            return None
        base = name.replace(".", "/")
        for file, package in ((base + "/__init__.py", True), (base + ".py", False)):
            if file in self.texts:
                spec = Spec(name, self, origin=SDK + file, is_package=package)
                spec.has_location = True
                if package:
                    spec.submodule_search_locations = [SDK + base]
                return spec
        return self.elsewhere(name) if top == "tutor" else None

    def elsewhere(self, name):
        from importlib.machinery import PathFinder

        if self.installed is None:
            folders = [os.path.join(entry, "tutor") for entry in sys.path]
            self.installed = [f for f in folders if os.path.isfile(os.path.join(f, "__init__.py"))]
        parents = name.split(".")[1:-1]
        spec = PathFinder.find_spec(name, [os.path.join(f, *parents) for f in self.installed])
        if spec is not None:
            self.fallthrough.append(name)
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        host = module.__name__.partition(".")[0] == "tutor_host"
        module.__dict__["__builtins__"] = __builtins__ if host else vars(builtins)
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, name):
        file, text = self.source(name)
        return self.bytecode.code(file, text)

    def get_source(self, name):
        return self.source(name)[1]

    def is_package(self, name):
        return self.source(name)[0].endswith("/__init__.py")

    def get_filename(self, name):
        return SDK + self.source(name)[0]

    def source(self, name):
        base = name.replace(".", "/")
        for file in (base + "/__init__.py", base + ".py"):
            if file in self.texts:
                return file, self.texts[file]
        raise ImportError("the SDK has no module " + name)


def handshake(channel, folder):
    """Reads the greeting and gives the finder, or refuses and gives None."""
    message = channel.receive()
    if message is None:
        return None
    hello = message.get("hello") if isinstance(message, dict) else None
    version = ".".join(str(part) for part in sys.version_info[:3])
    if not isinstance(hello, dict) or not isinstance(hello.get("sdk"), dict):
        reason = "the first message is no greeting"
    elif hello.get("protocol") != PROTOCOL:
        reason = "protocol %s is spoken here, not %s" % (PROTOCOL, hello.get("protocol"))
    elif sys.version_info[:2] < OLDEST:
        reason = "Python %s is too old: plugins need %d.%d or later" % ((version,) + OLDEST)
    else:
        return Finder(hello["sdk"], Bytecode(folder))
    channel.send({"refused": reason})
    return None


def main():
    channel = Channel(int(sys.argv[1]))
    terminal = "--terminal" in sys.argv[2:]
    folder = sys.argv[sys.argv.index("--bytecode") + 1] if "--bytecode" in sys.argv else None
    sys.argv[:] = ["tutor"]
    if sys.path and sys.path[0] == "":
        del sys.path[0]  # of `-c`: the working directory is nobody's library
    if not terminal:
        redirect()
    finder = handshake(channel, folder)
    if finder is None:
        return 3
    sys.meta_path.insert(0, finder)
    from tutor_host import serve

    return serve(channel, finder, terminal)


if sys.version_info[0] > 2:
    from importlib.machinery import ModuleSpec as Spec
if __name__ == "__main__":
    status = main()
    if status:
        sys.exit(status)
