"""Settings, as the engine has them."""
import os
import typing as t

from tutor.types import Config, ConfigValue, cast_config, get_typed  # noqa: F401

CONFIG_FILENAME = "config.yml"
PLUGINS_CONFIG_KEY = "PLUGINS"


def _ask(kind: str, root: t.Optional[str] = None) -> Config:
    import tutor_host

    return cast_config(tutor_host.ask("config", kind=kind, root=root))


def load(root: str) -> Config:
    """All settings, rendered; there has to be a `config.yml`."""
    return _ask("checked", root)


def load_no_check(root: str) -> Config:
    """All settings, rendered."""
    return load_full(root)


def load_full(root: str) -> Config:
    """All settings, rendered."""
    return _ask("full", root)


def load_minimal(root: str) -> Config:
    """What `config.yml` has, and what a save would add, rendered."""
    return _ask("minimal", root)


def load_defaults() -> Config:
    """Defaults, not rendered."""
    return _ask("defaults")


def get_user(root: str) -> Config:
    """What `config.yml` has."""
    return _ask("user", root)


def get_base() -> Config:
    """What a save adds to `config.yml`, not rendered."""
    return _ask("base")


def get_defaults() -> Config:
    """Defaults, not rendered."""
    return _ask("defaults")


def get_template(filename: str) -> Config:
    """One of the core's files of settings, such as `base.yml`."""
    from tutor import env, serialize

    return cast_config(serialize.load(env.read_core_template_file("config", filename)))


def get_yaml_file(path: str) -> Config:
    """The settings in a file."""
    from tutor import serialize

    with open(path, encoding="utf-8") as file:
        return cast_config(serialize.load(file.read()))


def merge(config: Config, base: Config) -> None:
    """Adds what is missing."""
    from copy import deepcopy

    for key, value in base.items():
        if key not in config:
            config[key] = deepcopy(value)


def update_with_base(config: Config) -> None:
    merge(config, get_base())


def update_with_defaults(config: Config) -> None:
    merge(config, get_defaults())


def update_with_env(config: Config) -> None:
    """Takes values from variables TUTOR_*."""
    from tutor import serialize

    for key in list(config):
        value = os.environ.get("TUTOR_" + key)
        if value is not None:
            config[key] = serialize.parse(value)


def render_full(config: Config) -> None:
    """Renders the values, each seeing those before it."""
    from tutor import env

    for key, value in list(config.items()):
        config[key] = env.render_unknown(config, value)


def is_service_activated(config: Config, service: str) -> bool:
    return bool(config["RUN_" + service.upper()])


def save_config_file(root: str, config: Config) -> None:
    """Writes `config.yml`."""
    import tutor_host
    from tutor_host import values

    tutor_host.ask("save_config", root=root, config=values.encode(config))


def config_path(root: str) -> str:
    return os.path.join(root, CONFIG_FILENAME)


def get_enabled_plugins(config: Config) -> t.List[str]:
    """The setting PLUGINS."""
    return list(get_typed(config, PLUGINS_CONFIG_KEY, list, []))


def enable_plugins(config: Config) -> None:
    """Loads the plugins that a configuration names."""
    from tutor import plugins

    plugins.load_all(get_enabled_plugins(config))


def save_enabled_plugins(config: Config) -> None:
    """Makes PLUGINS say what is loaded."""
    from tutor import plugins

    config[PLUGINS_CONFIG_KEY] = list(plugins.iter_loaded())


def upgrade_obsolete(config: Config) -> None:
    """Nothing: the engine renames old settings when it reads them."""


def convert_json2yml(root: str) -> None:
    """Nothing: the engine reads `config.json` itself."""


