//! From the text of a Dockerfile to its instructions: directives, comments, continued lines, heredocs, flags.

use super::Problem;
use crate::diagnostics::did_you_mean;

/// A Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::images) struct Document {
    /// `# syntax=…`: the image of the program that understands it.
    pub syntax: Option<String>,
    /// What continues a line.
    pub escape: char,
    /// Its instructions.
    pub instructions: Vec<Instruction>,
}

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::images) struct Instruction {
    /// The line that it begins on, from 1.
    pub line: usize,
    /// Its name, in capitals.
    pub keyword: String,
    /// `--name=value`: name, and value if there is one.
    pub flags: Vec<(String, Option<String>)>,
    /// What follows, on one line.
    pub text: String,
    /// Texts that stand below it.
    pub heredocs: Vec<Heredoc>,
}

/// `<<NAME`, with the lines up to `NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::images) struct Heredoc {
    /// The name.
    pub name: String,
    /// Whether tabs at the beginning of lines go.
    pub strips_tabs: bool,
    /// Whether variables are replaced.
    pub expands: bool,
    /// The lines.
    pub content: String,
}

const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

impl Instruction {
    /// The value of the flag `--name`.
    pub(in crate::images) fn flag(&self, name: &str) -> Option<&str> {
        let mut flags = self.flags.iter();
        flags.find_map(|(known, value)| (known == name).then_some(value.as_deref()?))
    }

    /// Whether there is a flag `--name`, or `--name=true`.
    pub(in crate::images) fn has_flag(&self, name: &str) -> bool {
        let mut flags = self.flags.iter();
        flags.any(|(known, value)| {
            known == name
                && !value
                    .as_deref()
                    .is_some_and(|value| value.eq_ignore_ascii_case("false"))
        })
    }
}

impl Document {
    /// Reads a Dockerfile.
    ///
    /// # Errors
    /// If it is none.
    pub(in crate::images) fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut document = Self {
            escape: '\\',
            ..Self::default()
        };
        document.directives(text)?;
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim_start();
            if line.trim_end().is_empty() || line.starts_with('#') {
                at += 1;
                continue;
            }
            let first = at + 1;
            let joined = document.joined(&lines, &mut at);
            let mut instruction = document.instruction(first, joined.trim())?;
            Self::heredocs(&mut instruction, &lines, &mut at)?;
            document.instructions.push(instruction);
        }
        if document.instructions.is_empty() {
            return Err(Problem::new(
                1,
                "there are no instructions in this Dockerfile",
            ));
        }
        Ok(document)
    }

    /// `# key=value` at the very beginning.
    fn directives(&mut self, text: &str) -> Result<(), Problem> {
        for (index, line) in text.lines().enumerate() {
            let directive = line
                .trim()
                .strip_prefix('#')
                .and_then(|rest| rest.split_once('='));
            let Some((key, value)) = directive else {
                break;
            };
            let key = key.trim().to_ascii_lowercase();
            if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric()) {
                break;
            }
            match (&*key, value.trim()) {
                ("syntax", value) => self.syntax = Some(value.to_owned()),
                ("escape", "\\") => self.escape = '\\',
                ("escape", "`") => self.escape = '`',
                ("escape", _) => {
                    return Err(Problem::new(
                        index + 1,
                        "the escape character must be \\ or `",
                    ));
                }
                ("check", _) => {}
                // Any other comment ends them.
                _ => break,
            }
        }
        Ok(())
    }

    /// A line with those that continue it.
    fn joined(&self, lines: &[&str], at: &mut usize) -> String {
        let mut joined = String::new();
        let mut is_first = true;
        while *at < lines.len() {
            let line = lines[*at];
            *at += 1;
            let trimmed = line.trim_start();
            if !is_first && (trimmed.starts_with('#') || trimmed.trim_end().is_empty()) {
                continue;
            }
            is_first = false;
            let end = line.trim_end_matches([' ', '\t']);
            let continued = end
                .strip_suffix(self.escape)
                .filter(|before| !before.ends_with(self.escape));
            let Some(before) = continued else {
                joined.push_str(line);
                return joined;
            };
            joined.push_str(before);
        }
        joined
    }

    fn instruction(&self, line: usize, text: &str) -> Result<Instruction, Problem> {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let keyword = text[..end].to_ascii_uppercase();
        if !KEYWORDS.contains(&&*keyword) {
            let message = format!("'{}' is no instruction", &text[..end]);
            let near =
                did_you_mean(&keyword, KEYWORDS).map(|near| format!("did you mean '{near}'?"));
            return Err(Problem {
                hint: near.or_else(|| Some(String::from("an instruction is one of FROM, RUN, COPY, …; a line is continued by a backslash at its end"))),
                ..Problem::new(line, message)
            });
        }
        let (flags, rest) = self.flags(text[end..].trim_start());
        if rest.is_empty() && keyword != "CMD" && keyword != "ENTRYPOINT" {
            return Err(Problem::new(line, format!("{keyword} needs an argument")));
        }
        Ok(Instruction {
            line,
            keyword,
            flags,
            text: rest.to_owned(),
            heredocs: Vec::new(),
        })
    }

    /// `--name=value …` at the beginning of `text`, and the rest.
    fn flags<'a>(&self, text: &'a str) -> (Vec<(String, Option<String>)>, &'a str) {
        let mut flags = Vec::new();
        let mut rest = text;
        while let Some(flag) = rest.strip_prefix("--") {
            let mut word = String::new();
            let mut quote = None;
            let mut end = flag.len();
            let mut chars = flag.char_indices();
            while let Some((index, char)) = chars.next() {
                match (quote, char) {
                    (None, char) if char.is_whitespace() => {
                        end = index;
                        break;
                    }
                    (None, '\'' | '"') => quote = Some(char),
                    (Some(open), char) if open == char => quote = None,
                    (open, char) if char == self.escape && open != Some('\'') => {
                        word.extend(chars.next().map(|(_, next)| next));
                    }
                    (_, char) => word.push(char),
                }
            }
            rest = flag[end..].trim_start();
            if word.is_empty() {
                break;
            }
            flags.push(match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            });
        }
        (flags, rest)
    }

    /// Takes the lines that belong to `<<NAME` of an instruction.
    fn heredocs(
        instruction: &mut Instruction,
        lines: &[&str],
        at: &mut usize,
    ) -> Result<(), Problem> {
        let mut keyword = instruction.keyword.as_str();
        if keyword == "ONBUILD" {
            keyword = instruction
                .text
                .split_whitespace()
                .next()
                .unwrap_or_default();
        }
        if !["RUN", "COPY", "ADD"]
            .iter()
            .any(|known| keyword.eq_ignore_ascii_case(known))
        {
            return Ok(());
        }
        for word in instruction.text.split_whitespace() {
            let Some(mut heredoc) = begin(word) else {
                continue;
            };
            loop {
                let Some(line) = lines.get(*at) else {
                    let message = format!(
                        "the text that begins with <<{0} has no end: a line {0} is missing",
                        heredoc.name
                    );
                    return Err(Problem::new(instruction.line, message));
                };
                *at += 1;
                let line = if heredoc.strips_tabs {
                    line.trim_start_matches('\t')
                } else {
                    line
                };
                if line == heredoc.name {
                    break;
                }
                heredoc.content.push_str(line);
                heredoc.content.push('\n');
            }
            instruction.heredocs.push(heredoc);
        }
        Ok(())
    }
}

