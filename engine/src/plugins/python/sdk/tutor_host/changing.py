"""Which code of plugins can change what outlives it. Going by names, that is; what only reads cannot."""
import dis

from tutor_host import added
from tutor_host.owners import PLUGIN

STORING = (
    "STORE_GLOBAL DELETE_GLOBAL STORE_ATTR DELETE_ATTR STORE_SUBSCR DELETE_SUBSCR STORE_SLICE STORE_DEREF DELETE_DEREF"
).split()
# What is called of lists, dicts, sets, and to change things in other ways.
CHANGERS = set(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft extendleft "
    "popleft rotate difference_update intersection_update symmetric_difference_update move_to_end subtract put "
    "put_nowait insort insort_left insort_right heappush heappop heapify heapreplace heappushpop shuffle iadd iconcat "
    "ior setitem delitem setattr delattr exec eval globals vars __dict__ __setattr__ __delattr__ __setitem__ "
    "__delitem__ __iadd__ __ior__ set reset write writelines".split()
)
INPLACE = 13  # the first of the operators that end in "=", as numbers


class Changing:
    """Remembers what it found of each code, and whose it is."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.known, self.files = {}, {}
        self.foreign = {}  # what is global to modules that are no plugins', by number

    def forget(self):
        """Plugins have come or gone."""
        self.known.clear()
        self.files.clear()
        self.foreign.clear()

    def see(self, frame, codes):
        """Notes the code of a frame, but for what is no plugin's. (To ask a frame for its code is dear: it is audited.)"""
        recorder = self.recorder
        on, recorder.on = recorder.on, False  # what is looked at here, nobody has asked for
        try:
            code, found = frame.f_code, frame.f_globals
            codes.add(code)
            if self.of(code) is None and found.get("__file__") == code.co_filename:
                self.foreign[id(found)] = found
        finally:
            recorder.on = on

    def plugins(self, codes):
        """The names of the plugins whose code this is."""
        found = set()
        for code in codes:
            if self.of(code) is not None:
                if code.co_filename not in self.files:
                    self.files[code.co_filename] = added.plugins_of(*self.home(code.co_filename))
                found.update(self.files[code.co_filename])
        return found

    def home(self, file):
        """The package that a file is in, and the file itself if it is a plugin."""
        owners = self.recorder.owners
        return (None, file) if file in owners.files else (owners.place(file)[1], None)

    def may(self, codes, asked=True):
        """Whether one of them can. If none is a plugin's, what was asked for was done by something that is no Python: it
        can.
        """
        found = [self.of(code) for code in codes]
        return True in found or (asked and False not in found)

    def of(self, code):
        """Whether a code can; None if it is not a plugin's."""
        if code not in self.known:
            owned = not code.co_filename.startswith("<") and self.recorder.owners.of_file(code.co_filename) == PLUGIN
            self.known[code] = can(code) if owned else None
        return self.known[code]


def can(code):
    """Whether there is anything in it that changes more than its own variables."""
    if CHANGERS.intersection(code.co_names):
        return True
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name in STORING and not (name.endswith("_DEREF") and instruction.argval in code.co_cellvars):
            return True
        if name.startswith("INPLACE_") or (name == "BINARY_OP" and instruction.arg >= INPLACE):
            return True
    return False
