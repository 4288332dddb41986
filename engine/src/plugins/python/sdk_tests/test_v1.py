"""Plugins of API v1: what they add, as data."""
import os
import unittest

import client
from test_protocol import Case

RICH = '''
import os, pathlib
from tutor import hooks
from tutor.core.hooks import Filter
MINE = Filter()
MINE.add_item("mine")
F = hooks.Filters
F.CONFIG_DEFAULTS.add_items([("A", 1), ("B", {"x": b"y"})])
F.CONFIG_DEFAULTS.add_item(("C", None), priority=hooks.priorities.HIGH)
F.CONFIG_UNIQUE.add_item(["D", "{{ 8|random_string }}"])
F.ENV_PATCHES.add_item(("p", "text"))
F.ENV_TEMPLATE_ROOTS.add_items([pathlib.Path("/templates"), "/more"])
F.ENV_TEMPLATE_TARGETS.add_items([("a/b", "plugins")])
F.ENV_TEMPLATE_VARIABLES.add_items([("text", "t"), ("func", lambda: 5), ("cls", Filter)])
F.IMAGES_BUILD.add_item(("i", ("a", "b"), "tag", ()))
F.IMAGES_PULL.add_item(("i", "tag"))
F.CLI_DO_INIT_TASKS.add_item(("lms", "script"))
F.COMMANDS_INIT.add_item(("lms", ("x", "hooks", "init")))

@F.COMPOSE_MOUNTS.add()
def mounts(volumes, name):
    return volumes

@hooks.Actions.PLUGIN_LOADED.add()
def loaded(name):
    F.ENV_PATTERNS_IGNORE.add_item("of " + name)

@hooks.Actions.PROJECT_ROOT_READY.add(priority=3)
def ready(root):
    pass

@hooks.lru_cache
def cached():
    pass
'''


class Base(Case):
    def v1(self, host, name="one", **more):
        plugin = dict({"name": name, "module": "tutor%s.plugin" % name, "attribute": None}, **more)
        return host.request({"call": "load_v1", "plugin": plugin})

    def added(self, source, **more):
        self.site.plugin("one", source)
        return self.v1(self.host(), **more)


def pairs(*items):
    return [{"t": "tuple", "v": list(item)} for item in items]


