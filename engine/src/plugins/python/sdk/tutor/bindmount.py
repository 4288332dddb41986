"""Folders of the host that are mounted into containers."""
import os
import re
import typing as t
from functools import lru_cache

from tutor import hooks, types

Mounts = t.List[t.Tuple[str, str, str]]


def get_mounts(config: types.Config) -> t.List[str]:
    """The setting MOUNTS."""
    return types.get_typed(config, "MOUNTS", list)


def iter_mounts(user_mounts: t.List[str], *names: str) -> t.Iterable[str]:
    """`host:container` of what is mounted into one of the services."""
    for user_mount in user_mounts:
        for service, host, container in parse_mount(user_mount):
            if service in names:
                yield host + ":" + container


def parse_mount(value: str) -> Mounts:
    """(service, path on the host, path in the container) of what a user wrote."""
    return parse_explicit_mount(value) or parse_implicit_mount(value)


@lru_cache(maxsize=None)
def parse_explicit_mount(value: str) -> Mounts:
    """`service1[,service2…]:/host:/container`."""
    found = re.fullmatch(r"([a-zA-Z0-9-]+(?:,[a-zA-Z0-9-]+)*):([^:]+):([^:]+)", value)
    if found is None:
        return []
    services, host, container = found.groups()
    return [(service, _absolute(host), container) for service in services.split(",")]


@hooks.lru_cache
def parse_implicit_mount(value: str) -> Mounts:
    """`/host`: plugins say where it goes."""
    host = _absolute(value)
    name = os.path.basename(host)
    places = hooks.Filters.COMPOSE_MOUNTS.iterate(name)
    return [(service, host, container) for service, container in places]


def iter_mounted_directories(mounts: t.List[str], image_name: str) -> t.Iterator[str]:
    """The names of the mounted folders that are installed in an image, sorted."""
    found = set()
    for mount in mounts:
        for _service, host, _container in parse_mount(mount):
            name = os.path.basename(host)
            if image_name in images_of(name):
                found.add(name)
                break
    yield from sorted(found)


def images_of(name: str) -> t.List[str]:
    """The images in which a folder of that name is installed, each once."""
    directories = hooks.Filters.MOUNTED_DIRECTORIES.iterate()
    return list(dict.fromkeys(image for image, pattern in directories if re.match(pattern, name)))


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))
