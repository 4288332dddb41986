"""A renderer with settings of its own, in the engine."""
import typing as t

from tutor.types import Config
from tutor_host import settings


class JinjaEnvironment:
    """What can be added to templates."""

    def __init__(self) -> None:
        self.globals: t.Dict[str, t.Any] = {}
        self.filters: t.Dict[str, t.Any] = {}


class Renderer:
    """Renders texts and templates with a configuration."""

    def __init__(self, config: t.Optional[Config] = None):
        self.config: Config = {} if config is None else settings.copied(config)
        self.environment = JinjaEnvironment()

    def _ask(self, **what: t.Any) -> t.Any:
        import tutor_host
        from tutor_host import values

        extra = values.encode(self.environment.globals, ("globals",))
        return tutor_host.ask("render", config=values.encode(settings.plain(self.config)), globals=extra, **what)

    def render_str(self, text: str) -> str:
        """What a text comes to."""
        return t.cast(str, self._ask(text=text))

    def render_template(self, template_name: str) -> t.Union[str, bytes]:
        """What a template comes to; bytes where it is copied."""
        return t.cast(t.Union[str, bytes], self._ask(template=template_name))

    def render_all_to(self, dst: str, *prefix: str) -> None:
        """Renders the templates that start with a prefix to a folder."""
        import os

        from tutor import env

        for name in self.iter_templates_in(*prefix):
            if env.is_rendered(name):
                env.write_to(self.render_template(name), os.path.join(dst, name.replace("/", os.sep)))

    def iter_templates_in(self, *prefix: str) -> t.Iterable[str]:
        """The names of the templates that start with a prefix."""
        import tutor_host

        yield from tutor_host.ask("templates", prefix="/".join(prefix))

    def walk_templates(self, subdir: str) -> t.Iterable[str]:
        """The names of the templates in a folder."""
        yield from self.iter_templates_in(subdir if subdir.endswith("/") else subdir + "/")

    def iter_values_named(
        self, prefix: t.Optional[str] = None, suffix: t.Optional[str] = None, allow_empty: bool = False
    ) -> t.Iterable[t.Any]:
        """The settings whose names begin and end so."""
        for name, value in self.config.items():
            if (prefix is None or name.startswith(prefix)) and (suffix is None or name.endswith(suffix)):
                if value or allow_empty:
                    yield value

    def patch(self, name: str, separator: str = "\n", suffix: str = "") -> str:
        """What plugins have for a place in a template."""
        return t.cast(str, self._ask(patch=name, separator=separator, suffix=suffix))


class PatchRenderer(Renderer):
    """Shows where patches are; here, only a name."""
