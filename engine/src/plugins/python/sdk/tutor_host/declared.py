"""A value in a declaration, together with its place: so that whatever is wrong with it can be told with the place."""
from tutor_host import values
from tutor_host.errors import Wrong, mark


class Declared:
    """The value of an attribute, or of something in it."""

    def __init__(self, value, attribute, keys=()):
        self.value, self.attribute, self.keys = value, attribute, keys

    @classmethod
    def of(cls, thing, attribute, absent):
        """What an object declares; functions are called for it."""
        try:
            found = getattr(thing, attribute, absent)
            return cls(found() if callable(found) else found, attribute)
        except BaseException as error:
            mark(error, attribute)
            raise

    def inside(self, key, value):
        return Declared(value, self.attribute, self.keys + (key,))

    def get(self, key, absent):
        """An entry of a dict, as if it were there."""
        return self.inside(key, self.dict().get(key, absent))

    def wrong(self, expected, what=None):
        """The error that says what should be here."""
        found = values.type_name(self.value)
        message = "%s should be %s, but is of type %s" % (what or place(self.path), expected, found)
        keys = [str(key) for key in self.keys]
        return Wrong(message, attribute=self.attribute, key=keys, expected=expected, found=found)

    @property
    def path(self):
        return (self.attribute,) + self.keys

    def dict(self):
        if isinstance(self.value, dict):
            return self.value
        raise self.wrong("a dict")

    def entries(self):
        """Keys, which have to be text, and what is behind them."""
        for key, value in self.dict().items():
            here = self.inside(key, key)
            if not isinstance(key, str):
                raise here.wrong("text", "the key %r in %s" % (key, place(self.path)))
            yield here.text(), self.inside(key, value)

    def text(self):
        if isinstance(self.value, str):
            return values.text(self.value, self.path)
        raise self.wrong("text")

    def texts(self):
        """The texts in something that has some; text itself would be letters."""
        if isinstance(self.value, (str, bytes)) or not hasattr(self.value, "__iter__"):
            raise self.wrong("a list")
        return [self.inside(at, item).text() for at, item in enumerate(self.value)]

    def pairs(self):
        """A dict of texts."""
        return [[key, entry.text()] for key, entry in self.entries()]

    def plain(self):
        """The value as JSON. If it cannot be said, the message says where."""
        try:
            return values.encode(self.value, self.path)
        except values.Unrepresentable as error:
            error.args = ("%s: %s" % (place(error.path), error.args[0]),)
            mark(error, self.attribute)
            raise


def place(path):
    """How a message names a place."""
    return path[0] + "".join("[%r]" % (key,) for key in path[1:])
