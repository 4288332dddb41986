"""Random templates for `generate_filters.py --fuzz`: every filter and test with arguments that may or may not fit."""

ATOMS = [
    "0", "1", "-1", "2", "3", "5", "-7", "10", "80", "1000", "123456789", "10**20", "-10**20", "0.0", "-0.0", "1.5",
    "2.5", "-2.675", "1e16", "1e-7", "1e22", "123456.789", "true", "false", "none", "missing", "''", "'a'", "'A'",
    "'b'", "'abc'", "'Hello World'", "'foo bar baz qux'", "'a,b,c'", "'  pad  '", "'12'", "'-3.75'", "' 1_000 '",
    "'0x1f'", "'0b101'", "'1e5'", "'inf'", "'nan'", "'<b>x & y</b>'", "'\"q\" \\'s\\''", "'line1\\nline2\\n\\nline4'",
    "'\\n'", "'é漢ß'", "'ÀÉÎ'", "'ǆ İ'", "'x\\u00a0y'", "'%s'", "'%s and %s'", "'%(a)s'", "'%d'", "'http://x.com/a'",
    "'www.foo.org.'", "'a@b.co'", "'see (http://x.org/a_(b)) or foo.com, ok'", "'well-known in-between--dash'",
    "'supercalifragilistic'", "'a'*100", "'word '*30", "'&amp;&lt;&copy;&#65;'", "'<p>a</p> <!-- c --> d'",
    "'<i>&</i>'|safe", "'x'|safe", "'ab'.encode()", "'.'", "'-'", "', '", "'upper'", "'odd'", "'e'", "'n'",
]
LISTS = [
    "[]", "()", "{}", "[1]", "[3,1,2]", "[1,2,3,4,5,6,7]", "(1,2)", "('a',)", "['b','A','c','a','B']", "[1,'a']",
    "[none]", "[1,none,2]", "[1.5,1,true,0]", "[[1,2],[3],[]]", "[(2,'b'),(1,'a'),(2,'a')]", "{'a':1}",
    "{'b':1,'A':2,'c':0}", "{1:2,'x':none}", "{'k':{'n':[1,2]}}", "['a',['b'],{'c':1}]", "range(5)", "range(3,10,2)",
    "range(0)", "{'a':1,'b':2}.items()", "{'a':1}.keys()", "{'a':1,'b':2}.values()", "['x','y']|map('upper')",
    "[0,1,2]|select", "[1,[2,3],(4,),{'five':5}]", "['long text number '*3, 'another long text here '*4]",
    "[{'n':'x','v':2},{'n':'Y','v':1},{'n':'X','v':2}]", "[{'n':{'m':1}},{'n':{'m':0}}]", "[{'n':1},{}]",
    "[{'n':none},{'n':1}]", "[{'n':'a'},{'n':1}]", "[missing]", "[1,missing]", "[[3,'z'],[1,'y']]", "namespace(n=1)",
    "[0.1,0.2,0.3]", "[10**20,1]", "['10','9','1']", "['','a',0,none,[],{}]", "[{'n':'x'},{'n':'y'}]|groupby('n')",
    "{'alpha':'a'*40,'beta':['b'*30,'c'*30],'gamma':{'d':'e f '*20}}",
]
ATTRIBUTES = ["'n'", "'v'", "'n.m'", "'0'", "0", "1", "'n,v'", "'nope'", "none", "'k.n.0'", "''"]
NUMBERS = ["0", "1", "2", "3", "4", "5", "7", "10", "-1", "-2", "20", "true", "none", "1.5", "'2'", "missing"]
FLAGS = ["true", "false", "0", "1", "''", "'x'", "none", "missing"]
TEXTS = ["'a'", "''", "'-'", "', '", "'xyz'", "'<'", "'&'|safe", "5", "none", "'é'", "'\\n'", "[1]", "missing"]
FILTERS = ["'upper'", "'abs'", "'int'", "'string'", "'length'", "'first'", "'nope'", "'list'", "'sum'", "'title'", "5"]
TESTS = ["'odd'", "'even'", "'none'", "'string'", "'number'", "'defined'", "'nope'", "'iterable'", "'mapping'"]
TESTS2 = ["'eq'", "'ne'", "'lt'", "'gt'", "'>='", "'in'", "'sameas'", "'divisibleby'", "'=='"]
ANY = None

