//! Random cases in both programs.

use std::fs;

use tests::{paths, random, runner};

/// Set this to run more, or others: `200` or `1000..1200`.
const VARIABLE: &str = "TUTOR_RANDOM_CASES";

/// Set this to print the cases and run none.
const PRINT_VARIABLE: &str = "TUTOR_RANDOM_PRINT";

/// How many are run without being asked.
const USUALLY: u64 = 24;

#[test]
fn random_cases_behave_like_real_tutor() {
    if std::env::var_os(PRINT_VARIABLE).is_some() {
        for seed in random::seeds(VARIABLE, USUALLY) {
            println!("{}", random::text(seed));
        }
        return;
    }
    let cases: Vec<_> = random::seeds(VARIABLE, USUALLY)
        .map(|seed| random::case(seed).unwrap())
        .collect();
    let failed = runner::run_all(&cases);
    if failed.is_empty() {
        return;
    }
    let folder = paths::target_dir().unwrap().join("failed-cases");
    fs::create_dir_all(folder.join("random")).unwrap();
    let mut summary = String::new();
    for (case, problems) in &failed {
        let seed = case.name.rsplit('/').next().unwrap().parse().unwrap();
        let path = folder.join(format!("{}.case", case.name));
        fs::write(&path, random::text(seed)).unwrap();
        println!("\n{} ({}):", case.name, path.display());
        for problem in problems.iter().take(3) {
            println!("    {problem}");
        }
        let first = problems[0].lines().next().unwrap_or_default();
        summary.push_str(&format!("\n  {}: {first}", case.name));
    }
    panic!("{} of {} cases failed:{summary}", failed.len(), cases.len());
}
