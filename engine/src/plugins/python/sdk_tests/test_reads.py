"""What loading depended on: everything that the plugin's own code looked at, and nothing else."""
import os
import subprocess
import unittest

import client
from test_protocol import Case


class Base(Case):
    def reads(self, source, name="one", **options):
        self.site.plugin(name, source)
        said = self.host(**options).load(name, "tutor%s.plugin" % name)
        self.assertIn("result", said, said.get("error"))
        return said["reads"]

    def own(self, *names):
        return sorted(self.site.file("tutorone", name) for name in ("__init__.py", "plugin.py") + names)

    def kinds(self, reads):
        return sorted({item["kind"] for item in reads["volatile"]})


class Reads(Base):
    def test_a_plain_plugin_is_its_own_files(self):
        expected = dict.fromkeys(("listings", "absent", "missing", "stats", "variables", "plugins", "volatile"), [])
        expected.update(files=self.own(), modules={})
        self.assertEqual(self.reads("from tutor import hooks as h\nimport json, glob, os.path\n"), expected)
        self.assertEqual(self.reads("from tutor import hooks as h\nimport json, glob, os.path\n"), expected, "from .pyc")

    def test_modules_of_the_plugin_are_files(self):
        self.site.write("tutorone/data.py")
        self.site.write("tutorone/lazy.py")
        self.site.write("tutorone/unused.py")
        reads = self.reads("from . import data\ndef config():\n    from tutorone import lazy\n    return {}\n")
        self.assertEqual(reads["files"], self.own("data.py", "lazy.py"))

    def test_data_files_and_folders_of_patches(self):
        self.site.write("tutorone/patches/a", "A")
        self.site.write("tutorone/data.json", "{}")
        reads = self.reads(
            "import glob, json, os\nfrom pathlib import Path\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
            "json.loads(Path(HERE, 'data.json').read_text())\ndef patches():\n"
            "    return {os.path.basename(p): open(p).read() for p in glob.glob(os.path.join(HERE, 'patches', '*'))}\n"
        )
        self.assertEqual(reads["files"], self.own("data.json", "patches/a"))
        self.assertEqual(reads["listings"], [self.site.file("tutorone", "patches")])
        self.assertEqual(reads["volatile"], [])

    def test_paths_that_are_not_there_are_absent(self):
        self.site.write("tutorone/there", "")
        reads = self.reads(
            "import os\nfrom pathlib import Path\nHERE = os.path.dirname(__file__) + '/'\n"
            "os.path.exists(HERE + 'a'); Path(HERE, 'b').is_file(); os.path.isdir(HERE + 'there')\n"
            "try:\n    open(HERE + 'c')\nexcept OSError:\n    pass\n"
            "try:\n    os.listdir(HERE + 'd')\nexcept OSError:\n    pass\n"
        )
        self.assertEqual(reads["absent"], [self.site.file("tutorone", name) for name in "abcd"])
        self.assertEqual(reads["stats"], [self.site.file("tutorone", "there")])
        self.assertEqual(reads["files"], self.own())

    def test_variables_found_or_not(self):
        reads = self.reads(
            "import os\nfrom os import environ\nos.environ.get('A_A'); environ.get('B_B', 1); os.getenv('C_C')\n"
            "'D_D' in os.environ; os.environ.setdefault('E_E', ''); os.path.expandvars('$F_F')\n"
            "os.environ['G_G'] = '1'; os.getenvb(b'H_H')\n",
            environ={"A_A": "1"},
        )
        self.assertEqual(reads["variables"], [c + "_" + c for c in "ABCDEFH"])

    def test_all_variables_at_once(self):
        self.assertEqual(self.reads("import os\ndict(os.environ)\n")["variables"], ["*"])

    def test_impure_plugins_are_told_with_the_place(self):
        for kind, source in {
            "random": "import random; random.choice([1])",
            "secrets": "import secrets; secrets.token_hex(8)",
            "urandom": "import os; os.urandom(3)",
            "uuid": "import uuid; uuid.uuid4()",
            "time": "import time; time.time()",
            "process": "import subprocess; subprocess.run(['true'], env={})",
            "network": "import socket; socket.socket().close()",
            "system": "import os; os.getuid()",
            "write": "import os; open(os.devnull + 'x', 'w').close(); os.remove(os.devnull + 'x')",
        }.items():
            reads = self.reads("\n" + source + "\n")
            self.assertEqual(self.kinds(reads), [kind], source)
            self.assertEqual((reads["volatile"][0]["file"], reads["volatile"][0]["line"]), (self.own()[1], 2))

    def test_other_ways_to_be_impure(self):
        for kind, source in {
            "random": "import random; random.Random().random()",
            "secrets": "from secrets import choice, randbelow, token_urlsafe; token_urlsafe()",
            "uuid": "from uuid import uuid1; uuid1()",
            "time": "import datetime; datetime.date.today()",
        }.items():
            self.assertEqual(self.kinds(self.reads(source + "\n")), [kind], source)
        self.assertTrue(self.kinds(self.reads("from secrets import choice; choice('abc')\n")))
        self.assertTrue(self.kinds(self.reads("from random import SystemRandom as R; R().random()\n")))
        for source in ("now()", "utcnow()"):
            self.assertEqual(self.kinds(self.reads("from datetime import datetime as d\nA = d.%s\n" % source)), ["time"])

    def test_the_clock_of_a_function_that_nobody_runs_is_no_matter(self):
        source = "from datetime import datetime\ndef unused():\n    return datetime.now()\ndef config():\n    return %s\n"
        self.assertEqual(self.kinds(self.reads(source % "{}")), [])
        self.assertEqual(self.kinds(self.reads(source % "{'set': {'A': str(unused())}}")), ["time"])

    def test_seeded_randomness_and_durations_are_pure(self):
        reads = self.reads("import random, time, logging, uuid\nrandom.Random(5).random()\ntime.perf_counter()\n"
                           "logging.getLogger().warning('x')\nuuid.uuid5(uuid.NAMESPACE_DNS, 'a')\n")
        self.assertEqual((reads["volatile"], reads["variables"]), ([], []))

    def test_a_failed_import_waits_for_the_module(self):
        reads = self.reads("try:\n    import notyet\nexcept ImportError:\n    pass\n"
                           "try:\n    from . import later\nexcept ImportError:\n    pass\n")
        self.assertEqual(reads["missing"], ["notyet", "tutorone.later"])
        for path in ("notyet", "notyet.py", "tutorone/later.py"):
            self.assertIn(self.site.file(path), reads["absent"])

    def test_a_load_that_fails_says_what_it_read(self):
        self.site.write("tutorone/broken.py", "open(__file__ + '.txt')\n")
        self.site.write("tutorone/twisted.py", "a = = 2\n")
        for module, absent in (("broken", [self.site.file("tutorone", "broken.py.txt")]), ("twisted", [])):
            self.site.plugin("one", "from . import %s\n" % module)
            for _ in range(2):
                said = self.host().load("one", "tutorone.plugin")
                self.assertEqual(said["reads"]["files"], self.own(module + ".py"))
                self.assertEqual(said["reads"]["absent"], absent)
        self.site.plugin("one", "import nowhere\n")
        self.assertIn(self.site.file("nowhere.py"), self.host().load("one", "tutorone.plugin")["reads"]["absent"])

    def test_paths_relative_to_the_working_folder_depend_on_it(self):
        reads = self.reads("import os\nos.path.exists('nothing')\n", cwd=self.site.root)
        self.assertEqual(reads["absent"], [os.path.join(self.site.root, "nothing")])
        self.assertEqual(self.kinds(reads), ["cwd"])


