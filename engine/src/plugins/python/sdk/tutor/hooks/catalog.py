"""All hooks by name. A name that is not here is an AttributeError: plugins probe for names."""
import typing as t

from tutor.core.hooks import Action, Context, Filter


class Actions:
    """What happens, and what callbacks get."""

    COMPOSE_PROJECT_STARTED = Action()  # root, config, project name
    CONFIG_INTERACTIVE = Action()  # config
    CONFIG_LOADED = Action()  # config
    CORE_READY = Action()
    DO_JOB = Action()  # job name, arguments
    ENV_SAVED = Action()  # root, config
    PLUGIN_LOADED = Action()  # plugin
    PLUGINS_LOADED = Action()
    PLUGIN_UNLOADED = Action()  # plugin, root, config
    PROJECT_ROOT_READY = Action()  # root


class Filters:
    """What can be changed, and what the items are."""

    APP_PUBLIC_HOSTS = Filter()  # hosts; context name
    CLI_COMMANDS = Filter()  # click commands
    CLI_DO_COMMANDS = Filter()  # click commands
    CLI_DO_INIT_TASKS = Filter()  # (service, script)
    CMS_WORKER_COMMAND = Filter()  # words
    COMPOSE_MOUNTS = Filter()  # (service, path); name of the folder
    CONFIG_DEFAULTS = Filter()  # (name, value)
    CONFIG_OVERRIDES = Filter()  # (name, value)
    CONFIG_UNIQUE = Filter()  # (name, value)
    CONFIG_USER = Filter()  # (name, value)
    DOCKER_BUILD_COMMAND = Filter()  # words
    ENV_PATCHES = Filter()  # (name, text)
    ENV_PATTERNS_IGNORE = Filter()  # regular expressions
    ENV_PATTERNS_INCLUDE = Filter()  # regular expressions
    ENV_TEMPLATE_FILTERS = Filter()  # (name, function)
    ENV_TEMPLATE_ROOTS = Filter()  # folders
    ENV_TEMPLATE_TARGETS = Filter()  # (source, destination)
    ENV_TEMPLATE_VARIABLES = Filter()  # (name, value)
    IMAGES_BUILD = Filter()  # (name, path, tag, arguments)
    IMAGES_BUILD_MOUNTS = Filter()  # (image, context name); path
    IMAGES_BUILD_REQUIRED = Filter()  # names; context name
    IMAGES_PULL = Filter()  # (name, tag)
    IMAGES_PUSH = Filter()  # (name, tag)
    IS_FILE_RENDERED = Filter()  # bool; path
    LMS_WORKER_COMMAND = Filter()  # words
    MOUNTED_DIRECTORIES = Filter()  # (service, regular expression)
    PLUGIN_INDEXES = Filter()  # addresses
    PLUGIN_INDEX_ENTRY_TO_INSTALL = Filter()  # entry
    PLUGIN_INDEX_URL = Filter()  # address
    PLUGINS_INFO = Filter()  # (name, version)
    PLUGINS_INSTALLED = Filter()  # names
    PLUGINS_LOADED = Filter()  # names
    TESTS = Filter()  # test cases

    # Gone from today's Tutor, but used by plugins of the Tutor 13 era.
    COMMANDS_INIT = Filter()  # (service, path of the template)
    COMMANDS_PRE_INIT = Filter()  # (service, path of the template)


class Contexts:
    """Where callbacks come from."""

    APP: t.Dict[str, Context] = {}
    PLUGINS = Context("plugins")
    PLUGINS_V0_YAML = Context("plugins:v0:yaml")
    PLUGINS_V0_ENTRYPOINT = Context("plugins:v0:entrypoint")

    @classmethod
    def app(cls, name: str) -> Context:
        """The context of a plugin, always the same object."""
        if name not in cls.APP:
            cls.APP[name] = Context("app:" + name)
        return cls.APP[name]
