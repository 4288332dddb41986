"""Actions, filters and contexts. Expectations come from Tutor 22.0.3, by running the same there:
`python test_hooks.py real` in an environment that has it.
"""
import sys
import unittest

if "real" in sys.argv:
    sys.argv.remove("real")
else:
    import client

    sys.path.insert(0, client.SDK)

from tutor import hooks
from tutor.core.hooks import Action, Context, Filter, clear_all, contexts, filters, priorities


class Filters(unittest.TestCase):
    def test_items_come_in_order_of_priority_then_of_addition(self):
        one = Filter()
        one.add_item(1)
        one.add_item(2, priority=priorities.LOW)
        one.add_items([3, 4], priority=priorities.HIGH)
        one.add_item(5)
        start = [0]
        self.assertEqual(one.apply(start), [0, 3, 4, 1, 5, 2])
        self.assertEqual(start, [0])
        self.assertEqual(list(one.iterate()), [3, 4, 1, 5, 2])

    def test_callbacks_get_the_value_and_the_arguments(self):
        one = Filter()

        @one.add()
        def callback(value, a, b=2):
            return value + [a, b]

        self.assertEqual(one.apply([], 1, b=3), [1, 3])
        self.assertEqual(list(one.iterate(1)), [1, 2])
        self.assertEqual(callback([], 5), [5, 2])
        with self.assertRaises(TypeError):
            one.apply([])

    def test_zero_is_the_default_priority(self):
        one = Filter()
        one.add_item(1)
        one.add_item(0, priority=0)
        self.assertEqual(one.apply([]), [1, 0])

    def test_items_are_not_copied(self):
        one, items = Filter(), [7]
        one.add_items(items)
        items.append(8)
        self.assertEqual(one.apply([]), [7, 8])

    def test_items_only_go_to_lists(self):
        one = Filter()
        one.add_item(1)
        with self.assertRaises(TypeError):
            one.apply((0,))

    def test_a_callback_added_meanwhile_runs_at_once(self):
        one = Filter()

        @one.add()
        def callback(value):
            one.add_item("late")
            return value + ["x"]

        self.assertEqual(one.apply([]), ["x", "late"])
        self.assertEqual(one.apply([]), ["x", "late", "late"])

    def test_contexts_nest_and_can_be_chosen_and_cleared(self):
        one, outer = Filter(), Context("a")
        with outer.enter():
            one.add_item(1)
            with contexts.enter("b"):
                one.add_item(2)
        one.add_item(3)
        self.assertEqual(list(one.iterate_from_context("a")), [1, 2])
        self.assertEqual(list(one.iterate_from_context("b")), [2])
        self.assertEqual(list(one.iterate_from_context(None)), [1, 2, 3])
        self.assertEqual(list(one.iterate_from_context(outer)), [])
        self.assertEqual(one.apply_from_context("b", [0]), [0, 2])
        one.clear("b")
        self.assertEqual(list(one.iterate()), [1, 3])
        clear_all(context="a")
        self.assertEqual(list(one.iterate()), [3])
        one.clear()
        self.assertEqual(list(one.iterate()), [])

    def test_a_function_as_priority_is_a_silent_nothing(self):
        one = Filter()

        @one.add
        def callback(value):
            return value + [1]

        self.assertEqual(one.apply([]), [])

    def test_types_are_for_readers(self):
        self.assertEqual(Filter[list, [int]]().apply([1]), [1])
        self.assertEqual(Action[str]().do(1), None)

    def test_errors_are_passed_on(self):
        one = Filter()

        @one.add()
        def callback(value):
            raise ValueError("boom")

        with self.assertRaises(ValueError):
            one.apply([])


class Actions(unittest.TestCase):
    def test_callbacks_run_in_order(self):
        one, done = Action(), []

        @one.add()
        def first(value):
            done.append(("first", value))

        @one.add(priority=priorities.HIGH)
        def second(value):
            done.append(("second", value))

        one.do(7)
        self.assertEqual(done, [("second", 7), ("first", 7)])
        one.do_from_context("nowhere", 8)
        self.assertEqual(len(done), 2)
        one.clear()
        one.do(9)
        self.assertEqual(len(done), 2)


class Catalog(unittest.TestCase):
    def test_unknown_names_are_attribute_errors(self):
        for place in (hooks.Filters, hooks.Actions, hooks.Contexts):
            self.assertFalse(hasattr(place, "NOPE"))

    def test_contexts_of_plugins_are_remembered(self):
        self.assertEqual(hooks.Contexts.app("x").name, "app:x")
        self.assertIs(hooks.Contexts.app("x"), hooks.Contexts.app("x"))

    def test_the_cache_is_forgotten_when_plugins_come_and_go(self):
        calls = []

        @hooks.lru_cache
        def cached(value):
            calls.append(value)
            return value

        cached(1), cached(1)
        self.assertEqual(calls, [1])
        hooks.Actions.PLUGINS_LOADED.do()
        cached(1)
        self.assertEqual(calls, [1])
        hooks.Actions.PLUGIN_LOADED.do("x")
        cached(1)
        self.assertEqual(calls, [1, 1])
        hooks.Actions.PLUGIN_UNLOADED.do("x", "/nowhere", {})
        cached(1)
        self.assertEqual((calls, cached.__name__), ([1, 1, 1], "cached"))

    def test_clear_all_of_filters_leaves_actions(self):
        one, two = Filter(), Action()
        one.add_item(1)
        done = []
        two.add()(lambda: done.append(1))
        with contexts.enter("only"):
            one.add_item(2)
        filters.Filter.clear_all("only")
        two.do()
        self.assertEqual((one.apply([]), done), ([1], [1]))


if __name__ == "__main__":
    unittest.main()
