"""Types of settings."""
import typing as t

from tutor import exceptions

# Whatever YAML can say.
ConfigValue = t.Union[None, bool, float, str, t.Dict[t.Any, t.Any], t.List[t.Any]]
Config = t.Dict[str, ConfigValue]
T = t.TypeVar("T")


def cast_config(config: t.Any) -> Config:
    """The same, once it is sure that it is a configuration."""
    if not isinstance(config, dict):
        raise exceptions.TutorError("a configuration should be a dict, but is of type %s" % type(config))
    for key in config:
        if not isinstance(key, str):
            raise exceptions.TutorError("setting %r should have a name that is text, not %s" % (key, type(key)))
    return config


def get_typed(config: t.Dict[str, t.Any], key: str, expected_type: t.Type[T], default: t.Optional[T] = None) -> T:
    """A setting, which has to be of a type."""
    value = config.get(key, default)
    if not isinstance(value, expected_type):
        raise exceptions.TutorError(
            "setting %s should be of type %s, but is of type %s" % (key, expected_type.__name__, type(value))
        )
    return value
