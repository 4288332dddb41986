"""Runs commands of the installed Tutor, one forked child each.

Importing Tutor costs most of a run; forking after the import saves it, and the
child starts from the state that a fresh process has after its imports: no root
was read, no plugin discovered. What Tutor computes from the environment while
it is imported (the plugins root, the template root) is set again in the child.

Protocol: one JSON object a line on stdin, one a line on stdout.
  request:  {"args": [...], "env": {...}, "cwd": "...", "templates": "..." or null,
             "prelude": "..." or null}
  response: {"status": n, "stdout": "...", "stderr": "..."}
Bytes that are not UTF-8 come back as replacement characters. A prelude is a script that the
child runs first.
"""

import json
import os
import resource
import runpy
import signal
import sys
import tempfile
import traceback

import tutor.commands.cli
import tutor.env

SECONDS_BEFORE_A_CHILD_IS_KILLED = 300
MEMORY_OF_A_CHILD = 4 * 1024**3


def point_import_time_constants_at(env, templates):
    plugins_root = env.get("TUTOR_PLUGINS_ROOT")
    if plugins_root:
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] == "tutor" and hasattr(module, "PLUGINS_ROOT"):
                module.PLUGINS_ROOT = plugins_root
    if templates:
        tutor.env.TEMPLATES_ROOT = templates


def child(request, out, err):
    signal.alarm(SECONDS_BEFORE_A_CHILD_IS_KILLED)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OF_A_CHILD, MEMORY_OF_A_CHILD))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    sys.argv = ["tutor", *request["args"]]
    point_import_time_constants_at(request["env"], request.get("templates"))
    status = 0
    try:
        if request.get("prelude"):
            runpy.run_path(request["prelude"])
        tutor.commands.cli.main()
    except SystemExit as stop:
        if stop.code is None:
            status = 0
        elif isinstance(stop.code, int):
            status = stop.code
        else:
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return status


def run(request):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                status = child(request, out, err)
            finally:
                os._exit(status)
        _, wait_status = os.waitpid(pid, 0)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    return {
        "status": os.waitstatus_to_exitcode(wait_status),
        "stdout": texts[0],
        "stderr": texts[1],
    }


def main():
    for line in sys.stdin:
        answer = run(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
