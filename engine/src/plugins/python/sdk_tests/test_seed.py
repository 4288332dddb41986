"""Randomness that is derived from a seed while a plugin is loaded."""
import subprocess
import sys
import unittest

import client
from test_protocol import Case

ONE, TWO = "1f" * 32, "2e" * 32
WAYS = {
    "urandom": "from os import urandom\ndef draw(): return urandom(5).hex()\n",
    "getrandom": "import os\ndef draw(): return os.getrandom(5).hex()\n",
    "attribute": "import os\ndef draw(): return os.urandom(5).hex()\n",
    "early": "import random\nfrom random import _urandom\ndef draw(): return _urandom(5).hex()\n",
    "random": "import random\ndef draw(): return [random.random(), random.choice('abc'), random.sample(range(99), 5)]\n",
    "name": "from random import choices, shuffle, gauss\ndef draw():\n"
            "    a = list(range(20)); shuffle(a); return [a, choices('abcdef', k=9), gauss(0, 1)]\n",
    "state": "import random\ndef draw():\n    a = random.getstate(); b = random.random(); random.setstate(a)\n"
             "    return [b, b == random.random()]\n",
    "reseeded": "import random\ndef draw():\n    random.seed(); return random.random()\n",
    "generator": "import random\ndef draw(): return random.Random().random()\n",
    "subclass": "import random\nclass R(random.Random):\n    pass\ndef draw(): return R().random()\n",
    "generator seeded later": "import random\nr = random.Random(1)\ndef draw():\n    r.seed(); return r.random()\n",
    "system": "import random\ndef draw():\n    r = random.SystemRandom(); return [r.random(), r.choice('abcdefgh')]\n",
    "secrets": "import secrets\ndef draw(): return [secrets.token_hex(), secrets.choice('abcdef'), secrets.randbelow(999)]\n",
    "uuid4": "import uuid\ndef draw(): return str(uuid.uuid4())\n",
    "uuid1": "from uuid import uuid1\ndef draw(): return str(uuid1())\n",
    "ssl": "import ssl\ndef draw(): return ssl.RAND_bytes(9).hex()\n",
    "utils": "from tutor import utils\ndef draw(): return [utils.random_string(9), utils.uuid()]\n",
    "bcrypt": "import bcrypt\ndef draw(): return bcrypt.gensalt(5).decode()\n",
}
BOTH = "\nat_import = draw()\ndef config(): return {'set': {'A': at_import, 'B': draw(), 'C': draw()}}\n"
BCRYPT = """
import os
from base64 import b64encode
def gensalt(rounds=12, prefix=b"2b"):
    return b"$%s$%02d$" % (prefix, rounds) + b64encode(os.urandom(16))[:22]
"""


