"""What went wrong, as data: the kind, the message, and the frames that are the plugin's business."""
import sys

OURS = ("<tutor-sdk>/tutor_host/", "<tutor-sdk>/tutor/", "<frozen ")
FRAMES = 50


class Wrong(Exception):
    """A plugin that declares what it must not: which attribute and key, what was expected, what found."""

    def __init__(self, message, **details):
        Exception.__init__(self, message)
        self.details = details


def describe(error, request):
    """The error as it is sent."""
    from tutor_host import values

    plugin = request.get("plugin") if isinstance(request, dict) else None
    plugin = plugin if isinstance(plugin, dict) else {}
    kind = type(error).__name__
    said = {"kind": kind, "message": message_of(error), "frames": frames(error, plugin)}
    if plugin.get("name") is not None:
        said["plugin"] = plugin["name"]
    if isinstance(error, Wrong):
        said["kind"] = "Declaration"
        said.update(error.details)
    elif isinstance(error, values.Unrepresentable):
        said["kind"] = "Unrepresentable"
        said.update({"path": [str(part) for part in error.path], "type": error.type})
    elif isinstance(error, SyntaxError):
        said["message"] = str(error.msg)
        said["syntax"] = {
            "file": error.filename,
            "line": error.lineno,
            "column": error.offset,
            "text": (error.text or "").rstrip("\n") or None,
        }
    elif isinstance(error, ModuleNotFoundError):
        said["missing_module"] = error.name
    attribute = getattr(error, "tutor_attribute", None)
    if attribute and "attribute" not in said:
        said["attribute"] = attribute
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said["cause"] = {"kind": type(cause).__name__, "message": message_of(cause)}
    return said


def message_of(error):
    """What it says of itself, if it can."""
    if isinstance(error, SystemExit):
        return "the plugin ended the program (exit %s)" % (error.code,)
    try:
        return str(error).encode("utf-8", "replace").decode("utf-8")
    except Exception:
        return "(an error that cannot be shown)"


def frames(error, plugin):
    """Where it happened: from the plugin's first own frame on, without ours and importlib's."""
    top = str(plugin.get("module") or "").partition(".")[0]
    file = plugin.get("file")
    found, own = [], False
    trace = error.__traceback__
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
    linecache = sys.modules.get("linecache")
    if linecache is None:
        import linecache
    try:
        return linecache.getline(file, line, scope).strip() or None
    except Exception:
        return None
