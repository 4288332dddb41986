"""What `os.scandir` gives for a folder that is made of two."""
import os
import stat


class Entries:
    """The iterator, which is a context too."""

    def __init__(self, entries):
        self.entries = iter(entries)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.entries = iter(())


class Entry:
    """Like `os.DirEntry`."""

    def __init__(self, overlay, rel, folder, name):
        self.__overlay, self.__rel = overlay, rel
        self.name = os.fsencode(name) if isinstance(folder, bytes) else name
        self.path = os.path.join(folder, self.name)

    def __fspath__(self):
        return self.path

    def __repr__(self):
        return "<DirEntry %r>" % (self.name,)

    def stat(self, *, follow_symlinks=True):
        found = self.__overlay.find(self.__rel) or self.path
        return self.__overlay.raw["stat" if follow_symlinks else "lstat"](found)

    def is_kind(self, kind, follow_symlinks):
        try:
            return kind(self.stat(follow_symlinks=follow_symlinks).st_mode)
        except OSError:
            return False

    def is_dir(self, *, follow_symlinks=True):
        return self.is_kind(stat.S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        return self.is_kind(stat.S_ISREG, follow_symlinks)

    def is_symlink(self):
        return self.is_kind(stat.S_ISLNK, False)

    def is_junction(self):
        return False

    def inode(self):
        return self.stat(follow_symlinks=False).st_ino
