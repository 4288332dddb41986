"""Runs one case in the real Jinja2, with the settings that Tutor uses."""

import sys
import traceback
import warnings

import jinja2
from jinja2.loaders import split_template_path

warnings.simplefilter("ignore")
assert jinja2.__version__ == "3.1.6", jinja2.__version__


class Loader(jinja2.DictLoader):
    """Templates out of a dictionary; what is no text fails as it does with Tutor's FileSystemLoader."""

    def get_source(self, environment, template):
        split_template_path(template)
        return super().get_source(environment, template)


def line_of(error):
    """The line of the innermost template frame."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    line = None
    for frame, lineno in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == "<template>":
            line = lineno
    return line


def run(case):
    loader = Loader(case.get("templates", {}))
    env = jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined)
    try:
        code = env.compile(case["source"], case.get("name"))
        template = env.template_class.from_code(env, code, env.make_globals(None))
        output = template.render(**case.get("context", {}))
        output.encode()
        return {"output": output}
    except Exception as error:  # whatever a template raises is its result
        message = error.message if isinstance(error, jinja2.TemplateSyntaxError) else str(error)
        return {"error": type(error).__name__, "message": message, "line": line_of(error)}
