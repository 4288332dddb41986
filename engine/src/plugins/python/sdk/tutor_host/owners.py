"""Whose a file or a package is: Python's, a distribution's, or that of plugins (whose files are tracked one by
one). Reads the metadata of distributions, and imports nothing for it.
"""
import os
import re
import sys
import sysconfig

PLUGIN, THIRD, STANDARD = "plugin", "third", "standard"
INSTALLED = ("site-packages", "dist-packages")
WORD = re.compile("^[^/,\r\n]+", re.MULTILINE)  # the first name of a path


class Distribution:
    """An installed distribution, as far as it matters here."""

    __slots__ = ("name", "version", "path", "plugin", "folder")

    def __init__(self, name, version, path, folder):
        self.name, self.version, self.path, self.folder = name, version, path, folder
        self.plugin = "[tutor.plugin." in text_of(os.path.join(path, "entry_points.txt"))


def text_of(path):
    """The text of a file, empty if there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def is_installed(folder):
    """Whether it is where installers put packages."""
    return os.path.basename(folder.rstrip(os.sep)) in INSTALLED


def normal(name):
    """How names of distributions are compared."""
    return name.lower().replace("-", "_").replace(".", "_")


class Owners:
    """Remembers what it found; a plugin that becomes known makes it look again."""

    def __init__(self):
        self.plugins = set()
        self.files = set()
        self.path = [entry for entry in sys.path if isinstance(entry, str)]
        self.early = {name.partition(".")[0] for name in sys.modules}
        self.tops = {}
        self.sides = {}  # whether packages are plugins', as far as they are imported
        self.indexes = {}
        paths = sysconfig.get_paths()
        self.standard = tuple({os.path.join(paths[name], "") for name in ("stdlib", "platstdlib")})
        archive = "python%d%d.zip" % sys.version_info[:2]
        self.archives = {os.path.join(os.path.dirname(paths[name]), archive) for name in ("stdlib", "platstdlib")}
        self.names = getattr(sys, "stdlib_module_names", None) or frozenset(sys.builtin_module_names)

    def know(self, top):
        """`top` is the package of a plugin."""
        if top not in self.plugins:
            self.plugins.add(top)
            self.tops.pop(top, None)
            self.sides.clear()

    def forget(self, packages):
        """Modules of packages are imported anew; where there are other distributions by now, all is looked at again."""
        stale = [folder for folder, index in self.indexes.items() if index.mark != mark_of(folder)]
        for folder in stale:
            del self.indexes[folder]
        for known in (self.tops, self.sides):
            for top in list(known) if stale else packages:
                known.pop(top, None)

    def is_standard(self, file):
        """Whether a file belongs to the interpreter's own library."""
        if file in self.archives:
            return True
        file += os.sep
        return file.startswith(self.standard) and not any(os.sep + name + os.sep in file for name in INSTALLED)

    def is_library(self, name, module):
        """Whether a module is Python's, the SDK's or the host's."""
        if not isinstance(name, str):
            return False
        return self.decide(name.partition(".")[0], origin(module)) == STANDARD

    def entries(self):
        """The search path, whatever somebody has done to it."""
        now = [entry for entry in sys.path if isinstance(entry, str)] if isinstance(sys.path, list) else []
        return now + [entry for entry in self.path if entry not in now]

    def place(self, file):
        """The folder on the path that a file is in, and its first name in there. What a package brings along and puts
        on the path itself (as setuptools does) is in the folder that the package is in.
        """
        best = outer = ""
        for entry in self.entries():
            if file.startswith(entry.rstrip(os.sep) + os.sep):
                if len(entry) > len(best):
                    best = entry
                if is_installed(entry) and (not outer or len(entry) < len(outer)):
                    outer = entry
        if outer and ".egg" + os.sep not in file:
            best = outer
        rest = file[len(best.rstrip(os.sep)) + 1 :] if best else ""
        top = rest.partition(os.sep)[0]
        return best, top[:-3] if top.endswith(".py") else top

    def of_file(self, file, module=None):
        """Whose code this file is."""
        if file in self.files:
            return PLUGIN
        if self.is_standard(file):
            return STANDARD
        _, top = self.place(file)
        return self.of_top(top or str(module).partition(".")[0], file)

    def of_top(self, top, file=None):
        """Whose package this is."""
        known = self.tops.get(top)
        if known is None:
            file = file or origin(sys.modules.get(top))
            known = self.tops[top] = self.decide(self.bringer(top, file), file)
        return known

    def bringer(self, top, file):
        """The package that brings `top` along; mostly that is `top` itself."""
        if not file or file.startswith("<") or top in self.plugins:
            return top
        folder, first = self.place(file)
        return first if is_installed(folder) and first.isidentifier() else top

    def decide(self, top, file):
        if top in self.plugins:
            return PLUGIN
        if top in self.names or top == "__main__" or (file and self.is_standard(file)):
            return STANDARD
        if file is None or file.startswith("<") or top.startswith("__editable__"):
            return STANDARD if top in ("tutor", "tutor_host") else THIRD
        found = self.distributions(top, file)
        if not found:
            return THIRD if top in self.early else PLUGIN
        if any(one.plugin for one in found):
            return PLUGIN
        found = found[0]
        editable = not file.startswith(found.folder + os.sep)
        editable = editable or not is_installed(found.folder)
        return PLUGIN if editable else THIRD

    def is_plugin(self, top):
        """Whether a package is known as a plugin's."""
        if top not in self.sides:
            found = top in self.plugins or any(one.plugin for one in self.distributions(top))
            if top not in sys.modules:
                return found
            self.sides[top] = found
        return self.sides[top]

    def distributions(self, top, file=None):
        """The distributions that a package comes from: several may share one."""
        file = file or origin(sys.modules.get(top))
        folder = self.place(file)[0].rstrip(os.sep) if file else ""
        top = self.bringer(top, file)
        others = [entry.rstrip(os.sep) for entry in self.entries() if is_installed(entry)]
        for entry in [folder] + [other for other in others if other != folder]:
            # Of what is not there, nobody has a file either.
            found = self.index(entry).find(top, bool(file)) if entry else ()
            if found:
                return found
        return ()

    def index(self, folder):
        if folder not in self.indexes:
            self.indexes[folder] = Index(folder)
        return self.indexes[folder]


