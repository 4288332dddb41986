"""One function that is wrapped, so that nobody notices."""
import functools
import sys


class Wrapper:
    """Calls `before` with a call's arguments, then what it wraps. No descriptor, as little as a builtin is."""

    def __init__(self, wrapped, before):
        functools.update_wrapper(self, wrapped)
        self.__before = before

    def __call__(self, *args, **kwargs):
        self.__before(args, kwargs, sys._getframe(1))
        return self.__wrapped__(*args, **kwargs)

    def __eq__(self, other):
        return other is self or other == self.__wrapped__

    def __hash__(self):
        return hash(self.__wrapped__)

    def __repr__(self):
        return repr(self.__wrapped__)

    def __reduce__(self):
        return self.__name__
