"""Objects of plugins: how they are described, what can be done with them, and what becomes of those that change."""
import unittest

from test_calls import Calls, tagged
from test_v1 import pairs

THING = """
class Thing:
    kind = "thing"
    def __init__(self, n=0, *items):
        self.n, self.items, self._hidden = n, list(items), 1
    def add(self, item):
        self.items.append(item)
        return self
    @property
    def total(self): return sum(self.items)
    @property
    def bad(self): raise ValueError("bad: %r" % object())
    def __add__(self, other): return Thing(self.n + other)
    def __radd__(self, other): return Thing(other + self.n)
    def __str__(self): return "T%d" % self.n
def counted():
    counted.times += 1
    return counted.times
counted.times = 0
F.ENV_TEMPLATE_VARIABLES.add_items([("T", Thing), ("one", Thing(5, 1)), ("counted", counted), ("both", lambda: [Thing(1), Thing(2)])])
"""


def of(did, at=0, nth=0, **more):
    """The name of what came from an operation."""
    return {"t": "of", "v": dict({"did": did, "at": at, "nth": nth}, **more)}


def root(name):
    return {"t": "of", "v": {"root": {"kind": "variable", "name": name}}}


def step(op, *args, kwargs=()):
    return {"op": op, "args": list(args), "kwargs": [list(pair) for pair in kwargs]}


class Objects(Calls):
    def asked(self, do, *log):
        return self.asked_of("T", do, *log)

    def asked_of(self, name, do, *log):
        target = {"kind": "of", "target": {"kind": "variable", "name": name}, "log": list(log), "do": do}
        return self.talk.request({"call": "call", "target": target})

    def done(self, do, *log):
        said = self.asked(do, *log)
        self.assertIn("result", said, said.get("error"))
        return said["result"]

    def changed(self, do, *log):
        said = self.done(do, *log)
        self.assertEqual(said["t"], "changed")
        return said["v"]


class Descriptions(Objects):
    def test_a_description_runs_no_code(self):
        self.plugin(THING + "class Loud:\n    def __getattribute__(self, name): 1 / 0\n    def __len__(self): 1 / 0\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_item(('loud', Loud()))\n")
        told = self.talk.request({"call": "call", "target": {"kind": "variable", "name": "one"}})["result"]
        self.assertEqual(told, {"t": "handle", "v": {
            "type": "tutorone.plugin.Thing", "callable": False, "iterator": False, "truth": True, "subscript": False,
            "html": False, "is": [], "attributes": [["n", 5]]}})
        told = self.talk.request({"call": "call", "target": {"kind": "variable", "name": "loud"}})["result"]["v"]
        self.assertEqual((told["attributes"], told["truth"]), ([], None))

    def test_subclasses_of_data(self):
        said = self.variable("import collections, enum\nclass D(dict): pass\nclass E(enum.IntEnum):\n    A = 1\nclass S(str): pass\n"
                             "def f(): return [D(a=1), E.A, S('s'), frozenset([1]), collections.OrderedDict(), {D: 1}]\n")["result"]
        kinds = [(one["v"]["type"].rpartition(".")[2], one["v"]["is"], one["v"].get("data")) for one in said]
        self.assertEqual(kinds, [("D", ["mapping", "dict"], None), ("E", ["number", "integer"], 1), ("S", ["string"], "s"),
                                 ("frozenset", [], None), ("OrderedDict", ["mapping", "dict"], None), ("dict", ["mapping", "dict"], None)])

    def test_iterators_are_told_with_their_items(self):
        said = self.variable("def f():\n    yield 1\n    yield map(str, [1])\n    raise ValueError('end')\n")["result"]
        error = said["v"]["error"]
        self.assertEqual((said["t"], said["v"]["type"], error["is"]), ("iterator", "generator", "ValueError"))
        self.assertEqual([frame["function"] for frame in error["v"]["frames"]], ["f"])
        self.assertEqual((said["v"]["items"][0], said["v"]["items"][1]["v"]["items"]), (1, ["1"]))
        said = self.variable("import itertools\nf = itertools.count\n")
        self.assertEqual((said["error"]["kind"], said["error"]["type"]), ("Unrepresentable", "itertools.count"))

    def test_filters_come_to_lists(self):
        self.plugin("@F.TESTS.add()\ndef f(value): return (x for x in value)\n")
        self.assertEqual(self.result({"kind": "apply", "name": "TESTS"}, [1, 2]), [1, 2])

    def test_what_is_data_after_all(self):
        self.assertEqual(self.variable("import datetime\ndef f(): return [{1: (2, None)}, {3}, datetime.date(2024, 1, 2)]\n")["result"],
                         [{"t": "dict", "v": [[1, {"t": "tuple", "v": [2, None]}]]}, {"t": "set", "v": [3]}, {"t": "date", "v": "2024-01-02"}])


