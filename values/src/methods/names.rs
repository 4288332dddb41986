//! The methods that the built-in types have in `CPython` 3.11. Written by `tools/names.py`: do not edit.

/// The methods of all objects.
#[rustfmt::skip]
pub(super) static OBJECT: [&str; 22] = [
    "__delattr__", "__dir__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__",
    "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__",
    "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
];

#[rustfmt::skip]
pub(super) static NONE: [&str; 1] = [
    "__bool__",
];

#[rustfmt::skip]
pub(super) static BOOL: [&str; 45] = [
    "__abs__", "__add__", "__and__", "__bool__", "__ceil__", "__divmod__", "__float__", "__floor__",
    "__floordiv__", "__getnewargs__", "__index__", "__int__", "__invert__", "__lshift__", "__mod__",
    "__mul__", "__neg__", "__or__", "__pos__", "__pow__", "__radd__", "__rand__", "__rdivmod__",
    "__rfloordiv__", "__rlshift__", "__rmod__", "__rmul__", "__ror__", "__round__", "__rpow__", "__rrshift__",
    "__rshift__", "__rsub__", "__rtruediv__", "__rxor__", "__sub__", "__truediv__", "__trunc__", "__xor__",
    "as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "to_bytes",
];

#[rustfmt::skip]
pub(super) static INT: [&str; 45] = [
    "__abs__", "__add__", "__and__", "__bool__", "__ceil__", "__divmod__", "__float__", "__floor__",
    "__floordiv__", "__getnewargs__", "__index__", "__int__", "__invert__", "__lshift__", "__mod__",
    "__mul__", "__neg__", "__or__", "__pos__", "__pow__", "__radd__", "__rand__", "__rdivmod__",
    "__rfloordiv__", "__rlshift__", "__rmod__", "__rmul__", "__ror__", "__round__", "__rpow__", "__rrshift__",
    "__rshift__", "__rsub__", "__rtruediv__", "__rxor__", "__sub__", "__truediv__", "__trunc__", "__xor__",
    "as_integer_ratio", "bit_count", "bit_length", "conjugate", "from_bytes", "to_bytes",
];

#[rustfmt::skip]
pub(super) static FLOAT: [&str; 33] = [
    "__abs__", "__add__", "__bool__", "__ceil__", "__divmod__", "__float__", "__floor__", "__floordiv__",
    "__getformat__", "__getnewargs__", "__int__", "__mod__", "__mul__", "__neg__", "__pos__", "__pow__",
    "__radd__", "__rdivmod__", "__rfloordiv__", "__rmod__", "__rmul__", "__round__", "__rpow__", "__rsub__",
    "__rtruediv__", "__sub__", "__truediv__", "__trunc__", "as_integer_ratio", "conjugate", "fromhex", "hex",
    "is_integer",
];

#[rustfmt::skip]
pub(super) static STR: [&str; 57] = [
    "__add__", "__contains__", "__getitem__", "__getnewargs__", "__iter__", "__len__", "__mod__", "__mul__",
    "__rmod__", "__rmul__", "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs",
    "find", "format", "format_map", "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit",
    "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "join", "ljust",
    "lower", "lstrip", "maketrans", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex",
    "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase",
    "title", "translate", "upper", "zfill",
];

#[rustfmt::skip]
pub(super) static MARKUP: [&str; 63] = [
    "__add__", "__contains__", "__getitem__", "__getnewargs__", "__html__", "__html_format__", "__iter__",
    "__len__", "__mod__", "__mul__", "__radd__", "__rmod__", "__rmul__", "capitalize", "casefold", "center",
    "count", "encode", "endswith", "escape", "expandtabs", "find", "format", "format_map", "index", "isalnum",
    "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable",
    "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip",
    "split", "splitlines", "startswith", "strip", "striptags", "swapcase", "title", "translate", "unescape",
    "upper", "zfill",
];

