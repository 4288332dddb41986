//! Bad input that no case file can hold: too deep, too long, too strange.

use std::fs;

use crate::house::{House, PLAIN, assert_same};

/// Runs `config save`: whatever comes of it, it ends by itself, and an error changes nothing.
fn survives(house: &House) -> (i32, String) {
    let before = house.root();
    let answer = house.tutor(&["config", "save"]);
    assert!(
        matches!(answer.status, 0 | 1),
        "status {}: {}",
        answer.status,
        answer.stderr
    );
    if answer.status == 1 {
        assert_same(&before, &house.root());
    }
    (answer.status, answer.stderr)
}

#[test]
fn yaml_nested_too_deeply_is_an_error_with_its_place() {
    for text in [
        "[".repeat(200_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
    ] {
        let house = House::new(PLAIN);
        house.write("root/config.yml", &format!("A: 1\nB:\n  {text}"));
        let (status, told) = survives(&house);
        assert_eq!(status, 1);
        assert!(
            told.contains("config.yml:3"),
            "{}",
            &told[..told.len().min(500)]
        );
        assert!(told.len() < 5_000, "a message of {} bytes", told.len());
    }
}

#[test]
fn a_plugin_nested_too_deeply_is_skipped() {
    let house = House::new(PLAIN);
    house.write(
        "plugins/p.yml",
        &format!("name: p\nconfig: {}", "[".repeat(200_000)),
    );
    assert_eq!(survives(&house).0, 0);
    assert_eq!(house.tutor(&["plugins", "list"]).status, 0);
}

#[test]
fn anchors_that_multiply_do_not_eat_the_memory() {
    let house = House::new(PLAIN);
    let mut text = "A0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..9 {
        let items = vec![format!("*a{}", i - 1); 9].join(", ");
        text.push_str(&format!("A{i}: &a{i} [{items}]\n"));
    }
    house.write("root/config.yml", &format!("{text}PLUGINS: []\n"));
    survives(&house);
}

#[test]
fn templates_nested_too_deeply_are_errors() {
    let many = 20_000;
    for text in [
        format!("{{{{ {}1{} }}}}", "(".repeat(many), ")".repeat(many)),
        format!("{{{{ {}1 }}}}", "-".repeat(many)),
        format!("{{{{ {}true }}}}", "not ".repeat(many)),
        format!("{{{{ {}{} }}}}", "[".repeat(many), "]".repeat(many)),
        "{% if true %}".repeat(many),
        format!(
            "{}{}",
            "{% if true %}".repeat(many),
            "{% endif %}".repeat(many)
        ),
        format!("{{{{ 1{} }}}}", "|abs".repeat(many)),
        format!("{{{{ 1{} }}}}", "+1".repeat(many)),
        format!("{{{{ a{} }}}}", ".b".repeat(many)),
        "{{".repeat(many),
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}".to_owned(),
        "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}".to_owned(),
    ] {
        let house = House::new(&format!("{PLAIN}-- templates/apps/x --\n-\n"));
        house.write("templates/apps/x", &text);
        let (_, told) = survives(&house);
        assert!(told.len() < 20_000, "a message of {} bytes", told.len());
    }
}

#[test]
fn a_template_folder_deeper_than_sane_is_an_error_with_its_name() {
    let house = House::new(&format!("{PLAIN}-- templates/apps/x --\n-\n"));
    let mut folder = house.path("templates/apps/deep");
    for _ in 0..800 {
        folder.push("d");
    }
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("x"), "x").unwrap();
    let (status, told) = survives(&house);
    assert_eq!(status, 1);
    assert!(told.contains("deep"), "{}", &told[..told.len().min(500)]);
}

#[test]
fn a_circle_of_symbolic_links_in_the_templates_ends() {
    let house = House::new(&format!("{PLAIN}-- templates/apps/x --\n-\n"));
    house.change(&["link", "@world@/templates/apps", "templates/apps/again"]);
    survives(&house);
}

#[test]
fn links_to_nowhere_are_no_disaster() {
    let house = House::new(&format!("{PLAIN}-- templates/apps/x --\n-\n"));
    house.change(&["link", "@world@/nowhere", "templates/apps/nowhere"]);
    survives(&house);
    house.change(&["link", "@world@/nowhere", "plugins/nowhere.yml"]);
    survives(&house);
}

#[test]
fn huge_numbers_and_texts_are_no_disaster() {
    for value in [
        "9".repeat(10_000),
        format!("{{{{ 10 ** {} }}}}", "9".repeat(6)),
        "{{ 'x' * 100000000000 }}".to_owned(),
        "{{ range(99999999999)|list }}".to_owned(),
        "{{ '%99999999999d' % 1 }}".to_owned(),
        "{{ 'a'.ljust(99999999999) }}".to_owned(),
        "{{ 'a'|center(99999999999) }}".to_owned(),
        "{{ 2 ** 99999999999 }}".to_owned(),
        "{{ 1 // 0 }}".to_owned(),
        "{{ 999999999999|random_string }}".to_owned(),
        "{{ 99999999|rsa_private_key }}".to_owned(),
        "{{ 1|rsa_private_key }}".to_owned(),
        "{{ -1|random_string }}".to_owned(),
    ] {
        let house = House::new(PLAIN);
        house.write(
            "root/config.yml",
            &format!("A: \"{value}\"\n{}", house.read("root/config.yml")),
        );
        let (_, told) = survives(&house);
        assert!(told.len() < 20_000, "a message of {} bytes", told.len());
    }
}

#[test]
fn a_broken_pipe_is_no_error() {
    let house = House::new(PLAIN);
    house.save(&[]);
    for args in [
        ["config", "patches", "list"],
        ["config", "printvalue", "JWT_RSA_PRIVATE_KEY"],
    ] {
        let script = "\"$@\" 2>&1 >&3 | cat >&2";
        let command = house.wrapped(
            &["sh", "-c", &format!("{{ {script}; }} 3>&1 | true"), "sh"],
            &args,
        );
        let answer = house.finish(command);
        assert!(
            !answer.stderr.contains("Error") && !answer.stderr.contains("pipe"),
            "{args:?}: {}",
            answer.stderr
        );
    }
}
