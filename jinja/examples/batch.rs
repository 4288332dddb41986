//! Renders many cases at once, for differential fuzzing: JSON lines in, JSON lines out.
//!
//! A case is `{"source": …, "templates": {name: source}, "context": {…}}`, the answer `{"output": …}` or
//! `{"error": class, "message": …, "line": …}`. With `--time N` everything is parsed and rendered N times instead.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::io::Read;
use std::time::Instant;

#[path = "../tests/support/mod.rs"]
mod support;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let cases: Vec<serde_json::Value> = input
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let times = std::env::args()
        .skip_while(|arg| arg != "--time")
        .nth(1)
        .map(|times| times.parse::<u32>().unwrap());
    if let Some(times) = times {
        let start = Instant::now();
        for _ in 0..times {
            for case in &cases {
                support::run(case);
            }
        }
        println!("{:?} for all cases", start.elapsed() / times);
        return;
    }
    for case in &cases {
        println!("{}", support::run(case));
    }
}