#[rustfmt::skip]
pub(super) static BYTES: [&str; 53] = [
    "__add__", "__bytes__", "__contains__", "__getitem__", "__getnewargs__", "__iter__", "__len__", "__mod__",
    "__mul__", "__rmod__", "__rmul__", "capitalize", "center", "count", "decode", "endswith", "expandtabs",
    "find", "fromhex", "hex", "index", "isalnum", "isalpha", "isascii", "isdigit", "islower", "isspace",
    "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans", "partition", "removeprefix",
    "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
];

#[rustfmt::skip]
pub(super) static LIST: [&str; 24] = [
    "__add__", "__class_getitem__", "__contains__", "__delitem__", "__getitem__", "__iadd__", "__imul__",
    "__iter__", "__len__", "__mul__", "__reversed__", "__rmul__", "__setitem__", "append", "clear", "copy",
    "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort",
];

#[rustfmt::skip]
pub(super) static TUPLE: [&str; 11] = [
    "__add__", "__class_getitem__", "__contains__", "__getitem__", "__getnewargs__", "__iter__", "__len__",
    "__mul__", "__rmul__", "count", "index",
];

#[rustfmt::skip]
pub(super) static DICT: [&str; 22] = [
    "__class_getitem__", "__contains__", "__delitem__", "__getitem__", "__ior__", "__iter__", "__len__",
    "__or__", "__reversed__", "__ror__", "__setitem__", "clear", "copy", "fromkeys", "get", "items", "keys",
    "pop", "popitem", "setdefault", "update", "values",
];

#[rustfmt::skip]
pub(super) static SET: [&str; 33] = [
    "__and__", "__class_getitem__", "__contains__", "__iand__", "__ior__", "__isub__", "__iter__", "__ixor__",
    "__len__", "__or__", "__rand__", "__ror__", "__rsub__", "__rxor__", "__sub__", "__xor__", "add", "clear",
    "copy", "difference", "difference_update", "discard", "intersection", "intersection_update", "isdisjoint",
    "issubset", "issuperset", "pop", "remove", "symmetric_difference", "symmetric_difference_update", "union",
    "update",
];

#[rustfmt::skip]
pub(super) static DATE: [&str; 18] = [
    "__add__", "__radd__", "__rsub__", "__sub__", "ctime", "fromisocalendar", "fromisoformat", "fromordinal",
    "fromtimestamp", "isocalendar", "isoformat", "isoweekday", "replace", "strftime", "timetuple", "today",
    "toordinal", "weekday",
];

#[rustfmt::skip]
pub(super) static DATETIME: [&str; 32] = [
    "__add__", "__radd__", "__rsub__", "__sub__", "astimezone", "combine", "ctime", "date", "dst",
    "fromisocalendar", "fromisoformat", "fromordinal", "fromtimestamp", "isocalendar", "isoformat",
    "isoweekday", "now", "replace", "strftime", "strptime", "time", "timestamp", "timetuple", "timetz",
    "today", "toordinal", "tzname", "utcfromtimestamp", "utcnow", "utcoffset", "utctimetuple", "weekday",
];

#[rustfmt::skip]
pub(super) static TIMEZONE: [&str; 5] = [
    "__getinitargs__", "dst", "fromutc", "tzname", "utcoffset",
];

#[rustfmt::skip]
pub(super) static DICT_KEYS: [&str; 13] = [
    "__and__", "__contains__", "__iter__", "__len__", "__or__", "__rand__", "__reversed__", "__ror__",
    "__rsub__", "__rxor__", "__sub__", "__xor__", "isdisjoint",
];

#[rustfmt::skip]
pub(super) static DICT_VALUES: [&str; 3] = [
    "__iter__", "__len__", "__reversed__",
];

#[rustfmt::skip]
pub(super) static DICT_ITEMS: [&str; 13] = [
    "__and__", "__contains__", "__iter__", "__len__", "__or__", "__rand__", "__reversed__", "__ror__",
    "__rsub__", "__rxor__", "__sub__", "__xor__", "isdisjoint",
];
