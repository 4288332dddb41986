//! Case files: what is in a sandbox, which commands run there, what is expected.
//!
//! ```text
//! Free text: what the case is about.
//! -- config.yml --
//! @secrets@
//! LMS_HOST: a.example
//! -- plugins/foo.yml --
//! name: foo
//! -- run --
//! config save -s 'A=b'
//!     stderr has something
//! ! rm root/env/version
//! TUTOR_LMS_HOST=b.example config printvalue LMS_HOST
//! -- expect --
//! differs env/x*: why that is wanted
//! ```
//!
//! A section is a file of the sandbox (`config.yml` is short for
//! `root/config.yml`), or one of `env`, `run`, `expect`. `(escaped)` behind
//! the name turns on `\n`, `\r`, `\t`, `\\` and `\xNN` and drops the line
//! breaks of the file itself. `@world@` stands for the sandbox's folder, a
//! line `@secrets@` for a fixed set of the core's secrets.

use crate::secrets::Shape;
use crate::words;

/// One case.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// The file's name below `cases/`, without its extension.
    pub name: String,
    /// Files of the sandbox, by path.
    pub files: Vec<(String, Vec<u8>)>,
    /// Variables to set (`Some`) or to leave out (`None`).
    pub env: Vec<(String, Option<String>)>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// What holds for the whole case.
    pub expect: Expect,
}

/// Something that happens in a sandbox.
#[derive(Debug, Clone)]
pub enum Step {
    /// A command of `tutor`.
    Run(Run),
    /// A change to the sandbox (`! rm path`), as words.
    Change(Vec<String>),
}

/// A command and what is expected of it.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// The line as written.
    pub line: String,
    /// Variables for this command only.
    pub env: Vec<(String, String)>,
    /// The arguments.
    pub args: Vec<String>,
    /// The notes below it.
    pub notes: Vec<Note>,
}

/// An expectation of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Both end with this status.
    Status(i32),
    /// Both end with the same status, whichever that is.
    SameStatus,
    /// We may end with 0 where real Tutor does not.
    OursMayWork,
    /// Real Tutor ends with this status, and we need not.
    RealStatus(i32),
    /// We end with this status, whatever real Tutor does.
    OursStatus(i32),
    /// Our standard error contains the text.
    StderrHas(String),
    /// Our standard error does not contain the text.
    StderrLacks(String),
    /// Our standard output contains the text.
    StdoutHas(String),
    /// Our standard output does not contain the text.
    StdoutLacks(String),
    /// We change no file.
    Unchanged,
    /// The standard outputs may differ; the reason is for readers.
    StdoutDiffers,
    /// The trees may differ after this command; the reason is for readers.
    TreeDiffers,
    /// Only we run it.
    OursOnly,
}

/// What holds for a whole case.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    /// Ways to run it.
    pub flags: Vec<Flag>,
    /// Settings that are drawn at random: they agree in shape only.
    pub secrets: Vec<(String, Shape)>,
    /// Paths (with a final `*` for prefixes) that are not compared.
    pub differs: Vec<String>,
}

/// A way to run a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Real Tutor is not run at all.
    OursOnly,
    /// Real Tutor runs in processes of its own, not in the forking driver.
    Plainly,
    /// We use our built-in templates.
    BuiltInTemplates,
    /// The template root holds only `config/` and what the case brings.
    BareTemplates,
}

impl Expect {
    /// Whether the case asks for `flag`.
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// Reads a case. The error says which line is wrong.
pub fn parse(name: &str, text: &str) -> Result<Case, String> {
    let mut case = Case {
        name: name.to_owned(),
        ..Case::default()
    };
    let mut section: Option<(String, usize, Vec<&str>)> = None;
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("-- ").and_then(|l| l.strip_suffix(" --")) {
            if let Some((title, first, lines)) = section.take() {
                finish(&mut case, &title, first, &lines)?;
            }
            section = Some((title.to_owned(), index + 2, Vec::new()));
        } else if let Some((_, _, lines)) = &mut section {
            lines.push(line);
        }
    }
    if let Some((title, first, lines)) = section {
        finish(&mut case, &title, first, &lines)?;
    }
    if case.steps.is_empty() {
        return Err(format!("{name}: nothing in a section `run`"));
    }
    Ok(case)
}

