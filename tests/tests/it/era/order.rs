//! The one difference that we accept: Tutor 13.3.1 takes patches of plugins of API v1 after all others, we (as Tutor
//! 22) take those of all plugins in the order of their names.
//!
//! Elsewhere it is told to do as we do, and then nothing may differ. Here it is left as it is: what differs then is
//! the order of lines, in those files whose patches are filled by `mfe` and by a plugin that comes after it.

use super::saves::{Order, Project};

#[test]
fn nothing_but_the_order_of_patches_differs_from_an_unchanged_tutor_13() {
    let outcome = Project::of(&["android", "mfe", "minio", "notes", "xqueue"])
        .save(Order::V1Last)
        .unwrap();
    let problems = outcome.of_the_answers();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let differing = outcome.differing();
    for (path, problem) in &differing {
        let [real, ours] = outcome.texts(path).map(|text| lines(&text));
        assert_eq!(real, ours, "{problem}");
    }
    let paths: Vec<&str> = differing.iter().map(|(path, _)| path.as_str()).collect();
    assert!(paths.contains(&"env/apps/caddy/Caddyfile"), "{paths:?}");
    assert!(!paths.contains(&"config.yml"), "{paths:?}");
    assert!(
        !paths.iter().any(|path| path.contains("/plugins/")),
        "{paths:?}"
    );
}

/// The lines of a text in alphabetical order, without blank ones: what is between patches moves with them.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    lines.retain(|line| !line.is_empty());
    lines.sort();
    lines
}
