"""The conversation: strictly nested requests and answers. Knows no request but by name."""
import os
import sys
import time
from _thread import get_ident

from tutor_host import errors, values

PROTOCOL = 1
DEPTH = 40


class Refused(Exception):
    """What the engine, asked, could not answer."""


class Session:
    """One engine, at the other end of a channel."""

    def __init__(self, channel, finder, terminal):
        self.channel = channel
        self.finder = finder
        self.terminal = terminal
        self.thread = get_ident()
        self.depth = 0
        self.recorder = None
        self.stopping = False
        self.status = 0

    def serve(self):
        """Answers until it is told to stop, or the engine is gone."""
        if not self.terminal:
            last_words()
        ready = describe()
        if not self.terminal:
            from tutor_host import capture

            ready["printed"] = capture.prepare()
        self.channel.send({"ready": ready})
        try:
            while not self.stopping:
                message = self.channel.receive()
                if message is None:
                    break
                self.handle(message)
        except (KeyboardInterrupt, BrokenPipeError, ConnectionResetError):
            return 130
        return self.leave()

    def leave(self):
        """Ends: a command as programs do, the host without exit handlers, which matter to nobody."""
        flush()
        if not self.terminal:
            os._exit(0)
        return self.status

    def handle(self, message):
        """Answers one request."""
        name, request = next(iter(message.items())) if message else ("", None)
        if name == "shutdown":
            self.stopping = True
            return
        if "call" in message:
            name, request = message["call"], message
        began = time.perf_counter()
        folder = here()
        self.depth += 1
        try:
            if self.depth > DEPTH:
                raise RecursionError("engine and plugins call each other more than %d deep" % DEPTH)
            method = getattr(self, "on_" + name, None) if name.isidentifier() else None
            if method is None:
                raise Refused("there is no request '%s'" % name)
            answer = method(request)
        except BaseException as error:
            answer = {"error": errors.describe(error, request if isinstance(request, dict) else {})}
            self.add_reads(answer, request)
        finally:
            self.depth -= 1
            back_to(folder)
        flush()
        if self.finder.fallthrough:
            answer["fallthrough"], self.finder.fallthrough = self.finder.fallthrough, []
        answer["milliseconds"] = round((time.perf_counter() - began) * 1000, 3)
        self.channel.send(answer)
        if self.depth == 0:
            self.finder.bytecode.keep()  # while the engine is busy

    def add_reads(self, answer, request):
        """What a load that failed depended on."""
        if self.recorder is not None and isinstance(request, dict) and isinstance(request.get("plugin"), dict):
            try:
                answer["reads"] = self.recorder.reads(request["plugin"])
            except BaseException as error:
                answer["error"]["reads"] = repr(error)

    def ask(self, kind, arguments):
        """Asks the engine, and answers what it asks meanwhile."""
        if get_ident() != self.thread:
            raise Refused("only the thread that loads plugins can ask the engine (%s)" % kind)
        if self.recorder is not None and self.recorder.spans and self.recorder.spans[-1] is not None:
            what = kind + ":" + arguments["kind"] if kind == "config" else kind
            self.recorder.spans[-1].asks[what] = True
        self.channel.send(dict({"ask": kind}, **arguments))
        while True:
            message = self.channel.receive()
            if message is None:
                self.leave()
                raise SystemExit(1)
            if "answer" in message:
                return values.decode(message["answer"])
            if "error" in message:
                from tutor.exceptions import TutorError

                error = message["error"]
                raise TutorError(error.get("message", "") if isinstance(error, dict) else str(error))
            self.handle(message)

    def recording(self):
        """The recorder, at work since the first plugin is loaded."""
        if self.recorder is None:
            from tutor_host.record import Recorder

            self.recorder = Recorder()
            self.recorder.install()
        return self.recorder

    def on_load_v0(self, request):
        from tutor_host import chance, v0

        return v0.load(self.recording(), request["plugin"], chance.take(request["plugin"]))

    def on_load_v1(self, request):
        from tutor_host import chance, v1

        return v1.load(self.recording(), request["plugin"], chance.take(request["plugin"]))

    def on_forget(self, request):
        from tutor_host import added

        added.reset()
        packages = set(request.get("packages", ()))
        added.drop_packages(packages)
        return {"result": self.recording().forget(packages)}

    def on_plugins_loaded(self, request):
        from tutor_host import calls

        return calls.plugins_loaded(self, self.recording(), request)

    def on_call(self, request):
        from tutor_host import calls

        return calls.call(self, self.recording(), request)

    def on_contribute(self, request):
        from tutor_host import contributed

        return contributed.contribute(request)

    def on_order(self, request):
        from tutor_host import contributed

        return contributed.order(request.get("plugins", ()))

    def on_forget_plugin(self, request):
        from tutor_host import contributed

        return contributed.forget(request.get("plugin"))

    def on_run_command(self, request):
        from tutor_host import command

        request["plugin"].pop("seed", None)
        self.status, self.stopping = 1, True
        self.status = command.run(request["plugin"], request.get("command"), request.get("args", []), request.get("root", ""))
        return {"result": self.status}

    def on_run_job(self, request):
        from tutor_host import jobs

        self.status, self.stopping = 1, True
        self.status = jobs.run(request)
        return {"result": self.status}


def describe():
    """Which Python this is."""
    return {
        "protocol": PROTOCOL,
        "python": list(sys.version_info[:3]),
        "implementation": sys.implementation.name,
        "prefix": sys.prefix,
        "executable": sys.executable,
        "path": list(sys.path),
    }


def last_words():
    """A crash says on stderr where it was; so does SIGUSR1, for the engine to ask before it gives up."""
    import faulthandler
    import signal

    try:
        import fcntl

        # Not 2 itself, which leads elsewhere during calls.
        stderr = fcntl.fcntl(2, fcntl.F_DUPFD_CLOEXEC, 180)
        faulthandler.enable(stderr)
        faulthandler.register(signal.SIGUSR1, stderr)
    except (AttributeError, ImportError, OSError, RuntimeError):
        pass


def flush():
    """Lets go of what plugins printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def here():
    """The working folder, if there is one."""
    try:
        return os.open(".", os.O_RDONLY)
    except OSError:
        return None


def back_to(folder):
    """Undoes what a plugin did to the working folder."""
    if folder is not None:
        try:
            os.fchdir(folder)
            os.close(folder)
        except OSError:
            pass
