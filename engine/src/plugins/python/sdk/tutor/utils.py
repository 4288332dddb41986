"""Helpers: texts, secrets, keys, processes, addresses."""
import os
import subprocess
import sys
import typing as t

from tutor import exceptions, fmt

from ._crypto import (  # noqa: F401
    encrypt,
    long_to_base64,
    random_string,
    rsa_import_key,
    rsa_private_key,
    uid_master_hash,
    uuid,
    verify_encrypted,
)


def ensure_file_directory_exists(path: str) -> None:
    """Makes the folder of a file."""
    ensure_directory_exists(os.path.dirname(path))


def ensure_directory_exists(path: str) -> None:
    """Makes a folder."""
    if os.path.isfile(path):
        raise exceptions.TutorError("cannot make the folder %s: there is a file of that name" % path)
    os.makedirs(path, exist_ok=True)


def list_if(services: t.List[t.Tuple[str, bool]]) -> str:
    """JSON of the names that go with something true."""
    import json

    return json.dumps([service for service, wanted in services if wanted])


def common_domain(d1: str, d2: str) -> str:
    """The longest end that two domain names have in common."""
    common: t.List[str] = []
    for one, other in zip(reversed(d1.split(".")), reversed(d2.split("."))):
        if one != other:
            break
        common.insert(0, one)
    return ".".join(common)


def reverse_host(domain: str) -> str:
    """`com.example.www` of `www.example.com`."""
    return ".".join(reversed(domain.split(".")))


def is_root() -> bool:
    return get_user_id() == 0


def get_user_id() -> int:
    """The user's number, 0 where there is none."""
    return os.getuid() if hasattr(os, "getuid") else 0


def is_a_tty() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty()


def docker_run(*command: str) -> int:
    options = ["--rm", "-it"] if is_a_tty() else ["--rm"]
    return docker("run", *options, *command)


def docker(*command: str) -> int:
    _need("docker", "Docker")
    return execute("docker", *command)


def docker_compose(*command: str) -> int:
    return docker("compose", *command)


def kubectl(*command: str) -> int:
    _need("kubectl", "kubectl")
    return execute("kubectl", *command)


def _need(program: str, name: str) -> None:
    import shutil

    if shutil.which(program) is None:
        raise exceptions.TutorError("%s is not installed: there is no program '%s'" % (name, program))


def _joined(command: t.Sequence[str]) -> str:
    import shlex

    return " ".join(shlex.quote(word) for word in command)


def execute(*command: str) -> int:
    """Runs a program in the terminal, after showing what it runs."""
    fmt.echo(fmt.command(_joined(command)))
    return execute_silent(*command)


def execute_silent(*command: str) -> int:
    """Runs a program in the terminal."""
    with subprocess.Popen(command) as process:
        try:
            status = process.wait(timeout=None)
        except KeyboardInterrupt:
            process.kill()
            process.wait()
            raise
    if status > 0:
        raise exceptions.TutorError("status %d: %s" % (status, _joined(command)))
    return status


def check_output(*command: str) -> bytes:
    """What a program prints."""
    fmt.echo(fmt.command(_joined(command)))
    try:
        return subprocess.check_output(command)
    except Exception as error:
        raise exceptions.TutorError("failed: %s" % _joined(command)) from error


def warn_macos_docker_memory() -> None:
    """Nothing: the engine looks after Docker."""


def check_macos_docker_memory() -> None:
    """Nothing: the engine looks after Docker."""


def read_url(url: str) -> str:
    """The text behind an address, or of a file."""
    from urllib.error import URLError
    from urllib.request import urlopen

    if is_http(url):
        try:
            with urlopen(url) as response:
                return t.cast(str, response.read().decode("utf-8"))
        except URLError as error:
            raise exceptions.TutorError("cannot fetch %s: %s" % (url, error)) from error
        except UnicodeDecodeError as error:
            raise exceptions.TutorError("what %s answers is no UTF-8 text: %s" % (url, error)) from error
    try:
        with open(url, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise exceptions.TutorError("cannot read %s: %s" % (url, error)) from error


def is_url(text: str) -> bool:
    """Whether it is an address on the web."""
    return is_http(text)


def is_http(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def format_table(rows: t.List[t.Tuple[str, ...]], separator: str = "\t") -> str:
    """Rows with padded columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    lines = []
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths)]
        lines.append(separator.join(padded + [row[-1]]))
    return "\n".join(lines)
