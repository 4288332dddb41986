//! `config/base.yml` and `config/defaults.yml` against the real ones, and against their use.

use std::collections::BTreeSet;

use crate::facts::{lines, texts};

const REFERENCE: &str = include_str!("../data/settings.txt");

/// Names that a template may read besides the settings.
const GLOBALS: [&str; 2] = ["HOST_USER_ID", "TUTOR_VERSION"];

/// The settings of a layer as lines of YAML, `NAME: value`, from the reference.
fn reference(layer: &str) -> Vec<String> {
    lines(REFERENCE)
        .filter_map(|line| line.strip_prefix(layer)?.strip_prefix(' ')?.split_once(' '))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect()
}

/// The same from a file of ours. Values are written as JSON, so lines can be compared.
fn ours(path: &str) -> Vec<&'static str> {
    let content = templates::get(path).expect("the file");
    lines(std::str::from_utf8(content).expect("UTF-8")).collect()
}

#[test]
fn base_settings_have_the_real_names_values_and_order() {
    assert_eq!(ours("config/base.yml"), reference("base"));
}

#[test]
fn default_settings_have_the_real_names_values_and_order() {
    assert_eq!(ours("config/defaults.yml"), reference("defaults"));
}

#[test]
fn every_setting_that_a_template_reads_exists() {
    let mut known: BTreeSet<_> = lines(REFERENCE)
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert!(known.len() > 80);
    known.extend(GLOBALS);
    let mut read = BTreeSet::new();
    for (path, text) in texts().filter(|(path, _)| !path.starts_with("config/")) {
        for name in names(text) {
            assert!(
                known.contains(name),
                "{path} reads {name}, which is no setting"
            );
            read.insert(name);
        }
    }
    // The scan below finds names at all: most settings are read somewhere.
    assert!(read.len() > 60, "{read:?}");
}

/// The names in capitals that the expressions and statements of a template read.
fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
        let close = if rest[start..].starts_with("{%") {
            "%}"
        } else {
            "}}"
        };
        let tag = &rest[start + 2..];
        let end = tag.find(close).expect("a closed tag");
        found.extend(names_outside_strings(&tag[..end]));
        rest = &tag[end..];
    }
    found
}

fn names_outside_strings(tag: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let mut escaped = false;
    tag.split(move |character: char| {
        if let Some(open) = quote {
            if !escaped && character == open {
                quote = None;
            }
            escaped = !escaped && character == '\\';
            return true;
        }
        if matches!(character, '"' | '\'') {
            quote = Some(character);
        }
        !(character.is_alphanumeric() || character == '_')
    })
    .filter(|word| {
        word.len() > 1
            && word.starts_with(|first: char| first.is_ascii_uppercase())
            && !word.contains(|other: char| other.is_ascii_lowercase())
    })
}

#[test]
fn a_name_in_a_string_is_no_setting_and_one_behind_it_is() {
    assert_eq!(
        names(r#"A_B {{ "C_D \" E_F" ~ G_H }} {% if 'I_J' == K_L|filter %} {{ M_N }}"#),
        ["G_H", "K_L", "M_N"]
    );
}
