"""What plugins do to the interpreter that they share must not reach the next one, nor the protocol."""
import os
import time
import unittest

import client
from site_folder import Site

GOOD = """
import csv, glob, json, os, random, sys
from tutor import utils
HERE = os.path.dirname(__file__)
def config():
    import colorsys
    print("printed by two")
    sys.stderr.write("and this")
    return {"set": {"A": [open(path).read() for path in glob.glob(HERE + "/d/*")], "D": os.getcwd()}}
"""
HARMLESS = {
    "exit": "import sys\nsys.exit(3)\n",
    "fork, and the child goes on": "import os, time\nif not os.fork():\n    time.sleep(0.2)\n",
    "fork in a function": "import os\ndef config():\n    os.fork()\n    return {}\n",
    "fork, and the child fails": "import os\nif not os.fork():\n    raise ValueError\n",
    "thread": "import threading, time\ndef work():\n    while True:\n        time.sleep(0.001); open('/etc/hostname').close()\n"
              "threading.Thread(target=work).start()\n",
    "busy thread": "import threading\ndef work():\n    while True:\n        pass\nthreading.Thread(target=work).start()\n",
    "working folder": "import os\nos.chdir('/')\n",
    "working folder that is gone": "import os, tempfile\nd = tempfile.mkdtemp()\nos.chdir(d)\nos.rmdir(d)\n",
    "closed streams": "import sys\nsys.stdout.close(); sys.stderr.close()\n",
    "streams that are gone": "import sys\nsys.stdout = sys.stderr = sys.stdin = None\n",
    "closed descriptors": "import os\nfor n in range(3):\n    os.close(n)\n",
    "descriptors of others": "import os\nfor n in range(3):\n    os.close(n)\nkeep = [open(os.devnull) for _ in range(3)]\n",
    "streams that fail": "import sys\nclass S:\n    def write(self, x): raise ValueError\n"
                         "    def flush(self): raise KeyboardInterrupt\nsys.stdout = sys.stderr = S()\n",
    "exit handlers": "import atexit, time\natexit.register(time.sleep, 60)\n",
    "signal handlers": "import signal\nfor s in (signal.SIGTERM, signal.SIGINT):\n    signal.signal(s, lambda *a: None)\n",
    "ignored signals": "import signal\nfor s in (signal.SIGTERM, signal.SIGINT):\n    signal.signal(s, signal.SIG_IGN)\n",
    "blocked signals": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))\n",
    "alarm": "import signal\nsignal.alarm(1)\n",
    "timer": "import signal\ndef h(*a): raise ValueError\nsignal.signal(signal.SIGALRM, h)\nsignal.setitimer(signal.ITIMER_REAL, 1, 1)\n",
    "interrupt": "raise KeyboardInterrupt\n",
    "error that raises itself": "class E(BaseException):\n    def __str__(self): raise self\nraise E\n",
    "error that exits": "class E(BaseException):\n    def __str__(self): raise SystemExit\nraise E\n",
    "error without a name": "class M(type):\n    @property\n    def __name__(self): raise SystemExit\n"
                            "class E(Exception, metaclass=M): pass\nraise E\n",
    "error without attributes": "class E(Exception):\n    def __getattribute__(self, n): raise SystemExit\nraise E\n",
    "error that takes no notes": "class E(Exception):\n    def __setattr__(self, n, v): raise SystemExit\ndef config(): raise E\n",
    "cause that interrupts": "class E(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise ValueError from E()\n",
    "status that interrupts": "class C:\n    def __str__(self): raise KeyboardInterrupt\nraise SystemExit(C())\n",
    "odd syntax error": "e = SyntaxError('x')\ne.text = 5\ne.msg = e.filename = object()\nraise e\n",
    "odd missing module": "raise ModuleNotFoundError('x', name=object())\n",
    "open": "import builtins\ndef no(*a, **k): raise RuntimeError\nbuiltins.open = no\n",
    "import": "import builtins\ndef no(*a, **k): raise RuntimeError\nbuiltins.__import__ = no\n",
    "builtins": "import builtins\nfor n in 'isinstance len getattr str dict sorted map hasattr set print'.split():\n"
                "    setattr(builtins, n, None)\n",
    "builtins that are gone": "import builtins\nfor n in 'isinstance len getattr'.split():\n    delattr(builtins, n)\n",
    "path": "import sys\nsys.path = []\n",
    "path, emptied": "import sys\nsys.path.clear()\n",
    "no path": "import sys\nsys.path = None\n",
    "odd path": "import sys\nsys.path.insert(0, 5)\nsys.path.insert(0, None)\n",
    "modules": "import sys\nfor n in 'os sys json tutor tutor_host tutor_host.report tutor_host.errors linecache'.split():\n"
               "    sys.modules.pop(n, None)\n",
    "all modules": "import sys\nsys.modules.clear()\n",
    "other modules": "import sys\nsys.modules = {}\n",
    "modules that are none": "import sys\nsys.modules['tutor_host.errors'] = None\nsys.modules['json'] = 5\nraise ValueError\n",
    "odd modules": "import sys\nclass M:\n    def __getattr__(self, n): raise RuntimeError(n)\n"
                   "sys.modules['odd'] = sys.modules[5] = M()\n",
    "finders": "import sys\nsys.meta_path.clear()\n",
    "profile": "import sys\ndef p(*a): raise RuntimeError\nsys.setprofile(p)\n",
    "quiet profile": "import sys\nsys.setprofile(lambda *a: None)\ndef config():\n    assert sys.getprofile()\n    return {}\n",
    "trace": "import sys\ndef p(*a): raise RuntimeError\nsys.settrace(p)\n",
    "recursion": "import sys\nsys.setrecursionlimit(50)\n",
    "recursion in a function": "import sys\ndef config():\n    sys.setrecursionlimit(60)\n    return {}\n",
    "json": "import json\njson.dumps = json.loads = None\n",
    "os": "import os\nos.write = os.read = os.open = os.close = os.stat = os.fsdecode = None\nos.path.abspath = os.path.isfile = None\n",
    "mask": "import os\nos.umask(0o777)\n",
    "variables": "import os\nos.environ.clear()\n",
    "variables replaced": "import os\nos.environ = {}\n",
    "the host": "import tutor_host\ntutor_host.current = None\n",
}
DEADLY = {
    "exit at once": "import os\nos._exit(3)\n",
    "descriptors": "import os\nos.closerange(3, 4096)\n",
    "descriptors that are others'": "import os\nos.closerange(3, 4096)\nkeep = [os.open('/dev/zero', os.O_RDWR) for _ in range(300)]\n",
    "the program": "import sys\nf = sys._getframe()\nwhile f.f_back: f = f.f_back\nf.f_globals.clear()\n",
}


