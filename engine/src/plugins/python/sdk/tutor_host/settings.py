"""The configuration that a function gets: a dict that notes which of its keys are read, and what is changed."""
from tutor_host.values import decode, encode

ALL = "*"


class Settings(dict):
    """Like a dict in all ways; who looks at all of it reads "*"."""

    __slots__ = ("tutor_notes", "tutor_written", "tutor_pairs")
    __hash__ = None

    @classmethod
    def of(cls, tagged):
        """From what the engine sends."""
        made = cls()
        dict.update(made, decode(tagged))
        made.tutor_notes, made.tutor_written = {}, {}
        made.tutor_pairs = tagged["v"]
        return made

    def tutor_all(self):
        self.tutor_notes[ALL] = True

    def tutor_reads(self):
        """The names that were read, or "*"."""
        return [ALL] if ALL in self.tutor_notes else sorted(map(str, self.tutor_notes))

    def tutor_changes(self):
        """What is different by now: pairs, and the keys that are gone. What nobody looked at cannot be."""
        touched = dict(self.tutor_notes, **{key: True for key in self.tutor_written if isinstance(key, str)})
        before = {key: value for key, value in self.tutor_pairs if isinstance(key, str)}
        keys = list(dict.keys(self)) + list(before) if ALL in touched else list(touched)
        changed, removed = {}, []
        for key in keys:
            if key not in dict.keys(self):
                if key in before and key not in removed:
                    removed.append(key)
                continue
            value = dict.__getitem__(self, key)
            said = encode(value, ("config", key))
            if key not in before or repr(said) != repr(before[key]):  # 1 is not true
                changed[key] = said
        return [[key, value] for key, value in changed.items()], removed

    def tutor_copy(self):
        """A copy whose reads count here too, for the SDK's own use."""
        made = type(self)()
        dict.update(made, self.tutor_plain())
        made.tutor_notes, made.tutor_written, made.tutor_pairs = self.tutor_notes, {}, self.tutor_pairs
        return made

    def tutor_plain(self):
        """A plain dict, without a note."""
        return dict(dict.items(self))

    def __getitem__(self, key):
        self.tutor_notes[key] = True
        return dict.__getitem__(self, key)

    def get(self, key, default=None):
        self.tutor_notes[key] = True
        return dict.get(self, key, default)

    def __contains__(self, key):
        self.tutor_notes[key] = True
        return dict.__contains__(self, key)

    def __setitem__(self, key, value):
        self.tutor_written[key] = True
        dict.__setitem__(self, key, value)

    def __delitem__(self, key):
        self.tutor_notes[key] = self.tutor_written[key] = True
        dict.__delitem__(self, key)

    def setdefault(self, key, default=None):
        self.tutor_notes[key] = self.tutor_written[key] = True
        return dict.setdefault(self, key, default)

    def pop(self, key, *default):
        self.tutor_notes[key] = self.tutor_written[key] = True
        return dict.pop(self, key, *default)

    def popitem(self):
        self.tutor_all()
        return dict.popitem(self)

    def clear(self):
        self.tutor_all()
        dict.clear(self)

    def update(self, *args, **kwargs):
        fresh = dict(*args, **kwargs)
        self.tutor_written.update(dict.fromkeys(fresh, True))
        dict.update(self, fresh)

    def __ior__(self, other):
        self.update(other)
        return self

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        return merged(self, other)

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        return merged(other, self)

    def __iter__(self):
        self.tutor_all()
        return dict.__iter__(self)

    def __reversed__(self):
        self.tutor_all()
        return dict.__reversed__(self)

    def __len__(self):
        self.tutor_all()
        return dict.__len__(self)

    def keys(self):
        self.tutor_all()
        return dict.keys(self)

    def values(self):
        self.tutor_all()
        return dict.values(self)

    def items(self):
        self.tutor_all()
        return dict.items(self)

    def copy(self):
        self.tutor_all()
        return self.tutor_plain()

    __copy__ = copy

    def __deepcopy__(self, memo):
        from copy import deepcopy

        return deepcopy(self.copy(), memo)

    def __reduce_ex__(self, protocol):
        return dict, (self.copy(),)

    def __eq__(self, other):
        self.tutor_all()
        return dict.__eq__(self, other)

    def __ne__(self, other):
        self.tutor_all()
        return dict.__ne__(self, other)

    def __repr__(self):
        self.tutor_all()
        return dict.__repr__(self)


def merged(one, other):
    """A plain dict of two."""
    both = dict(one)
    both.update(other)
    return both


def plain(config):
    """The configuration as a dict that notes nothing; for the SDK."""
    return config.tutor_plain() if isinstance(config, Settings) else config


def copied(config):
    """A copy to keep, which notes what is read if the original does; for the SDK."""
    return config.tutor_copy() if isinstance(config, Settings) else dict(config)


def teach_yaml(representer):
    """PyYAML goes by the exact type: what its classes do with a dict, they do with settings."""
    waiting = [representer.BaseRepresenter] if representer is not None else []
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        known = kind.__dict__.get("yaml_representers")
        if known is not None and dict in known:
            known[Settings] = known[dict]
