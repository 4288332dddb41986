"""A plugin's command, in a process of its own that has the terminal."""
import signal
import subprocess
import unittest

import client
from test_protocol import Case

COMMAND = """
import sys
import click
from tutor import config as tutor_config
from tutor.exceptions import TutorError

@click.group(help="Does things\\n\\nMany.")
def command():
    pass

@command.command()
@click.argument("word")
@click.option("--loud", is_flag=True)
@click.pass_obj
def say(context, word, loud):
    config = tutor_config.load(context.root)
    click.echo("%s %s %s %s" % (config["LMS_HOST"], context.root, word.upper() if loud else word, sys.stdin.read()))
    context.anything = 1

@command.command()
def fail():
    raise TutorError("no luck")

@command.command()
def leave():
    sys.exit(7)

@command.command()
def sleep():
    import time
    click.echo("sleeping")
    time.sleep(60)

@command.command()
def crash():
    raise ValueError("boom")
"""
CLICK = subprocess.run([client.PYTHON, "-c", "import click"], stderr=subprocess.DEVNULL).returncode == 0


@unittest.skipUnless(CLICK, "needs click")
class Command(Case):
    def run_command(self, *args, **options):
        self.site.plugin("one", COMMAND)
        config = {"t": "dict", "v": [["LMS_HOST", "example.com"]]}
        host = client.Host(
            path=[self.site.path],
            terminal=True,
            answers={"config": lambda message: config},
            stdin=subprocess.PIPE,
            **options
        )
        host.process.stdin.write(b"typed")
        host.process.stdin.close()
        host.process.stdin = None
        plugin = {"name": "one", "module": "tutorone.plugin", "attribute": None}
        self.said = host.request({"call": "run_command", "plugin": plugin, "args": list(args), "root": "/root/x"})
        self.errors, self.asked = host.printed(), host.asked
        return host.close()

    def test_runs_with_arguments_and_settings(self):
        status, out = self.run_command("say", "--loud", "hello")
        self.assertEqual((status, out.decode()), (0, "example.com /root/x HELLO typed\n"), self.said)
        self.assertEqual(self.asked, [{"ask": "config", "kind": "checked", "root": "/root/x"}])
        self.assertEqual(self.said["result"], 0)

    def test_help_names_the_program(self):
        status, out = self.run_command("--help")
        self.assertEqual(status, 0)
        self.assertTrue(out.decode().startswith("Usage: tutor one [OPTIONS] COMMAND"), out)

    def test_statuses_are_passed_on(self):
        for args, status in ((["leave"], 7), (["nothing"], 2), (["say"], 2), (["fail"], 1)):
            self.assertEqual(self.run_command(*args)[0], status, args)
        self.assertIn("no luck", self.errors)

    def test_a_crash_is_an_error_with_the_plugins_frames(self):
        status, _ = self.run_command("crash")
        self.assertEqual((status, self.said["error"]["kind"]), (1, "ValueError"))
        self.assertEqual(self.said["error"]["frames"][-1]["function"], "crash")

    def test_control_c_is_clicks(self):
        self.site.plugin("one", COMMAND)
        host = self.host(terminal=True)
        plugin = {"name": "one", "module": "tutorone.plugin"}
        host.send({"call": "run_command", "plugin": plugin, "args": ["sleep"], "root": "/"})
        self.assertEqual(host.process.stdout.readline(), b"sleeping\n")
        host.process.send_signal(signal.SIGINT)
        self.assertEqual(host.receive()["result"], 1)
        self.assertEqual(host.process.wait(10), 1)
        self.assertIn("Aborted!", host.printed())

    def test_what_there_is_to_know_without_running_it(self):
        result = self.declared(COMMAND)["result"]
        expected = {"name": "command", "help": "Does things", "hidden": False, "group": True}
        self.assertEqual({key: result["command"][key] for key in expected}, expected)


ADDING = "\nfrom tutor import hooks\nclick_commands = [command, other]\nhooks.Filters.CLI_COMMANDS.add_items(click_commands)\n"
OTHER = """
@click.command(name="other-one", short_help="Short", hidden=True)
@click.option("--times", default=1)
def other(times):
    click.echo("other " * times)
"""


