''':'
exit 3
'''
# What an interpreter is asked when its files do not tell where its packages are: it answers with one line of JSON on
# the descriptor whose number it is given. Any Python, also 2.7, has to be able to run it. A shell that is taken for a
# Python gets no further than the second line.
import sys

sys.path[:] = [path for path in sys.path if path]  # of `-c`: the working directory is nobody's library

import json
import os
import site

# What a script that starts this interpreter may have set, so that it does not work alike without it.
VARIABLES = [
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "PYTHONNOUSERSITE",
    "PYTHONPLATLIBDIR",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "DYLD_LIBRARY_PATH",
]


def text(value):
    """What can be said in JSON; None if it cannot, as it is not UTF-8."""
    if not value:
        return None
    try:
        if isinstance(value, bytes):
            return value.decode("utf-8")
        value.encode("utf-8")
        return value
    except UnicodeError:
        return None


def sites():
    """The folders of packages in the order in which `site` adds them, those that are not there included."""
    if not hasattr(site, "getsitepackages"):  # virtualenvs of old
        return [path for path in sys.path if path.endswith("-packages")]
    found = []
    if sys.prefix != getattr(sys, "base_prefix", sys.prefix):
        found += site.getsitepackages([sys.prefix])
    if site.ENABLE_USER_SITE:
        found.append(site.getusersitepackages())
    return found + site.getsitepackages()


def library():
    """A file of the standard library."""
    path = getattr(os, "__file__", None)
    return path[:-1] if path and path.endswith((".pyc", ".pyo")) else path


def main():
    folders = [text(os.path.abspath(path)) for path in sites()]
    answer = {
        "version": {
            "major": sys.version_info[0],
            "minor": sys.version_info[1],
            "free_threaded": "t" in getattr(sys, "abiflags", ""),
        },
        "prefix": text(sys.prefix),
        "executable": text(sys.executable),
        "library": text(library()),
        "sites": [path for path in folders if path],
        "variables": dict((name, text(os.environ.get(name))) for name in VARIABLES),
    }
    data = (json.dumps(answer) + "\n").encode("ascii")
    while data:
        data = data[os.write(int(sys.argv[1]), data):]


main()