class Misbehaviour(unittest.TestCase):
    def run_both(self, source, call="load_v0"):
        """The answers for a plugin with this source and for a good one after it, without where they are."""
        site = Site()
        self.addCleanup(site.close)
        site.plugin("one", source)
        site.plugin("two", GOOD)
        site.write("tutortwo/d/x", "text")
        host = client.Host(path=[site.path], cwd=site.root, start_new_session=True, environ={"KEPT": "1"})
        host.socket.settimeout(10)
        try:
            plugin = {"name": "one", "module": "tutorone.plugin"}
            one = host.request({"call": call, "plugin": plugin})
            two = host.load("two", "tutortwo.plugin") if one is not None else None
            self.printed = host.printed()
            began = time.time()
            self.status = host.close()[0]
            self.assertLess(time.time() - began, 5)
        finally:
            try:
                os.killpg(host.process.pid, 9)  # children that the plugin left
            except OSError:
                pass
        if two is not None:
            two = {key: self.plain(two.get(key), site.root) for key in ("result", "reads", "error")}
        return one, two

    def plain(self, value, root):
        if isinstance(value, str):
            return value.replace(root, "ROOT")
        if isinstance(value, list):
            return [self.plain(item, root) for item in value]
        if isinstance(value, dict):
            return {key: self.plain(item, root) for key, item in value.items()}
        return value

    def test_the_next_plugin_notices_nothing(self):
        _, expected = self.run_both("")
        self.assertIsNotNone(expected["result"])
        for call in ("load_v0", "load_v1"):
            for name, source in HARMLESS.items():
                with self.subTest(name, call=call):
                    one, two = self.run_both(source, call)
                    self.assertIsNotNone(one, "it died")
                    self.assertEqual(two, expected)
                    self.assertIn("printed by two\n", self.printed)
                    self.assertIn("and this", self.printed)
                    self.assertEqual(self.status, 0)

    def test_errors_are_told_as_far_as_they_can_be(self):
        for name, kind in {
            "exit": "SystemExit", "interrupt": "KeyboardInterrupt", "error that exits": "E", "error without a name": "E",
            "error without attributes": "E", "error that takes no notes": "E", "cause that interrupts": "ValueError",
            "status that interrupts": "SystemExit", "odd syntax error": "SyntaxError",
            "odd missing module": "ModuleNotFoundError", "profile": "RuntimeError", "trace": "RuntimeError",
        }.items():
            with self.subTest(name):
                error = self.run_both(HARMLESS[name])[0]["error"]
                self.assertEqual((error["kind"], error["plugin"]), (kind, "one"))
                self.assertNotEqual(error["frames"], [])

    def test_some_end_the_process_but_none_hangs(self):
        for name, source in DEADLY.items():
            with self.subTest(name):
                self.assertEqual(self.run_both(source)[0], None)
                self.assertNotEqual(self.status, 0)

    def test_what_a_plugin_adds_stays(self):
        added = ("import builtins, os, sys\nsys.path.insert(0, os.path.dirname(__file__) + '/vendor')\nbuiltins.mine = 5\n"
                 "class F:\n    def find_spec(self, *a): return None\nsys.meta_path.append(F())\n")
        site = Site()
        self.addCleanup(site.close)
        site.plugin("one", added)
        site.write("tutorone/vendor/vendored.py", "")
        site.plugin("two", "import sys\nimport vendored\nconfig = {'set': {'A': [mine, type(sys.meta_path[-1]).__name__]}}\n")
        with client.Host(path=[site.path]) as host:
            host.load("one", "tutorone.plugin")
            self.assertEqual(host.load("two", "tutortwo.plugin")["result"]["config"]["set"], [["A", [5, "F"]]])


if __name__ == "__main__":
    unittest.main()
