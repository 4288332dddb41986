"""Calls that see a folder changed while it stays as it is."""
import os
import unittest

import client
from test_calls import HEAD, Calls, tagged

ENV = {"a": "A", "dir/b": "B", "dir/sub/c": "C", "other/d": "D"}


class Overlay(Calls):
    def setUp(self):
        super().setUp()
        self.lower, self.upper = self.site.root + "/r/env", self.site.root + "/over"
        os.mkdir(self.upper)
        for name, text in ENV.items():
            self.put(self.lower, name, text)

    def put(self, folder, name, text):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def tree(self, folder):
        found = {}
        for path, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(path, name)) as file:
                    found[os.path.relpath(os.path.join(path, name), folder)] = file.read()
        return found

    def do(self, *lines, **more):
        """Runs code in a callback of ENV_SAVED; `e` is the folder."""
        body = "".join("    %s\n" % line for line in lines)
        imports = "import errno, glob, pathlib, shutil\nfrom os import listdir as early, remove as gone\n"
        self.plugin(imports + "from tutor import env\nout = []\n@A.ENV_SAVED.add()\ndef saved(e, config):\n    P = pathlib.Path(e)\n" + body
                    + "F.ENV_TEMPLATE_VARIABLES.add_item(('out', lambda: out))\n")
        at = [one["name"] for one in self.loaded["result"]["callbacks"]].index("ENV_SAVED")
        overlay = {"of": self.lower, "in": self.upper}
        overlay.update(more)
        said = self.call({"kind": "callback", "plugin": "one", "at": at}, self.lower, {"t": "config"}, config=tagged(), overlay=overlay)
        self.assertIn("result", said, said.get("error"))
        self.assertEqual(self.tree(self.lower), ENV)
        self.effects, self.read = said["effects"], said["reads"]
        self.assertEqual(self.read["volatile"], [])
        return self.result("out")

    def told(self, kind):
        return [os.path.relpath(path, self.lower) for path in self.effects[kind]]

    def test_writing(self):
        out = self.do(
            "open(e + '/new', 'w').write('N'); open(e + '/a', 'a').write('+'); env.write_to('X', e + '/x/y/z')",
            "P.joinpath('dir', 'b').write_text('BB'); P.joinpath('p').mkdir(); P.joinpath('p', 'q').write_bytes(b'Q')",
            "out.append([open(e + '/' + n).read() for n in ('new', 'a', 'x/y/z', 'dir/b', 'dir/sub/c')])",
            "out.append(sorted(os.listdir(e))); out.append(sorted(early(e + '/dir')))",
            "out.append([os.path.exists(e + '/x/y'), os.path.isdir(e + '/p'), P.joinpath('new').is_file(), os.path.getsize(e + '/a')])",
        )
        self.assertEqual(out[0], ["N", "A+", "X", "BB", "C"])
        self.assertEqual(out[1:3], [["a", "dir", "new", "other", "p", "x"], ["b", "sub"]])
        self.assertEqual(out[3], [True, True, True, 2])
        self.assertEqual(self.tree(self.upper), {"new": "N", "a": "A+", "x/y/z": "X", "dir/b": "BB", "p/q": "Q"})
        self.assertEqual(self.told("wrote"), ["a", "dir/b", "new", "p", "p/q", "x", "x/y", "x/y/z"])
        self.assertEqual(self.told("removed"), [])
        self.assertEqual(self.read["files"], [self.lower + "/dir/sub/c"])

    def test_removing(self):
        out = self.do(
            "os.remove(e + '/a'); gone(e + '/dir/b'); shutil.rmtree(e + '/other'); P.joinpath('dir', 'sub', 'c').unlink()",
            "os.rmdir(e + '/dir/sub')",
            "out.append([os.path.exists(e + '/' + n) for n in ('a', 'other', 'other/d', 'dir', 'dir/sub')])",
            "out.append([sorted(os.listdir(e)), sorted(glob.glob(e + '/**', recursive=True))])",
            "for f in (lambda: open(e + '/a'), lambda: os.stat(e + '/other'), lambda: os.remove(e + '/a'), lambda: os.listdir(e + '/other')):",
            "    try: f()",
            "    except FileNotFoundError as error: out.append(os.path.relpath(error.filename, e))",
            "os.makedirs(e + '/other/again'); out.append(os.listdir(e + '/other'))",
        )
        self.assertEqual(out[0], [False, False, False, True, False])
        self.assertEqual(out[1], [["dir"], [self.lower + "/", self.lower + "/dir"]])
        self.assertEqual(out[2:6], ["a", "other", "a", "other"])
        self.assertEqual(out[6], ["again"])
        self.assertEqual(self.told("removed"), ["a", "dir/b", "dir/sub", "dir/sub/c", "other/d"])
        self.assertEqual(self.told("wrote"), ["other", "other/again"])

    def test_moving_and_copying(self):
        out = self.do(
            "os.rename(e + '/a', e + '/aa'); os.rename(e + '/dir', e + '/moved'); shutil.copytree(e + '/moved', e + '/copy')",
            "open(e + '/t', 'w').write('T'); os.replace(e + '/t', e + '/other/d'); shutil.move(e + '/copy/b', e + '/bb')",
            "shutil.copy(e + '/aa', e + '/copy/aa'); os.chmod(e + '/aa', 0o700)",
            "out.append(sorted(os.path.relpath(os.path.join(p, n), e) for p, _, ns in os.walk(e) for n in ns))",
            "out.append([str(p.relative_to(P)) for p in sorted(P.rglob('*'))]); out.append(open(e + '/other/d').read())",
        )
        files = ["aa", "bb", "copy/aa", "copy/sub/c", "moved/b", "moved/sub/c", "other/d"]
        self.assertEqual(out[0], files)
        self.assertEqual(sorted(set(out[1]) - {"copy", "copy/sub", "moved", "moved/sub", "other"}), files)
        self.assertEqual(out[2], "T")
        told = self.told("removed")
        for name in ("a", "dir", "dir/b", "dir/sub", "dir/sub/c"):
            self.assertIn(name, told)
        for name in files:
            self.assertIn(name, self.told("wrote"))

    def test_what_is_there_already(self):
        self.put(self.upper, "a", "staged")
        self.put(self.upper, "staged/s", "S")
        out = self.do("out.append([open(e + '/a').read(), sorted(os.listdir(e)), os.path.exists(e + '/dir/b'), os.listdir(e + '/staged')])",
                      removed=[self.lower + "/dir/b", self.lower + "/other"])
        self.assertEqual(out[0], ["staged", ["a", "dir", "staged"], False, ["s"]])
        self.assertEqual(self.read["files"], [self.lower + "/a"])
        self.assertEqual(self.read["listings"], [self.lower, self.lower + "/staged"])
        self.assertEqual((self.told("wrote"), self.told("removed")), ([], []))

    def test_errors_and_other_folders(self):
        out = self.do(
            "for f in (lambda: open(e + '/no/x', 'w'), lambda: open(e + '/a', 'x'), lambda: os.mkdir(e + '/dir'), lambda: open(e + '/dir', 'w'),",
            "          lambda: os.rmdir(e + '/dir'), lambda: os.rename(e + '/none', e + '/n'), lambda: os.listdir(e + '/a'), lambda: os.remove(e + '/dir')):",
            "    try: f()",
            "    except OSError as error: out.append(errno.errorcode[error.errno])",
            "open(os.path.dirname(e) + '/outside', 'w').write('O')",
        )
        self.assertEqual(out, ["ENOENT", "EEXIST", "EEXIST", "EISDIR", "ENOTEMPTY", "ENOENT", "ENOTDIR", "EISDIR"])
        self.assertEqual(self.told("wrote"), ["../outside"])
        self.assertEqual(self.tree(self.upper), {})

    def test_it_is_gone_afterwards(self):
        self.do("open(e + '/new', 'w').write('N')")
        said = self.variable("from os import remove\nimport builtins, io, shutil\n"
                             "def f(): return [builtins.open is io.open, 'overlay' in repr(type(os.remove)), shutil._use_fd_functions, type(remove).__name__]\n")
        self.assertEqual(said["result"], [True, False, True, "builtin_function_or_method"])


if __name__ == "__main__":
    unittest.main()
