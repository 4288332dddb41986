//! What a registry says when it wants to know who asks: the header `WWW-Authenticate`.

/// A way to say who asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// With account and password.
    Basic,
    /// With a token that is fetched elsewhere.
    Bearer {
        /// Where.
        realm: String,
        /// Fields to send along: `service`, `scope`.
        fields: Vec<(String, String)>,
    },
}

impl Challenge {
    /// Reads the header.
    pub(super) fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let mut fields = fields(rest);
        let at = fields.iter().position(|(name, _)| name == "realm")?;
        let (_, realm) = fields.remove(at);
        fields.retain(|(name, _)| name == "service" || name == "scope");
        Some(Self::Bearer { realm, fields })
    }
}

/// `name="value",…`; a value may have commas in it.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        rest = next.trim_start_matches([',', ' ']);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_read() {
        assert_eq!(
            Challenge::parse("Basic realm=\"x\""),
            Some(Challenge::Basic)
        );
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            Challenge::parse(
                r#"Bearer realm="https://a.b/token",service="r",scope="repository:x:pull,push""#
            ),
            Some(Challenge::Bearer {
                realm: "https://a.b/token".to_owned(),
                fields: vec![
                    pair("service", "r"),
                    pair("scope", "repository:x:pull,push")
                ],
            })
        );
        assert_eq!(Challenge::parse("Bearer service=x"), None);
        assert_eq!(Challenge::parse("Negotiate"), None);
    }
}
