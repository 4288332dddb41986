"""Functions of the six real plugins, called by the host without Tutor, beside the same under Tutor 22.0.3.

Needs the virtual environments that `make_era22.sh` makes, and the variables that it prints.
"""
import json
import os
import subprocess
import tempfile
import unittest

import client
from test_era22 import ALONE, REAL, SIX, load, packages

MOUNTS = ["/x/frontend-app-learning", "/x/frontend-app-nothing", "lms:/a:/b", "/x/course-discovery", "/x/frontend-site"]
VARIABLES = [
    ("iter_mfes",), ("get_mfe", "learning"), ("get_mfe", "x"), ("is_mfe_enabled", "x"), ("is_mfe_enabled", "authn"),
    ("iter_plugin_slots", "all"), ("iter_plugin_slots", "learning"), ("iter_legacy_paths",), ("iter_frontend_apps",),
    ("get_frontend_app", "authn"), ("get_frontend_apps",), ("iter_frontend_compat_mfes",),
    ("iter_frontend_compat_slots", "all"), ("iter_external_scripts", "all"), ("iter_frontend_slots",),
    ("get_frontend_compat_slots", "learning"), ("get_frontend_slot_compat_map",), ("get_frontend_widget_compat_map",),
    ("get_frontend_route_compat_map",), ("camelize_mfe_name", "learner-dashboard"), ("get_site_mounts", MOUNTS),
    ("is_frontend_app_enabled", "notifications"), ("iter_plugin_slots", "all"), ("iter_mfes",),
]
FILTERS = [
    ("COMPOSE_MOUNTS", [], "frontend-app-learning"), ("COMPOSE_MOUNTS", [], "course-discovery"),
    ("COMPOSE_MOUNTS", [], "frontend-site"), ("COMPOSE_MOUNTS", [], "nothing"),
    ("IMAGES_BUILD_MOUNTS", [], "/x/frontend-app-authn"), ("IMAGES_BUILD_REQUIRED", [], "dev"),
    ("APP_PUBLIC_HOSTS", [], "dev"), ("APP_PUBLIC_HOSTS", [], "local"), ("IMAGES_BUILD", []), ("IMAGES_PULL", []),
    ("CONFIG_DEFAULTS", [["DOCKER_IMAGE_OPENEDX", "core"]]),
]
DUMP = """
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
from tutor_host import values
sys.path.pop(0)
asked = json.loads(sys.argv[2])
from tutor import hooks, plugins
from tutor.commands import cli
hooks.Actions.CORE_READY.do()
plugins.load_all(asked["plugins"])
six = [hooks.Contexts.app(name).name for name in asked["plugins"]]
def of_plugins(hook):
    mine = lambda one: set(one.contexts) & set(six) or not one.contexts and one.func.__module__.startswith("tutor.core")
    return [one for one in hook.callbacks if mine(one)]
def data(thing):
    return values.encode(list(thing) if hasattr(thing, "__next__") or type(thing) is type({}.items()) else thing)
found = {"variables": [], "filters": [], "printed": []}
named = dict(hooks.Filters.ENV_TEMPLATE_VARIABLES.iterate())
for name, *args in asked["variables"]:
    found["variables"].append(data(named[name](*args)))
mounts = named["MFEMountData"](asked["mounts"])
found["mounts"] = [data(mounts.mounted), data(mounts.unmounted)]
for name, value, *rest in asked["filters"]:
    for callback in of_plugins(getattr(hooks.Filters, name)):
        value = callback.apply(value, *rest)
    found["filters"].append(data(value))
for config in asked["configs"]:
    out = io.StringIO()
    with contextlib.redirect_stderr(out), contextlib.redirect_stdout(out):
        for callback in of_plugins(hooks.Actions.CONFIG_LOADED):
            callback.do(config)
    found["printed"].append(out.getvalue())
json.dump(found, sys.stdout)
"""
CONFIGS = [{"LMS_HOST": "a.com", "MFE_HOST": "apps.a.com", "X": 1}, {"LMS_HOST": "a.com", "MFE_HOST": "apps.b.com"}]


