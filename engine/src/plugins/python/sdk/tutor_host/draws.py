"""Wrappers around what is random. Without a seed a draw is told to the recorder; with one it is made from it."""
import functools
import sys

from tutor_host.wrapper import Wrapper

RANDOM = (
    "random randint randrange choice choices sample shuffle uniform getrandbits randbytes triangular betavariate "
    "expovariate gauss lognormvariate normalvariate paretovariate vonmisesvariate weibullvariate gammavariate "
    "binomialvariate"
).split()
STATE = ("seed", "getstate", "setstate")  # nothing is drawn, but they belong to the same generator
# Native draws that no wrapper of `os.urandom` sees.
LATE = ("random", "uuid", "bcrypt", "ssl", "yaml")  # and what has to know settings
PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
CRYPT = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SALT = 22


class Draw(Wrapper):
    """Asks `source` for a stream; if there is one, `derive` makes the result from it."""

    def __init__(self, wrapped, source, derive):
        functools.update_wrapper(self, wrapped)
        self.__source, self.__derive = source, derive

    def __call__(self, *args, **kwargs):
        stream = self.__source(sys._getframe(1))
        if stream is None:
            return self.__wrapped__(*args, **kwargs)
        return self.__derive(stream, self.__wrapped__, args, kwargs)


def from_bytes(stream, original, args, kwargs):
    """As many bytes as the original gives, which also checks the arguments."""
    return stream.bytes(len(original(*args, **kwargs)))


def from_generator(stream, original, args, kwargs):
    """What a method of the stream's generator gives."""
    name = original.__name__
    fresh = name == "seed" and (args or (kwargs.get("a"),))[0] is None
    if fresh:
        args, kwargs = (stream.number(),), {}
    generator = stream.generator(name in ("seed", "setstate") and not fresh)
    return getattr(generator, name)(*args, **kwargs)


def salt(stream, original, args, kwargs):
    """A salt of bcrypt: the original's beginning, and 16 bytes in its alphabet."""
    from binascii import b2a_base64

    text = b2a_base64(stream.bytes(16), newline=False)[:SALT]
    return original(*args, **kwargs)[:-SALT] + text.translate(bytes.maketrans(PLAIN, CRYPT))


def uuid1(stream, original, args, kwargs):
    """A UUID of version 1 at a time that never was, unless a node and a sequence are given."""
    from uuid import UUID

    node, sequence = (args + (kwargs.get("node"), kwargs.get("clock_seq"))[len(args) :])[:2]
    fields = list(UUID(bytes=stream.bytes(16), version=1).fields)
    if sequence is not None:
        fields[3:5] = (sequence >> 8) & 0x3F, sequence & 0xFF
    if node is not None:
        fields[5] = node
    return UUID(fields=fields, version=1)


class Draws:
    """Puts the wrappers on; `wrappers` takes them off again."""

    def __init__(self, recorder, wrappers):
        self.recorder, self.wrappers = recorder, wrappers

    def put(self, thing, name, kind, derive):
        original = getattr(thing, name, None)
        if original is not None and not isinstance(original, Wrapper):
            recorder = self.recorder
            self.wrappers.replace(thing, name, Draw(original, lambda frame: recorder.draw(kind, frame), derive))

    def install(self, os):
        """What is there from the beginning."""
        for name in ("urandom", "getrandom"):
            self.put(os, name, "urandom", from_bytes)
        self.urandom = os.urandom

    def late(self, name, module):
        """Wraps what one of LATE has, which was imported just now."""
        if name == "random":
            if hasattr(module, "_urandom"):
                self.wrappers.replace(module, "_urandom", self.urandom)
            for function in RANDOM:
                self.put(module, function, "random", from_generator)
            for function in STATE:
                self.put(module, function, None, from_generator)
            self.seeds(module.Random)
        elif name == "uuid":
            self.put(module, "uuid1", "uuid", uuid1)
            self.wrappers.put(module, "getnode", self.wrappers.impure("uuid"))
        elif name == "bcrypt":
            self.put(module, "gensalt", "random", salt)
        elif name == "yaml" and hasattr(module, "representer"):
            from tutor_host.settings import teach_yaml

            teach_yaml(module.representer)
        elif name == "ssl":
            self.put(module, "RAND_bytes", "random", from_bytes)

    def seeds(self, generator):
        """A generator without a seed draws one. That of `tempfile` outlives the load, so it is no load's."""
        recorder, original = self.recorder, generator.seed

        @functools.wraps(original)
        def seed(self, a=None, *args, **kwargs):
            if a is None:
                frame = sys._getframe(1)
                lasting = frame.f_back is not None and frame.f_back.f_globals.get("__name__") == "tempfile"
                stream = recorder.draw("random", frame, real=lasting)
                if stream is not None:
                    a = stream.number()
            return original(self, a, *args, **kwargs)

        self.wrappers.replace(generator, "seed", seed)
