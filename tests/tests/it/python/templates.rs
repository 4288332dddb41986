//! A plugin's template root: after the core's, and of it only what is meant for it is rendered.

use tests::packages::Package;

use super::snake::Snake;

const MODULE: &str = "\
import os
templates = os.path.join(os.path.abspath(os.path.dirname(__file__)), 'templates')
config = {'defaults': {'NAME': 'n'}}
hooks = {'init': ['lms']}
";

fn package() -> Package {
    Package::new("p", MODULE)
        .file("p/templates/p/apps/a.txt", "app {{ P_NAME }}\n")
        .file(
            "p/templates/p/apps/deep/er/b.txt",
            "deep {{ patch('spot') }}\n",
        )
        .file("p/templates/p/apps/picture.png", "{{ not a template\n")
        .file("p/templates/p/apps/partials/part.txt", "part {{ P_NAME }}")
        .file(
            "p/templates/p/apps/whole.txt",
            "{% include 'p/apps/partials/part.txt' %}!\n",
        )
        .file("p/templates/p/apps/.hidden", "x\n")
        .file("p/templates/p/apps/__pycache__/x.pyc", "x\n")
        .file("p/templates/p/build/p/Dockerfile", "FROM {{ P_NAME }}\n")
        .file("p/templates/p/hooks/lms/init", "{{ no such thing\n")
        .file("p/templates/p/other/c.txt", "not rendered\n")
        .file("p/templates/apps/core.txt", "not the core's\n")
}

#[test]
fn apps_and_build_are_rendered_and_nothing_else() {
    let snake = Snake::new(&["p"]);
    snake.add(&package());
    snake.saves_well();
    let root = snake.root();
    let files: Vec<(&str, &str)> = root
        .iter()
        .filter_map(|(path, entry)| {
            let path = path.strip_prefix("env/")?;
            Some((path, std::str::from_utf8(&entry.bytes).unwrap().trim_end()))
        })
        .collect();
    assert_eq!(
        files,
        [
            ("apps/core.txt", "core local.openedx.io"),
            ("plugins/p/apps/a.txt", "app n"),
            ("plugins/p/apps/deep/er/b.txt", "deep"),
            ("plugins/p/apps/picture.png", "{{ not a template"),
            ("plugins/p/apps/whole.txt", "part n!"),
            ("plugins/p/build/p/Dockerfile", "FROM n"),
        ]
    );
}

#[test]
fn an_edited_template_is_rendered_without_python() {
    let snake = Snake::new(&["p"]);
    snake.add(&package());
    snake.saves_well();
    snake.put(
        &snake.in_site("p/templates/p/apps/a.txt"),
        "new {{ P_NAME }}\n",
    );
    snake.put(&snake.in_site("p/templates/p/apps/c.txt"), "c\n");
    snake.without_python(&["config", "save"]);
    assert_eq!(snake.read("root/env/plugins/p/apps/a.txt"), "new n");
    assert_eq!(snake.read("root/env/plugins/p/apps/c.txt"), "c");
}

#[test]
fn a_patch_of_a_plugin_can_include_a_template_of_another() {
    let snake = Snake::new(&["p", "q"]);
    snake.add(&package());
    snake.add(&Package::new(
        "q",
        "patches = {'spot': \"{% include 'p/apps/partials/part.txt' %}\"}\n",
    ));
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io part n");
}

#[test]
fn templates_that_are_not_there_are_told_with_the_plugin() {
    let snake = Snake::of(
        "p",
        "templates = '@world@/nowhere'\npatches = {'spot': 'still'}\n",
    );
    let answer = snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io still");
    if answer.stderr.contains("nowhere") {
        assert!(answer.stderr.contains("plugin 'p'"), "{}", answer.stderr);
    }
}

#[test]
fn a_template_that_does_not_render_is_an_error_that_names_its_plugin_and_line() {
    let snake = Snake::new(&["p"]);
    snake.add(&package());
    snake.saves_well();
    let path = snake.in_site("p/templates/p/apps/a.txt");
    snake.put(&path, "fine\n{{ NOPE }}\n");
    let told = snake.fails_and_changes_nothing(snake.command(&["config", "save"]));
    assert!(told.contains("plugin 'p'"), "{told}");
    assert!(told.contains("a.txt:2"), "{told}");
    assert!(told.contains("NOPE"), "{told}");
}

#[test]
fn a_patch_that_does_not_render_is_an_error_that_names_its_plugin() {
    let snake = Snake::of("p", "patches = {'spot': 'fine\\n{{ NOPE }}'}\n");
    let told = snake.fails_and_changes_nothing(snake.command(&["config", "save"]));
    assert!(told.contains("plugin 'p'"), "{told}");
    assert!(told.contains("spot"), "{told}");
    assert!(told.contains("NOPE"), "{told}");
}

#[test]
fn a_setting_that_does_not_render_is_an_error_that_names_its_plugin() {
    let snake = Snake::of("p", "config = {'defaults': {'A': '{{ NOPE }}'}}\n");
    let told = snake.fails_and_changes_nothing(snake.command(&["config", "save"]));
    assert!(told.contains("plugin 'p'"), "{told}");
    assert!(told.contains("P_A"), "{told}");
    assert!(told.contains("NOPE"), "{told}");
}
