//! The embedded table, and which files and patch points are in it.

use std::collections::BTreeSet;

use crate::facts::{lines, texts};

#[test]
fn files_are_sorted_and_each_is_found_by_its_path() {
    let files = templates::files();
    assert!(files.iter().map(|(path, _)| path).is_sorted());
    for (path, content) in files {
        assert_eq!(templates::get(path), Some(*content), "{path}");
    }
}

#[test]
fn a_path_that_is_no_file_of_the_root_is_not_found() {
    for path in [
        "",
        "config",
        "config/",
        "./config/base.yml",
        "/config/base.yml",
        "zzz",
    ] {
        assert_eq!(templates::get(path), None, "{path}");
    }
}

#[test]
fn neither_hidden_files_nor_what_tools_leave_behind_is_embedded() {
    for (path, _) in templates::files() {
        assert!(!path.split('/').any(|part| part.starts_with('.')), "{path}");
        assert!(!path.contains("__pycache__"), "{path}");
    }
}

#[test]
fn every_file_is_utf_8_with_unix_line_ends_and_a_final_one() {
    assert_eq!(texts().count(), templates::files().len());
    for (path, text) in texts() {
        assert!(!text.contains('\r'), "{path}");
        assert!(text.is_empty() || text.ends_with('\n'), "{path}");
    }
}

/// Which files of the root a save renders, from the rule that COMPAT gives.
fn is_output(path: &str) -> bool {
    let target = ["apps/", "build/", "dev/", "k8s/", "local/"]
        .iter()
        .any(|folder| path.starts_with(folder))
        || path == "version"
        || path == "kustomization.yml";
    target && !path.split('/').any(|part| part == "partials")
}

#[test]
fn the_rendered_files_are_those_of_a_save_without_plugins() {
    let expected: BTreeSet<_> = lines(include_str!("../data/outputs.txt")).collect();
    let found: BTreeSet<_> = texts()
        .map(|(path, _)| path)
        .filter(|path| is_output(path))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_init_task_has_its_script() {
    for task in ["mysql", "meilisearch", "mounted-directories", "lms", "cms"] {
        assert!(
            templates::get(&format!("jobs/init/{task}.sh")).is_some(),
            "{task}"
        );
    }
}

#[test]
fn every_patch_is_called_in_the_files_where_plugins_expect_it_and_no_other() {
    let expected: BTreeSet<_> = lines(include_str!("../data/patches.txt"))
        .filter_map(|line| line.split_once(' '))
        .collect();
    let mut found = BTreeSet::new();
    for (path, text) in texts() {
        for call in text.split("patch(\"").skip(1) {
            let (name, _) = call.split_once('"').expect("a closed string");
            found.insert((name, path));
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn every_template_that_another_one_names_exists() {
    let mut named = 0;
    for (path, text) in texts() {
        for statement in text.split("{%").skip(1) {
            let statement = statement.trim_start_matches('-').trim_start();
            let Some(name) = ["include", "import", "from"]
                .iter()
                .find_map(|keyword| statement.strip_prefix(keyword)?.strip_prefix(" \""))
                .and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            assert!(templates::get(name).is_some(), "{path} names {name}");
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
}
