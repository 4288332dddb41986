//! What a plugin may have: each attribute is a value, or a function without arguments that gives it.

use tests::packages::Package;

use super::snake::Snake;
use crate::house::assert_same_bytes;

const VALUES: &str = "\
config = {
    'add': {'SECRET': 'fixed', 'MANY': ['a', '{{ P_NAME }}', 2]},
    'defaults': {'NAME': 'name of {{ LMS_HOST }}', 'NONE': None, 'DEEP': {'k': {'x': 1.5, 'y': True}}, 'TEXT': 'two\\nlines'},
    'set': {'PLATFORM_NAME': 'Set by p'},
}
patches = {'spot': '{{ P_NAME }} {{ P_DEEP.k.x }} {{ P_NONE }}', 'other': 'é'}
hooks = {
    'init': ['one', 'two'],
    'pre-init': ('three',),
    'build-image': {'p': '{{ P_NAME }}:latest'},
    'remote-image': {'p': 'p:latest'},
}
templates = '@world@/host/tpl'
";

const TEMPLATE: &str = "-- host/tpl/p/apps/a.txt --\n{{ P_SECRET }} {{ P_TEXT }}\n";

/// The same, each attribute made a function.
fn functions() -> String {
    let mut text = String::new();
    for line in VALUES.lines() {
        match line.split_once(" = ") {
            Some((name, value)) if !line.starts_with(' ') => {
                text.push_str(&format!("def {name}():\n  return {value}\n"));
            }
            _ => text.push_str(&format!("  {line}\n")),
        }
    }
    text
}

fn with(module: &str) -> Snake {
    let snake = Snake::with(&["p"], TEMPLATE);
    snake.add(&Package::new("p", module));
    snake
}

#[test]
fn settings_patches_and_templates_are_those_of_the_attributes() {
    // `P_MANY` names a default, which a saved setting cannot: it is given in `config.yml`.
    let module = VALUES.replace("'{{ P_NAME }}', 2", "'b', 2");
    let snake = with(&module);
    snake.saves_well();
    assert_eq!(snake.value("P_SECRET"), "fixed");
    assert_eq!(snake.value("P_MANY"), "['a', 'b', 2]");
    assert_eq!(snake.value("P_NAME"), "name of local.openedx.io");
    assert_eq!(snake.value("P_NONE"), "null");
    assert_eq!(snake.value("P_DEEP"), "{'k': {'x': 1.5, 'y': True}}");
    assert_eq!(snake.value("P_TEXT"), "two\nlines");
    assert_eq!(snake.value("PLATFORM_NAME"), "Set by p");
    assert_eq!(
        snake.core(),
        "core local.openedx.io name of local.openedx.io 1.5 None"
    );
    assert_eq!(
        snake.read("root/env/plugins/p/apps/a.txt"),
        "fixed two\nlines"
    );
    let config = snake.read("root/config.yml");
    for line in [
        "P_SECRET: fixed",
        "P_MANY:\n- a\n- b\n- 2",
        "PLATFORM_NAME: Set by p",
    ] {
        assert!(config.contains(line), "{line}\n{config}");
    }
    for absent in ["P_NAME", "P_NONE", "P_DEEP"] {
        assert!(!config.contains(absent), "{config}");
    }
    let shown = snake.works(&["config", "patches", "show", "other"]).stdout;
    assert_eq!(shown.trim_end(), "é");
    let listed = snake.works(&["config", "patches", "list"]).stdout;
    assert!(listed.contains("spot"), "{listed}");
}

#[test]
fn an_attribute_can_be_a_function() {
    let values = with(&VALUES.replace("{{ P_NAME }}', 2", "b', 2"));
    values.saves_well();
    let calls = with(&functions().replace("{{ P_NAME }}', 2", "b', 2"));
    calls.saves_well();
    assert_same_bytes(&values.root(), &calls.root());
}

#[test]
fn an_attribute_can_be_anything_that_is_called() {
    let module = "\
import functools
class Patches:
    def __call__(self):
        return {'spot': 'an object'}
patches = Patches()
config = functools.partial(dict, defaults={'A': 1})
class Lazy(dict):
    pass
hooks = lambda: Lazy(init=[])
";
    let snake = with(module);
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io an object");
    assert_eq!(snake.value("P_A"), "1");
}