class Index:
    """The distributions of one folder, by name, and, when that does not do, by their packages."""

    def __init__(self, folder):
        self.folder = folder
        self.mark = mark_of(folder)
        self.named = {}
        self.made = {}
        self.words = {}
        self.known = {}
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            names = []
        for name in names:
            stem, dot, kind = name.rpartition(".")
            if dot and kind in ("dist-info", "egg-info"):
                project, _, rest = stem.partition("-")
                self.named[normal(project)] = (project, rest.partition("-")[0], os.path.join(folder, name))

    def find(self, top, thoroughly=True):
        """The distributions that have a package. All lists of files are read for it only if it has to be somebody's."""
        key = top, thoroughly
        if key not in self.known:
            self.known[key] = self.look_for(top, thoroughly)
        return self.known[key]

    def look_for(self, top, thoroughly):
        if normal(top) in self.named:
            return [self.distribution(normal(top))]
        names = self.saying("top_level.txt").get(top)
        if not names and thoroughly:
            record = self.saying("RECORD")
            names = record.get(top) or record.get(top + ".py")
        return [self.distribution(name) for name in names or ()]

    def saying(self, file):
        """The distributions in whose file of that name a line begins with a word, by the word."""
        if file not in self.words:
            words = self.words[file] = {}
            for name, (_, _, path) in self.named.items():
                for word in set(WORD.findall(text_of(os.path.join(path, file)))):
                    words.setdefault(word, []).append(name)
        return self.words[file]

    def distribution(self, name):
        if name not in self.made:
            project, version, path = self.named[name]
            for line in text_of(os.path.join(path, "METADATA")).splitlines() or text_of(
                os.path.join(path, "PKG-INFO")
            ).splitlines():
                if not line:
                    break
                key, _, value = line.partition(": ")
                project = value if key == "Name" else project
                version = value if key == "Version" else version
            self.made[name] = Distribution(project, version, path, self.folder)
        return self.made[name]


def mark_of(folder):
    """What changes if a distribution comes or goes."""
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def origin(module):
    """The file that a module comes from."""
    spec = getattr(module, "__spec__", None)
    found = getattr(spec, "origin", None) or getattr(module, "__file__", None)
    if not isinstance(found, str) or found in ("built-in", "frozen", "namespace"):
        folders = list(getattr(module, "__path__", None) or ()) if module is not None else ()
        return os.path.join(folders[0], "__init__.py") if folders else None
    return found
