"""A small engine for tests: starts the host, greets it, and answers what it asks."""
import json
import os
import socket
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SDK = os.path.join(os.path.dirname(HERE), "sdk")
PYTHON = os.environ.get("TUTOR_SDK_PYTHON", sys.executable)


def texts():
    """The sources that the engine embeds."""
    found = {}
    for folder, folders, names in os.walk(SDK):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".py") and folder != SDK:
                with open(path, encoding="utf-8") as file:
                    found[os.path.relpath(path, SDK).replace(os.sep, "/")] = file.read()
    return found


def bootstrap():
    with open(os.path.join(SDK, "bootstrap.py"), encoding="utf-8") as file:
        return file.read()


class Host:
    """A host process. `answers` says what it may ask: kind to a function of the message."""

    def __init__(self, python=None, path=(), answers=None, terminal=False, hello=None, environ=None, bytecode=None, **options):
        self.socket, theirs = socket.socketpair()
        self.answers = answers or {}
        self.asked = []
        self.errors = tempfile.TemporaryFile()
        environ = dict(os.environ, PYTHONPATH=os.pathsep.join(path), **(environ or {}))
        command = [python or PYTHON, "-c", bootstrap(), str(theirs.fileno())] + (["--terminal"] if terminal else [])
        command += ["--bytecode", bytecode] if bytecode else []
        options.setdefault("stderr", self.errors)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environ, **options)
        theirs.close()
        self.file = self.socket.makefile("rb")
        self.send({"hello": hello if hello is not None else {"protocol": 1, "sdk": texts()}})
        self.ready = self.receive()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, message):
        self.socket.sendall((json.dumps(message) + "\n").encode())

    def receive(self):
        line = self.file.readline()
        return json.loads(line.decode("utf-8")) if line else None

    def request(self, message):
        """The answer to a request; answers what is asked meanwhile."""
        self.send(message)
        while True:
            answer = self.receive()
            if answer is None or "ask" not in answer:
                return answer
            self.asked.append(answer)
            try:
                self.send({"answer": self.answers[answer["ask"]](answer)})
            except Exception as error:
                self.send({"error": {"message": str(error)}})

    def load(self, name, module=None, attribute=None, **more):
        plugin = {"name": name, "module": module or name, "attribute": attribute}
        return self.request({"call": "load_v0", "plugin": dict(plugin, **more)})

    def printed(self):
        self.errors.seek(0)
        return self.errors.read().decode("utf-8", "replace")

    def close(self):
        """Ends it, and gives its status and what it wrote to stdout."""
        if self.file.closed:
            return None
        if self.process.poll() is None:
            try:
                self.send({"shutdown": {}})
            except OSError:
                pass
        out, _ = self.process.communicate(timeout=20)
        self.file.close()
        self.socket.close()
        self.errors.close()
        return self.process.returncode, out