class Others(Base):
    LIBRARY = (
        "import os, glob, random, time, socket, uuid\nDATA = [open(p).read() for p in glob.glob(os.path.dirname("
        "os.path.abspath(__file__)) + '/data/*')]\nos.environ.get('LIBRARY'); dict(os.environ); random.random()\n"
        "time.time(); os.path.exists('/nowhere'); uuid.uuid4()\ntry:\n    import missing_accelerator\n"
        "except ImportError:\n    pass\ndef read(path):\n    return open(path).read()\n"
        "def own():\n    return read(os.path.join(os.path.dirname(__file__), 'data', '3'))\n"
    )

    def setUp(self):
        super().setUp()
        self.site.distribution("Some.Library", "1.2", ["library"])
        self.site.write("library/__init__.py", self.LIBRARY)
        for number in range(50):
            self.site.write("library/data/%d" % number)

    def test_a_distribution_stands_for_what_its_import_did(self):
        for source in ("import library\n", "import library\nlibrary.own()\n"):
            reads = self.reads(source)
            path = self.site.file("Some.Library-1.2.dist-info")
            self.assertEqual(reads["modules"], {"Some.Library": {"version": "1.2", "path": path}})
            self.assertEqual(reads["files"], self.own())
            for kind in ("listings", "absent", "stats", "variables", "volatile"):
                self.assertEqual(reads[kind], [], kind)

    def test_what_a_library_reads_for_the_plugin_is_the_plugins(self):
        self.site.write("tutorone/x", "")
        reads = self.reads("import library\nlibrary.read(__file__[:-9] + 'x')\n")
        self.assertEqual(reads["files"], self.own("x"))

    def test_a_function_of_a_library_as_attribute(self):
        self.site.write("tutorone/x", "")
        source = "import functools, library\ntemplates = functools.partial(library.read, __file__[:-9] + 'x')\n"
        self.assertEqual(self.reads(source)["files"], self.own("x"))

    def test_what_a_library_brings_along_is_the_librarys(self):
        self.site.distribution("carrier", "3.0", ["carrier"])
        self.site.write("carrier/_vendor/brought/__init__.py", "import os\nos.environ.get('BROUGHT')\n")
        self.site.write(
            "carrier/__init__.py",
            "import os, sys\nsys.path.append(os.path.join(os.path.dirname(__file__), '_vendor'))\nimport brought\n",
        )
        for source in ("import carrier\n", "import carrier\nimport brought\n"):
            reads = self.reads(source)
            self.assertEqual(list(reads["modules"]), ["carrier"])
            self.assertEqual(reads["files"], self.own())

    def test_a_second_plugin_depends_on_the_same_library(self):
        self.site.plugin("one", "import library\n")
        self.site.plugin("two", "from library import read\n")
        self.site.plugin("three", "")
        host = self.host()
        found = [host.load(n, "tutor%s.plugin" % n)["reads"]["modules"] for n in ("one", "two", "three")]
        self.assertEqual([list(modules) for modules in found], [["Some.Library"], ["Some.Library"], []])

    def test_what_the_sdk_imports_for_a_plugin_is_the_plugins(self):
        self.site.distribution("PyYAML", "7", ["yaml"])
        self.site.write("yaml.py", "SafeLoader = None\ndef load(text, Loader):\n    return {}\n")
        self.site.plugin("one", "from tutor import serialize\nserialize.load('a')\n")
        self.site.plugin("two", "from tutor import serialize\n")
        for order in (("one", "two"), ("two", "one")):
            host = self.host()
            found = {name: host.load(name, "tutor%s.plugin" % name)["reads"]["modules"] for name in order}
            self.assertEqual({name: list(found[name]) for name in found}, {"one": ["PyYAML"], "two": []})

    def test_modules_of_an_installed_tutor_are_its_distributions(self):
        self.site.distribution("tutor", "21", ["tutor"])
        self.site.write("tutor/__init__.py")
        self.site.write("tutor/jobs.py", "import library\n")
        reads = self.reads("from tutor import jobs\n")
        self.assertEqual(sorted(reads["modules"]), ["Some.Library", "tutor"])
        self.assertEqual(self.reads("from tutor import types\n")["modules"], {})

    def test_a_library_that_imports_plugins_by_name_does_it_for_them(self):
        self.site.write("library/by_name.py", "import importlib\ndef get(n):\n    return importlib.import_module(n)\n")
        self.site.write("tutorone/late.py")
        for name, more in (("one", "get('tutorone.late')\n"), ("two", ""), ("three", "get('tutorone.plugin')\n")):
            source = "from library.by_name import get\nget(__package__)\ndef config():\n    get(__name__)\n    return {}\n"
            self.site.plugin(name, source + more)
        host = self.host()
        found = {name: host.load(name, "tutor%s.plugin" % name)["reads"] for name in ("one", "two", "three")}
        self.assertEqual([found[name]["plugins"] for name in found], [[], [], ["tutorone"]])
        self.assertEqual(found["one"]["files"], self.own("late.py"))

    def test_a_module_that_another_plugin_imported_keeps_its_reads(self):
        self.site.write("tutorone/data", "")
        self.site.write("tutorone/other", "")
        self.site.write("tutorone/shared.py", "import os\nopen(__file__[:-9] + 'data')\nos.environ.get('SHARED')\n")
        self.site.plugin("one", "from . import shared\nopen(__file__[:-9] + 'other')\n")
        self.site.plugin("two", "from tutorone import shared\n")
        for order in (("one", "two"), ("two", "one")):
            host = self.host()
            found = {name: host.load(name, "tutor%s.plugin" % name)["reads"] for name in order}
            self.assertEqual(found["two"]["plugins"], ["tutorone"])
            self.assertEqual(found["one"]["plugins"], [])
            self.assertEqual(found["two"]["variables"], ["SHARED"])
            two = [self.site.file("tutortwo", name) for name in ("__init__.py", "plugin.py")]
            shared = [self.site.file("tutorone", name) for name in ("__init__.py", "data", "shared.py")]
            self.assertEqual(found["two"]["files"], sorted(two + shared))
            self.assertEqual(found["one"]["files"], self.own("data", "other", "shared.py"))

    def test_what_one_plugin_reads_through_another_is_its_own(self):
        self.site.write("tutorone/x", "")
        self.site.write("tutorone/y", "")
        self.site.plugin("two", "def read(name):\n    return open(name).read()\n\ntemplates = read(__file__)\n")
        self.site.plugin("one", "from tutortwo.plugin import read\ndef templates():\n    return read(__file__[:-9] + 'x')\n")
        host = self.host()
        one = host.load("one", "tutorone.plugin")["reads"]
        two = host.load("two", "tutortwo.plugin")["reads"]
        self.assertIn(self.site.file("tutorone", "x"), one["files"])
        self.assertNotIn(self.site.file("tutorone", "x"), two["files"])

    def test_code_that_no_distribution_has_is_files(self):
        self.site.write("loose.py", "import os\nos.environ.get('LOOSE')\n")
        reads = self.reads("import loose\n")
        self.assertEqual(reads["files"], sorted(self.own() + [self.site.file("loose.py")]))
        self.assertEqual(reads["variables"], ["LOOSE"])

    def test_resources_of_the_plugin(self):
        self.site.write("tutorone/patches/a", "A")
        for source in (
            "import pkgutil\npkgutil.get_data('tutorone', 'patches/a')\n",
            "try:\n    from importlib.resources import files\nexcept ImportError:\n    files = lambda name: "
            "__import__('pathlib').Path(__file__).parent\n"
            "[p.read_text() for p in (files('tutorone') / 'patches').iterdir()]\n",
            "import importlib.resources as r\nr.read_text('tutorone', 'plugin.py')\nopen(__file__[:-9] + 'patches/a')\n",
        ):
            reads = self.reads("import warnings\nwarnings.simplefilter('ignore')\n" + source)
            self.assertEqual(reads["files"], self.own("patches/a"), source)
            self.assertEqual(reads["volatile"], [])

    def test_versions_of_distributions_that_the_plugin_asks_for(self):
        reads = self.reads("from importlib.metadata import version\nversion('Some.Library')\n")
        self.assertIn(self.site.file("Some.Library-1.2.dist-info", "METADATA"), reads["files"])
        self.assertEqual(reads["listings"], [])
        source = "from importlib.metadata import version\ntry:\n    version('gone')\nexcept ImportError:\n    pass\n"
        self.assertIn(self.site.path, self.reads(source)["listings"])
        source = "from importlib.metadata import distributions\n[d.read_text('entry_points.txt') for d in distributions()]\n"
        reads = self.reads(source)
        self.assertIn(self.site.path, reads["listings"])
        self.assertEqual((reads["files"], reads["absent"]), (self.own(), []))

    def test_distributions_that_share_a_package(self):
        for name in ("space_a", "space_b"):
            self.site.distribution(name, "1", ["space"])
        self.site.write("space/a.py")
        self.assertEqual(list(self.reads("import space.a\n")["modules"]), ["space_a", "space_b"])

    def test_a_library_that_is_installed_editable_is_files(self):
        elsewhere = os.path.join(self.site.root, "src", "edited", "__init__.py")
        self.site.distribution("edited", "1", ["edited"])
        self.site.write("../src/edited/__init__.py")
        self.site.write("zz.pth", "")
        reads = self.reads("import sys\nsys.path.append(%r)\nimport edited\n" % os.path.dirname(os.path.dirname(elsewhere)))
        self.assertIn(elsewhere, reads["files"])
        self.assertEqual((reads["modules"], reads["plugins"]), ({}, []))

    def test_names_that_are_no_unicode(self):
        reads = self.reads("import os\nos.path.exists(b'/tmp/\\xff')\n")
        self.assertEqual(self.kinds(reads), ["unnameable"])


