"""Values as JSON; see tests/it/codec.rs, which reads and writes the same."""
import datetime
import json
import struct


class CannotEncode(Exception):
    """A value that the Rust side cannot hold: half a character, a value that contains itself."""


def check_text(text):
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CannotEncode("surrogate") from error
    return text


class Encoder:
    def __init__(self):
        self.ids = {}
        self.open = set()
        self.keep = []

    def encode(self, value):
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return check_text(value)
        if kind.__name__ == "Markup":
            return {"markup": str(value)}
        if kind is int:
            import sys
            sys.set_int_max_str_digits(0)
            try:
                return {"int": str(value)}
            finally:
                sys.set_int_max_str_digits(4300)
        if kind is float:
            return {"float": "nan" if value != value else struct.pack(">d", value).hex()}
        if kind is bytes:
            return {"bytes": value.hex()}
        if kind is tuple and not value:
            return {"tuple": [], "id": len(self.ids) + 1}
        self.keep.append(value)
        identity = id(value)
        if identity in self.open:
            raise CannotEncode("contains itself")
        if identity in self.ids:
            return {"ref": self.ids[identity]}
        number = self.ids[identity] = len(self.ids) + 1
        self.open.add(identity)
        result = self.container(value, kind)
        self.open.discard(identity)
        result["id"] = number
        return result

    def container(self, value, kind):
        if kind is list:
            return {"list": [self.encode(item) for item in value]}
        if kind is tuple:
            return {"tuple": [self.encode(item) for item in value]}
        if kind is dict:
            return {"dict": [[self.encode(k), self.encode(v)] for k, v in value.items()]}
        if kind is set:
            return {"set": [self.encode(item) for item in value]}
        if kind is datetime.datetime:
            offset = value.utcoffset()
            fields = [value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond]
            return {
                "datetime": fields,
                "offset": None if offset is None else int(offset.total_seconds()),
                "utc": value.tzinfo is datetime.timezone.utc,
            }
        if kind is datetime.date:
            return {"date": [value.year, value.month, value.day]}
        raise CannotEncode(kind.__name__)


def encode(value):
    return Encoder().encode(value)


def comparable(encoded):
    """An encoding without what cannot be compared: the order of sets."""
    if isinstance(encoded, dict):
        result = {key: comparable(item) for key, item in encoded.items()}
        if "set" in result:
            result["set"] = sorted(result["set"], key=json.dumps)
        return result
    if isinstance(encoded, list):
        return [comparable(item) for item in encoded]
    return encoded
