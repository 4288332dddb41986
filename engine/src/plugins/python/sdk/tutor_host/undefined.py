"""What a template has instead of a value: whatever is done with it is an error, but for handing it on."""
NAMES = (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow pos neg lt le gt ge eq ne int float "
    "complex call getitem contains iter len str bool hash"
).split()


class UndefinedError(Exception):
    pass


class StrictUndefined:
    """Like Jinja2's."""

    __slots__ = ("_undefined_message",)

    def __init__(self, message):
        self._undefined_message = message

    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        raise UndefinedError(self._undefined_message)

    def __repr__(self):
        return "Undefined"


def fail(self, *_):
    raise UndefinedError(self._undefined_message)


for name in NAMES:
    setattr(StrictUndefined, "__%s__" % name, fail)
