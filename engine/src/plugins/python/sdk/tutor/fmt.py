"""Messages in colours."""
import sys
import typing as t

STDOUT: t.Optional[t.Any] = None
_COLOURS = {"green": "\x1b[32m", "blue": "\x1b[34m", "red": "\x1b[31m", "magenta": "\x1b[35m", "yellow": "\x1b[33m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def _style(text: str, colour: str, bold: bool = False) -> str:
    return _COLOURS[colour] + (_BOLD if bold else "") + text + _PLAIN


def title(text: str) -> str:
    """A heading."""
    width = len(text) + 16
    line = "=" * width
    return _style("\n".join((line, " " * 8 + text, line)), "green")


def info(text: str) -> str:
    return _style(text, "blue")


def error(text: str) -> str:
    return _style(text, "red")


def command(text: str) -> str:
    return _style(text, "magenta")


def question(text: str) -> str:
    return _style(text, "yellow")


def alert(text: str) -> str:
    return _style("\u26a0\ufe0f  " + text, "yellow", bold=True)


def echo_info(text: str) -> None:
    echo(info(text))


def echo_error(text: str) -> None:
    echo(error(text), err=True)


def echo_alert(text: str) -> None:
    echo(alert(text), err=True)


def echo(text: str, err: bool = False) -> None:
    """Prints a line; without colours if nobody looks."""
    click = sys.modules.get("click")
    if click is not None:
        click.echo(text, file=STDOUT, err=err)
        return
    stream = sys.stderr if err else (STDOUT or sys.stdout)
    if not stream.isatty():
        import re

        text = re.sub("\x1b\\[[0-9;]*m", "", text)
    print(text, file=stream, flush=True)
