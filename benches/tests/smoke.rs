//! `compare` from its start to its report, with next to nothing to measure.

#![allow(
    clippy::disallowed_methods,
    reason = "a test looks at real files and starts processes; the rule is for the engine"
)]

use std::fs;
use std::process::Command;

#[test]
fn a_smoke_run_writes_a_report_with_all_sections_and_a_plot() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report.md");
    let run = Command::new(env!("CARGO_BIN_EXE_benches"))
        .args(["compare", "--smoke", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
    let report = fs::read_to_string(&out).unwrap();
    for part in [
        "targets met\n",
        "## Beside real Tutor\n",
        "| 0 | first save |",
        "| 0 | save again, nothing changed |",
        "| 0 | save, one setting changed |",
        "| 2 | save, no cache |",
        "| 2 | printvalue |",
        "| ≤ 3 × `/bin/true` | ",
        "## Python plugins (API v0)\n",
        "| 10 | save again, nothing changed |",
        "| 10 | plugins list |",
        "| bare import, with Tutor's own package |",
        "| more with 200 packages |",
        "## Images\n",
        "## Watch\n",
        "| 0 | real | 10 | median |",
        "| 2 | real | 5 | 99 of 100 |",
        "| 0 | built-in | 5 | processor time in 2 idle seconds |",
        "## Scale\n",
        "(scale.svg)",
        "| plugins | no cache | nothing changed | one setting changed |",
        "| template files | no cache |",
        "Growth from 1 to 2 plugins",
        "Growth from 1 to 2 template files",
    ] {
        assert!(report.contains(part), "{part:?} is not in:\n{report}");
    }
    assert!(!report.contains("NaN"), "{report}");
    let plot = fs::read_to_string(folder.path().join("scale.svg")).unwrap();
    assert!(plot.starts_with("<svg ") && plot.ends_with("</svg>\n"));
    assert_eq!(plot.matches("<polyline ").count(), 6, "three lines a panel");
}