/// What `word` begins, if it is `<<NAME`, with a number before it perhaps.
fn begin(word: &str) -> Option<Heredoc> {
    let rest = word
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .strip_prefix("<<")?;
    let (strips_tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let unquoted = |quote| rest.strip_prefix(quote)?.strip_suffix(quote);
    let (expands, name) = match unquoted('\'').or_else(|| unquoted('"')) {
        Some(name) => (false, name),
        None => (true, rest),
    };
    let is_name = !name.is_empty() && !name.contains(['<', '\'', '"', '$']);
    is_name.then(|| Heredoc {
        name: name.to_owned(),
        strips_tabs,
        expands,
        content: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(usize, String, String)> {
        let document = Document::parse(text).unwrap();
        let all = document.instructions.into_iter();
        all.map(|one| (one.line, one.keyword, one.text)).collect()
    }

    fn one(line: usize, keyword: &str, text: &str) -> (usize, String, String) {
        (line, keyword.into(), text.into())
    }

    #[test]
    fn lines_are_continued_and_comments_between_them_go() {
        let text = "FROM a\nRUN x \\\n  # no\n\n  y \\ \n z\nrun w \\\\\nCMD [\"a\"]\n";
        assert_eq!(
            parsed(text),
            [
                one(1, "FROM", "a"),
                one(2, "RUN", "x   y  z"),
                one(7, "RUN", "w \\\\"),
                one(8, "CMD", "[\"a\"]")
            ]
        );
    }

    #[test]
    fn directives_are_at_the_very_beginning() {
        let document = Document::parse("# Escape=`\n#syntax = a/b:1\nFROM a\nRUN x `\n y").unwrap();
        assert_eq!(document.syntax.as_deref(), Some("a/b:1"));
        assert_eq!(document.instructions[1].text, "x  y");
        let late = Document::parse("# hello\n# syntax=a\nFROM a").unwrap();
        assert_eq!(late.syntax, None);
    }

    #[test]
    fn heredocs_take_the_lines_below() {
        let text = "FROM a\nRUN <<EOF cat <<-'X'\n one \\\nEOF\n\ttwo $y\n\tX\nCOPY <<a b /c/\n1\na\n2\nb\n";
        let document = Document::parse(&text.replace("<<a b", "<<a <<b")).unwrap();
        let [_, run, copy] = &document.instructions[..] else {
            panic!("{document:?}");
        };
        assert_eq!(run.heredocs[0].content, " one \\\n");
        assert!(run.heredocs[0].expands && !run.heredocs[1].expands);
        assert_eq!(run.heredocs[1].content, "two $y\n");
        assert_eq!(copy.heredocs.len(), 2);
        assert!(Document::parse("FROM a\nRUN <<EOF\nx\n").is_err());
    }

    #[test]
    fn flags_are_before_arguments() {
        let text = "FROM --platform=linux/arm64 a AS b\nRUN --mount=type=bind,from=\"a b\" --network=none x --y";
        let document = Document::parse(text).unwrap();
        assert_eq!(
            document.instructions[0].flag("platform"),
            Some("linux/arm64")
        );
        let run = &document.instructions[1];
        assert_eq!(run.flag("mount"), Some("type=bind,from=a b"));
        assert_eq!(run.text, "x --y");
    }

    #[test]
    fn what_is_no_instruction_is_told_with_its_line() {
        let problem = Document::parse("FROM a\n\nRUM x").unwrap_err();
        assert_eq!(
            (problem.line, problem.message.as_str()),
            (3, "'RUM' is no instruction")
        );
        assert_eq!(problem.hint.as_deref(), Some("did you mean 'RUN'?"));
        assert_eq!(Document::parse("# nothing\n").unwrap_err().line, 1);
        assert_eq!(Document::parse("FROM a\nRUN").unwrap_err().line, 2);
    }
}
