"""The object that click hands to commands (`click.pass_obj`)."""
import typing as t

from tutor.commands import _installed


class Context:
    """Knows the project root."""

    def __init__(self, root: str) -> None:
        self.root = root


class BaseTaskContext(Context):
    """One that can run tasks; subclasses say how."""

    def job_runner(self, config: t.Any) -> t.Any:
        raise NotImplementedError


__getattr__ = _installed.fallback(__name__)