fn finish(case: &mut Case, title: &str, first: usize, lines: &[&str]) -> Result<(), String> {
    let numbered = lines.iter().enumerate().map(|(i, l)| (first + i, *l));
    let place = |line: usize, e: String| format!("{}:{line}: {e}", case.name);
    match title {
        "env" => {
            for (_, line) in numbered.filter(|(_, l)| !l.trim().is_empty()) {
                case.env.push(match line.split_once('=') {
                    Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
                    None => (line.trim_start_matches('-').to_owned(), None),
                });
            }
        }
        "run" => {
            for (number, line) in numbered {
                step(&mut case.steps, line).map_err(|e| place(number, e))?;
            }
        }
        "expect" => {
            for (number, line) in numbered.filter(|(_, l)| !l.trim().is_empty()) {
                expect(&mut case.expect, line).map_err(|e| place(number, e))?;
            }
        }
        path => {
            let (path, bytes) = match path.strip_suffix(" (escaped)") {
                Some(path) => (
                    path,
                    unescape(&lines.concat()).map_err(|e| place(first, e))?,
                ),
                None => (
                    path,
                    lines
                        .iter()
                        .flat_map(|l| [*l, "\n"])
                        .collect::<String>()
                        .into_bytes(),
                ),
            };
            let path = match path {
                "config.yml" => "root/config.yml",
                other => other,
            };
            case.files.push((path.to_owned(), bytes));
        }
    }
    Ok(())
}

fn step(steps: &mut Vec<Step>, line: &str) -> Result<(), String> {
    if line.trim().is_empty() || line.starts_with('#') {
        return Ok(());
    }
    if line.starts_with(' ') {
        let Some(Step::Run(run)) = steps.last_mut() else {
            return Err("an expectation without a command".into());
        };
        run.notes.push(note(line.trim())?);
        return Ok(());
    }
    if let Some(change) = line.strip_prefix("! ") {
        steps.push(Step::Change(words::split(change)?));
        return Ok(());
    }
    let mut run = Run {
        line: line.to_owned(),
        ..Run::default()
    };
    for word in words::split(line)? {
        match word.split_once('=') {
            Some((key, value)) if run.args.is_empty() && is_variable(key) => {
                run.env.push((key.to_owned(), value.to_owned()));
            }
            _ => run.args.push(word),
        }
    }
    steps.push(Step::Run(run));
    Ok(())
}

fn is_variable(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn note(text: &str) -> Result<Note, String> {
    let number = |text: &str| {
        let digits = text.split(':').next().unwrap_or(text).trim();
        digits
            .parse()
            .map_err(|_| format!("{digits:?} is no status"))
    };
    if let Some(rest) = text.strip_prefix("status ") {
        return number(rest).map(Note::Status);
    }
    if let Some(rest) = text.strip_prefix("ours status ") {
        return number(rest).map(Note::OursStatus);
    }
    if let Some(rest) = text.strip_prefix("real status ") {
        return number(rest).map(Note::RealStatus);
    }
    for (prefix, make) in [
        ("stderr has ", Note::StderrHas as fn(String) -> Note),
        ("stderr lacks ", Note::StderrLacks),
        ("stdout has ", Note::StdoutHas),
        ("stdout lacks ", Note::StdoutLacks),
    ] {
        if let Some(rest) = text.strip_prefix(prefix) {
            return Ok(make(rest.to_owned()));
        }
    }
    match text.split(':').next().unwrap_or(text) {
        "unchanged" => Ok(Note::Unchanged),
        "ours may work" => Ok(Note::OursMayWork),
        "same status" => Ok(Note::SameStatus),
        "stdout differs" => Ok(Note::StdoutDiffers),
        "tree differs" => Ok(Note::TreeDiffers),
        "ours only" => Ok(Note::OursOnly),
        _ => Err(format!("unknown expectation {text:?}")),
    }
}

fn expect(expect: &mut Expect, line: &str) -> Result<(), String> {
    if let Some(rest) = line.strip_prefix("differs ") {
        let (path, _) = rest.split_once(':').ok_or("`differs PATH: reason`")?;
        expect.differs.push(path.to_owned());
        return Ok(());
    }
    if let Some(rest) = line.strip_prefix("secret ") {
        let (key, shape) = rest.split_once(' ').ok_or("`secret KEY SHAPE`")?;
        expect.secrets.push((key.to_owned(), Shape::parse(shape)?));
        return Ok(());
    }
    match line.split(':').next().unwrap_or(line) {
        "ours only" => expect.flags.push(Flag::OursOnly),
        "plainly" => expect.flags.push(Flag::Plainly),
        "built-in templates" => expect.flags.push(Flag::BuiltInTemplates),
        "bare templates" => expect.flags.push(Flag::BareTemplates),
        "fresh secrets" => expect.secrets.extend(Shape::of_the_core()),
        _ => return Err(format!("unknown expectation {line:?}")),
    }
    Ok(())
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(rest[..at].bytes());
        let code = rest[at + 1..]
            .chars()
            .next()
            .ok_or("a backslash at the end")?;
        rest = &rest[at + 1 + code.len_utf8()..];
        match code {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            '\\' => bytes.push(b'\\'),
            'x' => {
                let digits = rest.get(..2).ok_or("\\x wants two digits")?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|e| e.to_string())?);
                rest = &rest[2..];
            }
            other => return Err(format!("unknown escape \\{other}")),
        }
    }
    bytes.extend(rest.bytes());
    Ok(bytes)
}
