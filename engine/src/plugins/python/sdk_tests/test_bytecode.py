"""What the SDK compiles to is kept, and never trusted blindly."""
import os
import stat
import tempfile
import unittest

from client import Host

PLUGIN = {"name": "abc", "module": "abc_plugin", "attribute": None, "file": None, "distribution": "", "version": None}


class Bytecode(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.plugins = os.path.join(self.folder.name, "plugins")
        os.mkdir(self.plugins)
        with open(os.path.join(self.plugins, "abc_plugin.py"), "w") as file:
            file.write("config = {'defaults': {'X': 1}}\n")
        self.kept = os.path.join(self.folder.name, "caches", "tutor")

    def load(self):
        """What a plugin declares, in a process of its own."""
        with Host(path=[self.plugins], bytecode=self.kept) as host:
            answer = host.request({"call": "load_v0", "plugin": dict(PLUGIN)})
            # Its answer says that what came before is done.
            host.request({"call": "forget", "packages": []})
        return answer["result"]["config"]

    def file(self):
        names = os.listdir(self.kept)
        self.assertEqual(len(names), 1, names)
        return os.path.join(self.kept, names[0])

    def test_it_is_kept_for_the_next_process_and_for_nobody_else(self):
        first = self.load()
        file = self.file()
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.kept).st_mode), 0o700)
        before = os.stat(file)
        self.assertEqual(self.load(), first)
        now = os.stat(file)
        self.assertEqual((now.st_ino, now.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_a_broken_file_is_replaced(self):
        first = self.load()
        with open(self.file(), "rb") as file:
            good = file.read()
        for bad in (b"", b"x", good[:100], good[:-1], good[:-50] + b"x" * 50, b"x" * 8 + good[8:]):
            with open(self.file(), "wb") as file:
                file.write(bad)
            self.assertEqual(self.load(), first)
            with open(self.file(), "rb") as file:
                self.assertNotEqual(file.read(), bad)

    def test_a_file_that_others_can_write_is_not_read(self):
        self.load()
        before = os.stat(self.file()).st_ino
        os.chmod(self.file(), 0o622)
        self.load()
        self.assertNotEqual(os.stat(self.file()).st_ino, before)

    def test_where_nothing_can_be_kept_all_works(self):
        with open(os.path.join(self.folder.name, "caches"), "w"):
            pass
        self.assertTrue(self.load())


if __name__ == "__main__":
    unittest.main()
