//! Where in a Dockerfile a step of BuildKit's is: for engines that do not say it.

/// The instructions that BuildKit counts.
const COUNTED: [&str; 4] = ["RUN", "COPY", "ADD", "WORKDIR"];

/// An instruction of a Dockerfile.
#[derive(Debug, PartialEq, Eq)]
struct Instruction {
    line: u32,
    keyword: String,
    text: String,
}

/// The line of the step `[STAGE 3/5] RUN …`, counted from 1.
pub(super) fn line_of_step(dockerfile: &str, step: &str) -> Option<u32> {
    let (position, rest) = step.strip_prefix('[')?.split_once("] ")?;
    let mut words = position.rsplit(' ');
    let (number, count) = words.next()?.split_once('/')?;
    let from_end = count
        .parse::<usize>()
        .ok()?
        .checked_sub(number.parse().ok()?)?;
    let instructions = instructions(dockerfile);
    let stage = stage(&instructions, words.next())?;
    let mut counted = stage
        .iter()
        .rev()
        .filter(|one| COUNTED.contains(&one.keyword.as_str()));
    let found = counted.nth(from_end)?;
    let keyword = rest.split(' ').next()?;
    (found.keyword == keyword).then_some(found.line)
}

/// The instructions of a stage: of the only one, of `stage-N`, or of the one with that name.
fn stage<'a>(all: &'a [Instruction], name: Option<&str>) -> Option<&'a [Instruction]> {
    let starts: Vec<usize> = (0..all.len())
        .filter(|at| all[*at].keyword == "FROM")
        .collect();
    let number = match name {
        None if starts.len() == 1 => 0,
        None => return None,
        Some(name) => {
            let is_named = |at: &usize| {
                let words: Vec<&str> = all[*at].text.split_whitespace().collect();
                matches!(words.as_slice(), [.., word, found]
                    if word.eq_ignore_ascii_case("as") && found.eq_ignore_ascii_case(name))
            };
            starts
                .iter()
                .position(is_named)
                .or_else(|| name.strip_prefix("stage-")?.parse().ok())?
        }
    };
    let begin = *starts.get(number)?;
    let end = starts.get(number + 1).copied().unwrap_or(all.len());
    all.get(begin..end)
}

fn instructions(dockerfile: &str) -> Vec<Instruction> {
    let escape = escape(dockerfile);
    let mut found: Vec<Instruction> = Vec::new();
    let mut goes_on = false;
    let mut documents: Vec<(String, bool)> = Vec::new();
    for (number, line) in dockerfile.lines().enumerate() {
        if let Some((end, strips)) = documents.first() {
            let text = if *strips {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if text == end {
                documents.remove(0);
            }
            continue;
        }
        let text = line.trim();
        // Comments and empty lines do not end an instruction.
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let continued = text.ends_with(escape);
        let text = text.trim_end_matches(escape);
        match found.last_mut().filter(|_| goes_on) {
            Some(instruction) => {
                instruction.text.push(' ');
                instruction.text.push_str(text);
            }
            None => {
                let (keyword, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
                found.push(Instruction {
                    line: number as u32 + 1,
                    keyword: keyword.to_uppercase(),
                    text: rest.to_owned(),
                });
            }
        }
        goes_on = continued;
        if let Some(instruction) = found.last().filter(|_| !goes_on) {
            if matches!(instruction.keyword.as_str(), "RUN" | "COPY" | "ADD") {
                documents = here_documents(&instruction.text);
            }
        }
    }
    found
}

/// The character that continues a line: `# escape=…` in the directives changes it.
fn escape(dockerfile: &str) -> char {
    let directives = dockerfile.lines().map_while(|line| {
        let (name, value) = line.trim().strip_prefix('#')?.split_once('=')?;
        Some((name.trim().to_lowercase(), value.trim().to_owned()))
    });
    let mut escapes = directives.filter(|(name, _)| name == "escape");
    match escapes.next() {
        Some((_, value)) if value == "`" => '`',
        _ => '\\',
    }
}

/// The ends of the documents that follow an instruction (`<<EOF`, `<<-"EOF"`), and whether
/// tabs before them do not count.
fn here_documents(text: &str) -> Vec<(String, bool)> {
    let words = text.split_whitespace();
    words
        .filter_map(|word| {
            let name = word
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .strip_prefix("<<")?;
            let (name, strips) = match name.strip_prefix('-') {
                Some(name) => (name, true),
                None => (name, false),
            };
            let name = name.trim_matches(['"', '\'']);
            let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            is_word.then(|| (name.to_owned(), strips))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_found_by_stage_and_position() {
        let text = "# syntax=docker/dockerfile:1\nFROM a AS one\nENV x=y\nrun b \\\n  # in between\n\n  && c\nCOPY d /\n\
            FROM one\nRUN <<EOF\nRUN not this\nEOF\nWORKDIR /x\nADD e f\nFROM scratch AS Last\nCOPY --from=one / /\n";
        for (step, line) in [
            ("[one 2/3] RUN b", Some(4)),
            ("[linux/amd64 one 3/3] COPY d /", Some(8)),
            ("[stage-1 1/3] RUN <<EOF", Some(10)),
            ("[stage-1 2/3] WORKDIR /x", Some(13)),
            ("[stage-1 3/3] ADD e f", Some(14)),
            ("[last 1/1] COPY --from=one / /", Some(16)),
            ("[last 1/1] RUN x", None),
            ("[nope 1/1] RUN x", None),
            ("[2/2] RUN x", None),
            ("[internal] load build context", None),
        ] {
            assert_eq!(line_of_step(text, step), line, "{step}");
        }
    }

    #[test]
    fn another_character_can_continue_lines() {
        let text = "# escape=`\nFROM x\nRUN a `\n b\nRUN c\\\nRUN d\n";
        assert_eq!(line_of_step(text, "[4/4] RUN d"), Some(6));
        assert_eq!(line_of_step(text, "[3/4] RUN c\\"), Some(5));
    }
}
