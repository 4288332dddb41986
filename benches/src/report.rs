//! What the parts of `BENCHMARKS.md` say.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::compare::Row;
use crate::machine;
use crate::measure;
use crate::plan::Plan;
use crate::scale::{JOBS, Scale};
use crate::target;
use crate::watch::Watched;

/// What comes before all parts.
pub(crate) fn head(plan: &Plan, versions: &str) -> String {
    let mut text = String::from(
        "# Benchmarks\n\n\
         Written by `cargo run --release -p benches -- compare`. Do not edit.\n\n",
    );
    if plan.smoke {
        text.push_str("**A smoke run: these figures mean nothing.**\n\n");
    }
    let _ = writeln!(text, "- {}", machine::describe());
    let _ = writeln!(text, "- {versions}");
    text
}

/// Both programs.
pub(crate) fn both(plan: &Plan, rows: &[Row]) -> String {
    let mut text = String::from(
        "Whole processes, both programs in one run on one machine, on the templates of real Tutor; both write the same\n\
         bytes (checked). Medians, in milliseconds. Absolute times mean little on a shared machine: look at the ratios.\n\
         `/bin/true`, run by turns with ours, is what any process takes. The plugins are generated: each adds, defaults\n\
         and sets settings, some refer to others, and fills patches. The secrets are in `config.yml` before the first\n\
         save: generating an RSA key takes both programs as long as luck has it. Without its cache (`--no-cache`) ours is\n\
         held against the save of real Tutor that changes nothing, which has none.\n\n",
    );
    let largest = plan.plugins.iter().copied().max().unwrap_or_default();
    let _ = writeln!(
        text,
        "Runs a figure: ours {}; real Tutor {}, with {} plugins {}.\n",
        plan.runs,
        plan.real_runs(0),
        grouped(largest),
        plan.real_runs(largest),
    );
    text.push_str(&compared(rows));
    text
}

/// A table of what both programs did.
pub(crate) fn compared(rows: &[Row]) -> String {
    let mut text = String::from(
        "| plugins | job | ours | × `/bin/true` | real Tutor | times faster | target | met? |\n\
         |---:|---|---:|---:|---:|---:|---|---|\n",
    );
    for row in rows {
        let ours = row.timed.ours.as_secs_f64();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {:.1} | {} | {} {} |",
            grouped(row.plugins),
            row.job.name(),
            milliseconds(row.timed.ours),
            ours / row.timed.floor.as_secs_f64(),
            milliseconds(row.real),
            grouped((row.real.as_secs_f64() / ours).round() as usize),
            target::cells(&row.targets),
        );
    }
    text
}

/// Watches.
pub(crate) fn watches(all: &[Watched]) -> String {
    let mut text = String::from(
        "`config save --watch`: from the moment when an editor closes or renames a file until the watch says that the\n\
         last file of `env/` is written. By turns `config.yml` is replaced, with another `PLATFORM_NAME`, and a patch of\n\
         one of ten plugins is written in place; without plugins `config.yml` is edited both ways. On the templates of\n\
         real Tutor, and once on the built-in ones.\n\n\
         | plugins | templates | edits | what | figure | target | met? |\n|---:|---|---:|---|---:|---|---|\n",
    );
    for watched in all {
        for line in watched.lines() {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} {} |",
                grouped(watched.plugins),
                watched.templates.name(),
                grouped(watched.latency.count()),
                line.what,
                line.figure,
                target::cells(&line.targets),
            );
        }
    }
    text
}

/// Ours alone, with the plot as it is seen from the report.
pub(crate) fn growth(plan: &Plan, scales: &[Scale], plot: &Path) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Ours alone, medians of {} runs in milliseconds, and the most memory that a save takes at a time. The setting\n\
         changed is `PLATFORM_NAME` with plugins, and one that a single file reads with template files. These come from\n\
         plugins, too (up to 100 files each), and read two or three settings.\n\n\
         ![Times by size, on logarithmic axes]({})",
        plan.scale_runs(),
        plot.display()
    );
    for scale in scales {
        let _ = write!(text, "\n| {} ", scale.what);
        for (_, name) in JOBS {
            let _ = write!(text, "| {name} ");
        }
        text.push_str(
            "| MiB, no cache | MiB, nothing changed |\n|---:|---:|---:|---:|---:|---:|\n",
        );
        for row in &scale.rows {
            let _ = write!(text, "| {} ", grouped(row.size));
            for time in row.times {
                let _ = write!(text, "| {} ", milliseconds(time));
            }
            let _ = writeln!(text, "| {:.0} | {:.0} |", row.memory, row.memory_nothing);
        }
        if let Some(growth) = scale.growth() {
            let each: Vec<String> = JOBS
                .iter()
                .zip(growth.exponents)
                .map(|((_, name), exponent)| format!("{name} {exponent:.2}"))
                .collect();
            let _ = writeln!(
                text,
                "\nGrowth from {} to {} {}, as an exponent (1: in proportion): {}.",
                grouped(growth.from),
                grouped(growth.to),
                scale.what,
                each.join(", ")
            );
        }
    }
    text
}

/// A time in milliseconds, with as many digits as mean something.
pub(crate) fn milliseconds(time: Duration) -> String {
    let time = measure::milliseconds(time);
    if time < 10.0 {
        format!("{time:.2}")
    } else if time < 100.0 {
        format!("{time:.1}")
    } else {
        grouped(time.round() as usize)
    }
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let texts = [0, 999, 1000, 68_588, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "68,588", "1,234,567"]);
    }

    #[test]
    fn short_times_have_more_digits() {
        let texts = [1234, 45_678, 345_678].map(|time| milliseconds(Duration::from_micros(time)));
        assert_eq!(texts, ["1.23", "45.7", "346"]);
    }
}
