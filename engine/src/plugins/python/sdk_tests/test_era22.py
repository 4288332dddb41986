"""Plugins of API v1 in environments without Tutor, beside the same ones under Tutor 22.0.3.

Needs the virtual environments that `make_era22.sh` and `make_era.sh` make, and the variables that they print.
"""
import json
import os
import subprocess
import tempfile
import unittest

import client

ALONE, REAL = os.environ.get("TUTOR_22_ALONE_PYTHON"), os.environ.get("TUTOR_22_PLUGINS_PYTHON")
ERA = os.environ.get("TUTOR_ERA_PYTHON")
SIX = ("discovery", "forum", "indigo", "mfe", "minio", "notes")
DUMP = """
import json, sys
from tutor import hooks, plugins
from tutor.commands import cli
sys.path.insert(0, sys.argv[1])
from tutor_host import values
hooks.Actions.CORE_READY.do()
found = {}
for name in sys.argv[2:]:
    plugins.load(name)
for name in sys.argv[2:]:
    context, data, functions, commands = hooks.Contexts.app(name).name, {}, [], []
    for kind, catalogue in (("filter", hooks.Filters), ("action", hooks.Actions)):
        for hook, thing in vars(catalogue).items():
            for callback in getattr(thing, "callbacks", ()):
                if context not in callback.contexts or (kind, hook) == ("filter", "PLUGINS_LOADED"):
                    continue
                if callback.func.__qualname__ != "Filter.add_items.<locals>.callback":
                    if callback.func.__module__ != "tutor.hooks":
                        functions.append([kind, hook, callback.priority, callback.func.__name__])
                    continue
                items = callback.func([])
                if hook == "CLI_COMMANDS":
                    commands += [[item.name, item.help] for item in items]
                    continue
                said = []
                for item in items:
                    try:
                        said.append(values.encode(item))
                    except values.Unrepresentable:
                        functions.append([kind, hook, callback.priority, None])
                if said:
                    data.setdefault(hook, []).append({"priority": callback.priority, "items": said})
    found[name] = {"filters": data, "callbacks": functions, "commands": commands}
json.dump(found, sys.stdout)
"""


def packages(python):
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    return subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def load(host, name):
    plugin = {"name": name, "module": "tutor%s.plugin" % name, "attribute": None}
    return host.request({"call": "load_v1", "plugin": plugin})


@unittest.skipUnless(ALONE and REAL, "needs TUTOR_22_ALONE_PYTHON and TUTOR_22_PLUGINS_PYTHON")
class Today(unittest.TestCase):
    maxDiff = None

    def test_the_six_add_what_they_do_under_the_real_tutor(self):
        with tempfile.TemporaryDirectory() as folder:
            environ = dict(os.environ, TUTOR_ROOT=folder, TUTOR_PLUGINS_ROOT=folder)
            command = [REAL, "-W", "ignore", "-c", DUMP, client.SDK, *SIX]
            out = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True).stdout.decode()
        expected = json.loads(out.replace(packages(REAL), packages(ALONE)))
        for order in (SIX, SIX[::-1]):
            with client.Host(python=ALONE) as host:
                for name in order:
                    said = load(host, name)
                    self.assertIn("result", said, (name, said.get("error")))
                    result, wanted = said["result"], expected[name]
                    self.assertEqual(self.sorted(result["filters"]), self.sorted(wanted["filters"]), name)
                    told = [
                        [one["hook"], one["name"], one["priority"], None if one.get("item") else one["function"]]
                        for one in result["callbacks"]
                    ]
                    self.assertEqual(sorted(told, key=repr), sorted(wanted["callbacks"], key=repr), name)
                    commands = [[one["name"], one["help"]] for one in result["commands"]]
                    wanted = [[name, (text or "").strip().partition("\n")[0]] for name, text in wanted["commands"]]
                    self.assertEqual(commands, wanted, name)
                    self.assertEqual(said.get("fallthrough"), None, name)

    def sorted(self, filters):
        """Patches are read from folders, which are listed in whatever order the file system has."""
        patches = sorted(filters.get("ENV_PATCHES", []), key=repr)
        return dict(filters, ENV_PATCHES=patches)

    def test_each_alone_and_in_any_order_says_the_same(self):
        def said(names):
            with client.Host(python=ALONE) as host:
                return {name: {k: load(host, name).get(k) for k in ("result", "reads", "error")} for name in names}

        together, reverse = said(SIX), said(SIX[::-1])
        self.assertEqual(together, reverse)
        for name in SIX:
            self.assertEqual(said([name])[name], together[name])
            self.assertEqual(together[name]["reads"]["volatile"], [], name)


@unittest.skipUnless(ERA, "needs TUTOR_ERA_PYTHON")
class Thirteen(unittest.TestCase):
    def test_mfe_and_webui_of_the_tutor_13_era(self):
        with client.Host(python=ERA) as host:
            mfe, webui = load(host, "mfe"), load(host, "webui")
        for said in (mfe, webui):
            self.assertIn("result", said, said.get("error"))
            self.assertEqual((said["reads"]["volatile"], said.get("fallthrough")), ([], None))
        filters = mfe["result"]["filters"]
        for name in ("CONFIG_DEFAULTS", "ENV_PATCHES", "COMMANDS_INIT", "ENV_TEMPLATE_ROOTS", "IMAGES_BUILD"):
            self.assertIn(name, filters)
        self.assertEqual([one["name"] for one in webui["result"]["commands"]], ["shell", "webui"])


if __name__ == "__main__":
    unittest.main()
