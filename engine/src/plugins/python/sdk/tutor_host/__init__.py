"""The host: answers the engine's requests about Python plugins. Knows nothing of settings or templates.

`session` talks, `v0` and `v1` load (with `declared`, `added`, `shapes`, `command`), `values` says things in JSON,
`jobs` runs those of plugins, `errors` says what went wrong, `blame`, `record`, `wrappers` and `owners` find out what loading depended on, `chance`
and `draws` make randomness from a seed, and `guard` undoes what a plugin does to others. `calls` calls functions:
`targets` finds them, `things` says what they come to, `worlds` has the objects that templates work on (`steps` is what
can be done with them, `snapshot` how they are put back, `undefined` what is none), `settings` is the configuration that
they get, `stretch` is the time of a call, in which `watch`, `spans`, `names` and `capture` note what it does, and
`state` and `changing` what it changes that outlives it; `overlay` and `view` keep it from
changing a folder. `contributed` adds what other plugins have.
"""

current = None


def serve(channel, finder, terminal):
    """Answers requests until the engine has no more."""
    global current
    from tutor_host.session import Session

    current = Session(channel, finder, terminal)
    return current.serve()


def ask(question, /, **arguments):
    """Asks the engine; for the SDK."""
    if current is None:
        from tutor.exceptions import TutorError

        raise TutorError("there is no engine to ask for: " + question)
    return current.ask(question, arguments)


def impure(kind):
    """The engine does something for a plugin that is different each time; for the SDK."""
    if current is not None and current.recorder is not None:
        import sys

        current.recorder.impure(kind, sys._getframe(1))
