"""Requests that call functions of plugins. PROTOCOL.md has their forms."""
import sys

from tutor_host import added, chance, contributed, errors, things
from tutor_host.settings import Settings, teach_yaml
from tutor_host.stretch import Stretch
from tutor_host.targets import Evaluation, Refusal
from tutor_host.values import Unrepresentable

CAUGHT = (
    AttributeError, KeyError, IndexError, LookupError, TypeError, ZeroDivisionError, OverflowError, ValueError, Exception,
)  # what templates tell apart, the special ones first
number = 0


def next_request(session):
    """A number for what is remembered: the same for requests within a request."""
    global number
    if session.depth <= 1:
        number += 1
    return number


def call(session, recorder, request):
    """Calls a function: its result, and everything that it did."""
    drawn = chance.take(request)
    settings = None
    if request.get("config") is not None:
        settings = Settings.of(request["config"])
        if "yaml" in sys.modules:
            teach_yaml(sys.modules.get("yaml.representer"))
    answer, failure = {}, None
    recorder.state.begin()
    target = request.get("target") or {}
    with Stretch(recorder, drawn, None, next_request(session), request.get("overlay")) as stretch:
        evaluation = Evaluation(stretch.watch, settings)
        evaluation.tell = lambda error: quietly(recorder, raised, error, stretch, evaluation.plugin)
        try:
            answer["result"] = evaluation.result(target, request.get("args"), request.get("kwargs"))
        except BaseException as error:
            failure = error
    if isinstance(failure, Exception) and is_answer(target, failure):
        answer["result"] = raised(failure, stretch, evaluation.plugin)
        failure = None
    if evaluation.changed and failure is None:
        answer["result"] = {"t": "changed", "v": answer["result"]}
    finish(answer, failure, stretch, evaluation.plugin, settings)
    ran = recorder.state.changing.plugins(stretch.codes)
    answer["reads"]["ran"] = sorted(ran.union(answer["reads"]["ran"]))
    answer["effects"]["kept"] = [
        {"name": module + "." + name, "plugins": whose(recorder, module)}
        for module, name in recorder.state.changed(stretch.codes, evaluation.asked)
    ]
    return answer


def whose(recorder, module):
    """The plugins that a module is of."""
    single = recorder.singles.get(module)
    return added.plugins_of(module.partition(".")[0], getattr(single, "__file__", None))


def raised(failure, stretch, plugin):
    """An exception as an answer."""
    said = describe(failure, stretch, plugin)
    said["message"] = things.still(said["message"])
    return {"t": "raised", "v": said, "is": next(kind.__name__ for kind in CAUGHT if isinstance(failure, kind))}


def quietly(recorder, function, *args):
    """Calls a function of ours during a call: what it reads does not count."""
    on, recorder.on = recorder.on, False
    try:
        return function(*args)
    finally:
        recorder.on = on


def is_answer(target, failure):
    """Whether an exception is the result of an operation: templates may go on after some."""
    if isinstance(failure, (Refusal, Unrepresentable)):
        return False
    return target.get("kind") == "of" and (target.get("do") or {}).get("op") not in ("call", "method")


def plugins_loaded(session, recorder, request):
    """Tells plugins which others are loaded, that all of them are, and where the root is; what they add then."""
    from tutor import hooks

    added.reset()
    recorder.state.forget()
    answer, failure = {}, None
    drawn = chance.take(request)
    with Stretch(recorder, drawn, None, next_request(session)) as stretch:
        try:
            contributed.tell_of_loads()
            added.moment = len(added.places)
            hooks.Actions.PLUGINS_LOADED.do()
            if request.get("root"):
                hooks.Actions.PROJECT_ROOT_READY.do(request["root"])
            contributed.put_in_order()
            answer["result"] = told(stretch)
        except BaseException as error:
            failure = error
        finally:
            added.moment = None
    finish(answer, failure, stretch, None, None)
    if failure is not None:
        added.reset()
    return answer


def told(stretch):
    """What was added, as a load tells it; the functions can be called from now on."""
    behind = []
    result = added.gather(in_order(stretch.span.added), behind, whose=True)
    result["cleared"] = sorted(stretch.span.cleared)
    added.things[None] = behind
    return result


def in_order(additions):
    """What was added, in the order of the catalogue, and in that in which callbacks are applied."""
    if not additions:
        return
    from tutor import hooks
    from tutor_host.names import hook_name

    known = {}
    for catalogue in (hooks.Filters, hooks.Actions):
        known.update((id(hook), at) for at, hook in enumerate(vars(catalogue).values(), len(known)))
    found = {}
    for one in additions:
        if any(callback is one.callback for callback in one.hook.callbacks):
            found.setdefault(id(one.hook), (one.hook, {}))[1][id(one.callback)] = True
    for hook, mine in sorted(found.values(), key=lambda pair: (known.get(id(pair[0]), len(known)), hook_name(pair[0]))):
        for callback in hook.callbacks:
            if id(callback) in mine:
                yield hook.KIND, hook_name(hook), callback


def finish(answer, failure, stretch, plugin, settings):
    """The rest of the answer: what it read and did, and the error if there was one."""
    effects = {"added": None}
    try:
        changes, removed = ([], []) if settings is None else settings.tutor_changes()
        effects["config_changes"], effects["config_removed"] = changes, removed
        effects["added"] = added.gather(in_order(stretch.span.added), [], whose=True)
    except BaseException as error:
        failure = failure or error
    span = stretch.span
    effects.update(cleared=sorted(span.cleared), wrote=sorted(span.wrote), removed=sorted(span.removed))
    effects["printed"] = stretch.capture.text
    if failure is not None:
        answer.pop("result", None)
        answer["error"] = describe(failure, stretch, plugin)
    answer["reads"] = stretch.reads()
    answer["reads"]["settings"] = [] if settings is None else settings.tutor_reads()
    answer["effects"] = effects
    return answer


def describe(failure, stretch, plugin):
    """The error, with the innermost plugin that it came from."""
    if stretch.watch.error is failure and stretch.watch.failing is not None:
        plugin = stretch.watch.failing
    plugin = getattr(failure, "tutor_plugin", plugin)
    known = added.plugins.get(plugin, {"name": plugin})
    said = errors.describe(failure, {"plugin": known})
    if not said["frames"] and plugin is None:
        said.pop("plugin", None)
    given = getattr(failure, "tutor_given", None)
    if given is None and stretch.watch.error is failure:
        given = stretch.watch.given
    if given is not None:
        said["given"] = given
    return said