class Operations(Objects):
    def test_operators(self):
        self.plugin(THING)
        one = root("one")
        for do, result in ((step("str", one), "T5"), (step("getattr", one, "total"), 1), (step("is_iterable", one), False),
                           (step("eq", one, one), True), (step("contains", [1, 2], 2), True), (step("mod", "<%s>", one), "<T5>"),
                           (step("method", "{} {k}", "format", one, kwargs=[["k", 1]]), "T5 1"), (step("bool", one), True)):
            self.assertEqual(self.done(do), result, do)
        for do in (step("add", one, 2), step("add", 2, one)):
            self.assertEqual(dict(self.done(do)["v"]["attributes"])["n"], 7)
        self.assertEqual(self.asked(step("nonsense", one))["error"]["kind"], "Refusal")

    def test_exceptions_are_answers(self):
        self.plugin(THING)
        one = root("one")
        for do, kind, frames in ((step("getattr", one, "nothing"), "AttributeError", 0), (step("getattr", one, "bad"), "ValueError", 1),
                                 (step("getitem", one, 0), "TypeError", 0), (step("getitem", {"t": "dict", "v": []}, 0), "KeyError", 0)):
            said = self.done(do)
            self.assertEqual((said["t"], said["is"], len(said["v"]["frames"])), ("raised", kind, frames), do)
        self.assertEqual(self.done(step("getattr", one, "bad"))["v"]["message"], "bad: <object object at 0x0>")

    def test_parts_of_results(self):
        self.plugin(THING)
        both = step("call", root("both"))
        self.assertEqual(self.done(step("getattr", of(both, path=[1]), "n")), 2)
        self.assertEqual(self.done(step("is", of(both, path=[1]), of(both, path=[1]))), True)
        self.assertEqual(self.done(step("is", of(both, path=[1]), of(both, nth=1, path=[1]))), False)

    def test_undefined_values(self):
        said = self.variable("def f(x, use=False): return x + 1 if use else [x]\n", {"t": "undefined", "v": "'a' is undefined"})
        self.assertEqual(said["result"], [{"t": "undefined", "v": "'a' is undefined"}])
        error = self.call("f", {"t": "undefined", "v": "'a' is undefined"}, True)["error"]
        self.assertEqual((error["kind"], error["message"]), ("UndefinedError", "'a' is undefined"))

    def test_reads_count_for_all_that_is_built_on_it(self):
        path = self.site.write("tutorone/data", "x")
        self.plugin(THING + "HERE = os.path.dirname(__file__)\ndef read(): return Thing(len(open(HERE + '/data').read()))\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_item(('read', read))\n")
        made = step("call", root("read"))
        for _ in range(2):
            said = self.asked(step("str", of(made)))
            self.assertEqual((said["result"], said["reads"]["files"]), ("T1", [path]))