@unittest.skipUnless(ALONE and REAL, "needs TUTOR_22_ALONE_PYTHON and TUTOR_22_PLUGINS_PYTHON")
class Today(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        asked = {"plugins": SIX, "variables": VARIABLES, "filters": FILTERS, "mounts": MOUNTS, "configs": CONFIGS}
        with tempfile.TemporaryDirectory() as folder:
            environ = dict(os.environ, TUTOR_ROOT=folder, TUTOR_PLUGINS_ROOT=folder)
            command = [REAL, "-W", "ignore", "-c", DUMP, client.SDK, json.dumps(asked)]
            out = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True).stdout.decode()
        cls.real = json.loads(out.replace(packages(REAL), packages(ALONE)))

    def setUp(self):
        self.host = client.Host(python=ALONE)
        self.addCleanup(self.host.close)
        self.loads = {name: load(self.host, name) for name in SIX}
        self.done = self.host.request({"call": "plugins_loaded"})
        self.assertIn("result", self.done, self.done.get("error"))

    def call(self, target, *args, **more):
        said = self.host.request(dict({"call": "call", "target": target, "args": list(args)}, **more))
        self.assertIn("result", said, said.get("error"))
        return said

    def test_template_variables(self):
        for (name, *args), expected in zip(VARIABLES, self.real["variables"]):
            said = self.call({"kind": "variable", "name": name}, *args)
            self.assertEqual(said["result"], expected, (name, args))
            self.assertEqual((said["reads"]["volatile"], said["reads"]["settings"]), ([], []))
            self.assertEqual(said["effects"]["added"]["filters"], {}, name)
        said = self.call({"kind": "variable", "name": "iter_mfes"})["reads"]
        self.assertEqual((said["filters"], said["ran"]), (["tutormfe.hooks.MFE_APPS"], ["indigo", "mfe"]))

    def test_objects(self):
        target = {"kind": "variable", "name": "MFEMountData"}
        handle = self.call(target, MOUNTS)["result"]["v"]
        self.assertEqual(dict(handle["attributes"]), dict(zip(("mounted", "unmounted"), self.real["mounts"])))
        for name, expected in zip(("mounted", "unmounted"), self.real["mounts"]):
            made = {"op": "call", "args": [{"t": "of", "v": {"root": target}}, MOUNTS], "kwargs": []}
            step = {"op": "getattr", "args": [{"t": "of", "v": {"did": made, "at": 0, "nth": 0}}, name], "kwargs": []}
            asked = {"kind": "of", "target": target, "log": [], "do": step}
            self.assertEqual(self.talk.request({"call": "call", "target": asked})["result"], expected)

    def test_filters(self):
        for (name, value, *rest), expected in zip(FILTERS, self.real["filters"]):
            said = self.call({"kind": "apply", "name": name}, value, *rest)
            self.assertEqual(said["result"], expected, name)

    def test_callbacks_one_by_one(self):
        value = [["DOCKER_IMAGE_OPENEDX", "core"], ["MFE_DOCKER_IMAGE", "m"]]
        at = [one["function"] for one in self.loads["indigo"]["result"]["callbacks"]].index("_override_openedx_docker_image")
        said = self.call({"kind": "callback", "plugin": "indigo", "at": at}, value)["result"]
        pairs = [{"t": "tuple", "v": list(pair)} for pair in (("DOCKER_IMAGE_OPENEDX", "core-indigo"), ("MFE_DOCKER_IMAGE", "m-indigo"))]
        self.assertEqual(said, value + pairs)

    def test_config_loaded(self):
        at = [one["name"] for one in self.loads["mfe"]["result"]["callbacks"]].index("CONFIG_LOADED")
        for config, expected in zip(CONFIGS, self.real["printed"]):
            tagged = {"t": "dict", "v": list(map(list, config.items()))}
            said = self.call({"kind": "callback", "plugin": "mfe", "at": at}, {"t": "config"}, config=tagged)
            self.assertEqual(said["reads"]["settings"], ["LMS_HOST", "MFE_HOST"])
            self.assertEqual(said["effects"]["printed"], expected)
        self.assertIn("not a subdomain", expected)

    def test_env_saved(self):
        """Renders one file for each application, and removes those of others."""
        self.host.answers["render"] = lambda ask: "%s of %s" % (ask["globals"]["v"], ask["template"])
        callbacks = self.loads["mfe"]["result"]["callbacks"]
        target = {"kind": "callback", "plugin": "mfe", "at": [one["name"] for one in callbacks].index("ENV_SAVED")}
        with tempfile.TemporaryDirectory() as folder:
            env, over = folder + "/env", folder + "/over"
            source = env + "/plugins/mfe/build/mfe/site/src"
            os.makedirs(source)
            os.mkdir(over)
            open(source + "/env.config.old.jsx", "w").close()
            config = {"t": "dict", "v": [["A", 1]]}
            said = self.call(target, env, {"t": "config"}, config=config, overlay={"of": env, "in": over})
            names = self.call({"kind": "variable", "name": "iter_frontend_compat_mfes"})["result"]
            paths = sorted("%s/env.config.%s.jsx" % (source, name) for name in names)
            self.assertTrue(paths)
            effects, reads = said["effects"], said["reads"]
            self.assertEqual((effects["wrote"], effects["removed"]), (paths, [source + "/env.config.old.jsx"]))
            self.assertEqual((reads["settings"], reads["asks"], reads["volatile"]), ([], ["render"], []))
            self.assertEqual(reads["listings"], [source])
            self.assertEqual(os.listdir(source), ["env.config.old.jsx"])
            self.assertEqual(self.host.asked[-1]["config"], config)

    def test_what_plugins_loaded_adds(self):
        added = self.done["result"]["filters"]
        self.assertEqual(sorted(added), ["IMAGES_BUILD", "IMAGES_PULL", "IMAGES_PUSH", "tutormfe.hooks.PLUGIN_SLOTS"])
        self.assertEqual({one["plugin"] for entries in added.values() for one in entries}, {"indigo", "mfe"})
        again = self.host.request({"call": "plugins_loaded"})
        self.assertEqual(again["result"], self.done["result"])


if __name__ == "__main__":
    unittest.main()
