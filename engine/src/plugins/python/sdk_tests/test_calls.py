"""Functions of plugins that the engine has called: what they come to, what they read, what they do."""
import os
import signal
import subprocess
import time
import unittest

import client
from test_v1 import Base, pairs

HEAD = "import os\nfrom tutor import hooks\nfrom tutor.core.hooks import Filter\nF, A = hooks.Filters, hooks.Actions\n"
NOTHING = {
    "files": [], "listings": [], "stats": [], "absent": [], "missing": [], "variables": [], "modules": {},
    "plugins": [], "volatile": [], "settings": [], "filters": [], "ran": ["one"], "asks": [],
}
QUIET = {
    "added": {"filters": {}, "callbacks": [], "commands": []}, "cleared": [], "wrote": [], "removed": [],
    "printed": "", "config_changes": [], "config_removed": [], "kept": [],
}


def tagged(**settings):
    return {"t": "dict", "v": [[key, value] for key, value in settings.items()]}


class Calls(Base):
    maxDiff = None

    def plugin(self, source, name="one", host=None, **more):
        """A host with a plugin."""
        self.site.plugin(name, HEAD + source)
        self.talk = host or self.host(**more)
        self.loaded = self.v1(self.talk, name)
        self.assertIn("result", self.loaded, self.loaded.get("error"))
        return self.talk

    def call(self, target, *args, **more):
        if isinstance(target, str):
            target = {"kind": "variable", "name": target}
        return self.talk.request(dict({"call": "call", "target": target, "args": list(args)}, **more))

    def result(self, target, *args, **more):
        said = self.call(target, *args, **more)
        self.assertIn("result", said, said.get("error"))
        return said["result"]

    def variable(self, source, *args, **more):
        """Calls the variable `f` of a plugin."""
        self.plugin(source + "\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        return self.call("f", *args, **more)


class Targets(Calls):
    def test_a_variable_and_a_filter(self):
        said = self.variable("def f(a, *b, c=1):\n    return [a, b, c]\n", 1, tagged(x="y"), kwargs=[["c", [None]]])
        self.assertEqual(said["result"], [1, {"t": "tuple", "v": [tagged(x="y")]}, [None]])
        self.assertEqual((said["reads"], said["effects"]), (NOTHING, QUIET))
        self.plugin("F.ENV_TEMPLATE_FILTERS.add_items([('u', str.lower), ('u', str.upper)])\n")
        self.assertEqual(self.result({"kind": "filter", "name": "u"}, "a"), "A")

    def test_a_variable_that_a_function_adds(self):
        self.plugin("@F.ENV_TEMPLATE_VARIABLES.add()\ndef more(items):\n    return items + [('f', lambda: 'there')]\n")
        said = self.call("f")
        self.assertEqual((said["result"], said["reads"]["filters"]), ("there", ["ENV_TEMPLATE_VARIABLES"]))

    def test_callbacks_by_number(self):
        self.plugin("@F.COMPOSE_MOUNTS.add()\ndef mounts(value, name):\n    value.append(name)\n    return value\n"
                    "@A.PROJECT_ROOT_READY.add()\ndef ready(root):\n    print('at', root)\n    return 5\n"
                    "@A.PLUGINS_LOADED.add()\ndef loaded():\n    pass\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_items([('a', 1), ('f', lambda: 6)])\n")
        names = [one["name"] for one in self.loaded["result"]["callbacks"]]
        self.assertEqual(sorted(names), ["COMPOSE_MOUNTS", "ENV_TEMPLATE_VARIABLES", "PLUGINS_LOADED", "PROJECT_ROOT_READY"])
        at = lambda name: {"kind": "callback", "plugin": "one", "at": names.index(name)}
        self.assertEqual(self.result(at("COMPOSE_MOUNTS"), ["x"], "y"), ["x", "y"])
        said = self.call(at("PROJECT_ROOT_READY"), "/r")
        self.assertEqual((said["result"], said["effects"]["printed"]), (None, "at /r\n"))
        self.assertEqual(self.result(at("ENV_TEMPLATE_VARIABLES")), 6)
        for target in (dict(at("COMPOSE_MOUNTS"), at=9), dict(at("COMPOSE_MOUNTS"), plugin="two")):
            self.assertEqual(self.call(target)["error"]["kind"], "Refusal")

    def test_whole_filters_also_those_of_plugins(self):
        self.plugin("MINE = Filter()\nMINE.add_item(1)\nMINE.add()(lambda value, n: value + [n])\n")
        said = self.call({"kind": "apply", "name": "tutorone.plugin.MINE"}, [], 7)
        self.assertEqual((said["result"], said["reads"]["filters"]), ([1, 7], ["tutorone.plugin.MINE"]))
        self.assertEqual(self.result({"kind": "apply", "name": "tutorone.plugin.MINE", "context": "app:two"}, [0], 7), [0])
        self.assertEqual(self.call({"kind": "apply", "name": "NONE"}, [])["error"]["kind"], "Refusal")

    def test_what_is_not_there(self):
        self.plugin("")
        for target in ({"kind": "x"}, {"kind": "variable", "name": "f"}, {}):
            self.assertEqual(self.call(target)["error"]["kind"], "Refusal")


class Kept(Calls):
    """What calls change that outlives them."""

    CIRCLES = (
        "class Node:\n    def __init__(self):\n        self.other = None\n"
        "a, b = Node(), Node()\na.other, b.other = b, a\n"
    )

    def kept(self, name, *args):
        return [one["name"] for one in self.call(name, *args)["effects"]["kept"]]

    def test_what_one_keeps_makes_nothing_else_another_thing(self):
        self.plugin(
            "many = []\ndef f():\n    many.append([len(many)])\n    return len(many)\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n"
        )
        host = self.talk
        self.plugin(self.CIRCLES + "F.ENV_TEMPLATE_VARIABLES.add_item(('g', lambda: 1))\n", "two", host=host)
        for _ in range(3):
            self.assertEqual(self.kept("f"), ["tutorone.plugin.many"])
        self.assertEqual(self.kept("g"), [])

    def test_circles_that_change_are_seen(self):
        self.plugin(self.CIRCLES + "def f():\n    b.other = b\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        self.assertEqual(self.kept("f"), ["tutorone.plugin.a", "tutorone.plugin.b"])
        self.assertEqual(self.kept("f"), [])

    def test_reading_keeps_nothing(self):
        self.plugin("import collections\nd = collections.defaultdict(list)\nx = [1]\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_items([('x', lambda: x[0]), ('d', d.__getitem__)])\n")
        self.assertEqual(self.kept("x"), [])
        # What is no Python may keep things too.
        self.assertEqual(self.kept("d", "key"), ["tutorone.plugin.d"])


class Configuration(Calls):
    C = tagged(A=1, B=[1], C=tagged(x=1), D=None)

    def told(self, expression, *statements):
        body = "".join("    %s\n" % line for line in statements)
        said = self.variable("import copy, json\ndef f(c):\n%s    return %s\n" % (body, expression), {"t": "config"}, config=self.C)
        self.assertIn("result", said, said.get("error"))
        return said["result"], said["reads"]["settings"], said["effects"]["config_changes"], said["effects"]["config_removed"]

    def test_which_keys_are_read(self):
        for expression, result, names in (
            ("isinstance(c, dict)", True, []),
            ("c['A']", 1, ["A"]),
            ("c.get('A'), c.get('Z', 9)", {"t": "tuple", "v": [1, 9]}, ["A", "Z"]),
            ("'Q' in c", False, ["Q"]),
            ("'%(A)s' % c + '{A}'.format_map(c)", "11", ["A"]),
            ("len(c)", 4, ["*"]),
            ("list(c)", ["A", "B", "C", "D"], ["*"]),
            ("bool(c)", True, ["*"]),
            ("[k for k, _ in c.items()]", ["A", "B", "C", "D"], ["*"]),
            ("dict(**c) == dict(c) == {**c} == c", True, ["*"]),
            ("dict(**c) and 0", 0, ["*"]), ("{**c} and 0", 0, ["*"]), ("dict(c) and 0", 0, ["*"]),
            ("(c == {}) or 0", 0, ["*"]), ("({} != c) or 0", True, ["*"]),
            ("type(copy.copy(c)).__name__", "dict", ["*"]),
            ("type(copy.deepcopy(c)).__name__", "dict", ["*"]),
            ("json.dumps(c, sort_keys=True)", '{"A": 1, "B": [1], "C": {"x": 1}, "D": null}', ["*"]),
            ("json.dumps(c, indent=1)[:10]", '{\n "A": 1,', ["*"]),
            ("c", self.C, ["*"]),
            ("'%r' % (c,)", "{'A': 1, 'B': [1], 'C': {'x': 1}, 'D': None}", ["*"]),
        ):
            self.assertEqual(self.told(expression), (result, names, [], []), expression)

    def test_changes(self):
        said = self.told("0", "c['N'] = 5", "c['B'].append(2)", "del c['A']", "c.update(D=(1,))", "c.pop('ZZ', 0)")
        self.assertEqual(said[1:], (["A", "B", "ZZ"], [["B", [1, 2]], ["N", 5], ["D", {"t": "tuple", "v": [1]}]], ["A"]))
        said = self.told("0", "c.clear()")
        self.assertEqual(said[1:], (["*"], [], ["A", "B", "C", "D"]))
        self.assertEqual(self.told("0", "c['A'] = True")[2], [["A", True]])
        self.assertEqual(self.told("0", "c['A'] = 1")[2], [])

    def test_yaml(self):
        if subprocess.run([client.PYTHON, "-c", "import yaml"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("needs PyYAML")
        for expression in ("yaml.safe_dump(c)", "yaml.dump(c)", "serialize.dumps(c)"):
            said = self.told(expression, "import yaml", "from tutor import serialize")
            self.assertEqual(said[:2], ("A: 1\nB:\n- 1\nC:\n  x: 1\nD: null\n", ["*"]))

    def test_a_configuration_that_is_not_given(self):
        self.assertEqual(self.variable("f = len\n", {"t": "config"})["error"]["kind"], "Refusal")


class Results(Calls):
    def test_what_cannot_be_told(self):
        said = self.variable("def f():\n    a = [1]\n    return {'x': a + ['\\ud800']}\n")["error"]
        self.assertEqual((said["kind"], said["path"], said["plugin"]), ("Unrepresentable", ["result", "x", "1"], "one"))


class Reads(Calls):
    def test_files_variables_and_libraries(self):
        path = self.site.write("tutorone/data", "x")
        self.site.distribution("Lib", "1.2", ["lib"])
        self.site.write("lib.py", "")
        self.site.write("tutorone/lazy.py", "import os\nos.path.exists('/nowhere/lazy')\n")
        self.plugin("HERE = os.path.dirname(__file__)\ndef f():\n    import lib\n    from tutorone import lazy\n"
                    "    os.environ.get('A_A')\n    return open(HERE + '/data').read(), os.path.exists('/nowhere/x')\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        for _ in range(2):  # also what has been imported before
            reads = self.call("f")["reads"]
            files = [path] + [self.site.file("tutorone", name) for name in ("__init__.py", "lazy.py")]
            self.assertEqual(reads["files"], sorted(files))
            self.assertEqual(reads["absent"], ["/nowhere/lazy", "/nowhere/x"])
            self.assertEqual((reads["variables"], list(reads["modules"]), reads["volatile"]), (["A_A"], ["Lib"], []))
        self.assertNotIn(path, self.v1(self.talk)["reads"]["files"])

    def test_what_is_impure(self):
        for source, kind in (("os.urandom(1)", "urandom"), ("datetime.datetime.now()", "time"), ("datetime.date.today()", "time"),
                             ("subprocess.run(['true'])", "process"), ("os.getcwd()", "cwd")):
            said = self.variable("import datetime, subprocess\ndef f():\n    %s\n" % source)
            self.assertEqual([one["kind"] for one in said["reads"]["volatile"]], [kind], source)
            self.assertEqual(said["reads"]["volatile"][0]["line"], 7)
        said = self.variable("f = os.getcwd\n")
        self.assertEqual([one["kind"] for one in said["reads"]["volatile"]], ["cwd"])

    def test_a_seed(self):
        source = "import random\ndef f():\n    return random.random(), os.urandom(3).hex()\n"
        found = [self.variable(source, seed=seed * 32) for seed in ("ab", "ab", "cd")]
        self.assertEqual(found[0]["result"], found[1]["result"])
        self.assertNotEqual(found[0]["result"], found[2]["result"])
        self.assertEqual(found[0]["reads"]["volatile"], [])
        self.assertEqual(self.call("f", seed="x")["error"]["kind"], "Refused")

    def test_filters_and_whose_callbacks_run(self):
        host = self.plugin("MINE = Filter()\nF.TESTS.add_item('a')\n"
                           "F.ENV_TEMPLATE_VARIABLES.add_item(('f', lambda: MINE.apply([]) + list(F.TESTS.iterate())))\n")
        self.plugin("from tutorone.plugin import MINE\nMINE.add_item('b')\n", "two", host)
        said = self.call("f")
        self.assertEqual((said["result"], said["reads"]["ran"]), (["b", "a"], ["one", "two"]))
        self.assertEqual(said["reads"]["filters"], ["TESTS", "tutorone.plugin.MINE"])

    CACHED = """
@hooks.lru_cache
def inner(path):
    hooks.Filters.TESTS.apply([])
    return [os.path.exists(path) and open(path).read()]
@hooks.lru_cache
def outer(path): return inner(path)
count = []
@hooks.lru_cache
def counted():
    count.append(1)
    F.TESTS.add_item(len(count))
    return len(count)
F.ENV_TEMPLATE_VARIABLES.add_items([("f", outer), ("g", lambda path: inner(path) and 1), ("counted", counted)])
"""

    def test_what_is_remembered_counts_each_time(self):
        path = self.site.write("data", "1")
        self.plugin(self.CACHED)
        for name in ("f", "f", "g", "f"):
            said = self.call(name, path)
            self.assertEqual((said["reads"]["filters"], said["reads"]["files"]), (["TESTS"], [path]))
        self.site.write("data", "22")
        self.assertEqual(self.result("f", path), ["22"])
        self.site.write("data", "22")
        os.remove(path)
        self.assertEqual(self.result("f", path), [False])

    def test_what_is_remembered_is_done_once(self):
        self.plugin(self.CACHED)
        effects = [self.call("counted") for _ in range(3)]
        self.assertEqual([one["result"] for one in effects], [1, 1, 1])
        added = [one["effects"]["added"]["filters"] for one in effects]
        self.assertEqual(added, [{"TESTS": [{"priority": 10, "items": [1], "plugin": "one"}]}, {}, {}])
        self.talk.request({"call": "forget_plugin", "plugin": "x"})
        self.assertEqual((self.result("counted"), self.result({"kind": "apply", "name": "TESTS"}, [])), (2, [2]))


class Forgotten(Calls):
    def test_functions_of_a_plugin_that_is_gone(self):
        self.plugin("@F.TESTS.add()\ndef f(value):\n    return 1\n")
        target = {"kind": "callback", "plugin": "one", "at": 0}
        self.assertEqual(self.result(target, []), 1)
        self.talk.request({"call": "forget", "packages": ["tutorone"]})
        self.assertEqual(self.call(target, [])["error"]["kind"], "Refusal")

    def test_a_single_file(self):
        path = self.site.write("single.py", HEAD + "MINE = Filter()\nMINE.add_item(1)\ndef f():\n    MINE.apply([])\n    raise ValueError\n"
                               "F.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        self.talk = self.host()
        self.v1(self.talk, "single", module=None, file=path)
        said = self.call("f")
        self.assertEqual((said["error"]["plugin"], [one["line"] for one in said["error"]["frames"]]), ("single", [9]))
        self.assertEqual(said["reads"]["filters"], ["tutor.plugin.v1.single.MINE"])
        self.assertEqual(self.result({"kind": "apply", "name": "tutor.plugin.v1.single.MINE"}, []), [1])


class Effects(Calls):
    def test_what_is_added(self):
        said = self.variable("MINE = Filter()\ndef f():\n    MINE.add_item(1)\n    F.CONFIG_USER.add_item(('A', 1), priority=3)\n"
                             "    A.CORE_READY.add()(f)\n    F.ENV_TEMPLATE_VARIABLES.add_item(('g', f))\n")
        told = said["effects"]["added"]
        self.assertEqual(told["filters"], {
            "CONFIG_USER": [{"priority": 3, "items": pairs(["A", 1]), "plugin": "one"}],
            "tutorone.plugin.MINE": [{"priority": 10, "items": [1], "plugin": "one"}],
        })
        self.assertEqual([(one["hook"], one["name"], one["plugin"]) for one in told["callbacks"]],
                         [("filter", "ENV_TEMPLATE_VARIABLES", "one"), ("action", "CORE_READY", "one")])

    def test_what_is_written_and_printed(self):
        self.plugin("import shutil, subprocess, sys, pathlib\nfrom tutor import env, fmt\ndef f(d):\n"
                    "    env.write_to('x', d + '/new/a')\n    pathlib.Path(d, 'b').write_text('y')\n    os.rename(d + '/b', d + '/c')\n"
                    "    os.mkdir(d + '/gone'); shutil.rmtree(d + '/gone')\n"
                    "    print('out'); print('err', file=sys.stderr); subprocess.run(['echo', 'child']); fmt.echo_alert('alert')\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        folder = self.site.root
        effects = self.call("f", folder)["effects"]
        self.assertEqual(effects["wrote"], [folder + "/" + name for name in ("c", "new", "new/a")])
        self.assertEqual(effects["removed"], [folder + "/" + name for name in ("b", "gone")])
        self.assertEqual(effects["printed"].splitlines()[:3], ["out", "err", "child"])
        self.assertIn("alert", effects["printed"])
        self.assertEqual(self.talk.printed(), "")

    def test_the_interpreter_is_put_back(self):
        self.variable("import sys\ndef f():\n    os.environ['X_X'] = '1'; os.chdir('/'); sys.stdout = None; os.close(2)\n"
                      "F.ENV_TEMPLATE_VARIABLES.add_item(('g', lambda: [os.environ.get('X_X'), sys.stdout is None]))\n")
        said = self.call("g")
        self.assertEqual(said["result"], [None, False])
        self.assertEqual(self.call("g")["effects"]["printed"], "")


class Errors(Calls):
    def test_with_the_plugin_and_its_frames(self):
        said = self.variable("def inner():\n    raise ValueError('x')\ndef f():\n    print('p'); os.path.exists('/nowhere/y'); inner()\n")
        error = said["error"]
        self.assertEqual((error["kind"], error["message"], error["plugin"]), ("ValueError", "x", "one"))
        self.assertEqual([frame["function"] for frame in error["frames"]], ["f", "inner"])
        self.assertEqual((said["reads"]["absent"], said["effects"]["printed"]), (["/nowhere/y"], "p\n"))
        for source in ("raise SystemExit(3)", "raise KeyboardInterrupt", "f()"):
            self.assertEqual(self.variable("def f():\n    %s\n" % source)["error"]["plugin"], "one")
            self.assertEqual(self.result({"kind": "apply", "name": "TESTS"}, [1]), [1])

    def test_the_innermost_plugin_is_to_blame(self):
        host = self.plugin("MINE = Filter()\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', lambda: MINE.apply([])))\n")
        self.plugin("from tutorone.plugin import MINE\n@MINE.add()\ndef bad(value):\n    return value.nothing\n", "two", host)
        error = self.call("f")["error"]
        self.assertEqual((error["kind"], error["plugin"]), ("AttributeError", "two"))
        self.assertEqual([frame["function"] for frame in error["frames"]], ["bad"])

    def test_wrong_arguments(self):
        error = self.variable("def f(a):\n    pass\n")["error"]
        self.assertEqual((error["kind"], error["plugin"], error["frames"]), ("TypeError", "one", []))


class Misbehaviour(Calls):
    def test_objects_that_lie_or_fail(self):
        for body in ("def __getattr__(self, n): raise RuntimeError", "def __getattribute__(self, n): raise RuntimeError",
                     "__class__ = dict", "def __str__(self): raise KeyError\n    __bool__ = __repr__ = __len__ = __str__",
                     "@property\n    def p(self): raise SystemExit", "@property\n    def p(self): return self.p",
                     "def __str__(self): return '\\ud800'", "def __eq__(self, o): raise ValueError\n    __hash__ = __eq__"):
            said = self.variable("class A:\n    %s\ndef f(): return [A()]\n" % body)
            self.assertIn("result", said, (body, said.get("error")))
            self.assertEqual((said["result"][0]["t"], said["result"][0]["v"]["attributes"]), ("handle", []))

    def test_what_it_does_to_the_interpreter(self):
        for body in ("os.close(1); os.close(2)", "os.closerange(3, 199)", "import sys; sys.setprofile(None)", "print('x' * 3000000)",
                     "os.write(1, b'\\xff')", "os.dup2 = os.lseek = os.open = None", "hooks.Contexts.app('x').enter().__enter__()",
                     "from tutor.core.hooks import _observed; _observed.observer = None; F.TESTS.apply([])"):
            said = self.variable("def f():\n    %s\n    return 1\n" % body)
            self.assertEqual(said.get("result"), 1, (body, said.get("error")))
            self.talk.request({"call": "forget_plugin", "plugin": "x"})
            said = self.call({"kind": "apply", "name": "TESTS"}, [2])
            self.assertEqual((said["result"], said["reads"]["filters"]), ([2], ["TESTS"]), body)

    def test_hooks_that_are_cleared(self):
        said = self.variable("F.TESTS.add_item(1)\ndef f(): hooks.clear_all(context='app:one')\n")
        self.assertEqual(said["effects"]["cleared"], ["ENV_TEMPLATE_VARIABLES", "PLUGINS_LOADED", "TESTS"])

    def test_a_filter_that_applies_itself(self):
        said = self.variable("def f(): return F.TESTS.apply([])\nF.TESTS.add()(lambda value: F.TESTS.apply(value))\n")
        self.assertEqual((said["error"]["kind"], said["error"]["plugin"]), ("RecursionError", "one"))


class Within(Calls):
    def test_a_call_within_a_load_has_no_context(self):
        self.site.plugin("one", HEAD + "from tutor.core.hooks import Context\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', lambda: Context.CURRENT))\n")
        self.site.plugin("two", HEAD + "from tutor import env\nF.TESTS.add_item(env.render_str({}, 'x'))\n")
        self.talk = self.host(answers={"render": lambda ask: str(self.result("f"))})
        self.v1(self.talk)
        said = self.v1(self.talk, "two")["result"]
        self.assertEqual(said["filters"], {"TESTS": [{"priority": 10, "items": ["[]"]}]})

    def test_a_hanging_call_tells_where_it_is(self):
        self.plugin("import time\ndef hang():\n    print('begun')\n    time.sleep(60)\nF.ENV_TEMPLATE_VARIABLES.add_item(('f', hang))\n")
        self.talk.send({"call": "call", "target": {"kind": "variable", "name": "f"}, "args": []})
        for _ in range(100):
            time.sleep(0.05)
            self.talk.process.send_signal(signal.SIGUSR1)
            if "in hang" in self.talk.printed():
                break
        self.assertIn("in hang", self.talk.printed())
        self.talk.process.kill()

    def test_what_it_asks(self):
        source = ("from tutor import config, env\ndef f(c):\n    c['A'] = 2\n    return [env.render_str(c, 'x'), config.load_full('/r')]\n")
        self.site.plugin("one", HEAD + source + "F.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")
        asked = []
        answers = {"render": lambda ask: asked.append(ask) or "R", "config": lambda ask: tagged(Z=1)}
        self.talk = self.host(answers=answers)
        self.v1(self.talk)
        said = self.call("f", {"t": "config"}, config=tagged(A=1, B=2))
        self.assertEqual(said["result"], ["R", tagged(Z=1)])
        self.assertEqual((said["reads"]["asks"], said["reads"]["settings"]), (["config:full", "render"], []))
        self.assertEqual(asked[0]["config"], tagged(A=2, B=2))

    def test_calls_within_calls(self):
        source = "from tutor import env\ndef f(n):\n    print(n)\n    F.TESTS.apply([])\n    return n if n == LAST else env.render_str({}, str(n))\n"
        for last, result in ((3, "3"), (35, "35"), (99, None)):
            self.site.plugin("one", HEAD + source.replace("LAST", str(last)) + "F.ENV_TEMPLATE_VARIABLES.add_item(('f', f))\n")

            def render(ask):
                said = self.call("f", int(ask["text"]) + 1)
                if "error" in said:
                    raise ValueError(said["error"]["message"])
                self.assertEqual(said["effects"]["printed"], "%d\n" % (int(ask["text"]) + 1))
                return str(said["result"])

            self.talk = self.host(answers={"render": render})
            self.v1(self.talk)
            said = self.call("f", 0)
            if result is None:
                self.assertIn("more than 40 deep", said["error"]["message"])
            else:
                self.assertEqual((said["result"], said["effects"]["printed"]), (result, "0\n"))
                self.assertEqual(said["reads"]["filters"], ["TESTS"])


class Loaded(Calls):
    SOURCE = """
MINE = Filter()
MINE.add_item("m")
@hooks.lru_cache
def mine(): return MINE.apply([])
@A.PLUGINS_LOADED.add()
def loaded():
    for name in mine():
        F.IMAGES_PULL.add_item((name, "tag"))
    F.CONFIG_USER.add_item(("A", os.environ.get("A_A")))
    F.COMPOSE_MOUNTS.add()(lambda value, name: value + [name])
    @F.CLI_DO_COMMANDS.add_item
    class Thing: pass
"""

    def loads(self):
        return self.talk.request({"call": "plugins_loaded"})

    def test_what_is_added_is_told_and_can_be_called(self):
        self.plugin(self.SOURCE)
        said = self.loads()
        self.assertEqual(said["result"]["filters"], {
            "CONFIG_USER": [{"priority": 10, "items": pairs(["A", None]), "plugin": "one"}],
            "IMAGES_PULL": [{"priority": 10, "items": pairs(["m", "tag"]), "plugin": "one"}],
        })
        told = [(one["name"], one["function"], one["plugin"]) for one in said["result"]["callbacks"]]
        self.assertEqual(told, [("CLI_DO_COMMANDS", "Thing", "one"), ("COMPOSE_MOUNTS", "<lambda>", "one")])
        self.assertEqual((said["reads"]["variables"], said["reads"]["filters"], said["reads"]["ran"]), (["A_A"], ["tutorone.plugin.MINE"], ["one"]))
        self.assertEqual(self.result({"kind": "callback", "plugin": None, "at": 1}, [], "n"), ["n"])

    def test_it_can_be_done_again(self):
        self.plugin(self.SOURCE)
        first = self.loads()
        for again in (lambda: None, lambda: self.v1(self.talk), lambda: self.talk.request({"call": "forget", "packages": []})):
            again()
            said = self.loads()
            self.assertEqual((said["result"], said["reads"]), (first["result"], first["reads"]))
        self.assertEqual(len(self.result({"kind": "apply", "name": "IMAGES_PULL"}, [])), 1)
        self.v1(self.talk)
        self.assertEqual(self.result({"kind": "apply", "name": "IMAGES_PULL"}, []), [])

    def test_errors_name_the_plugin(self):
        host = self.plugin("@A.PLUGINS_LOADED.add()\ndef a():\n    F.TESTS.add_item(1)\n")
        self.plugin("@A.PLUGINS_LOADED.add()\ndef b():\n    raise ValueError('x')\n", "two", host)
        said = self.loads()
        self.assertEqual((said["error"]["kind"], said["error"]["plugin"]), ("ValueError", "two"))
        self.assertEqual([frame["function"] for frame in said["error"]["frames"]], ["b"])
        self.assertEqual(self.result({"kind": "apply", "name": "TESTS"}, []), [])

    def test_wrong_items_are_errors(self):
        self.plugin("@A.PLUGINS_LOADED.add()\ndef a():\n    F.IMAGES_PULL.add_item(1)\n")
        error = self.loads()["error"]
        self.assertEqual((error["kind"], error["attribute"], error["plugin"]), ("Declaration", "IMAGES_PULL", "one"))


class Contributed(Calls):
    def contribute(self, plugin, **filters):
        said = {name: [{"priority": 10, "items": items}] for name, items in filters.items()}
        return self.talk.request({"call": "contribute", "plugin": plugin, "filters": said})

    def test_filters_are_complete_and_in_order(self):
        self.talk = self.host()
        self.assertIsNone(self.contribute(None, CONFIG_DEFAULTS=pairs(["C", 1]))["result"])
        self.contribute("yaml", CONFIG_DEFAULTS=pairs(["Y", 2]), TESTS=["y"])
        self.plugin("F.CONFIG_DEFAULTS.add_item(('P', 3))\nfrom tutor import plugins\nF.ENV_TEMPLATE_VARIABLES.add_items([\n"
                    "('f', lambda: F.CONFIG_DEFAULTS.iterate()), ('g', lambda: F.TESTS.iterate_from_context('app:yaml')),\n"
                    "('h', lambda: [plugins.is_loaded('yaml'), plugins.is_loaded('x')])])\n", host=self.talk)
        self.assertEqual(self.result("f")["v"]["items"], pairs(["C", 1], ["Y", 2], ["P", 3]))
        said = self.call("g")
        self.assertEqual((said["result"]["v"]["items"], said["reads"]["ran"]), (["y"], ["one", "yaml"]))
        self.assertEqual(self.result("h"), [True, False])
        self.assertEqual(list(self.v1(self.talk)["result"]["filters"]), ["CONFIG_DEFAULTS"])
        self.contribute("yaml", CONFIG_DEFAULTS=pairs(["Y", 4]))
        self.assertEqual(self.result("f")["v"]["items"], pairs(["C", 1], ["P", 3], ["Y", 4]))
        self.talk.request({"call": "forget_plugin", "plugin": "yaml"})
        self.talk.request({"call": "forget_plugin", "plugin": None})
        listed = [said["v"]["items"] if isinstance(said, dict) else said for said in (self.result("f"), self.result("g"))]
        self.assertEqual(listed, [pairs(["P", 3]), []])
        self.assertEqual(self.contribute("yaml", NONE=[])["error"]["kind"], "Refusal")


if __name__ == "__main__":
    unittest.main()