class Environments(Base):
    def test_a_virtual_environment_is_not_the_standard_library(self):
        code = (
            "import sys, sysconfig; sys.path.insert(0, %r)\nfrom tutor_host.owners import Owners\nowners = Owners()\n"
            "import json; print(owners.is_standard(json.__file__), owners.is_standard(sysconfig.get_paths()['purelib']))"
        )
        out = subprocess.run([client.PYTHON, "-B", "-c", code % client.SDK], stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(out, b"True False\n")

    def test_native_draws(self):
        self.site.distribution("bcrypt", "5", ["bcrypt"])
        self.site.write("bcrypt.py", "def gensalt():\n    return b''\n")
        self.assertEqual(self.kinds(self.reads("from bcrypt import gensalt\ngensalt()\n")), ["random"])

    def test_a_password_drawn_with_the_sdk(self):
        self.assertEqual(self.kinds(self.reads("from tutor import utils\nutils.random_string(8)\n")), ["random"])

    def test_a_plugin_may_replace_functions_of_the_sdk(self):
        reads = self.reads("from tutor import utils, fmt\nutils.execute = fmt.echo = None\n")
        self.assertEqual(reads["volatile"], [])


class Transparent(Case):
    def test_what_is_wrapped_looks_and_works_as_before(self):
        source = """
import inspect, os, shutil, pathlib, pickle, random, tempfile, time
found = {
    "signature": str(inspect.signature(os.stat)) != "",
    "name": os.stat.__name__ == "stat" and random.choice.__name__ == "choice",
    "supports": os.stat in os.supports_dir_fd and os.stat in os.supports_follow_symlinks,
    "rmtree": shutil.rmtree.avoids_symlink_attacks,
    "environ": type(os.environ).__name__ == "_Environ" and repr(os.environ).startswith("environ("),
    "copy": type(os.environ.copy()) is dict and os.environ.copy() == dict(os.environ),
    "pathlib": pathlib.Path("/").exists() and pathlib.Path("/").lstat().st_mode > 0,
    "keywords": os.stat(path="/", follow_symlinks=False).st_mode > 0 and isinstance(time.strftime("%Y"), str),
    "seeded": [random.Random(3).random(), random.Random(3).random()],
    "temporary": os.path.isdir(tempfile.mkdtemp()),
}
try:
    os.environ["NOT_THERE"]
except KeyError as error:
    found["key"] = error.args == ("NOT_THERE",)
found["seeded"] = found["seeded"][0] == found["seeded"][1]
config = {"set": {"F": sorted(key for key, value in found.items() if not value)}}
"""
        self.assertEqual(self.declared(source)["result"]["config"]["set"], [["F", []]])


class Uninstall(unittest.TestCase):
    def test_everything_is_taken_off_again(self):
        code = """
import sys; sys.path.insert(0, %r)
import builtins, os, random, time, importlib, uuid
things = lambda: [os.stat, os.urandom, time.time, builtins.__import__, importlib.import_module, type(os.environ),
                  random.choice, random._urandom, random.Random.seed, uuid.uuid1, os.getcwd]
before = [id(thing) for thing in things()][:8] + [id(type(os.environ))]
from tutor_host.record import Recorder
recorder = Recorder(); recorder.install()
assert [id(thing) for thing in things()][:8] + [id(type(os.environ))] != before
recorder.uninstall()
assert [id(thing) for thing in things()][:6] == before[:6], 'still on'
assert recorder not in sys.meta_path
""" % os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sdk")
        subprocess.run([client.PYTHON, "-B", "-c", code], check=True)
