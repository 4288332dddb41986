"""The helpers of the package, called from a plugin. Expectations come from Tutor 22.0.3."""
import json
import os
import subprocess
import unittest

from test_protocol import Case

REAL = os.environ.get("TUTOR_22_PYTHON")
IMPORTS = (
    "from tutor import bindmount, env, exceptions, fmt, images, plugins, serialize, types, utils\n"
    "from tutor import config as tutor_config, hooks as tutor_hooks, __about__\n"
    "from tutor.commands import context\nfrom tutor.plugins import base, indexes, v1\n"
)
CALLS = '''
found = []
def call(text):
    try:
        value = repr(eval(text, globals()))
    except Exception as error:
        value = type(error).__name__
    found.append([text, value])
for text in r"""
__about__.__version__, __about__.__version_suffix__, __about__.__app__, __about__.__package_version__
[utils.common_domain(*pair) for pair in [("sub1.d.com", "sub2.d.com"), ("a.com", "b.org"), ("x", "x"), ("", "")]]
utils.reverse_host("my.open.com")
utils.list_if([("a", True), ("b", False), ("c", 1)])
[utils.long_to_base64(n) for n in (0, 1, 65537, 2**40)]
len(utils.uuid(4)), len(utils.uuid(1))
utils.uuid(17)
utils.uid_master_hash("k", "u")
len(utils.random_string(9)), utils.random_string(5).isalnum()
[utils.is_url(x) for x in ("http://a", "a", "file:///x", "ftp://x")]
[utils.is_http(x) for x in ("http://a", "https://a", "a")]
utils.format_table([("a", "bbb"), ("cccc", "d")])
utils.format_table([("a", "b", "c"), ("dd", "eee", "f")], separator="|")
[fmt.title("T"), fmt.info("T"), fmt.error("T"), fmt.command("T"), fmt.question("T"), fmt.alert("T")]
fmt.title("Longer title")
serialize.dumps({"b": 1, "a": "\\u00e9", "c": {"x": [1]}})
[serialize.str_format(x) for x in (True, None, "a", ["a"], 1.5, {"a": True})]
[serialize.parse(x) for x in ("1", "true", "a: b", "[1", "", "'", "a: b: c", "2020-01-01")]
[serialize.parse_key_value(x) for x in ("a=1", "a", "a=", "a=b=c", "=1", "a.b=1", "a-b=2", "a=#x", "a=[1", "a=x\\ny")]
list(serialize.load_all("a: 1\\n---\\nb: 2"))
[env.pathjoin("/r", "a", "b"), env.data_path("/r", "x"), env.base_dir("/r"), env.root_dir("/r/../q"), env.data_path("/r")]
[env.is_binary_file(x) for x in ("a.png", "a.PNG", "a.py", "x.woff2", "a.patch")]
[env.get_release(x) for x in ("22.0.3", "13", "0", "3.1", "10.0", "21.9")], env.get_current_open_edx_release_name()
env.get_release("23.0")
env.is_up_to_date("/nowhere"), env.current_version("/nowhere"), env.get_env_release("/nowhere")
env.should_upgrade_from_release("/nowhere")
env.VERSION_FILENAME, env.BIN_FILE_EXTENSIONS
types.get_typed({"a": 1}, "a", int), types.get_typed({}, "a", str, "d"), types.get_typed({"a": True}, "a", int)
types.get_typed({}, "a", str)
types.get_typed({"a": "x"}, "a", int)
types.cast_config({"a": 1})
types.cast_config([1])
types.cast_config({1: 1})
types.Config, types.ConfigValue
[bindmount.parse_mount(x) for x in ("lms:/a:/b", "lms,cms:/a:/b", "/a", "/a:/b", "x:/y", "")]
list(bindmount.iter_mounts(["lms:/a:/b", "cms,lms:/c:/d", "/zz"], "lms"))
bindmount.get_mounts({})
bindmount.get_mounts({"MOUNTS": ["a"]})
tutor_config.config_path("/r"), tutor_config.CONFIG_FILENAME, tutor_config.PLUGINS_CONFIG_KEY
tutor_config.is_service_activated({"RUN_LMS": True}, "lms")
tutor_config.is_service_activated({}, "lms")
(lambda x: (tutor_config.merge(x, {"a": 2, "b": [1]}), x))({"a": 1})
tutor_config.get_enabled_plugins({}), tutor_config.get_enabled_plugins({"PLUGINS": ["b", "a", "b"]})
vars(context.Context("/r"))
indexes.RELEASE, indexes.MAJOR_VERSION, indexes.PLUGIN_INDEXES_KEY
(lambda e: (e.name, e.src, e.short_description, e.description, e.author, e.url, e.match("LONG"), e.match("zz")))(indexes.IndexEntry({"name": "N", "src": "s", "url": "u", "index": "i", "description": "short\\nlong", "author": "A"}))
indexes.IndexEntry({}).name
indexes.IndexEntry({}).author
list(tutor_hooks.Filters.CONFIG_USER.iterate())
plugins.is_loaded("x"), plugins.is_installed("x")
plugins.load("nope")
base.PLUGINS_ROOT, v1.PLUGINS_ROOT, base.PLUGINS_ROOT_ENV_VAR_NAME
utils.execute_silent("true")
utils.execute_silent("false")
utils.check_output("echo", "hi")
utils.check_output("false")
utils.read_url("/nowhere")
utils.get_user_id() >= 0, utils.is_root() in (True, False)
env.render_unknown({}, [1, None, {"a": 2.5}])
""".strip().split("\\n"):
    call(text)
'''
NAMES = {
    "config": "load load_full load_minimal load_defaults get_user get_base get_defaults merge save_config_file",
    "env": "Renderer JinjaEnvironment pathjoin write_to render_file render_str render_unknown read_template_file save",
    "utils": "encrypt verify_encrypted rsa_private_key rsa_import_key docker docker_run docker_compose kubectl execute "
    "ensure_file_directory_exists ensure_directory_exists",
    "images": "build pull push",
    "fmt": "echo echo_info echo_error echo_alert",
    "plugins": "iter_installed iter_info iter_loaded load load_all unload iter_patches",
    "bindmount": "parse_explicit_mount parse_implicit_mount",
}
YAML = "import yaml, click\n"


class Api(Case):
    maxDiff = None

    def setUp(self):
        super().setUp()
        if "error" in self.declared(YAML):
            self.skipTest("needs PyYAML and click")

    def test_documented_names_are_there(self):
        source = IMPORTS + "".join(
            "%s.%s\n" % (module if module != "config" else "tutor_config", name)
            for module, names in NAMES.items()
            for name in names.split()
        )
        self.assertIn("result", self.declared(source + "from tutor.commands.cli import cli\n"))

    @unittest.skipUnless(REAL, "needs TUTOR_22_PYTHON")
    def test_helpers_give_what_tutors_do(self):
        code = YAML + IMPORTS + CALLS
        out = subprocess.run(
            [REAL, "-c", code + "import json\nprint('FOUND', json.dumps(found))\n"], stdout=subprocess.PIPE, check=True
        ).stdout.decode()
        expected = json.loads(out.rpartition("FOUND ")[2])
        said = self.declared(code + "config = {'set': {'F': found}}\n")
        self.assertIn("result", said, said.get("error"))
        self.assertEqual([text for text, value in expected if value in ("SyntaxError", "NameError")], [])
        self.assertEqual(said["result"]["config"]["set"][0][1], expected)


if __name__ == "__main__":
    unittest.main()
