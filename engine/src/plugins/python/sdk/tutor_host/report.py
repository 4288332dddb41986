"""From records to what is sent: everything that a plugin's own modules, and those that they import, did."""
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES

from tutor_host import clock
from tutor_host.owners import PLUGIN, THIRD, origin

NOWHERE = ("/dev/", "/proc/self/")
KERNEL = ("/proc/", "/sys/")


class Graph:
    """Who imports whom: module by module for plugins, package by package for everybody else."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.packages = {}
        self.modules = {}

    def update(self):
        """Takes in the imports since the last time."""
        fresh = self.recorder.fresh
        for edge in fresh:
            importer, name, level, _ = edge
            self.modules.setdefault(importer, []).append(edge)
            if level == 0 and isinstance(importer, str):
                self.packages.setdefault(importer.partition(".")[0], set()).add(name.partition(".")[0])
        del fresh[:]

    def targets(self, importer):
        """The modules that a module imports."""
        for edge in self.modules.get(importer, ()):
            yield from self.meant(edge)

    def meant(self, edge):
        """The modules that one import is about."""
        importer, name, level, names = edge
        if level:
            package = importer
            if not hasattr(sys.modules.get(importer), "__path__"):
                level += 1
            for _ in range(level - 1):
                package = package.rpartition(".")[0]
            name = package + "." + name if name else package
        yield name
        for item in names:
            if name + "." + item in sys.modules or name + "." + item in self.recorder.records:
                yield name + "." + item

    def reached(self, module, load):
        """The modules of plugins, and the packages of others, that a module, and its load, need."""
        self.update()
        return self.closure([module] + list(self.targets(load)), module)

    def closure(self, waiting, module=None):
        """The same of modules that are waiting."""
        owners = self.recorder.owners
        modules, packages, seen = {}, {}, set()
        while waiting:
            name = waiting.pop()
            top = name.partition(".")[0]
            if name in seen or (top in packages and top != "tutor"):
                continue
            seen.add(name)
            if top == "tutor" and name != module:
                waiting.extend(self.targets(name))
                if not str(origin(sys.modules.get(name))).startswith("<") and name in sys.modules:
                    packages[top] = True
                continue
            owner = PLUGIN if name == module else owners.of_top(top)
            if owner == PLUGIN:
                modules[name] = True
                waiting.extend(self.targets(name))
                if "." in name:
                    waiting.append(name.rpartition(".")[0])
            elif owner == THIRD:
                packages[top] = True
                for other in self.packages.get(top, ()):
                    # What imports plugins by name does it for others.
                    if owners.of_top(other) == PLUGIN and not owners.is_plugin(other):
                        waiting.extend(n for n in list(sys.modules) if n.partition(".")[0] == other)
                    elif owners.of_top(other) != PLUGIN:
                        waiting.append(other)
        return modules, packages


def reads(recorder, plugin):
    """Everything that the load of a plugin depended on."""
    module = str(plugin.get("module") or "")
    modules, packages = recorder.graph.reached(module, (plugin.get("name"),))
    own = module.partition(".")[0]
    load = recorder.records.get((plugin.get("name"),))
    # What was drawn from another seed than this load's depends on who was first.
    mark = recorder.marks.get(plugin.get("name"))
    return gather(recorder, modules, packages, load, recorder.opened, own, mark, plugin.get("file"))


def reads_of_span(recorder, span, mark):
    """Everything that a call depended on. Modules that were there before count if the call imports them."""
    recorder.graph.update()
    waiting = [name for edge in span.edges for name in recorder.graph.meant(edge)]
    modules, packages = recorder.graph.closure(waiting)
    said = gather(recorder, modules, packages, span.record, span.opened, None, mark, None)
    said.update((name, sorted(getattr(span, name))) for name in ("filters", "ran", "asks"))
    return said


def gather(recorder, modules, packages, load, opened, own, mark, single):
    """What modules did while they were imported, and what a load or a call did."""
    owners = recorder.owners
    found = {"files": set(), "listings": set(), "stats": set(), "missing": {}, "variables": set(), "volatile": {}}
    for name in modules:
        loaded = recorder.singles.get(name) or sys.modules.get(name)
        file = origin(loaded) if loaded is not None else None
        if file and not file.startswith("<"):
            found["files" if os.path.isfile(file) else "stats"].add(os.path.abspath(file))
    if single:
        found["files"].add(os.path.abspath(single))
    # Of modules that failed there is nothing left but what the import system opened.
    for path in opened:
        path = source_of(os.fsdecode(path))
        if owners.of_file(path) == PLUGIN and (own is None or owners.place(path)[1] == own):
            found["files"].add(path)
    indexes = set()
    for record in [load] + [recorder.records.get(name) for name in modules]:
        if record is not None:
            for kind in ("files", "listings", "stats", "variables"):
                found[kind].update(getattr(record, kind))
            found["missing"].update(record.missing)
            indexes.update(record.indexes)
            found["volatile"].update(record.volatile)
            found["volatile"].update((draw, None) for draw, of in record.seeded.items() if of != mark)
    one = only(indexes, found["files"])
    for folder in indexes:
        if folder != one:
            found["listings"].add(folder)
            # The names of distributions, with their versions, stand for what is in them.
            for kind in ("files", "stats"):
                found[kind] = {path for path in found[kind] if not metadata_of(folder, path)}
    found["volatile"].update(dict.fromkeys(("time",) + place for place in clock.reads(recorder.singles, modules)))
    return sort_out(owners, found, modules, packages, own)


def metadata_of(folder, path):
    """The folder of a distribution's metadata that a file is in."""
    name = path[len(folder) + 1 :].partition(os.sep)[0] if path.startswith(folder + os.sep) else ""
    return name if name.endswith((".dist-info", ".egg-info")) else ""


