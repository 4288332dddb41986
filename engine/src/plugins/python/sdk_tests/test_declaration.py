"""What plugins of API v0 may declare, and what they may not."""
import json

from test_protocol import Case

RICH = '''
import datetime
config = {
    "add": {"A": b"\\x00", "B": (1, 2), "C": {3}, "D": datetime.date(2020, 1, 2)},
    "defaults": {
        "E": datetime.datetime(2020, 1, 2, 3, 4, 5), "F": 1 << 70, "G": float("inf"), "H": {1: "x", None: [True]},
        "I": -(1 << 63), "J": 1.5, "K": "\\u00e9\\U0001f600",
    },
}
'''


class Declarations(Case):
    def test_values_that_json_cannot_say_are_tagged(self):
        config = self.declared(RICH)["result"]["config"]
        self.assertEqual(
            config["add"],
            [
                ["A", {"t": "bytes", "v": "AA=="}],
                ["B", {"t": "tuple", "v": [1, 2]}],
                ["C", {"t": "set", "v": [3]}],
                ["D", {"t": "date", "v": "2020-01-02"}],
            ],
        )
        defaults = dict(config["defaults"])
        self.assertEqual(defaults["E"], {"t": "datetime", "v": "2020-01-02T03:04:05"})
        self.assertEqual(defaults["F"], {"t": "int", "v": str(1 << 70)})
        self.assertEqual(defaults["G"], {"t": "float", "v": "inf"})
        self.assertEqual(defaults["H"], {"t": "dict", "v": [[1, "x"], [None, [True]]]})
        self.assertEqual((defaults["I"], defaults["J"], defaults["K"]), (-(1 << 63), 1.5, "\u00e9\U0001f600"))

    def test_an_empty_plugin(self):
        result = self.declared("")["result"]
        self.assertEqual(result["config"], {"add": [], "defaults": [], "set": []})
        self.assertEqual(result["hooks"], {"init": [], "pre-init": [], "build-image": [], "remote-image": []})
        self.assertEqual((result["patches"], result["templates"], result["command"]), ([], None, None))

    def test_functions_are_called_and_order_is_kept(self):
        source = (
            "def config():\n    return {'set': {'Z': 1, 'A': 2}}\n"
            "def patches():\n    return {'z': '1', 'a': '2'}\n"
            "def hooks():\n    return {'init': {'b': 1, 'a': 2}, 'pre-init': ('x',), 'build-image': {'i': 't'}}\n"
            "def templates():\n    return '/somewhere'\n"
        )
        result = self.declared(source)["result"]
        self.assertEqual(result["config"]["set"], [["Z", 1], ["A", 2]])
        self.assertEqual(result["patches"], [["z", "1"], ["a", "2"]])
        self.assertEqual((result["hooks"]["init"], result["hooks"]["pre-init"]), (["b", "a"], ["x"]))
        self.assertEqual((result["hooks"]["build-image"], result["templates"]), ([["i", "t"]], "/somewhere"))

    def test_an_entry_point_may_name_an_object(self):
        self.site.plugin("one", "class P:\n    class Q:\n        config = {'set': {'A': 1}}\n")
        result = self.host().load("one", "tutorone.plugin", "P.Q")["result"]
        self.assertEqual(result["config"]["set"], [["A", 1]])

    def test_unknown_keys_are_told(self):
        result = self.declared("config = {'default': {}}\nhooks = {'post-init': []}\n")["result"]
        self.assertEqual(result["unknown"], [["config", "default"], ["hooks", "post-init"]])

    def test_wrong_types_name_the_place(self):
        cases = {
            "config = []": ("config", [], "a dict", "list"),
            "config = None": ("config", [], "a dict", "NoneType"),
            "config = {'add': None}": ("config", ["add"], "a dict", "NoneType"),
            "config = {'add': {1: 2}}": ("config", ["add", "1"], "text", "int"),
            "patches = {'a': b''}": ("patches", ["a"], "text", "bytes"),
            "patches = {1: ''}": ("patches", ["1"], "text", "int"),
            "hooks = []": ("hooks", [], "a dict", "list"),
            "hooks = {'init': 'lms'}": ("hooks", ["init"], "a list", "str"),
            "hooks = {'init': [1]}": ("hooks", ["init", "0"], "text", "int"),
            "hooks = {'build-image': ['a']}": ("hooks", ["build-image"], "a dict", "list"),
            "hooks = {'remote-image': {'a': 1}}": ("hooks", ["remote-image", "a"], "text", "int"),
            "templates = 5": ("templates", [], "text", "int"),
            "command = 5": ("command", [], "a click command", "int"),
        }
        for number, (source, (attribute, key, expected, found)) in enumerate(cases.items()):
            self.site.plugin("c%d" % number, source + "\n")
        host = self.host()
        for number, (source, (attribute, key, expected, found)) in enumerate(cases.items()):
            error = host.load("c%d" % number, "tutorc%d.plugin" % number)["error"]
            said = [error["kind"], error["attribute"], error["key"], error["expected"], error["found"]]
            self.assertEqual(said, ["Declaration", attribute, key, expected, found], source)

    def test_values_that_cannot_be_said_name_the_place(self):
        for source, kind, text in (
            ("{'x': [1, object()]}", "object", "config['set']['A']['x'][1]"),
            ("'\\ud800'", "str", "surrogate"),
            ("1j", "complex", "complex"),
        ):
            error = self.declared("config = {'set': {'A': %s}}\n" % source)["error"]
            self.assertEqual((error["kind"], error["type"], error["attribute"]), ("Unrepresentable", kind, "config"))
            self.assertIn(text, error["message"])
        error = self.declared("a = []\na.append(a)\nconfig = {'set': {'A': a}}\n")["error"]
        self.assertIn("contains itself", error["message"])

    def test_a_second_process_declares_the_same(self):
        first, second = self.declared(RICH), self.declared(RICH)
        for answer in (first, second):
            del answer["milliseconds"]
        self.assertEqual(json.dumps(first), json.dumps(second))

    def test_tutor_falls_through_to_an_installed_one(self):
        self.site.write("tutor/__init__.py")
        self.site.write("tutor/env.py", "raise ValueError\n")
        self.site.write("tutor/commands/__init__.py")
        self.site.write("tutor/commands/images.py", "from tutor import env\nX = 5\n")
        said = self.declared("from tutor.commands import images\nconfig = {'set': {'X': images.X}}\n")
        self.assertEqual(said["result"]["config"]["set"], [["X", 5]])
        self.assertEqual(said["fallthrough"], ["tutor.commands.images"])

    def test_what_the_sdk_lacks_and_nobody_has_is_missing(self):
        error = self.declared("import tutor.commands.nowhere\n")["error"]
        self.assertEqual(error["missing_module"], "tutor.commands.nowhere")

    def test_tracebacks_show_lines_of_the_sdk(self):
        source = "import tutor.types, traceback\ntry:\n    tutor.types.cast_config(1)\nexcept Exception:\n"
        said = self.declared(source + "    config = {'set': {'T': traceback.format_exc()}}\n")
        text = said["result"]["config"]["set"][0][1]
        self.assertIn('File "<tutor-sdk>/tutor/types.py"', text)
        self.assertIn("raise exceptions.TutorError(", text)
