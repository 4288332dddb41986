"""Where single-file plugins are."""
import os

PLUGINS_ROOT_ENV_VAR_NAME = "TUTOR_PLUGINS_ROOT"


def _default() -> str:
    data = os.environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(data, "tutor-plugins")


PLUGINS_ROOT = os.path.abspath(os.path.expanduser(os.environ.get(PLUGINS_ROOT_ENV_VAR_NAME) or _default()))
