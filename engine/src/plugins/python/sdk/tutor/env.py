"""Templates and the folder they are rendered to; rendering is the engine's."""
import os
import typing as t

from tutor import exceptions
from tutor.types import Config

from ._renderer import JinjaEnvironment, PatchRenderer, Renderer  # noqa: F401

TEMPLATES_ROOT = "<tutor-templates>"
VERSION_FILENAME = "version"
BIN_FILE_EXTENSIONS = [".ico", ".jpg", ".otf", ".patch", ".png", ".ttf", ".webp", ".woff", ".woff2"]
_RELEASES = (
    "ironwood juniper koa lilac maple nutmeg olive palm quince redwood sumac teak ulmo verawood".split()
)


def _ask(kind: str, **arguments: t.Any) -> t.Any:
    import tutor_host

    return tutor_host.ask(kind, **arguments)


def is_rendered(path: str) -> bool:
    """Whether a template is rendered at all."""
    return bool(_ask("is_rendered", path=path))


def save(root: str, config: Config) -> None:
    """Renders all templates."""
    from tutor_host import values

    _ask("save", root=root, config=values.encode(config))


def save_all_from(prefix: str, dst: str, config: Config) -> None:
    """Renders the templates that start with a prefix to a folder."""
    Renderer(config).render_all_to(dst, prefix.replace("/", os.sep))


def write_to(content: t.Union[str, bytes], path: str) -> None:
    """Writes a file, and makes its folder."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if isinstance(content, bytes):
        with open(path, "wb") as binary:
            binary.write(content)
    else:
        with open(path, "w", encoding="utf-8", newline="\n") as text:
            text.write(content)


def render_file(config: Config, *path: str) -> t.Union[str, bytes]:
    """What a template comes to."""
    return Renderer(config).render_template("/".join(path))


def render_unknown(config: Config, value: t.Any) -> t.Any:
    """Renders texts, also those in lists and in the values of dicts."""
    if isinstance(value, str):
        return render_str(config, value)
    if isinstance(value, list):
        return [render_unknown(config, item) for item in value]
    if isinstance(value, dict):
        return {key: render_unknown(config, item) for key, item in value.items()}
    return value


def render_str(config: Config, text: str) -> str:
    """What a text comes to."""
    return Renderer(config).render_str(text)


def check_is_up_to_date(root: str) -> None:
    """Nothing: the engine says so itself."""


def is_up_to_date(root: str) -> bool:
    """Whether env was rendered by this version."""
    from tutor.__about__ import __version__

    return current_version(root) in (None, __version__)


def should_upgrade_from_release(root: str) -> t.Optional[str]:
    """The release that env was rendered for, if it is an older one."""
    found = get_env_release(root)
    return found if found != get_current_open_edx_release_name() else None


def get_env_release(root: str) -> t.Optional[str]:
    """The release that env was rendered for."""
    version = current_version(root)
    return None if version is None else get_release(version)


def get_current_open_edx_release_name() -> str:
    from tutor.__about__ import __version__

    return get_release(__version__)


def get_release(version: str) -> str:
    """The release of Open edX that goes with a version."""
    major = version.split(".", maxsplit=1)[0]
    return {"0": "ironwood", "3": "ironwood", **{str(n): name for n, name in enumerate(_RELEASES, 9) if n > 9}}[major]


def current_version(root: str) -> t.Optional[str]:
    """The version that rendered env."""
    path = pathjoin(root, VERSION_FILENAME)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read().strip()


def read_template_file(*path: str) -> str:
    """The text of a template, as it is."""
    return t.cast(str, _ask("template", path="/".join(path)))


def read_core_template_file(*path: str) -> str:
    """The text of one of the core's templates."""
    return t.cast(str, _ask("template", path="/".join(path), core=True))


def is_binary_file(path: str) -> bool:
    """Whether a template is copied as it is."""
    return os.path.splitext(path)[1] in BIN_FILE_EXTENSIONS


def data_path(root: str, *path: str) -> str:
    """A path in the folder of data."""
    return os.path.join(root_dir(root), "data", *path)


def pathjoin(root: str, *path: str) -> str:
    """A path in env."""
    return os.path.join(base_dir(root), *path)


def base_dir(root: str) -> str:
    """env."""
    return os.path.join(root_dir(root), "env")


def root_dir(root: str) -> str:
    return os.path.abspath(root)


def delete_env_dir(root: str) -> None:
    """Removes env."""
    import shutil

    path = base_dir(root)
    if not os.path.isdir(path):
        return
    try:
        shutil.rmtree(path)
    except PermissionError as error:
        raise exceptions.TutorError("cannot remove %s: %s" % (path, error)) from error