class Adding(Base):
    maxDiff = None

    def test_data_is_told_in_the_order_of_callbacks(self):
        result = self.added(RICH, version="3.1")["result"]
        self.assertEqual(result["version"], "3.1")
        ten = lambda *items: [{"priority": 10, "items": list(items)}]
        self.assertEqual(result["filters"], {
            "CONFIG_DEFAULTS": [
                {"priority": 5, "items": pairs(["C", None])},
                {"priority": 10, "items": pairs(
                    ["A", 1], ["B", {"t": "dict", "v": [["x", {"t": "bytes", "v": "eQ=="}]]}]
                )},
            ],
            "CONFIG_UNIQUE": ten(["D", "{{ 8|random_string }}"]),
            "ENV_PATCHES": ten(*pairs(["p", "text"])),
            "ENV_PATTERNS_IGNORE": ten("of one"),
            "ENV_TEMPLATE_ROOTS": ten("/templates", "/more"),
            "ENV_TEMPLATE_TARGETS": ten(*pairs(["a/b", "plugins"])),
            "ENV_TEMPLATE_VARIABLES": ten(*pairs(["text", "t"])),
            "IMAGES_BUILD": ten(*pairs(["i", pairs(["a", "b"])[0], "tag", pairs([])[0]])),
            "IMAGES_PULL": ten(*pairs(["i", "tag"])),
            "CLI_DO_INIT_TASKS": ten(*pairs(["lms", "script"])),
            "COMMANDS_INIT": ten(*pairs(["lms", pairs(["x", "hooks", "init"])[0]])),
        })

    def test_functions_are_told_with_their_place(self):
        result = self.added(RICH)["result"]
        file = self.site.file("tutorone", "plugin.py")
        line = lambda text: RICH[: RICH.index(text)].count("\n") + 1
        item = {"hook": "filter", "name": "ENV_TEMPLATE_VARIABLES", "priority": 10, "file": file, "item": True}
        here = line("F.ENV_TEMPLATE_VARIABLES")
        mounts = line("@F.COMPOSE_MOUNTS")
        known = {"callable": True, "iterator": False, "truth": True, "html": False, "is": [], "attributes": []}
        func = dict(known, type="function", subscript=False)
        cls = dict(known, type="type", subscript=True)
        self.assertEqual(result["callbacks"], [
            {"hook": "filter", "name": "COMPOSE_MOUNTS", "priority": 10, "function": "mounts", "file": file, "line": mounts},
            dict(item, function="<lambda>", key="func", line=here, handle=func),
            dict(item, function="Filter", key="cls", line=here, handle=cls),
            {"hook": "action", "name": "PLUGIN_LOADED", "priority": 10, "function": "loaded", "file": file,
             "line": line("@hooks.Actions.PLUGIN_LOADED")},
            {"hook": "action", "name": "PROJECT_ROOT_READY", "priority": 3, "function": "ready", "file": file,
             "line": line("@hooks.Actions.PROJECT")},
        ])

    def test_contexts_are_those_of_the_real_tutor(self):
        source = "from tutor.core.hooks import Context\nfrom tutor import hooks\n"
        said = self.added(source + "hooks.Filters.TESTS.add_items(list(Context.CURRENT))\n")
        self.assertEqual(said["result"]["filters"]["TESTS"][0]["items"], ["plugins", "app:one"])

    def test_an_empty_plugin(self):
        said = self.added("")
        empty = {
            "filters": {}, "callbacks": [], "commands": [], "version": None, "cleared": [], "replaced": [], "own": {},
        }
        self.assertEqual(said["result"], empty)
        self.assertEqual(said["reads"]["files"], [self.site.file("tutorone", n) for n in ("__init__.py", "plugin.py")])

    def test_wrong_types_name_the_place(self):
        cases = {
            "CONFIG_DEFAULTS.add_item(('A',))": ("CONFIG_DEFAULTS", ["0"], "a pair", "tuple of length 1"),
            "CONFIG_DEFAULTS.add_item((1, 2))": ("CONFIG_DEFAULTS", ["0", "0"], "text", "int"),
            "CONFIG_DEFAULTS.add_items({'A': 1})": ("CONFIG_DEFAULTS", [], "a list", "dict"),
            "CONFIG_UNIQUE.add_item('AB')": ("CONFIG_UNIQUE", ["0"], "a pair", "str"),
            "ENV_PATCHES.add_items([('a', 'b'), ('c', None)])": ("ENV_PATCHES", ["c", "1"], "text", "NoneType"),
            "ENV_TEMPLATE_ROOTS.add_item(5)": ("ENV_TEMPLATE_ROOTS", ["0"], "text", "int"),
            "ENV_TEMPLATE_TARGETS.add_item(('a', 1))": ("ENV_TEMPLATE_TARGETS", ["a", "1"], "text", "int"),
            "COMMANDS_INIT.add_item(('a', 1))": ("COMMANDS_INIT", ["a", "1"], "text or texts", "int"),
            "IMAGES_BUILD.add_item(('a', 'b', 'c'))": ("IMAGES_BUILD", ["0"], "four values", "tuple of length 3"),
            "IMAGES_PUSH.add_item(('a', 1))": ("IMAGES_PUSH", ["a", "1"], "text", "int"),
            "CLI_DO_INIT_TASKS.add_item(('a', ('b',)))": ("CLI_DO_INIT_TASKS", ["a", "1"], "text", "tuple"),
            "CLI_COMMANDS.add_item('a')": ("CLI_COMMANDS", ["0"], "a click command", "str"),
        }
        for source, (attribute, key, expected, found) in cases.items():
            error = self.added("from tutor import hooks\n\nhooks.Filters.%s\n" % source)["error"]
            told = (error["kind"], error["attribute"], error["key"], error["expected"], error["found"])
            self.assertEqual(told, ("Declaration", attribute, key, expected, found), source)
            if attribute != "CLI_COMMANDS":
                self.assertEqual((error["file"], error["line"]), (self.site.file("tutorone", "plugin.py"), 3))

    def test_a_setting_that_cannot_be_said_is_an_error(self):
        error = self.added("from tutor import hooks\nhooks.Filters.CONFIG_USER.add_item(('A', [object()]))\n")["error"]
        self.assertEqual((error["kind"], error["attribute"]), ("Unrepresentable", "CONFIG_USER"))

    def test_hooks_that_are_not_there(self):
        error = self.added("from tutor import hooks\nhooks.Filters.NOTHING.add_item(1)\n")["error"]
        self.assertEqual(error["kind"], "AttributeError")

    def test_a_seed_is_used(self):
        source = "import random\nfrom tutor import hooks\nhooks.Filters.CONFIG_UNIQUE.add_item(('A', random.random()))\n"
        found = [self.added(source, seed="ab" * 32) for _ in range(2)]
        self.assertEqual(found[0]["result"], found[1]["result"])
        self.assertEqual(found[0]["reads"]["volatile"], [])


