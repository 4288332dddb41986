//! `BENCHMARKS.md` as a text of parts, so that one can be measured anew and the others stay as they are.
//!
//! Knows headings and the last column of tables, not what was measured.

use std::collections::BTreeMap;

use crate::part::Part;
use crate::target::{MET, MISSED};

/// A report.
pub(crate) struct Document {
    /// What comes before the first part, without how many targets were met.
    head: String,
    /// The parts, without their headings.
    parts: BTreeMap<Part, String>,
}

/// What the line that says how many targets were met ends with.
const SUMMARY: &str = " targets met";
/// What a part begins with.
const HEADING: &str = "\n## ";
/// The end of a table's first line, if the last column says whether targets were met.
const VERDICTS: &str = "| met? |";

impl Document {
    /// Without any parts.
    pub(crate) fn new(head: String) -> Self {
        Self {
            head,
            parts: BTreeMap::new(),
        }
    }

    /// One that was written before.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = text.split(HEADING);
        let head = pieces.next().unwrap_or_default();
        let head = head.lines().filter(|line| !line.ends_with(SUMMARY));
        let head: Vec<&str> = head.collect();
        let mut document = Self::new(format!("{}\n", head.join("\n").trim_end()));
        for piece in pieces {
            let (title, body) = piece.split_once('\n').unwrap_or((piece, ""));
            let part = Part::titled(title).ok_or_else(|| format!("which part is {title:?}?"))?;
            document.put(part, body);
        }
        Ok(document)
    }

    /// Puts a part into its place, instead of the one that may be there.
    pub(crate) fn put(&mut self, part: Part, body: &str) {
        self.parts.insert(part, format!("{}\n", body.trim()));
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let verdicts: Vec<&str> = self
            .parts
            .values()
            .flat_map(|body| verdicts(body))
            .collect();
        let met = verdicts.iter().filter(|verdict| **verdict == MET).count();
        let mut text = format!("{}- {met} of {}{SUMMARY}\n", self.head, verdicts.len());
        for (part, body) in &self.parts {
            text.push_str(HEADING);
            text.push_str(part.title());
            text.push_str("\n\n");
            text.push_str(body);
        }
        text
    }
}

/// What the tables of a text say of targets, one by one.
fn verdicts(body: &str) -> Vec<&str> {
    let mut verdicts = Vec::new();
    let mut counts = false;
    for line in body.lines() {
        match line.strip_suffix('|') {
            None => counts = false,
            Some(_) if line.ends_with(VERDICTS) => counts = true,
            Some(row) if counts => {
                let last = row.rsplit('|').next().unwrap_or_default();
                let words = last.split(',').map(str::trim);
                verdicts.extend(words.filter(|word| [MET, MISSED].contains(word)));
            }
            Some(_) => {}
        }
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Benchmarks

- here
- 2 of 3 targets met

## Beside real Tutor

| job | target | met? |
|---|---|---|
| save | a, b | met, **missed** |
| nothing | | |

| job | which |
|---|---|
| save | met |

## Scale

| job | target | met? |
|---|---|---|
| save | a | met |
";

    #[test]
    fn what_was_written_is_read_as_it_was() {
        assert_eq!(Document::parse(TEXT).unwrap().text(), TEXT);
    }

    #[test]
    fn a_part_takes_its_place_and_its_targets_count() {
        let mut document = Document::parse(TEXT).unwrap();
        document.put(Part::Python, "| met? |\n|---|\n| **missed** |\n");
        let text = document.text();
        assert!(text.contains("- 2 of 4 targets met\n\n## Beside"), "{text}");
        let python =
            "\n## Python plugins (API v0)\n\n| met? |\n|---|\n| **missed** |\n\n## Scale\n";
        assert!(text.contains(python), "{text}");
    }

    #[test]
    fn a_part_that_nobody_knows_is_not_lost() {
        assert!(Document::parse("# Benchmarks\n\n## Weather\n").is_err());
    }
}