class Seeded(Case):
    def setUp(self):
        super().setUp()
        self.site.distribution("bcrypt", "4.0", ["bcrypt"])
        self.site.write("bcrypt.py", BCRYPT)

    def said(self, seed, *first, name="one"):
        """The answer of a new process that loads `first` before."""
        with client.Host(path=[self.site.path]) as host:
            for other in first:
                self.assertIn("result", host.load(other, "tutor%s.plugin" % other, seed=TWO))
            return host.load(name, "tutor%s.plugin" % name, **({"seed": seed} if seed else {}))

    def values(self, said):
        self.assertIn("result", said, said.get("error"))
        self.assertNotIn("1f1f1f", str(said))
        return dict(said["result"]["config"]["set"])

    def test_the_same_seed_gives_the_same_and_another_another(self):
        self.site.plugin("two", "import random, uuid, secrets, tempfile, ssl\nrandom.random(); uuid.uuid4()\n"
                                "secrets.token_hex(); tempfile.mkdtemp()\nrandom.seed(3)\n")
        for way, source in WAYS.items():
            with self.subTest(way):
                self.site.plugin("one", source + BOTH)
                said = self.said(ONE)
                self.assertEqual(said["reads"]["volatile"], [])
                found = self.values(said)
                self.assertNotEqual(found["B"], found["C"])
                self.assertNotEqual(found["A"], found["B"])
                self.assertEqual(self.values(self.said(ONE, "two")), found)
                self.assertNotEqual(self.values(self.said(TWO)), found)
                real = self.said(None)
                self.assertNotEqual(self.values(real), found)
                if way not in ("reseeded", "generator seeded later"):
                    self.assertNotEqual(real["reads"]["volatile"], [])

    def test_forms_are_those_of_real_randomness(self):
        source = ("import bcrypt, uuid\na, b, c = uuid.uuid4(), uuid.uuid1(), uuid.uuid1(node=5, clock_seq=7)\n"
                  "config = {'set': {'A': [a.version, a.variant], 'B': [b.version, b.variant], 'C': [c.version, c.node,"
                  " c.clock_seq], 'D': len(bcrypt.gensalt()), 'E': bcrypt.gensalt(rounds=7)[:7].decode()}}\n")
        self.site.plugin("one", source)
        variant = "specified in RFC 4122"
        self.assertEqual(self.values(self.said(ONE)), {
            "A": [4, variant], "B": [1, variant], "C": [1, 5, 7], "D": 29, "E": "$2b$07$",
        })

    def test_errors_are_those_of_the_original(self):
        source = "import os\nfound = []\nfor a in (-1, 'x'):\n    try:\n        os.urandom(a)\n    except Exception as e:\n"
        self.site.plugin("one", source + "        found.append(type(e).__name__)\nconfig = {'set': {'A': found}}\n")
        self.assertEqual(self.values(self.said(ONE)), {"A": ["ValueError", "TypeError"]})

    def test_loading_again_gives_the_same_with_forget_or_without(self):
        self.site.plugin("one", WAYS["secrets"] + BOTH)
        with client.Host(path=[self.site.path]) as host:
            found = [self.values(host.load("one", "tutorone.plugin", seed=ONE)) for _ in range(2)]
            host.request({"call": "forget", "packages": ["tutorone"]})
            found.append(self.values(host.load("one", "tutorone.plugin", seed=ONE)))
        self.assertEqual(found, [found[0]] * 3)

    def test_what_another_seed_left_in_modules_is_volatile(self):
        self.site.plugin("one", WAYS["urandom"] + BOTH)
        self.site.plugin("two", "import tutorone.plugin\n")
        kinds = lambda said: [item["kind"] for item in said["reads"]["volatile"]]
        self.assertEqual(kinds(self.said(ONE, "two")), ["urandom"])
        self.assertEqual(kinds(self.said(ONE, name="two")), [])
        with client.Host(path=[self.site.path]) as host:
            host.load("one", "tutorone.plugin")
            self.assertEqual(kinds(host.load("one", "tutorone.plugin", seed=ONE)), ["urandom"])

    def test_libraries_do_not_move_the_plugins_stream(self):
        self.site.distribution("library", "1", ["library"])
        self.site.write("library.py", "import os, random\nos.urandom(7)\nrandom.random()\nr = random.Random()\n")
        source = "import os, random\n%sconfig = {'set': {'A': [os.urandom(5).hex(), random.random()]}}\n"
        found = []
        for line in ("", "import library\n"):
            self.site.plugin("one", source % line)
            found.append(self.values(self.said(ONE)))
        self.assertEqual(found[0], found[1])

    def test_a_generator_that_the_plugin_seeds_goes_on(self):
        self.site.plugin("one", "import random\nrandom.seed(5)\nrandom.random()\n"
                                "def config(): return {'set': {'A': random.random()}}\n")
        import random

        generator = random.Random(5)
        generator.random()
        self.assertEqual(self.values(self.said(ONE)), {"A": generator.random()})

    def test_afterwards_randomness_is_real(self):
        self.site.plugin("one", "import random, os\nrandom.seed(5)\nos.urandom(3)\n")
        self.site.plugin("two", WAYS["random"] + "config = {'set': {'A': draw()}}\n")
        found = []
        for _ in range(2):
            with client.Host(path=[self.site.path]) as host:
                host.load("one", "tutorone.plugin", seed=ONE)
                said = host.load("two", "tutortwo.plugin")
                self.assertEqual({item["kind"] for item in said["reads"]["volatile"]}, {"random"})
                found.append(self.values(said))
        self.assertNotEqual(found[0], found[1])

    def test_other_threads_draw_what_is_real(self):
        source = ("import os, threading\nfound = []\nthread = threading.Thread(target=lambda: found.append(os.urandom(5).hex()))\n"
                  "thread.start(); thread.join()\nconfig = {'set': {'A': found, 'B': os.urandom(5).hex()}}\n")
        self.site.plugin("one", source)
        one, two = self.said(ONE), self.said(ONE)
        self.assertEqual([item["kind"] for item in one["reads"]["volatile"]], ["urandom"])
        one, two = self.values(one), self.values(two)
        self.assertEqual(one["B"], two["B"])
        self.assertNotEqual(one["A"], two["A"])

    def test_loads_within_loads_have_their_own(self):
        source = "import os\nfrom tutor import config as c\nA = os.urandom(5).hex()\nc.load_full('/')\n"
        self.site.plugin("one", source + "config = {'set': {'A': A, 'B': os.urandom(5).hex()}}\n")
        self.site.plugin("two", WAYS["urandom"] + BOTH)
        nested = []

        def config(message):
            if nested is not None:
                nested.append(self.values(host.load("two", "tutortwo.plugin", seed=TWO)))
            return {"t": "dict", "v": []}

        with client.Host(path=[self.site.path], answers={"config": config}) as host:
            with_inner = self.values(host.load("one", "tutorone.plugin", seed=ONE))
        self.assertEqual(nested[0], self.values(self.said(TWO, name="two")))
        nested = None
        with client.Host(path=[self.site.path], answers={"config": config}) as host:
            self.assertEqual(self.values(host.load("one", "tutorone.plugin", seed=ONE)), with_inner)

    def test_the_seed_is_nowhere_to_be_seen(self):
        spy = """
import gc, sys
def spy(frame):
    whole = "1f" * 32
    raw, found = bytes.fromhex(whole), []
    while frame:
        found += [name for name, value in frame.f_locals.items() if whole in repr(value)]
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is dict:
            found += [str(k) for k, v in list(thing.items()) if v == whole or v == raw]
    return found
config = {'set': {'A': spy(sys._getframe())}}
"""
        self.site.plugin("one", spy)
        self.assertEqual(self.values(self.said(ONE)), {"A": []})
        self.site.plugin("one", "raise ValueError\n")
        self.assertNotIn("1f1f1f", str(self.said(ONE)))

    def test_what_is_no_seed_is_refused(self):
        self.site.plugin("one", "")
        for seed in ("1f" * 31, 5, "xy" * 32, ONE + "\n"):
            error = self.said(seed)["error"]
            self.assertEqual(error["kind"], "Refused")
            self.assertNotIn("1f1f", str(error))

    def test_the_device_of_the_kernel_is_real_and_told(self):
        self.site.plugin("one", "open('/dev/urandom', 'rb').read(3)\n")
        for seed in (ONE, None):
            self.assertEqual([item["kind"] for item in self.said(seed)["reads"]["volatile"]], ["urandom"])


if __name__ == "__main__":
    unittest.main()
