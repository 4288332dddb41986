"""The ten packages of the Tutor 13 era, in an environment without Tutor, beside the same ones under Tutor 13.3.1.

Needs two virtual environments, named by TUTOR_ERA_PYTHON and TUTOR_13_PYTHON; see `make_era.sh`.
"""
import json
import os
import subprocess
import tempfile
import unittest

import client

ERA, REAL = os.environ.get("TUTOR_ERA_PYTHON"), os.environ.get("TUTOR_13_PYTHON")
TEN = ("android", "discovery", "ecommerce", "forum", "mfe", "minio", "notes", "richie", "webui", "xqueue")
EVALUATE = """
import importlib, json, sys
def value(thing, name, default):
    found = getattr(thing, name, default)
    return found() if callable(found) else found
def plain(value):
    if isinstance(value, dict):
        return {"t": "dict", "v": [[key, plain(item)] for key, item in value.items()]}
    return [plain(item) for item in value] if isinstance(value, list) else value
found = {}
for name in sys.argv[1:]:
    thing = importlib.import_module("tutor%s.plugin" % name)
    config, hooks = value(thing, "config", {}), value(thing, "hooks", {})
    found[name] = {
        "config": {s: [[k, plain(v)] for k, v in config.get(s, {}).items()] for s in ("add", "defaults", "set")},
        "patches": [list(item) for item in value(thing, "patches", {}).items()],
        "hooks": dict(
            {s: list(hooks.get(s, [])) for s in ("init", "pre-init")},
            **{s: [list(item) for item in hooks.get(s, {}).items()] for s in ("build-image", "remote-image")}
        ),
        "templates": value(thing, "templates", None),
        "command": getattr(getattr(thing, "command", None), "help", None),
    }
json.dump(found, sys.stdout)
"""


@unittest.skipUnless(ERA and REAL, "needs TUTOR_ERA_PYTHON and TUTOR_13_PYTHON")
class Era(unittest.TestCase):
    maxDiff = None

    def test_the_ten_declare_what_they_do_under_the_real_tutor(self):
        out = subprocess.run([REAL, "-W", "ignore", "-c", EVALUATE, *TEN], stdout=subprocess.PIPE, check=True).stdout
        expected = json.loads(out.decode())
        folders = [self.packages(python) for python in (REAL, ERA)]
        with client.Host(python=ERA) as host:
            for name in TEN:
                said = host.load(name, "tutor%s.plugin" % name)
                self.assertIn("result", said, said.get("error"))
                result, wanted = said["result"], expected[name]
                wanted["templates"] = wanted["templates"] and wanted["templates"].replace(*folders)
                for part in ("config", "hooks", "templates"):
                    self.assertEqual(result[part], wanted[part], name)
                # Folders are listed in whatever order the file system has.
                self.assertEqual(sorted(result["patches"]), sorted(wanted["patches"]), name)
                self.assertEqual(result["command"] and result["command"]["help"], wanted["command"])
                self.assertEqual((said["reads"]["volatile"], said.get("fallthrough")), ([], None), name)
                for path in said["reads"]["files"]:
                    self.assertIn(os.sep + "tutor" + name + os.sep, path)

    def test_each_alone_and_in_any_order_reads_the_same(self):
        def reads(names):
            with client.Host(python=ERA) as host:
                return {name: host.load(name, "tutor%s.plugin" % name)["reads"] for name in names}

        together, reverse = reads(TEN), reads(TEN[::-1])
        self.assertEqual(together, reverse)
        for name in TEN:
            self.assertEqual(reads([name])[name], together[name])

    def test_the_command_of_xqueue_is_as_under_the_real_tutor(self):
        plugin = {"name": "xqueue", "module": "tutorxqueue.plugin", "attribute": None}
        environ = {"TUTOR_ROOT": self.folder, "TUTOR_PLUGINS_ROOT": self.folder + "-plugins"}
        tutor = os.path.join(os.path.dirname(REAL), "tutor")

        def real(*args):
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            done = subprocess.run([tutor, *args], env=dict(os.environ, **environ), **pipes)
            errors = [line for line in done.stderr.decode().splitlines() if "running Tutor as root" not in line]
            return done.returncode, done.stdout, errors

        real("config", "save")
        real("plugins", "enable", "xqueue")
        for args in (["--help"], ["submissions", "--help"], ["-h"], ["nothing"], ["submissions", "grade", "1"], []):
            host = client.Host(python=ERA, terminal=True)
            host.request({"call": "run_command", "plugin": plugin, "args": args, "root": self.folder})
            errors = host.printed().splitlines()
            self.assertEqual(host.close() + (errors,), real("xqueue", *args), args)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def packages(self, python):
        code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
        return subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


if __name__ == "__main__":
    unittest.main()
