"""What went wrong, as data: the kind, the message, and the frames that are the plugin's business."""
import linecache

from tutor_host import values

OURS = ("<tutor-sdk>/tutor_host/", "<tutor-sdk>/tutor/", "<tutor-call>", "<frozen ")
FRAMES = 50


class Wrong(Exception):
    """A plugin that declares what it must not: which attribute and key, what was expected, what found."""

    def __init__(self, message, **details):
        Exception.__init__(self, message)
        self.details = details


def describe(error, request):
    """The error as it is sent, whatever the error itself does when it is looked at."""
    plugin = request.get("plugin") if isinstance(request, dict) else None
    plugin = plugin if isinstance(plugin, dict) else {}
    said = {"kind": type_of(error), "message": message_of(error), "frames": []}
    if isinstance(plugin.get("name"), str):
        said["plugin"] = plugin["name"]
    try:
        said["frames"] = frames(error, plugin)
        said.update(details(error))
        attribute = getattr(error, "tutor_attribute", None)
        if attribute and "attribute" not in said:
            said["attribute"] = attribute
        cause = slot(error, "__cause__") or (
            None if slot(error, "__suppress_context__") else slot(error, "__context__")
        )
        if cause is not None:
            said["cause"] = {"kind": type_of(cause), "message": message_of(cause)}
    except BaseException:
        pass  # the rest of it cannot be shown
    return said


def mark(error, attribute):
    """Notes what was evaluated when it happened."""
    try:
        error.tutor_attribute = attribute
    except BaseException:
        pass  # it does not take notes


def details(error):
    """What there is to say of some kinds of errors."""
    if isinstance(error, Wrong):
        return dict(error.details, kind="Declaration")
    if isinstance(error, values.Unrepresentable):
        said = {"kind": "Unrepresentable", "path": [str(part) for part in error.path], "type": error.type}
        file, line = getattr(error, "tutor_place", (None, None))
        return dict(said, file=file, line=line) if file else said
    if isinstance(error, SyntaxError):
        place = {
            "file": plain(error.filename, str),
            "line": plain(error.lineno, int),
            "column": plain(error.offset, int),
            "text": (plain(error.text, str) or "").rstrip("\n") or None,
        }
        return {"message": str(error.msg), "syntax": place}
    if isinstance(error, ModuleNotFoundError):
        return {"missing_module": plain(error.name, str)}
    return {}


def plain(value, kind):
    """The value if it is of that type."""
    return value if type(value) is kind else None


def slot(error, name):
    """What exceptions have, not what their classes say."""
    return getattr(BaseException, name).__get__(error)


def type_of(error):
    """The name of its class."""
    return str.__str__(type.__dict__["__name__"].__get__(type(error)))


def message_of(error):
    """What it says of itself, if it can."""
    try:
        if issubclass(type(error), SystemExit):
            text = "the plugin ended the program (exit %s)" % (error.code,)
        else:
            text = str(error)
        return str.encode(text, "utf-8", "replace").decode("utf-8")
    except BaseException:
        return "(an error that cannot be shown)"


def frames(error, plugin):
    """Where it happened: from the plugin's first own frame on, without ours and importlib's."""
    top = str(plugin.get("module") or "").partition(".")[0]
    file = plugin.get("file")
    found, own = [], False
    trace = slot(error, "__traceback__")
    while trace is not None:
        code, scope = trace.tb_frame.f_code, trace.tb_frame.f_globals
        if file:
            own = own or code.co_filename == file
        else:
            own = own or (bool(top) and str(scope.get("__name__")).partition(".")[0] == top)
        if own and not code.co_filename.startswith(OURS) and scope.get("__name__") != "__main__":
            found.append((code.co_filename, trace.tb_lineno, code.co_name, scope))
        trace = trace.tb_next
    if len(found) > FRAMES:
        found = found[: FRAMES // 2] + found[-FRAMES // 2 :]
    return [
        {"file": file, "line": line, "function": name, "text": line_of(file, line, scope)}
        for file, line, name, scope in found
    ]


def line_of(file, line, scope):
    """The text of a line of code."""
    try:
        return linecache.getline(file, line, scope).strip() or None
    except Exception:
        return None
