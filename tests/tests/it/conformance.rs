//! The case files.

use tests::case::Case;
use tests::{paths, runner};

/// Set this to run only the cases whose name contains it.
const FILTER_VARIABLE: &str = "TUTOR_TEST_CASES";

/// One problem of a case often explains the others.
const PROBLEMS_SHOWN: usize = 4;

fn run(folder: &str) {
    let mut cases = runner::load(&paths::crate_dir().join("cases").join(folder)).unwrap();
    assert!(!cases.is_empty(), "no cases in {folder}");
    if let Ok(wanted) = std::env::var(FILTER_VARIABLE) {
        cases.retain(|case| format!("{folder}/{}", case.name).contains(&wanted));
    }
    report(folder, &cases);
}

fn report(folder: &str, cases: &[Case]) {
    let failed = runner::run_all(cases);
    if failed.is_empty() {
        return;
    }
    let mut summary = String::new();
    for (case, problems) in &failed {
        println!("\n{folder}/{}:", case.name);
        for problem in problems.iter().take(PROBLEMS_SHOWN) {
            println!("    {problem}");
        }
        let first = problems[0].lines().next().unwrap_or_default();
        summary.push_str(&format!("\n  {folder}/{}: {first}", case.name));
    }
    panic!("{} of {} cases failed:{summary}", failed.len(), cases.len());
}

#[test]
fn the_same_bytes_as_real_tutor() {
    run("same");
}

#[test]
fn bad_input_is_told_with_its_place_and_changes_nothing() {
    run("bad-input");
}
