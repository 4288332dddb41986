"""Packages on disk for tests, in a folder that looks installed."""
import os
import shutil
import tempfile


class Site:
    """A `site-packages` of its own."""

    def __init__(self):
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.path = os.path.join(self.root, "site-packages")
        os.mkdir(self.path)

    def close(self):
        shutil.rmtree(self.root)

    def file(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text=""):
        path = self.file(*name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def distribution(self, name, version, tops, entry_points=""):
        folder = "%s-%s.dist-info/" % (name, version)
        self.write(folder + "METADATA", "Metadata-Version: 2.1\nName: %s\nVersion: %s\n\n" % (name, version))
        self.write(folder + "top_level.txt", "\n".join(tops) + "\n")
        if entry_points:
            self.write(folder + "entry_points.txt", entry_points)

    def plugin(self, name, source, version="1.0"):
        """A package `tutor<name>` with a module `plugin`."""
        top = "tutor" + name
        self.distribution("tutor_" + name, version, [top], "[tutor.plugin.v0]\n%s = %s.plugin\n" % (name, top))
        self.write(top + "/__init__.py")
        return self.write(top + "/plugin.py", source)
