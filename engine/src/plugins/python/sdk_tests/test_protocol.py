"""Handshake, framing, and what plugins must not be able to break."""
import os
import signal
import socket
import subprocess
import time
import unittest

import client
from site_folder import Site

OLD = [os.path.expanduser("~/.pyenv/versions/%s/bin/python" % name) for name in ("2.7.18", "3.6.15", "3.7.16")]


class Case(unittest.TestCase):
    def setUp(self):
        self.site = Site()
        self.addCleanup(self.site.close)

    def host(self, **options):
        host = client.Host(path=[self.site.path], **options)
        self.addCleanup(host.close)
        return host

    def declared(self, source, **options):
        self.site.plugin("one", source)
        return self.host(**options).load("one", "tutorone.plugin")


class Handshake(Case):
    def test_says_which_python_it_is(self):
        ready = self.host().ready["ready"]
        self.assertEqual((ready["protocol"], ready["implementation"]), (1, "cpython"))
        self.assertEqual(len(ready["python"]), 3)
        self.assertIn(self.site.path, ready["path"])
        self.assertNotIn("", ready["path"])

    def test_refuses_another_protocol(self):
        host = self.host(hello={"protocol": 2, "sdk": {}})
        self.assertIn("protocol 1", host.ready["refused"])
        self.assertEqual(host.close()[0], 3)

    def test_refuses_what_is_no_greeting(self):
        self.assertIn("no greeting", self.host(hello=["?"]).ready["refused"])

    def test_an_old_python_can_say_that_it_is_too_old(self):
        for python in filter(os.path.exists, OLD):
            with client.Host(python=python) as host:
                self.assertIn("too old", host.ready["refused"])

    def test_an_unknown_request_is_an_error(self):
        self.assertEqual(self.host().request({"call": "dance"})["error"]["kind"], "Refused")

    def test_ends_when_the_engine_is_gone(self):
        host = client.Host()
        host.socket.shutdown(socket.SHUT_RDWR)
        self.assertEqual(host.process.wait(timeout=10), 0)
        host.close()


class Intruders(Case):
    def test_prints_do_not_reach_the_protocol(self):
        source = "import os, sys\nprint('to stdout')\nos.write(1, b'raw\\n')\nos.system('echo child')\nconfig = {}\n"
        self.site.plugin("one", source)
        host = client.Host(path=[self.site.path])
        self.assertIn("result", host.load("one", "tutorone.plugin"))
        printed = host.printed()
        for text in ("to stdout", "raw", "child"):
            self.assertIn(text, printed)
        self.assertEqual(host.close(), (0, b""))

    def test_a_hundred_megabytes_on_stdout_do_no_harm(self):
        source = "import sys\nfor _ in range(100):\n    sys.stdout.write('x' * 1000000)\n"
        self.assertIn("result", self.declared(source, stderr=subprocess.DEVNULL))

    def test_there_is_nothing_to_read(self):
        said = self.declared("import sys\nconfig = {'set': {'A': sys.stdin.read()}}\n", stdin=subprocess.PIPE)
        self.assertEqual(said["result"]["config"]["set"], [["A", ""]])

    def test_a_closed_stdout_is_the_plugins_problem(self):
        self.assertIn("result", self.declared("import sys\nsys.stdout.close()\nsys.stdout = None\n"))

    def test_the_working_folder_is_restored(self):
        self.site.plugin("one", "import os\nos.chdir('/')\n")
        self.site.plugin("two", "import os\nconfig = {'set': {'AT': os.getcwd()}}\n")
        host = self.host(cwd=self.site.root)
        host.load("one", "tutorone.plugin")
        said = host.load("two", "tutortwo.plugin")
        self.assertEqual(said["result"]["config"]["set"], [["AT", self.site.root]])
        self.assertIn("cwd", [item["kind"] for item in said["reads"]["volatile"]])

    def test_a_forked_child_does_not_answer(self):
        said = self.declared("import os\nchild = os.fork()\nif child:\n    os.waitpid(child, 0)\n")
        self.assertEqual([item["kind"] for item in said["reads"]["volatile"]], ["process"])

    def test_children_do_not_inherit_the_protocol(self):
        source = "import subprocess\nprint(subprocess.check_output(['ls', '-l', '/proc/self/fd'], close_fds=False))\n"
        self.site.plugin("one", source)
        host = self.host()
        host.load("one", "tutorone.plugin")
        self.assertNotIn("socket", host.printed())

    def test_the_working_folder_is_no_library(self):
        with open(os.path.join(self.site.root, "json5.py"), "w") as file:
            file.write("raise SystemExit\n")
        said = self.declared("import json5\n", cwd=self.site.root)
        self.assertEqual(said["error"]["missing_module"], "json5")


