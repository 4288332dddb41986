"""Hooks that plugins change in unusual ways: names of templates, what they clear, actions of others, replaced things."""
import unittest

from test_calls import Calls

NAMES = {"kind": "names", "name": "ENV_TEMPLATE_VARIABLES"}


class Changed(Calls):
    def second(self, source, name="two"):
        self.site.plugin(name, "import os\nfrom tutor import hooks\nF, A = hooks.Filters, hooks.Actions\n" + source)
        said = self.v1(self.talk, name)
        self.assertIn("result", said, said.get("error"))
        return said["result"]

    def all_loaded(self, *plugins, root=None):
        self.talk.request({"call": "order", "plugins": [None] + list(plugins)})
        return self.talk.request({"call": "plugins_loaded", "root": root})

    def patches(self):
        said = self.call({"kind": "apply", "name": "ENV_PATCHES"}, [])
        return [pair["v"][1] for pair in said["result"]]

    def names(self):
        said = self.call(NAMES, args=None)
        self.assertIn("result", said, said.get("error"))
        return said

    def test_names_and_whose_they_are(self):
        self.plugin("F.ENV_TEMPLATE_VARIABLES.add_items([('a', 1), ('f', len)])\n")
        said = self.names()
        self.assertEqual(said["result"][0], ["iter_mounted_directories", None, "core", None])
        self.assertEqual(said["result"][-2:], [["a", "one", "data", 1], ["f", "one", "thing", None]])

    def test_names_that_a_function_changes(self):
        self.plugin(
            "@F.ENV_TEMPLATE_VARIABLES.add()\ndef change(pairs):\n"
            "    kept = [(n, v) for n, v in pairs if n == 'iter_mounts']\n"
            "    return kept + [('b', print), (3, 4)]\n"
        )
        said = self.names()
        self.assertEqual(said["result"], [["iter_mounts", None, "core", None], ["b", "one", "thing", None], None])
        self.assertEqual((said["reads"]["ran"], said["reads"]["filters"]), (["one"], ["ENV_TEMPLATE_VARIABLES"]))

    def test_a_function_that_gives_no_pairs(self):
        self.plugin("@F.ENV_TEMPLATE_VARIABLES.add()\ndef change(pairs):\n    return pairs + [change]\n")
        error = self.call(NAMES, args=None)["error"]
        self.assertEqual((error["kind"], error["plugin"], error["line"]), ("Declaration", "one", 5))

    def test_what_is_cleared_is_hidden_from_then_on_and_comes_back(self):
        self.plugin("F.ENV_PATCHES.add_item(('x', 'of one'))\n")
        said = self.second("F.ENV_PATCHES.add_item(('x', 'early'))\nF.ENV_PATCHES.clear()\nF.ENV_PATCHES.add_item(('x', 'of two'))\n")
        self.assertEqual(said["cleared"], ["ENV_PATCHES"])
        self.all_loaded("one", "two")
        self.assertEqual(self.patches(), ["of two"])
        self.all_loaded("two", "one")
        self.assertEqual(self.patches(), ["of two", "of one"])
        self.talk.request({"call": "forget", "packages": ["tutortwo"]})
        self.all_loaded("one")
        self.assertEqual(self.patches(), ["of one"])

    def test_its_own_context_is_no_matter_of_others(self):
        self.plugin("F.ENV_PATCHES.add_item(('x', 'of one'))\nF.ENV_PATCHES.clear(context='app:one')\n")
        self.assertEqual((self.loaded["result"]["cleared"], self.loaded["result"]["filters"]), ([], {}))

    def test_what_is_cleared_once_all_are_loaded_comes_back(self):
        self.plugin("F.ENV_PATCHES.add_item(('x', 'a'))\nA.PLUGINS_LOADED.add()(lambda: F.ENV_PATCHES.clear())\n")
        said = self.all_loaded("one")
        self.assertEqual((said["result"]["cleared"], self.patches()), (["ENV_PATCHES"], []))
        self.second("A.PLUGINS_LOADED.clear()\n")
        self.all_loaded("one", "two")
        self.assertEqual(self.patches(), ["a"])

    def test_plugins_hear_of_those_that_are_loaded_later(self):
        self.plugin("A.PLUGIN_LOADED.add()(lambda name: F.ENV_PATCHES.add_item(('x', 'saw ' + name)))\n")
        self.second("F.ENV_PATCHES.add_item(('x', 'of two'))\n")
        self.second("F.ENV_PATCHES.add_item(('x', 'of three'))\n", "three")
        self.all_loaded("one", "two", "three")
        self.assertEqual(self.patches(), ["saw one", "of two", "saw two", "of three", "saw three"])

    def test_the_root_is_told(self):
        self.plugin("A.PROJECT_ROOT_READY.add()(lambda root: F.ENV_PATCHES.add_item(('x', root)))\n")
        self.all_loaded("one")
        self.assertEqual(self.patches(), [])
        self.all_loaded("one", root="/r")
        self.assertEqual(self.patches(), ["/r"])

    def test_what_the_core_has_is_there(self):
        self.plugin("")
        ignored = self.result({"kind": "apply", "name": "ENV_PATTERNS_IGNORE"}, [])
        self.assertIn("(.*/)?partials(/.*)?$", ignored)
        mounts = self.result({"kind": "apply", "name": "COMPOSE_MOUNTS"}, [], "xblock-a")
        self.assertEqual([pair["v"][0] for pair in mounts], ["openedx", "openedx-dev"])
        for path, rendered in (("a.png", False), ("a.txt", True)):
            self.assertIs(self.result({"kind": "apply", "name": "IS_FILE_RENDERED"}, True, path), rendered)

    def test_what_is_replaced_is_told_and_hooks_are_put_back(self):
        source = "import tutor.hooks\nfrom tutor import utils\nutils.encrypt = lambda text: text\ntutor.hooks.Filters = None\n"
        self.plugin(source)
        self.assertEqual(self.loaded["result"]["replaced"], ["tutor.hooks.Filters", "tutor.utils.encrypt"])
        self.assertEqual(self.second("F.ENV_PATCHES.add_item(('x', 'y'))\n")["replaced"], [])


if __name__ == "__main__":
    unittest.main()