@unittest.skipUnless(CLICK, "needs click")
class CommandsOfV1(Case):
    def setUp(self):
        super().setUp()
        self.site.plugin("one", COMMAND.replace("@click.group(", "@click.group(name='say-it', ") + OTHER + ADDING)
        self.plugin = {"name": "one", "module": "tutorone.plugin", "attribute": None, "group": "v1"}

    def run_command(self, name, *args, first=()):
        host = self.host(terminal=True)
        host.answers = {"config": lambda message: {"t": "dict", "v": [["LMS_HOST", "example.com"]]}}
        for request in first:
            self.assertIn("result", host.request(request))
        said = host.request({"call": "run_command", "plugin": self.plugin, "command": name, "args": list(args), "root": "/r"})
        return (said,) + host.close()

    def test_what_there_is_to_know(self):
        result = self.host().request({"call": "load_v1", "plugin": self.plugin})["result"]
        self.assertEqual(result["commands"], [
            {"name": "say-it", "help": "Does things", "short": "Does things", "hidden": False, "group": True},
            {"name": "other-one", "help": "Short", "short": "Short", "hidden": True, "group": False},
        ])
        self.assertEqual((result["filters"], result["callbacks"]), ({}, []))

    def test_runs_the_one_of_that_name(self):
        said, status, out = self.run_command("other-one", "--times", "2")
        self.assertEqual((said["result"], status, out), (0, 0, b"other other \n"))
        said, status, out = self.run_command("say-it", "say", "hello")
        self.assertEqual((status, out), (0, b"example.com /r hello \n"), said)
        self.assertTrue(self.run_command("say-it", "--help")[2].startswith(b"Usage: tutor say-it [OPTIONS] COMMAND"))

    def test_runs_after_plugins_were_loaded(self):
        load = {"call": "load_v1", "plugin": self.plugin}
        self.assertEqual(self.run_command("other-one", first=[load])[1:], (0, b"other \n"))

    def test_a_command_that_is_not_there(self):
        said, status, _ = self.run_command("one")
        self.assertEqual((said["error"]["kind"], said["error"]["attribute"], status), ("Declaration", "CLI_COMMANDS", 1))

    def test_a_command_of_a_single_file(self):
        path = self.site.write("../single.py", COMMAND + OTHER + ADDING)
        self.plugin = {"name": "single", "group": "v1", "file": path}
        self.assertEqual(self.run_command("other-one")[1:], (0, b"other \n"))


class Asking(Case):
    def test_settings_and_nested_calls(self):
        self.site.plugin("one", "from tutor import config as c, env\ndef patches():\n"
                                "    return {'a': env.render_str({'A': 1}, c.load_full('/r')['X'])}\n")
        self.site.plugin("two", "config = {'set': {'B': 2}}\n")
        host = self.host()

        def config(message):
            host.nested = host.load("two", "tutortwo.plugin")
            return {"t": "dict", "v": [["X", "{{ A }}"]]}

        host.answers = {"config": config, "render": lambda message: message["text"] + "!"}
        said = host.load("one", "tutorone.plugin")
        self.assertEqual(said["result"]["patches"], [["a", "{{ A }}!"]])
        self.assertEqual((said["reads"]["volatile"], host.nested["reads"]["volatile"]), ([], []))
        self.assertEqual(host.nested["result"]["config"]["set"], [["B", 2]])

    def test_what_the_engine_refuses_is_a_tutor_error(self):
        source = "from tutor import config, exceptions\ntry:\n    config.get_user('/r')\nexcept exceptions.TutorError as e:\n"
        said = self.declared(source + "    config = {'set': {'E': str(e)}}\n", answers={})
        self.assertEqual(said["result"]["config"]["set"], [["E", "'config'"]])

    def test_only_one_thread_asks(self):
        source = (
            "import threading\nfrom tutor import config as c\nfound = []\ndef work():\n    try:\n        c.load('/')\n"
            "    except Exception as error:\n        found.append(type(error).__name__)\n"
            "thread = threading.Thread(target=work)\nthread.start()\nthread.join()\nconfig = {'set': {'F': found}}\n"
        )
        self.assertEqual(self.declared(source)["result"]["config"]["set"], [["F", ["Refused"]]])
