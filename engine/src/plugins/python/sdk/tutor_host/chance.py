"""Randomness that a load draws from a seed: the same seed gives the same draws in every process.

Each module, while it is imported, has a stream of its own, and what the load calls has one: so a draw depends on the
seed and on what the same module has drawn before, not on who was imported already. The seed is kept only as the state
of a hash function, where nobody can read it.
"""
import re

BLOCK = 32
LOAD = ""


class Chance:
    """The randomness of one load."""

    def __init__(self, seed):
        import hmac

        self._hash = hmac.new(bytes.fromhex(seed), digestmod="sha256")
        self._streams = {}
        self.mark = self.block("mark", 0)
        self.shared = None

    def block(self, name, number):
        """A piece of a stream."""
        made = self._hash.copy()
        made.update(name.encode("utf-8", "surrogatepass") + b"\0" + number.to_bytes(8, "big"))
        return made.digest()

    def stream(self, kind, name):
        """The stream of a module, or of the load; `kind` keeps plugins' apart from libraries'."""
        key = kind + ":" + name
        if key not in self._streams:
            self._streams[key] = Stream(self, key)
        return self._streams[key]


class Stream:
    """Bytes in order, and the generator that stands for module `random`."""

    def __init__(self, chance, name):
        self.chance, self.name = chance, name
        self._number = 0
        self._rest = b""
        self._generator = None

    def bytes(self, length):
        """The next bytes."""
        parts, have = [self._rest], len(self._rest)
        while have < length:
            parts.append(self.chance.block(self.name, self._number))
            self._number += 1
            have += BLOCK
        data = b"".join(parts)
        self._rest = data[length:]
        return data[:length]

    def number(self):
        """A seed for a generator."""
        return int.from_bytes(self.bytes(BLOCK), "big")

    def generator(self, seeding):
        """What the functions of module `random` use instead of the generator that they share. Once a plugin has
        seeded it, all that the plugin does uses the same one, as it expects.
        """
        own = self.name.startswith("own:")
        if own and self.chance.shared is not None:
            return self.chance.shared
        if self._generator is None:
            from random import Random

            self._generator = Random(self.number())
        if own and seeding:
            self.chance.shared = self._generator
        return self._generator


def take(plugin):
    """The randomness for a load, or None if it is to be real. Takes the seed out of the plugin object."""
    seed = plugin.pop("seed", None)  # of a plugin object, or of a call
    if seed is None:
        return None
    if not isinstance(seed, str) or not re.fullmatch("[0-9a-fA-F]{64}", seed):
        from tutor_host.session import Refused

        raise Refused("a seed has to be 64 hex digits")
    return Chance(seed)
