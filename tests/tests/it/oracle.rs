//! The judge is judged: the forking driver must do what a plain process does.

use tests::{paths, runner};

/// Cases that cover what the driver sets again after its imports.
const SAMPLE: [&str; 6] = [
    "core/no-plugins",
    "environment/known-keys",
    "environment/plugin-keys",
    "plugins/everything",
    "plugins/list",
    "set/undefined",
];

#[test]
fn a_fork_of_the_driver_does_what_a_process_of_its_own_does() {
    let cases = runner::load(&paths::crate_dir().join("cases/same")).unwrap();
    for name in SAMPLE {
        let case = cases.iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("no case {name}"));
        let problems = runner::driver_problems(case).unwrap();
        assert!(problems.is_empty(), "{name}:\n{}", problems.join("\n"));
    }
}