class Again(Base):
    ITEM = "from tutor import hooks\nhooks.Filters.TESTS.add_item('%s')\n"

    def items(self, said):
        self.assertIn("result", said, said.get("error"))
        return [item for one in said["result"]["filters"].get("TESTS", []) for item in one["items"]]

    def test_loading_again_tells_the_same(self):
        self.site.plugin("one", self.ITEM % "a")
        host = self.host()
        self.assertEqual([self.items(self.v1(host)) for _ in range(2)], [["a"], ["a"]])

    def test_loading_again_after_forget_drops_what_was_added(self):
        self.site.plugin("one", self.ITEM % "a")
        self.site.plugin("two", "from tutor import hooks\nT = list(hooks.Filters.TESTS.iterate())\n"
                                "hooks.Filters.CONFIG_USER.add_item(('A', T))\n")
        host = self.host()
        self.v1(host)
        self.site.plugin("one", self.ITEM % "bb")
        host.request({"call": "forget", "packages": ["tutorone"]})
        self.assertEqual(self.items(self.v1(host)), ["bb"])
        said = self.v1(host, "two")["result"]["filters"]["CONFIG_USER"][0]["items"]
        self.assertEqual(said, pairs(["A", ["bb"]]))

    def test_a_failed_load_leaves_nothing(self):
        self.site.plugin("one", self.ITEM % "a" + "raise ValueError\n")
        self.site.plugin("two", "from tutor import hooks\nassert not list(hooks.Filters.TESTS.iterate())\n")
        host = self.host()
        self.assertEqual(self.v1(host)["error"]["kind"], "ValueError")
        self.assertIn("result", self.v1(host, "two"))
        self.site.plugin("one", self.ITEM % "b")
        host.request({"call": "forget", "packages": ["tutorone"]})
        self.assertEqual(self.items(self.v1(host)), ["b"])

    def test_a_plugin_that_another_imports_adds_for_itself(self):
        self.site.plugin("one", self.ITEM % "a")
        self.site.plugin("two", "import tutorone.plugin\n" + self.ITEM % "b")
        for order in (("one", "two"), ("two", "one")):
            host = self.host()
            found = {name: self.items(self.v1(host, name)) for name in order}
            self.assertEqual(found, {"one": ["a"], "two": ["b"]}, order)
            for _ in range(2):
                host.request({"call": "forget", "packages": ["tutorone", "tutortwo"]})
                found = {name: self.items(self.v1(host, name)) for name in order}
                self.assertEqual(found, {"one": ["a"], "two": ["b"]}, order)

    def test_two_plugins_of_one_package(self):
        self.site.plugin("one", self.ITEM % "a")
        self.site.write("tutorone/other.py", self.ITEM % "b")
        host = self.host()
        found = [self.items(self.v1(host)), self.items(self.v1(host, "other", module="tutorone.other")), self.items(self.v1(host))]
        self.assertEqual(found, [["a"], ["b"], ["a"]])

    def test_a_load_within_a_load(self):
        self.site.plugin("one", "from tutor import config\nconfig.load_full('/')\n" + self.ITEM % "a")
        self.site.plugin("two", self.ITEM % "b")
        host = self.host()

        def config(message):
            host.nested = self.v1(host, "two")
            return {"t": "dict", "v": []}

        host.answers = {"config": config}
        self.assertEqual(self.items(self.v1(host)), ["a"])
        self.assertEqual(self.items(host.nested), ["b"])


