"""Makes Tutor 13.3.1 take the patches of all plugins in the order of their names, as Tutor 22 does.

Of itself it takes those of API v1 after all those of v0, because it converts them when everything is loaded. Here
they are converted plugin by plugin.
"""
from tutor import hooks, plugins

load_one = plugins.load


def load(name):
    load_one(name)
    app = hooks.Contexts.APP(name).name
    for patch, content in hooks.Filters.ENV_PATCHES.iterate(context=app):
        hooks.Filters.ENV_PATCH(patch).add_item(content)


plugins.load = load
hooks.Actions.PLUGINS_LOADED.callbacks[:] = [
    callback
    for callback in hooks.Actions.PLUGINS_LOADED.callbacks
    if callback.func.__module__ != plugins.__name__
]