# The parameters of each filter: name and pool.
FILTER_PARAMETERS = {
    "abs": [], "attr": [("name", ATTRIBUTES)], "batch": [("linecount", NUMBERS), ("fill_with", TEXTS)],
    "capitalize": [], "center": [("width", NUMBERS)], "count": [], "d": [("default_value", TEXTS), ("boolean", FLAGS)],
    "default": [("default_value", TEXTS), ("boolean", FLAGS)],
    "dictsort": [("case_sensitive", FLAGS), ("by", ["'key'", "'value'", "'x'"]), ("reverse", FLAGS)], "e": [],
    "escape": [], "filesizeformat": [("binary", FLAGS)], "first": [], "float": [("default", TEXTS)],
    "forceescape": [], "format": [("a", ATOMS), ("b", ATOMS)],
    "groupby": [("attribute", ATTRIBUTES), ("default", TEXTS), ("case_sensitive", FLAGS)],
    "indent": [("width", NUMBERS + TEXTS), ("first", FLAGS), ("blank", FLAGS)],
    "int": [("default", TEXTS), ("base", ["2", "8", "10", "16", "0", "36", "1", "'a'", "37"])], "items": [],
    "join": [("d", TEXTS), ("attribute", ATTRIBUTES)], "last": [], "length": [], "list": [], "lower": [],
    "max": [("case_sensitive", FLAGS), ("attribute", ATTRIBUTES)],
    "min": [("case_sensitive", FLAGS), ("attribute", ATTRIBUTES)], "pprint": [],
    "replace": [("old", TEXTS), ("new", TEXTS), ("count", NUMBERS)], "reverse": [],
    "round": [("precision", NUMBERS), ("method", ["'common'", "'ceil'", "'floor'", "'x'"])], "safe": [],
    "slice": [("slices", NUMBERS), ("fill_with", TEXTS)],
    "sort": [("reverse", FLAGS), ("case_sensitive", FLAGS), ("attribute", ATTRIBUTES)], "string": [],
    "striptags": [], "sum": [("attribute", ATTRIBUTES), ("start", NUMBERS + ["[]", "()"])], "title": [],
    "tojson": [("indent", NUMBERS + ["'\\t'"])], "trim": [("chars", TEXTS)],
    "truncate": [("length", NUMBERS), ("killwords", FLAGS), ("end", TEXTS), ("leeway", NUMBERS)],
    "unique": [("case_sensitive", FLAGS), ("attribute", ATTRIBUTES)], "upper": [], "urlencode": [],
    "urlize": [("trim_url_limit", NUMBERS), ("nofollow", FLAGS), ("target", TEXTS), ("rel", TEXTS),
               ("extra_schemes", ["['ftp:']", "['x']", "[]", "none"])],
    "wordcount": [],
    "wordwrap": [("width", NUMBERS), ("break_long_words", FLAGS), ("wrapstring", TEXTS), ("break_on_hyphens", FLAGS)],
    "xmlattr": [("autospace", FLAGS)],
}
UNARY_TESTS = ["odd", "even", "defined", "undefined", "filter", "test", "none", "boolean", "false", "true", "integer",
               "float", "lower", "upper", "string", "mapping", "number", "sequence", "iterable", "callable", "escaped"]
BINARY_TESTS = ["divisibleby", "sameas", "in", "eq", "equalto", "ne", "gt", "greaterthan", "ge", "lt", "lessthan", "le"]

URL_PIECES = ["http://", "https://", "www.", "mailto:", "HTTP://", "foo", "bar", "example", ".", ".", "com", "org", "dev",
              "/", "?a=b", "#c", ":80", ":8a", "(", ")", "<", ">", "&", "&lt;", "&gt;", ",", " ", "\\n", "@", "-", "_",
              "%41", "127.0.0.1", "[::1]", "[1:2", "]", "xn--", "é", "1", "a", "ftp:", "\u017f", "com.", "co"]
TEXT_PIECES = ["a", "bb", "ccc", "dddddddd", "-", "--", "---", " ", "  ", "\\t", "\\n", ".", ",", "!", "é", "漢字", "1",
               "22", "x-y", "(", "'", "\\\"", "\\u00a0", "\\x0b", "\\x1c", "_", "ABC", "\\r\\n", "word", "&", "\\u2028"]
TAG_PIECES = ["<", ">", "<b>", "</b>", "<!--", "-->", "&", "&amp;", "&amp", "&lt", "&copy", "&notit;", "&#", "&#x", "41;",
              "65", ";", " ", "a", "text", "\\n", "&nbsp;", "&hearts;", "&AMP", "&#150;", "&#xD800;", "!", "-", "&sup", "1"]


def value(rng):
    pick = rng.random()
    if pick < 0.45:
        return rng.choice(ATOMS)
    if pick < 0.85:
        return rng.choice(LISTS)
    if pick < 0.93:
        return "[" + ",".join(rng.choice(ATOMS) for _ in range(rng.randrange(6))) + "]"
    return "{" + ",".join(f"'{k}':{rng.choice(ATOMS + LISTS)}" for k in rng.sample("nvkabXY", rng.randrange(5))) + "}"


