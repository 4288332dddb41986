"""Indexes: lists of plugins that can be installed."""
import typing as t

from tutor import exceptions
from tutor.__about__ import __version__
from tutor.env import get_release
from tutor.types import Config, get_typed

PLUGIN_INDEXES_KEY = "PLUGIN_INDEXES"
RELEASE = get_release(__version__)
MAJOR_VERSION = int(__version__.split(".", maxsplit=1)[0])


class Indexes:
    """Where the cache of indexes is."""

    CACHE_PATH = ""


class IndexEntry:
    """A plugin in an index."""

    def __init__(self, data: t.Dict[str, str]):
        self._data = data

    @property
    def data(self) -> t.Dict[str, str]:
        return self._data

    @property
    def name(self) -> str:
        return self._data["name"]

    @property
    def src(self) -> str:
        return self._data["src"]

    @property
    def index(self) -> str:
        return self._data["index"]

    @property
    def short_description(self) -> str:
        """The first line of the description."""
        return self.description.partition("\n")[0]

    @property
    def description(self) -> str:
        return self._data.get("description", "").strip()

    @property
    def author(self) -> str:
        return self._data.get("author", "")

    @property
    def maintainer(self) -> str:
        return self._data.get("maintainer", "")

    @property
    def url(self) -> str:
        return self._data.get("url", "")

    def match(self, pattern: str) -> bool:
        """Whether name or description have a text in them, in whatever case."""
        pattern = pattern.lower()
        return any(pattern in self._data.get(field, "").lower() for field in ("name", "description"))


def get_all(config: Config) -> t.List[str]:
    """The addresses of the indexes."""
    return list(get_typed(config, PLUGIN_INDEXES_KEY, list, []))


def iter_cache_entries() -> t.Iterator[IndexEntry]:
    """The plugins of the indexes, as they were when they were last fetched."""
    import tutor_host

    for data in tutor_host.ask("index_entries"):
        yield IndexEntry(data)


def find_in_cache(name: str) -> IndexEntry:
    """The plugin of that name."""
    for entry in iter_cache_entries():
        if entry.name.lower() == name.lower():
            return entry
    raise exceptions.TutorError("no index has a plugin '%s'" % name)