class Changes(Objects):
    def test_what_is_changed_is_seen_later(self):
        self.plugin(THING)
        thing = of(step("call", root("T"), 1))
        add = step("method", thing, "add", 4)
        self.changed(add)
        self.assertEqual(self.done(step("getattr", thing, "total"), add), 4)
        self.changed(add, add)
        self.assertEqual(self.done(step("getattr", thing, "total"), add, add), 8)

    def test_another_log_is_another_world(self):
        self.plugin(THING)
        one, total = root("one"), step("getattr", root("one"), "total")
        add = step("method", one, "add", 4)
        for log, expected in (((), 1), ((add,), 5), ((), 1), ((add, add), 9), ((add,), 5), ((), 1)):
            self.assertEqual(self.done(total, *log), expected, log)

    def test_objects_that_came_before_and_after(self):
        self.plugin(THING)
        add = step("method", root("one"), "add", 4)
        items = step("method", root("one"), "add", 5)
        said = step("getattr", {"t": "of", "v": {"logged": 1}}, "items")
        self.assertEqual(self.done(said, add, items), {"t": "live", "v": [1, 4, 5]})
        twice = step("add", root("one"), 1)
        self.assertEqual(self.done(step("str", of(twice, at=1)), add), "T6")

    def test_objects_of_one_operation_are_each_their_own(self):
        self.plugin(THING)
        made = step("call", root("T"), 1)
        add = step("method", of(made), "add", 4)
        self.assertEqual(self.done(step("getattr", of(made, nth=1), "total"), add), 0)
        self.assertEqual(self.done(step("eq", of(made), of(made, nth=1))), False)

    def test_functions_and_iterators_that_keep_something(self):
        self.plugin(THING + "class Up:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
                    "    def __next__(self):\n        self.n += 1\n        return self.n\nF.ENV_TEMPLATE_VARIABLES.add_item(('Up', Up))\n")
        call = step("call", root("counted"))
        # What plugins' own functions keep counts on, whoever calls them.
        self.assertEqual((self.done(call), self.done(call), self.done(call)), (1, 2, 3))
        following = step("next", of(step("call", root("Up"))))
        self.assertEqual((self.changed(following), self.changed(following, following)), ([1], [2]))

    def test_what_fails_may_change_something_too(self):
        self.plugin(THING + "class Half:\n    n = 0\n    @property\n    def p(self):\n        self.n += 1\n        raise KeyError(self.n)\n"
                    "F.ENV_TEMPLATE_VARIABLES.add_item(('half', Half()))\n")
        do = step("getattr", root("half"), "p")
        self.assertEqual((self.changed(do)["is"], self.changed(do, do)["v"]["message"]), ("KeyError", "2"))

    def test_all_kinds_of_containers_are_put_back(self):
        self.plugin("""
import collections
class Base:
    __slots__ = ("slot",)
class All(Base):
    shared = []
    def __init__(self):
        self.slot, self.dict, self.set, self.deque, self.bytes = 1, {}, set(), collections.deque(), bytearray()
        held = 0
        def hold():
            nonlocal held
            held += 1
            return held
        self.hold = hold
    def change(self):
        self.slot += 1; self.dict["a"] = 1; self.set.add(1); self.deque.append(1); self.bytes.append(65); self.new = 1
        type(self).shared = type(self).shared + [1]
        self.hold()
    def told(self):
        return repr([self.slot, self.dict, self.set, list(self.deque), self.bytes, hasattr(self, "new"), self.shared, self.hold.__closure__[0].cell_contents])
F.ENV_TEMPLATE_VARIABLES.add_item(("all", All()))
""")
        change, told = step("method", root("all"), "change"), step("method", root("all"), "told")
        self.done = lambda do, *log: self.asked_of("all", do, *log)["result"]
        before = self.done(told)
        self.changed(change)
        self.assertEqual(self.done(told, change), "[2, {'a': 1}, {1}, [1], bytearray(b'A'), True, [1], 1]")
        self.assertEqual(self.done(told), before)

    def test_what_is_asked_again_is_computed_again(self):
        self.plugin(THING)
        made = step("call", root("T"), 1)
        for _ in range(2):
            self.assertEqual(self.done(step("getattr", of(made), "n")), 1)

    def test_a_load_forgets(self):
        self.plugin(THING)
        add = step("method", root("one"), "add", 4)
        self.changed(add)
        self.talk.request({"call": "contribute", "plugin": "x", "filters": {}})
        self.assertEqual(self.done(step("getattr", root("one"), "total")), 1)


if __name__ == "__main__":
    unittest.main()
