//! Answers for `tests/fuzz.py`: reads one JSON request a line, writes one JSON answer a line.
//!
//! `{"load": text}` gives `{"value": …}` or `{"error": class, "text": str(exception)}`; `{"dump": value}` gives
//! `{"text": …}` or `{"error": …}`. Values are encoded as in `tests/it/codec.rs`.

#[path = "../tests/it/codec.rs"]
mod codec;

use std::io::{BufRead, Write};

use serde_json::{Value as Json, json};

fn answer(request: &Json) -> Json {
    if let Some(text) = request["load"].as_str() {
        return match yaml::load(text) {
            Ok(value) => json!({ "value": codec::encode(&value) }),
            Err(error) => json!({
                "error": error.kind.python_name(),
                "text": error.to_python(text, "<unicode string>"),
            }),
        };
    }
    match codec::decode(&request["dump"]) {
        Ok(value) => match yaml::dump(&value) {
            Ok(text) => json!({ "text": text }),
            Err(error) => json!({ "error": error.to_string() }),
        },
        Err(error) => json!({ "error": format!("bad request: {error}") }),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        writeln!(out, "{}", answer(&serde_json::from_str(&line?)?))?;
    }
    Ok(())
}
