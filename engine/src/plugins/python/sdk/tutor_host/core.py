"""What the core adds to hooks, so that plugins find it there: to look at, to change, to wrap, to clear. Where nobody
changes it, the engine does the same by itself.
"""
from tutor_host import replaced
from tutor_host.added import CORE

TARGETS = ("apps/", "build/", "dev/", "k8s/", "local/", "version", "kustomization.yml")
IGNORED = (r"(.*/)?\.", r"(.*/)?__pycache__(/.*)?$", r".*\.pyc$", r"(.*/)?partials(/.*)?$")
PACKAGES = (
    ".*[xX][bB]lock.*",
    "edx-enterprise",
    "edx-ora2",
    "edx-search",
    "openedx-(?!platform)(.*)",
    "opaque-keys",
    "platform-plugin-.*",
)
FILTERS = (
    "common_domain",
    "encrypt",
    "list_if",
    "long_to_base64",
    "random_string",
    "reverse_host",
    "rsa_import_key",
    "rsa_private_key",
    "uuid",
    "uid_master_hash",
)
installed = []
things = {}  # functions by hook and name, which the engine knows by these


def install():
    """Adds all of it, once."""
    if installed:
        return
    installed.append(True)
    from tutor import bindmount, hooks

    replaced.remember()

    filters = hooks.Filters
    functions = [(name, getattr(bindmount, name)) for name in ("iter_mounted_directories",)]
    functions += [("iter_%s_celery_parameters" % service, celery(service)) for service in ("cms", "lms")]
    add_items(filters.ENV_TEMPLATE_VARIABLES, functions)
    # What is data comes from the engine, in between.
    mounts = [("iter_mounts", bindmount.iter_mounts)]
    add_items(filters.ENV_TEMPLATE_VARIABLES, mounts, rank=1)
    changers = [(name, helper(name)) for name in FILTERS]
    add_items(filters.ENV_TEMPLATE_FILTERS, changers)
    things.update((("ENV_TEMPLATE_VARIABLES", name), thing) for name, thing in functions + mounts)
    things.update((("ENV_TEMPLATE_FILTERS", name), thing) for name, thing in changers)
    add_items(filters.ENV_TEMPLATE_TARGETS, [(source, "") for source in TARGETS])
    add_items(filters.ENV_PATTERNS_IGNORE, list(IGNORED))
    add_items(filters.MOUNTED_DIRECTORIES, [("openedx", name) for name in PACKAGES])
    add_items(filters.LMS_WORKER_COMMAND, words("lms", "high_mem"))
    add_items(filters.CMS_WORKER_COMMAND, words("cms", "low"))
    add(filters.MOUNTED_DIRECTORIES, also_for_developers, hooks.priorities.LOW)
    add(filters.COMPOSE_MOUNTS, platform_mounts)
    add(filters.COMPOSE_MOUNTS, package_mounts)
    add(filters.IS_FILE_RENDERED, no_binary)


def add_items(hook, items, rank=-1):
    hook.add_items(items)
    own(hook, lambda one: getattr(one, "items", None) is items, rank)


def add(hook, function, priority=None):
    hook.add(priority=priority)(function)
    own(hook, lambda one: one.func is function, -1)


def own(hook, is_it, rank):
    """Marks a callback as the core's."""
    for callback in hook.callbacks:
        if is_it(callback):
            callback.contexts, callback.contributor, callback.rank = [], CORE, rank


def helper(name):
    """One of the SDK's helpers, which are imported when they are needed."""

    def called(*args, **kwargs):
        from tutor import utils

        return getattr(utils, name)(*args, **kwargs)

    called.__name__ = called.__qualname__ = name
    return called


def celery(service):
    """The function that gives a worker's words."""

    def parameters():
        from tutor import hooks

        yield from getattr(hooks.Filters, service.upper() + "_WORKER_COMMAND").iterate()

    parameters.__name__ = parameters.__qualname__ = "iter_%s_celery_parameters" % service
    return parameters


def words(service, third):
    """How a worker is started."""
    queue = "edx.%s.core." % service
    return [
        "celery",
        "--app=%s.celery" % service,
        "worker",
        "--loglevel=info",
        "--hostname=%sdefault.%%h" % queue,
        "--queues=%sdefault,%shigh,%s%s" % (queue, queue, queue, third),
        "--max-tasks-per-child=100",
        "--prefetch-multiplier=1",
        "--without-gossip",
        "--without-mingle",
    ]


def also_for_developers(directories):
    """What is in the image is in that for developers, too."""
    return directories + [("openedx-dev", pattern) for image, pattern in directories if image == "openedx"]


def platform_mounts(volumes, name):
    if name in ("edx-platform", "openedx-platform"):
        volumes += [("openedx", "/openedx/edx-platform")]
    return volumes


def package_mounts(volumes, name):
    from tutor import bindmount

    return volumes + [(image, "/mnt/" + name) for image in bindmount.images_of(name)]


def no_binary(rendered, path):
    """Binary files are copied."""
    from tutor import env

    return rendered and not env.is_binary_file(path)