class Errors(Case):
    def error(self, source):
        return self.declared(source)["error"]

    def test_a_missing_module(self):
        error = self.error("x = 1\nimport nowhere.at_all\n")
        self.assertEqual((error["kind"], error["missing_module"]), ("ModuleNotFoundError", "nowhere"))
        frame = {"file": self.site.file("tutorone", "plugin.py"), "line": 2, "function": "<module>"}
        self.assertEqual(error["frames"], [dict(frame, text="import nowhere.at_all")])

    def test_a_name_that_cannot_be_imported(self):
        self.assertEqual(self.error("from os import nothing\n")["kind"], "ImportError")

    def test_a_syntax_error(self):
        error = self.error("a = 1\nb = = 2\n")
        self.assertEqual(error["kind"], "SyntaxError")
        syntax = error["syntax"]
        self.assertEqual((syntax["file"], syntax["line"]), (self.site.file("tutorone", "plugin.py"), 2))
        self.assertEqual((syntax["column"], syntax["text"]), (5, "b = = 2"))

    def test_an_exception_in_a_callable(self):
        error = self.error("def helper():\n    raise ValueError('boom')\n\ndef patches():\n    return helper()\n")
        self.assertEqual((error["kind"], error["message"], error["attribute"]), ("ValueError", "boom", "patches"))
        self.assertEqual([frame["function"] for frame in error["frames"]], ["patches", "helper"])

    def test_frames_of_libraries_below_the_plugin_are_kept(self):
        error = self.error("import json\n\nconfig = json.loads('{')\n")
        self.assertEqual(error["frames"][0]["function"], "<module>")
        self.assertEqual(error["frames"][-1]["function"], "raw_decode")

    def test_ends_of_the_program_are_errors(self):
        for source in ("import sys\nsys.exit(4)\n", "raise KeyboardInterrupt\n", "raise MemoryError\n", "exit()\n"):
            self.assertIn("error", self.declared(source), source)
        self.assertIn("exit 4", self.error("import sys\nsys.exit(4)\n")["message"])

    def test_endless_recursion_is_an_error(self):
        error = self.error("def config():\n    return config()\n")
        self.assertEqual(error["kind"], "RecursionError")
        self.assertLessEqual(len(error["frames"]), 50)

    def test_an_error_that_cannot_be_shown(self):
        error = self.error("class E(Exception):\n    def __str__(self):\n        raise ValueError\n\nraise E\n")
        self.assertEqual(error["kind"], "E")

    def test_the_cause_is_told(self):
        error = self.error("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise OSError('x') from e\n")
        self.assertEqual(error["cause"], {"kind": "ZeroDivisionError", "message": "division by zero"})

    def test_a_missing_attribute_of_an_entry_point(self):
        self.site.plugin("one", "")
        self.assertEqual(self.host().load("one", "tutorone.plugin", "nothing")["error"]["kind"], "AttributeError")

    def test_an_entry_point_without_module(self):
        self.assertEqual(self.host().load("one", " ".strip() or None)["error"]["kind"], "ModuleNotFoundError")

    def test_a_plugin_that_failed_can_be_mended_and_loaded(self):
        self.site.plugin("one", "import nowhere\n")
        host = self.host()
        self.assertIn("error", host.load("one", "tutorone.plugin"))
        for number in range(5):
            self.site.plugin("one", "config = {'set': {'A': %d}}\n" % number)
            host.request({"call": "forget", "packages": ["tutorone"]})
            said = host.load("one", "tutorone.plugin")
            self.assertEqual(said["result"]["config"]["set"], [["A", number]])

    def test_a_hanging_plugin_can_be_asked_where_it_is(self):
        self.site.plugin("one", "import time\nprint('here')\ntime.sleep(60)\n")
        host = self.host()
        host.send({"call": "load_v0", "plugin": {"name": "one", "module": "tutorone.plugin"}})
        while "here" not in host.printed():
            time.sleep(0.01)
        host.process.send_signal(signal.SIGUSR1)
        while "plugin.py\", line 3 in <module>" not in host.printed():
            time.sleep(0.01)
        host.process.kill()

    def test_values_may_be_deep_but_not_too_deep(self):
        for depth, key in ((90, "result"), (200, "error"), (100000, "error")):
            source = "a = []\nfor _ in range(%d):\n    a = {'x': a}\nconfig = {'set': {'A': a}}\n"
            self.assertIn(key, self.declared(source % depth))

    def test_warnings_of_imported_modules_name_the_importer(self):
        self.site.write("tutorone/old.py", "import warnings\nwarnings.warn('old', stacklevel=2)\n")
        self.site.plugin("one", "\n\nfrom . import old\n")
        host = self.host()
        host.load("one", "tutorone.plugin")
        self.assertIn("plugin.py:3: UserWarning: old", host.printed())


if __name__ == "__main__":
    unittest.main()
