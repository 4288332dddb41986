"""Errors that are shown to the user without a traceback."""


class TutorError(Exception):
    """Something that the user can do something about."""