#[test]
fn a_plugin_without_attributes_is_one() {
    let snake = with("");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io");
    assert_eq!(snake.row("p").unwrap()[1], "✅ enabled");
}

#[test]
fn patches_can_be_read_from_a_folder() {
    let snake = Snake::new(&["p"]);
    let module = "\
import glob, os
def patches():
    found = {}
    for path in glob.glob(os.path.join(os.path.dirname(__file__), 'patches', '*')):
        with open(path) as file:
            found[os.path.basename(path)] = file.read()
    return found
";
    snake.add(&Package::new("p", module).file("p/patches/spot", "from {{ LMS_HOST }}\n"));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io from local.openedx.io");
}

#[test]
fn values_of_all_types_are_saved_as_tutor_saves_them() {
    let module = "\
import collections, datetime, enum
class Colour(str, enum.Enum):
    RED = 'red'
config = {'add': collections.OrderedDict([
    ('DAY', datetime.date(2024, 2, 29)),
    ('BIG', 2 ** 70),
    ('FLOAT', 1e22),
    ('LIST', [None, True, 'yes', '1', 1, [], {}]),
    ('UNICODE', 'Größe 😀'),
    ('LONG', 'word ' * 30),
    ('LINES', 'a\\n  b\\n\\nc'),
])}
";
    let snake = with(module);
    snake.saves_well();
    let yaml = Snake::with(
        &["p"],
        "-- plugins/p.yml --\nname: p\nconfig:\n  add:\n    DAY: 2024-02-29\n    BIG: 1180591620717411303424\n    \
         FLOAT: 1.0e+22\n    LIST: [null, true, 'yes', '1', 1, [], {}]\n    UNICODE: Größe 😀\n    LONG: \
         \"word word word word word word word word word word word word word word word word word word word word word \
         word word word word word word word word word \"\n    LINES: \"a\\n  b\\n\\nc\"\n",
    );
    yaml.saves_well();
    assert_same_bytes(&yaml.root(), &snake.root());
}

#[test]
fn plugins_are_loaded_in_the_order_of_their_names_beside_those_in_files() {
    let snake = Snake::with(
        &["c", "b", "a", "d"],
        "-- plugins/b.yml --\nname: b\npatches: {spot: b}\n-- plugins/d.yml --\nname: d\npatches: {spot: d}\n",
    );
    for name in ["c", "a"] {
        snake.add(&Package::new(
            name,
            &format!("patches = {{'spot': '{name}'}}\n"),
        ));
    }
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io a\nb\nc\nd");
}

#[test]
fn a_name_with_a_hyphen_keeps_it_in_settings() {
    let snake = Snake::new(&["my-plugin"]);
    snake.add(
        &Package::new("myplugin", "config = {'add': {'A': 'x'}}\n")
            .entry_points("[tutor.plugin.v0]\nmy-plugin = myplugin.plugin\n"),
    );
    snake.saves_well();
    let config = snake.read("root/config.yml");
    assert!(config.contains("MY-PLUGIN_A: x"), "{config}");
}

#[test]
fn enabling_saves_what_a_plugin_adds_and_sets_and_disabling_takes_back_what_it_set() {
    let snake = Snake::new(&[]);
    snake.add(&Package::new(
        "p",
        "config = {'add': {'A': '{{ 8|random_string }}'}, 'set': {'PLATFORM_NAME': 'Mine'}}\n",
    ));
    snake.saves_well();
    snake.works(&["plugins", "enable", "p"]);
    let config = snake.read("root/config.yml");
    assert!(config.contains("P_A: "), "{config}");
    assert!(config.contains("PLATFORM_NAME: Mine"), "{config}");
    assert!(config.contains("PLUGINS:\n- p"), "{config}");
    snake.works(&["plugins", "disable", "p"]);
    let config = snake.read("root/config.yml");
    assert!(!config.contains("PLATFORM_NAME"), "{config}");
    assert!(config.contains("PLUGINS: []"), "{config}");
}
