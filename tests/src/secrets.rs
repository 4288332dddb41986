//! Settings that are drawn at random agree in shape, not in bytes: this checks
//! the shape and masks the value, here and where templates repeat it.

use crate::snapshot::Snapshot;

/// What a drawn value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// So many ASCII letters and digits.
    Alnum(usize),
    /// So many lower-case hexadecimal digits.
    Hex(usize),
    /// A version 4 UUID.
    Uuid4,
    /// A PEM private key.
    Rsa,
    /// A bcrypt hash of cost 12.
    Bcrypt,
}

impl Shape {
    /// Reads `alnum 24`, `hex 64`, `uuid4`, `rsa`, `bcrypt`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let count = || {
            let word = text.split_whitespace().nth(1).unwrap_or_default();
            word.parse().map_err(|_| format!("{text:?}: how many?"))
        };
        match name {
            "alnum" => count().map(Self::Alnum),
            "hex" => count().map(Self::Hex),
            "uuid4" => Ok(Self::Uuid4),
            "rsa" => Ok(Self::Rsa),
            "bcrypt" => Ok(Self::Bcrypt),
            _ => Err(format!("{text:?} is no shape")),
        }
    }

    /// What a save of a fresh root draws.
    pub fn of_the_core() -> Vec<(String, Self)> {
        [
            ("CMS_OAUTH2_SECRET", Self::Alnum(24)),
            ("ID", Self::Alnum(24)),
            ("JWT_RSA_PRIVATE_KEY", Self::Rsa),
            ("MEILISEARCH_API_KEY", Self::Hex(64)),
            ("MEILISEARCH_API_KEY_UID", Self::Uuid4),
            ("MEILISEARCH_MASTER_KEY", Self::Alnum(24)),
            ("MYSQL_ROOT_PASSWORD", Self::Alnum(8)),
            ("OPENEDX_MYSQL_PASSWORD", Self::Alnum(8)),
            ("OPENEDX_SECRET_KEY", Self::Alnum(24)),
        ]
        .map(|(key, shape)| (key.to_owned(), shape))
        .to_vec()
    }

    fn fits(self, value: &str) -> bool {
        let plain = value.trim_matches('\'');
        match self {
            Self::Alnum(n) => plain.len() == n && plain.bytes().all(|b| b.is_ascii_alphanumeric()),
            Self::Hex(n) => plain.len() == n && plain.bytes().all(is_hex),
            Self::Uuid4 => {
                let groups: Vec<&str> = plain.split('-').collect();
                let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
                lengths == [8, 4, 4, 4, 12]
                    && groups.concat().bytes().all(is_hex)
                    && groups[2].starts_with('4')
                    && groups[3].starts_with(['8', '9', 'a', 'b'])
            }
            Self::Rsa => {
                let lines: Vec<&str> = plain
                    .lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .collect();
                let middle = lines
                    .get(1..lines.len().saturating_sub(1))
                    .unwrap_or_default();
                lines.first() == Some(&"-----BEGIN RSA PRIVATE KEY-----")
                    && lines.last() == Some(&"-----END RSA PRIVATE KEY-----")
                    && (5..60).contains(&middle.len())
                    && middle.iter().rev().skip(1).all(|line| line.len() == 64)
            }
            Self::Bcrypt => plain.len() == 60 && plain.starts_with("$2a$12$"),
        }
    }
}

fn is_hex(b: u8) -> bool {
    b.is_ascii_digit() || (b'a'..=b'f').contains(&b)
}

/// The drawn values of one side.
#[derive(Debug, Default)]
pub struct Drawn {
    values: Vec<(String, String)>,
}

impl Drawn {
    /// Takes the values of `secrets` out of a root's `config.yml`; complains
    /// where one is missing or has another shape.
    pub fn from_root(root: &Snapshot, secrets: &[(String, Shape)]) -> (Self, Vec<String>) {
        let mut drawn = Self::default();
        let mut problems = Vec::new();
        let text = root
            .get("config.yml")
            .map(|entry| String::from_utf8_lossy(&entry.bytes).into_owned())
            .unwrap_or_default();
        for (key, shape) in secrets {
            match value_of(&text, key) {
                Some(value) if shape.fits(&value) => drawn.values.push((key.clone(), value)),
                Some(_) => problems.push(format!("{key} does not look like {shape:?}")),
                None => problems.push(format!("{key} was not drawn")),
            }
        }
        (drawn, problems)
    }

    /// `bytes` with every drawn value replaced by its name, and long runs of
    /// base64 (the parts of the RSA key) by a mark.
    pub fn mask(&self, bytes: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return bytes.to_vec();
        };
        if self.values.is_empty() {
            return bytes.to_vec();
        }
        let mut text = text.to_owned();
        for (key, value) in &self.values {
            text = text.replace(value, &format!("<{key}>"));
            text = text.replace(value.trim_matches('\''), &format!("<{key}>"));
        }
        mask_base64(&text).into_bytes()
    }
}

fn mask_base64(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=') {
            run.push(c);
            continue;
        }
        if run.len() >= 80 {
            masked.push_str("<base64>");
        } else {
            masked.push_str(&run);
        }
        run.clear();
        masked.push(c);
    }
    masked.pop();
    masked
}

/// The text of a top-level key of a dumped mapping, with its further lines.
fn value_of(text: &str, key: &str) -> Option<String> {
    let mut lines = text.lines();
    let start = format!("{key}: ");
    let mut value = lines
        .by_ref()
        .find_map(|line| line.strip_prefix(&start))?
        .to_owned();
    for line in lines {
        if !line.is_empty() && !line.starts_with(' ') {
            break;
        }
        value.push('\n');
        value.push_str(line);
    }
    Some(value.trim_end_matches('\n').to_owned())
}
