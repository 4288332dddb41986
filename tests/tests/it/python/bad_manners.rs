//! Plugins that do what plugins should not: the engine is neither confused nor held up by them.

use std::time::{Duration, Instant};

use super::skipped::{bad, beside_a_good_one, module_is_skipped};
use super::snake::Snake;

/// Longer than anything here may take: what hangs, hangs for longer.
const AT_ONCE: Duration = Duration::from_secs(10);

/// A plugin with this module loads, whatever else it does.
fn loads(module: &str) -> Snake {
    let snake = beside_a_good_one(&bad(&format!("{module}\npatches = {{'spot': 'loads'}}\n")));
    let started = Instant::now();
    snake.save(&[]);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!(snake.core(), "core local.openedx.io loads\ngood");
    snake
}

#[test]
fn it_prints() {
    let module = "import os, sys\nprint('a stray line')\nos.write(1, b'a raw line\\n')\nos.system('echo a child')\n";
    let snake = loads(&format!(
        "{module}\nconfig = {{'defaults': {{'A': 'x'}}}}\n"
    ));
    for args in [
        &["--no-cache", "config", "printvalue", "BAD_A"][..],
        &["config", "printvalue", "BAD_A"],
    ] {
        let answer = snake.works(args);
        assert_eq!(answer.stdout, "x\n", "{args:?}");
    }
    let answer = snake.works(&["--no-cache", "config", "save"]);
    for line in ["a stray line", "a raw line", "a child"] {
        assert!(!answer.stdout.contains(line), "{}", answer.stdout);
        assert!(answer.stderr.contains(line), "{line}: {}", answer.stderr);
    }
}

#[test]
fn it_prints_what_looks_like_an_answer() {
    loads(
        "print('{\"result\": {\"config\": {}}}')\nprint('{\"ready\": {\"protocol\": 1}}', flush=True)",
    );
}

#[test]
fn it_prints_from_a_function() {
    let snake = loads("def hooks():\n    print('x' * 100)\n    return {}");
    assert_eq!(snake.value("ID").len(), 24);
}

#[test]
fn it_writes_100_megabytes_to_standard_output() {
    let module =
        "import sys\nfor _ in range(100):\n    sys.stdout.write(('x' * 99 + '\\n') * 10000)\n";
    let snake = beside_a_good_one(&bad(&format!("{module}patches = {{'spot': 'loads'}}\n")));
    let started = Instant::now();
    let answer = snake.save(&[]);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!(snake.core(), "core local.openedx.io loads\ngood");
    assert!(
        answer.stdout.len() < 1_000,
        "{} bytes of stdout",
        answer.stdout.len()
    );
    assert!(
        answer.stderr.len() < 1_000_000,
        "{} bytes of stderr",
        answer.stderr.len()
    );
}

#[test]
fn it_reads_standard_input() {
    loads("import sys\nassert sys.stdin.read() == ''");
}

#[test]
fn it_closes_the_standard_streams() {
    loads("import os, sys\nsys.stdout.close()\nfor n in (0, 1):\n    os.close(n)");
}

#[test]
fn it_ends_the_program() {
    for (statement, told) in [
        ("import sys; sys.exit(3)", "exit"),
        ("import sys; sys.exit('enough')", "enough"),
        ("raise SystemExit", "exit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("quit()", "exit"),
    ] {
        module_is_skipped(&format!("x = 1\n{statement}\n"), &[told, "bad/plugin.py:3"]);
    }
}

#[test]
fn its_process_dies() {
    for statement in ["os._exit(3)", "os._exit(0)", "os.kill(os.getpid(), 9)"] {
        let module = format!(
            "import os, sys\nprint('my last words', file=sys.stderr, flush=True)\n{statement}\n"
        );
        module_is_skipped(&module, &["my last words"]);
    }
}

#[test]
fn its_process_crashes() {
    let module = "import os\nos.abort()\n";
    module_is_skipped(module, &["signal", "bad/plugin.py:3"]);
}

#[test]
fn it_changes_the_working_folder() {
    let snake = loads("import os\nos.chdir('/')");
    snake.works(&["-r", "root", "config", "save"]);
    // Neither does it confuse a plugin that is loaded afterwards.
    snake.edit_module(
        "good",
        "import os\npatches = {'spot': os.path.basename(os.getcwd())}\n",
    );
    snake.save(&[]);
    assert!(!snake.core().ends_with("loads\n"), "{}", snake.core());
}

#[test]
fn it_changes_the_environment() {
    let snake = loads(
        "import os\nos.environ['GOOD_WORD'] = 'from bad'\nos.environ['LMS_HOST'] = 'x'\nos.environ.pop('PATH')",
    );
    snake.without_python(&["config", "save"]);
}

#[test]
fn it_opens_a_socket() {
    loads(
        "import socket\nserver = socket.socket()\nserver.bind(('127.0.0.1', 0))\nserver.listen()",
    );
}

#[test]
fn it_cannot_reach_a_server() {
    module_is_skipped(
        "import socket\nsocket.create_connection(('127.0.0.1', 1), timeout=1)\n",
        &["refused", "bad/plugin.py:3"],
    );
}

#[test]
fn it_forks_a_child_that_goes_on_as_if_it_were_the_parent() {
    let snake = loads("import os\nCHILD = os.fork() == 0");
    assert_eq!(snake.loads("bad"), 1);
}

#[test]
fn it_forks_a_child_that_stays() {
    loads("import os, time\nif os.fork() == 0:\n    time.sleep(20)\n    os._exit(0)");
}

#[test]
fn it_starts_a_process_that_stays() {
    loads("import subprocess\nsubprocess.Popen(['sleep', '20'])");
}

#[test]
fn it_starts_a_thread_that_never_ends() {
    loads("import threading, time\nthreading.Thread(target=time.sleep, args=(20,)).start()");
}

#[test]
fn it_leaves_something_to_do_at_the_exit() {
    loads("import atexit, time\natexit.register(time.sleep, 20)");
}

/// Nobody can help a plugin that breaks its own Python; but others live on.
#[test]
fn it_breaks_what_others_use() {
    for statement in [
        "import json\njson.dumps = json.loads = None",
        "import os\nos.write = os.read = None",
        "import builtins\nbuiltins.len = builtins.isinstance = None",
    ] {
        let snake = beside_a_good_one(&bad(&format!("{statement}\n")));
        let started = Instant::now();
        snake.save(&[]);
        assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
        assert_eq!(snake.core(), "core local.openedx.io good", "{statement}");
        is_forgotten(&snake);
    }
}

#[test]
fn it_eats_memory_without_end() {
    let module = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\nx = []\n\
                  while True:\n    x.append('x' * 10_000_000)\n";
    module_is_skipped(module, &["MemoryError", "bad/plugin.py:6"]);
}

#[test]
fn it_declares_very_much() {
    let module = "patches = {'spot': 'loads'}\npatches.update({f'patch-{n}': 'x' * 1000 for n in range(20000)})\n";
    let snake = beside_a_good_one(&bad(module));
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io loads\ngood");
    is_forgotten(&snake);
}

fn is_forgotten(snake: &Snake) {
    snake.works(&["plugins", "disable", "bad"]);
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io good");
}
