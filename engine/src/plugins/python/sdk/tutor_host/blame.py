"""Whose doing something is, going by the stack. A plugin is to blame if a frame of its own is nearer than a
frame in which somebody else's module is being imported.
"""
import os

from tutor_host.owners import PLUGIN

HOST = "<tutor-sdk>/tutor_host/"
BASES = (HOST + "session.py", HOST + "v0.py", HOST + "v1.py", HOST + "command.py", HOST + "jobs.py")
PASSING, OWN, BASE, MACHINERY, QUIET = range(5)
IMPORTING = ("_find_and_load", "_find_and_load_unlocked", "_load_unlocked", "_find_spec", "exec_module", "_exec")
DRAWING = {"random.py": "random", "secrets.py": "secrets", "uuid.py": "uuid"}


class Place:
    """What is to blame: a module that was being imported, or (None) the load that is going on."""

    __slots__ = ("module", "file", "line", "kind")

    def __init__(self, module, nearest, kind):
        self.module, self.kind = module, kind
        self.file, self.line = nearest or (None, None)


class Blame:
    """Knows each file of code as soon as it was on a stack once."""

    def __init__(self, owners):
        self.owners = owners
        self.kinds = {}

    def kind_of(self, file, frame):
        """What a frame of this file means."""
        if file.startswith("<"):
            if file.startswith("<frozen importlib"):
                kind = MACHINERY
            else:
                kind = BASE if file in BASES else PASSING
        elif self.owners.is_standard(file):
            kind = QUIET if os.path.basename(os.path.dirname(file)) == "logging" else PASSING
        else:
            owner = self.owners.of_file(file, frame.f_globals.get("__name__"))
            kind = OWN if owner == PLUGIN else PASSING
        self.kinds[file] = kind
        return kind

    def forget(self):
        """A package became known as a plugin's."""
        self.kinds.clear()

    def by_machinery(self, frame):
        """Whether the import system itself is at work, and not for somebody who wants data."""
        code = frame.f_code
        if not code.co_filename.startswith("<frozen importlib"):
            return False
        if code.co_name != "get_data":
            return True
        back = frame.f_back
        return back is not None and back.f_code.co_filename.startswith("<frozen importlib")

    def find(self, frame):
        """Who is to blame for what `frame` does, if it is a plugin."""
        if frame is None or frame.f_code.co_filename.startswith(HOST) or self.by_machinery(frame):
            return None
        nearest = module = drawing = None
        kinds = self.kinds
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            kind = kinds.get(file)
            if kind is None:
                kind = self.kind_of(file, frame)
            if kind == OWN:
                if nearest is None:
                    nearest = (file, frame.f_lineno)
                    module = frame.f_globals.get("__name__")
                if code.co_name == "<module>":
                    return Place(frame.f_globals.get("__name__"), nearest, drawing)
            elif kind == BASE:
                return Place(None, nearest, drawing)
            elif nearest is None:
                if code.co_name == "<module>" and not file.startswith("<string"):
                    return None
                if kind == QUIET or (kind == MACHINERY and code.co_name in IMPORTING):
                    return None
                drawing = DRAWING.get(file.rpartition(os.sep)[2], drawing)
            elif code.co_name == "<module>":
                break
            frame = frame.f_back
        return Place(module, nearest, drawing) if nearest else None

    def importer(self, frame):
        """Who wanted the module that the import system did not find."""
        while frame is not None and frame.f_code.co_filename.startswith(("<frozen importlib", HOST + "importlib")):
            frame = frame.f_back
        return self.find(frame)
