"""YAML in and out, with PyYAML."""
import typing as t


def _yaml() -> t.Any:
    try:
        import yaml
    except ModuleNotFoundError as error:
        from tutor.exceptions import TutorError

        raise TutorError("YAML needs PyYAML in the environment of the plugins: pip install pyyaml") from error
    return yaml


LONG = 2000  # characters of a text that is worth a faster loader
TAUGHT = ("yaml_constructors", "yaml_multi_constructors", "yaml_implicit_resolvers", "yaml_path_resolvers")


def _fast(yaml: t.Any) -> t.Any:
    """PyYAML's loader with a scanner in C, which comes to the same; unless somebody has taught the other one more."""
    found = getattr(yaml, "CSafeLoader", None)
    return None if any(name in vars(yaml.SafeLoader) for name in TAUGHT) else found


def load(stream: t.Union[str, t.IO[str]]) -> t.Any:
    return _yaml().load(stream, Loader=_yaml().SafeLoader)


def load_all(stream: str) -> t.Iterator[t.Any]:
    yaml = _yaml()
    fast = _fast(yaml) if isinstance(stream, str) and len(stream) > LONG else None
    if fast is not None:
        try:
            return iter(list(yaml.load_all(stream, Loader=fast)))
        except yaml.YAMLError:
            pass  # the other one says what is wrong, and where, as Tutor does
    return t.cast(t.Iterator[t.Any], yaml.load_all(stream, Loader=yaml.SafeLoader))


def dump(content: t.Any, fileobj: t.Any) -> None:
    _yaml().dump(content, stream=fileobj, default_flow_style=False, allow_unicode=True)


def dump_all(documents: t.Sequence[t.Any], fileobj: t.Any) -> None:
    _yaml().safe_dump_all(documents, stream=fileobj, default_flow_style=False, allow_unicode=True)


def dumps(content: t.Any) -> str:
    return t.cast(str, _yaml().dump(content, default_flow_style=False, allow_unicode=True))


def str_format(content: t.Any) -> str:
    """A value as `config printvalue` shows it."""
    if content is None:
        return "null"
    if isinstance(content, bool):
        return "true" if content else "false"
    return str(content)


def parse(v: t.Union[str, t.IO[str]]) -> t.Any:
    """The value that a text says, or the text itself if it is no YAML."""
    try:
        return load(v)
    except (_yaml().parser.ParserError, _yaml().scanner.ScannerError):
        return v


def parse_key_value(text: str) -> t.Optional[t.Tuple[str, t.Any]]:
    """Name and value of `NAME=VALUE`, or None."""
    import re

    found = re.fullmatch(r"([a-zA-Z0-9_-]+)=(.*)", text, re.DOTALL)
    if found is None:
        return None
    key, value = found.groups()
    if not value:
        return key, ""
    return key, value if value.startswith("#") else parse(value)
