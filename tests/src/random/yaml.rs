//! Random YAML values, on one line unless asked for blocks.

use super::expressions;
use super::rng::Rng;

/// Scalars that YAML 1.1 and its writers are picky about.
const SCALARS: &[&str] = &[
    "1",
    "0",
    "-7",
    "0x1F",
    "0777",
    "0o17",
    "1_000",
    "1:30",
    "190:20:30.5",
    "1.5",
    "-.5",
    "1e3",
    "1.0e+5",
    "1.5e-7",
    ".inf",
    "-.inf",
    ".nan",
    "true",
    "no",
    "On",
    "y",
    "~",
    "null",
    "",
    "''",
    "\"\"",
    "2020-01-02",
    "2020-01-02T03:04:05Z",
    "2020-1-2 3:04:05.5 -5",
    "text",
    "two words",
    "'1'",
    "'yes'",
    "'null'",
    "'2020-01-01'",
    "\"line\\nbreak\"",
    "\"trailing\\n\"",
    "\"tab\\there\"",
    "\" lead\"",
    "'trail '",
    "\"\\u00e9\\u2028\\x85\"",
    "日本語 😀",
    "'#x'",
    "'a: b'",
    "a:b",
    "'a #b'",
    "'- a'",
    "'*x'",
    "'&x'",
    "'!x'",
    "'%x'",
    "'@x'",
    "'{a}'",
    "'[a'",
    "\"it's\"",
    "'say \"x\"'",
    "\"\\a\\e\\0\"",
    "123456789012345678901234567890",
    "!!str 12",
    "!!float 1",
    "!!binary aGVsbG8=",
    "'='",
    "'<<'",
    "'---'",
    "'...'",
    "'?'",
    "'a,b'",
    "C:\\path",
    "\"back\\\\slash\"",
    "1e400",
    "0.1",
    "1.0",
    "12e03",
    "+12",
    "0b101",
    "08",
    "''''",
    "\"\\\"\"",
    "'word word word word word word word word word word word word word word word word word'",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "\"word word word word word word word word word word word word word word \\n word word é word word word word word\"",
];

/// A value for the right side of a key in a flow context.
pub(super) fn value(rng: &mut Rng, names: &[String], depth: usize) -> String {
    match rng.below(if depth > 2 { 7 } else { 10 }) {
        0..5 => rng.pick(SCALARS).to_owned(),
        5 | 6 => {
            let text = expressions::text(rng, names);
            quoted(rng, &text)
        }
        7 | 8 => {
            let items: Vec<String> = (0..rng.below(4))
                .map(|_| in_flow(value(rng, names, depth + 1)))
                .collect();
            format!("[{}]", items.join(", "))
        }
        _ => {
            let items: Vec<String> = (0..rng.below(4))
                .map(|i| {
                    let key = rng.pick(&["b", "a", "x y", "é", "Z"]);
                    format!("'{key}{i}': {}", in_flow(value(rng, names, depth + 1)))
                })
                .collect();
            format!("{{{}}}", items.join(", "))
        }
    }
}

/// Inside brackets an empty scalar is nothing, and some plain ones end early.
fn in_flow(text: String) -> String {
    if text.is_empty() || text.starts_with("!!") {
        "null".to_owned()
    } else {
        text
    }
}

/// `text` in quotes of one kind or the other.
pub(super) fn quoted(rng: &mut Rng, text: &str) -> String {
    if rng.chance(50) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// A block scalar of random style, as the value of a key indented by `indent`.
pub(super) fn block(rng: &mut Rng, lines: &[String], indent: usize) -> String {
    let mut text = rng.pick(&["|", "|-", "|+", ">", ">-", ">+"]).to_owned();
    text.push('\n');
    for line in lines {
        if line.is_empty() {
            text.push('\n');
        } else {
            text.push_str(&" ".repeat(indent));
            text.push_str(line);
            text.push('\n');
        }
    }
    for _ in 0..rng.below(3) {
        text.push('\n');
    }
    text
}