def arguments(rng, parameters):
    """Mostly fitting arguments, positional first, then by name; sometimes one too many or an unknown name."""
    given = []
    count = rng.randrange(len(parameters) + 1)
    for name, pool in parameters[:count]:
        given.append(rng.choice(pool) if rng.random() < 0.9 else value(rng))
    for name, pool in parameters[count:]:
        if rng.random() < 0.3:
            given.append(f"{name}={rng.choice(pool)}")
    if rng.random() < 0.02:
        given.append("unknown=1")
    if rng.random() < 0.02 and count == len(parameters) and not any("=" in g[:12] for g in given):
        given.append("1")
    return "(" + ", ".join(given) + ")" if given else ""


def pieces(rng, pool, most):
    return "\"" + "".join(rng.choice(pool) for _ in range(rng.randrange(1, most))).replace('\\"', '"').replace('"', '\\"') + "\""


def higher_order(rng):
    name = rng.choice(["map", "select", "reject", "selectattr", "rejectattr"])
    if name == "map":
        if rng.random() < 0.5:
            default = f", default={rng.choice(TEXTS)}" if rng.random() < 0.5 else ""
            return f"map(attribute={rng.choice(ATTRIBUTES)}{default})"
        return "map(" + ", ".join([rng.choice(FILTERS)] + [rng.choice(ATOMS) for _ in range(rng.choice([0, 0, 0, 1]))]) + ")"
    args = [rng.choice(ATTRIBUTES)] if name.endswith("attr") else []
    pick = rng.random()
    if pick < 0.4:
        args.append(rng.choice(TESTS))
    elif pick < 0.7:
        args += [rng.choice(TESTS2), rng.choice(ATOMS + LISTS)]
    return name + ("(" + ", ".join(args) + ")" if args else "")


def one(rng):
    pick = rng.random()
    if pick < 0.50:
        name = rng.choice(list(FILTER_PARAMETERS))
        inner = f"({value(rng)})|{name}{arguments(rng, FILTER_PARAMETERS[name])}"
        if name in ("batch", "slice", "items", "unique", "reverse"):
            inner += "|list"
        return inner
    if pick < 0.62:
        return f"({value(rng)})|{higher_order(rng)}|{rng.choice(['list', 'list', 'first', 'join'])}"
    if pick < 0.72:
        if rng.random() < 0.5:
            return f"({value(rng)}) is {rng.choice(UNARY_TESTS)}"
        return f"({value(rng)}) is {rng.choice(BINARY_TESTS)}({value(rng)})"
    if pick < 0.78:
        return f"{pieces(rng, URL_PIECES, 12)}|urlize{arguments(rng, FILTER_PARAMETERS['urlize']) if rng.random() < .3 else ''}"
    if pick < 0.84:
        return f"{pieces(rng, TEXT_PIECES, 25)}|wordwrap{arguments(rng, FILTER_PARAMETERS['wordwrap'])}"
    if pick < 0.88:
        return f"{pieces(rng, TAG_PIECES, 12)}|striptags"
    if pick < 0.93:
        text = pieces(rng, TEXT_PIECES, 40)
        return rng.choice([
            f"[{text}, {text}]|pprint", f"({text}*4)|pprint", f"{{'k': {text}, 'l': [{value(rng)}, {value(rng)}]}}|pprint",
            f"{{'some key': {{{text}: {value(rng)}}}, 'other': ({value(rng)}, {text})}}|pprint",
            f"{text}|title", f"{text}|wordcount", f"{text}|truncate({rng.randrange(30)}, leeway={rng.randrange(6)})",
            f"{text}|indent({rng.randrange(5)}, {rng.choice(FLAGS)}, {rng.choice(FLAGS)})", f"{text}|urlencode",
        ])
    bounds = ", ".join(str(rng.randrange(-12, 12)) for _ in range(rng.randrange(1, 4)))
    part = lambda: rng.choice(["", str(rng.randrange(-12, 12))])
    return rng.choice([
        f"range({bounds})[{part()}:{part()}:{part()}]", f"range({bounds})[{rng.randrange(-9, 9)}]|default('none')",
        f"{value(rng)} in range({bounds})", f"range({bounds}) == range({bounds})[{part()}:{part()}]",
        f"range({bounds})|list", f"range({bounds}).index({rng.randrange(-9, 9)})", f"dict({value(rng)})",
        f"dict({value(rng)}, n=1)", f"namespace({value(rng)})",
    ])


def templates(rng, count):
    for _ in range(count):
        first = one(rng)
        if rng.random() < 0.25:
            name = rng.choice(list(FILTER_PARAMETERS))
            first = f"({first})|{name}{arguments(rng, FILTER_PARAMETERS[name])}"
        yield "{{ " + first + " }}"
