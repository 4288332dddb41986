"""Stands between modules and the import system. `warnings` takes files of this name for the import system itself,
and so counts the frames of those who import right.
"""
import functools
import os
import sys
import time

YOUNG = 2.0


def watching(recorder, pending, late, original, original_module):
    """`__import__` and `import_module` that tell the recorder, and wrap modules that have just come."""
    seen = recorder.seen

    @functools.wraps(original)
    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        importer = None if globals is None else globals.get("__name__")
        if importer.__class__ is not str:
            recorder.edge(sys._getframe(1), name)
        elif importer[:6] == "tutor." and sys._getframe(1).f_code.co_name != "<module>":
            recorder.edge(sys._getframe(1), name)
        else:
            edge = (importer, name, level, fromlist if fromlist.__class__ is tuple else ())
            if edge not in seen or recorder.spans:
                recorder.imported(edge)
        found = original(name, globals, locals, fromlist, level)
        if name in pending and name in sys.modules:
            late(name)
        return found

    @functools.wraps(original_module)
    def import_module(name, package=None):
        frame = sys._getframe(1)
        try:
            found = original_module(name, package)
        except BaseException:
            recorder.edge(frame, name.lstrip("."))
            raise
        recorder.edge(frame, getattr(found, "__name__", name))
        if name in pending:
            late(name)
        return found

    return __import__, import_module


def careful(original):
    """Bytecode knows its source by size and by the second of its time. So for a source that was written just
    now none is kept: it would hide the next change.
    """

    @functools.wraps(original)
    def _cache_bytecode(self, source_path, cache_path, data):
        try:
            young = os.path.getmtime(source_path) > time.time() - YOUNG
        except OSError:
            young = False
        if not young:
            return original(self, source_path, cache_path, data)
        return None

    return _cache_bytecode
