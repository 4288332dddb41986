//! Attributes of the wrong type: the plugin is left out as a whole, and the message says which attribute and key.

use super::skipped::{bad, beside_a_good_one, is_skipped, is_told, module_is_skipped};

/// What a module has, and what has to be told of it.
const WRONG: [(&str, &[&str]); 22] = [
    ("config = []", &["config", "list"]),
    ("config = 'text'", &["config", "str"]),
    ("config = None", &["config", "None"]),
    ("config = {'add': []}", &["config", "add", "list"]),
    (
        "config = {'defaults': None}",
        &["config", "defaults", "None"],
    ),
    ("config = {'set': {1: 'x'}}", &["config", "set", "int"]),
    ("config = {1: {}}", &["config", "int"]),
    (
        "config = {'add': {'A': object()}}",
        &["config", "add", "A", "object"],
    ),
    (
        "config = {'add': {'A': {'B': lambda: 1}}}",
        &["config", "A", "B", "function"],
    ),
    ("patches = []", &["patches", "list"]),
    ("patches = {'spot': 1}", &["patches", "spot", "int"]),
    ("patches = {'spot': None}", &["patches", "spot", "None"]),
    ("patches = {'spot': b'x'}", &["patches", "spot", "bytes"]),
    ("patches = {1: 'x'}", &["patches", "int"]),
    ("hooks = []", &["hooks", "list"]),
    ("hooks = {'init': 'lms'}", &["hooks", "init", "str"]),
    ("hooks = {'init': [1]}", &["hooks", "init", "int"]),
    (
        "hooks = {'build-image': ['x']}",
        &["hooks", "build-image", "list"],
    ),
    (
        "hooks = {'remote-image': {'x': 1}}",
        &["hooks", "remote-image", "int"],
    ),
    ("templates = 1", &["templates", "int"]),
    ("templates = ['x']", &["templates", "list"]),
    ("command = 'text'", &["command", "str"]),
];

#[test]
fn a_value_of_the_wrong_type_is_told_with_its_attribute() {
    for (module, told) in WRONG {
        is_told(&beside_a_good_one(&bad(&format!("{module}\n"))), told);
    }
}

#[test]
fn what_a_function_returns_is_checked_as_well() {
    for (module, told) in WRONG
        .iter()
        .filter(|(module, _)| !module.starts_with("command"))
    {
        let (name, value) = module.split_once(" = ").unwrap();
        let module = format!("def {name}():\n    return {value}\n");
        is_told(&beside_a_good_one(&bad(&module)), told);
    }
}

/// That is where it is to be corrected; its entry point is right.
#[test]
fn the_file_that_has_the_wrong_type_is_named() {
    let snake = beside_a_good_one(&bad("patches = []\n"));
    let answer = snake.save(&[]);
    assert!(answer.stderr.contains("bad/plugin.py"), "{}", answer.stderr);
}

#[test]
fn a_plugin_of_the_wrong_type_in_one_attribute_contributes_nothing() {
    let module =
        "config = {'set': {'PLATFORM_NAME': 'half'}}\npatches = {'spot': 'half', 'other': 1}\n";
    let snake = beside_a_good_one(&bad(module));
    snake.save(&[]);
    assert!(!snake.read("root/config.yml").contains("half"));
    is_skipped(&snake, &["patches", "other", "int"]);
}

#[test]
fn a_value_in_itself_is_told() {
    module_is_skipped(
        "a = []\na.append(a)\nconfig = {'defaults': {'A': a}}\n",
        &["config", "A"],
    );
}

#[test]
fn a_text_that_is_no_unicode_is_told() {
    module_is_skipped("patches = {'spot': '\\ud800'}\n", &["patches", "spot"]);
}

#[test]
fn an_unknown_section_is_a_warning_and_the_plugin_loads() {
    let snake = beside_a_good_one(&bad(
        "config = {'default': {'A': 1}}\nhooks = {'post-init': ['x']}\npatches = {'spot': 'loads'}\n",
    ));
    let answer = snake.save(&[]);
    for told in [
        "plugin 'bad'",
        "config.default",
        "defaults",
        "hooks.post-init",
    ] {
        assert!(answer.stderr.contains(told), "{told}: {}", answer.stderr);
    }
    assert_eq!(snake.core(), "core local.openedx.io loads\ngood");
}