class SingleFile(Base):
    def setUp(self):
        super().setUp()
        self.path = os.path.join(self.site.root, "plugins", "my-plugin.py")
        os.mkdir(os.path.dirname(self.path))

    def single(self, source, host=None, **more):
        with open(self.path, "w") as file:
            file.write(source)
        return self.v1(host or self.host(), "my-plugin", file=self.path, module=None, **more)

    def test_is_loaded_from_its_file(self):
        source = ("import os, sys\nfrom tutor import hooks\n__version__ = '2'\nopen(os.path.join(os.path.dirname(__file__), 'data')).read()\n"
                  "hooks.Filters.TESTS.add_items([__name__, __file__, __name__ in sys.modules, os.environ.get('XYZ')])\n")
        data = os.path.join(os.path.dirname(self.path), "data")
        open(data, "w").close()
        said = self.single(source)
        self.assertIn("result", said, said.get("error"))
        self.assertEqual(said["result"]["filters"]["TESTS"][0]["items"],
                         ["tutor.plugin.v1.my-plugin", self.path, False, None])
        self.assertEqual(said["result"]["version"], "2")
        self.assertEqual((said["reads"]["files"], said["reads"]["variables"]), ([data, self.path], ["XYZ"]))
        self.assertEqual((said["reads"]["plugins"], said["reads"]["modules"]), ([], {}))

    def test_each_load_runs_it_anew(self):
        host = self.host()
        source = "from tutor import hooks\nhooks.Filters.TESTS.add_item(%d)\nopen('/nowhere/%d')\n"
        safe = source.replace("open", "import os; os.path.exists")
        for number in range(3):
            said = self.single(safe % (number, number), host)
            self.assertEqual(said["result"]["filters"], {"TESTS": [{"priority": 10, "items": [number]}]})
            self.assertEqual(said["reads"]["absent"], ["/nowhere/%d" % number])

    def test_impurity_imports_and_libraries(self):
        self.site.distribution("Some.Library", "1.2", ["library"])
        self.site.write("library.py", "")
        said = self.single("import library, datetime, os\nos.urandom(1)\nA = datetime.datetime.now()\ntry:\n    import nowhere\n"
                           "except ImportError:\n    pass\n")["reads"]
        self.assertEqual(list(said["modules"]), ["Some.Library"])
        self.assertEqual([item["kind"] for item in said["volatile"]], ["time", "urandom"])
        self.assertEqual(said["missing"], ["nowhere"])

    def test_errors_have_its_frames(self):
        for source, kind in (("def f():\n    raise ValueError('x')\nf()\n", "ValueError"), ("a = = 1\n", "SyntaxError")):
            said = self.single(source)
            self.assertEqual(said["error"]["kind"], kind)
            self.assertEqual(said["reads"]["files"], [self.path])
            if kind == "ValueError":
                self.assertEqual([(f["function"], f["line"]) for f in said["error"]["frames"]], [("<module>", 3), ("f", 2)])
            else:
                self.assertEqual(said["error"]["syntax"]["line"], 1)

    def test_a_file_that_is_not_there(self):
        said = self.v1(self.host(), "gone", file="/nowhere/gone.py", module=None)
        self.assertEqual(said["error"]["kind"], "FileNotFoundError")
        self.assertEqual(said["reads"]["absent"], ["/nowhere/gone.py"])


if __name__ == "__main__":
    unittest.main()