def only(folders, files):
    """The folder in which one distribution was looked for, and found, and of which nothing but its metadata was
    read: these say all there is to know. Whoever reads more may have looked for whatever there is.
    """
    read = {(folder, path) for folder in folders for path in files if metadata_of(folder, path)}
    found = {os.path.dirname(path) for _, path in read}
    plain = all(os.path.basename(path) in ("METADATA", "PKG-INFO") for _, path in read)
    return next(iter(read))[0] if len(found) == 1 and plain else None


def sort_out(owners, found, modules, packages, own):
    """Paths that are there and paths that are not; what distributions stand for is left out."""
    said = {"files": [], "listings": [], "stats": [], "absent": set()}
    packages = dict(packages)
    known = {}
    for kind in ("files", "listings", "stats"):
        for path in sorted(found[kind]):
            if path in known or path.startswith(NOWHERE):
                continue
            if path.startswith(KERNEL):
                found["volatile"][("system", path, None)] = None
                continue
            if not nameable(path):
                found["volatile"][("unnameable", path, None)] = None
                continue
            if represented(owners, path, packages):
                continue
            known[path] = True
            there = os.path.isdir(path) if kind == "listings" else os.path.lexists(path)
            said[kind].append(path) if there else said["absent"].add(path)
    for name, folders in found["missing"].items():
        if name not in sys.modules:
            said["absent"].update(candidates(owners, name, folders))
    said["absent"] = sorted(said["absent"])
    said["missing"] = sorted(name for name in found["missing"] if name not in sys.modules)
    names = found["variables"]
    said["variables"] = ["*"] if "*" in names else sorted(names)
    said["modules"] = {}
    for top in packages:
        for distribution in owners.distributions(top):
            said["modules"][distribution.name] = {"version": distribution.version, "path": distribution.path}
    said["plugins"] = sorted(filter(owners.is_plugin, {name.partition(".")[0] for name in modules} - {own}))
    said["volatile"] = [
        dict({"kind": kind, "file": file, "line": line}, **({"path": detail} if detail else {}))
        for (kind, file, line), detail in sorted(found["volatile"].items(), key=repr)
    ]
    return said


def nameable(path):
    """Whether a path is Unicode."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def represented(owners, path, packages):
    """Whether a path is part of the interpreter or of a distribution, whose version stands for it."""
    if owners.is_standard(path):
        return True
    folder, top = owners.place(path)
    if not folder or "." in top or os.path.dirname(path) == folder.rstrip(os.sep) and not os.path.isdir(path):
        return False
    if owners.of_top(top, path) != THIRD or not owners.distributions(top, path):
        return False
    packages[top] = True
    return True


def candidates(owners, name, folders):
    """Where a module would have to appear to be found next time."""
    tail = name.rpartition(".")[2]
    if folders is None:
        folders = [entry for entry in owners.entries() if entry and not owners.is_standard(os.path.join(entry, ""))]
    for folder in folders:
        if os.path.isdir(folder) and not folder.startswith("<"):
            for ending in ["", ".py"] + EXTENSION_SUFFIXES:
                yield os.path.join(folder, tail + ending)


def source_of(path):
    """The source file that a file in `__pycache__` was made from."""
    folder, name = os.path.split(path)
    if os.path.basename(folder) == "__pycache__":
        source = os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")
        return source if os.path.exists(source) else path
    return path
