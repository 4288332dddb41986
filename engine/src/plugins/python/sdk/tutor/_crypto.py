"""Secrets, hashes and keys. The engine does what needs a library that may not be there."""
import typing as t


def encrypt(text: str) -> str:
    """A bcrypt hash, as htpasswd has it."""
    return t.cast(str, _filter("encrypt", text))


def verify_encrypted(encrypted: str, text: str) -> bool:
    """Whether a hash is that of a text."""
    import tutor_host

    return bool(tutor_host.ask("verify_encrypted", encrypted=encrypted, text=text))


def random_string(length: int) -> str:
    """Letters and digits."""
    import secrets
    import string

    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def rsa_private_key(bits: int = 2048) -> str:
    """A new key, as PEM."""
    return t.cast(str, _filter("rsa_private_key", bits))


class RsaKey:
    """The numbers of a key."""

    def __init__(self, numbers: t.Dict[str, int]):
        self.__dict__.update(numbers)


def rsa_import_key(key: str) -> t.Any:
    """The numbers of a key in PEM."""
    import tutor_host

    return RsaKey(tutor_host.ask("rsa_numbers", key=key))


def long_to_base64(n: int) -> str:
    """The bytes of a number, as base64 for addresses."""
    import base64

    data = n.to_bytes(max(1, (n.bit_length() + 7) // 8), "big")
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def uuid(size: int = 4) -> str:
    """A new UUID of that version."""
    import uuid as uuids

    return str(getattr(uuids, "uuid%d" % size)())


def uid_master_hash(master_key: str, uid: str) -> str:
    """The HMAC of a text."""
    import hashlib
    import hmac

    return hmac.new(master_key.encode(), uid.encode(), hashlib.sha256).hexdigest()


def _filter(name: str, value: t.Any) -> t.Any:
    import tutor_host
    from tutor_host import values

    tutor_host.impure("urandom")
    return tutor_host.ask("filter", name=name, value=values.encode(value))
