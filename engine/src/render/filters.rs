//! Filters that templates can use, besides Jinja2's own. See COMPAT, "Templates".

use std::sync::Arc;

use jinja::Error;
use num_bigint::{BigInt, Sign};
use values::{Args, Value, attr, iter, json, ops};

use super::host::GraphHost;
use super::{crypto, functions, rsa_key};

/// Names of all filters.
pub const NAMES: [&str; 11] = [
    "common_domain",
    "encrypt",
    "list_if",
    "long_to_base64",
    "random_string",
    "reverse_host",
    "rsa_import_key",
    "rsa_private_key",
    "uid_master_hash",
    "uuid",
    "walk_templates",
];

pub(super) fn call(
    host: &GraphHost<'_>,
    name: &str,
    value: &Value,
    args: &Args,
) -> Result<Value, Error> {
    if let Value::Undefined(undefined) = value {
        return Err(Error::undefined(undefined));
    }
    // A filter is a function whose first argument stands before the bar.
    let mut args = args.clone();
    args.positional.insert(0, value.clone());
    let one = |parameter| {
        Ok::<_, Error>(
            args.bind(name, [parameter], 1)?
                .map(Option::unwrap_or_default_value)[0]
                .clone(),
        )
    };
    match name {
        "common_domain" => {
            let [first, second] = args
                .bind(name, ["d1", "d2"], 2)?
                .map(Option::unwrap_or_default_value);
            Ok(Value::str(common_domain(
                text(&first, "split")?,
                text(&second, "split")?,
            )))
        }
        "encrypt" => {
            let password = one("text")?;
            crypto::encrypt(host, text(&password, "encode")?).map(Value::str)
        }
        "list_if" => list_if(&one("services")?),
        "long_to_base64" => long_to_base64(&one("n")?),
        "random_string" => {
            let length = one("length")?;
            crypto::random_string(host, range_length(&length)?).map(Value::str)
        }
        "reverse_host" => {
            let domain = one("domain")?;
            let parts: Vec<_> = text(&domain, "split")?.split('.').rev().collect();
            Ok(Value::str(parts.join(".")))
        }
        "rsa_import_key" => rsa_key::import(host.db, &one("key")?),
        "rsa_private_key" => {
            let bits = one("bits")?;
            rsa_key::generate(host, &bits).map(Value::str)
        }
        "uid_master_hash" => {
            let [key, uid] = args
                .bind(name, ["master_key", "uid"], 2)?
                .map(Option::unwrap_or_default_value);
            Ok(Value::str(crypto::hmac_sha256_hex(
                text(&key, "encode")?,
                text(&uid, "encode")?,
            )))
        }
        "uuid" => crypto::uuid(host, &one("size")?).map(Value::str),
        "walk_templates" => functions::walk_templates(host, &one("subdir")?),
        _ => Err(Error::unsupported(format!("there is no filter '{name}'"))),
    }
}

trait OrNone {
    fn unwrap_or_default_value(self) -> Value;
}
impl OrNone for Option<Value> {
    /// Parameters that are required are there: binding has seen to it.
    fn unwrap_or_default_value(self) -> Value {
        self.unwrap_or(Value::None)
    }
}

/// The text of a value on which Python would call the method `method` of `str`.
fn text<'a>(value: &'a Value, method: &str) -> Result<&'a str, Error> {
    if let Value::Undefined(undefined) = value {
        return Err(Error::undefined(undefined));
    }
    value.as_str().ok_or_else(|| {
        let message = format!("'{}' object has no attribute '{method}'", value.type_name());
        values::Error::new(values::ErrorKind::Attribute, message).into()
    })
}

/// What `range(value)` runs over.
fn range_length(value: &Value) -> Result<usize, Error> {
    match value.as_i64() {
        Some(length) => Ok(usize::try_from(length).unwrap_or(0)),
        None => Err(Error::type_error(format!(
            "'{}' object cannot be interpreted as an integer",
            value.type_name()
        ))),
    }
}

/// The longest domain that both names end in.
fn common_domain(first: &str, second: &str) -> String {
    let common = first
        .rsplit('.')
        .zip(second.rsplit('.'))
        .take_while(|(a, b)| a == b);
    let mut parts: Vec<_> = common.map(|(part, _)| part).collect();
    parts.reverse();
    parts.join(".")
}

/// The first items of those pairs of which the second is true, as JSON.
fn list_if(services: &Value) -> Result<Value, Error> {
    let mut names = Vec::new();
    for service in iter::collect(services)? {
        if ops::truth(&attr::get_item(&service, &Value::Int(1))?)? {
            names.push(attr::get_item(&service, &Value::Int(0))?);
        }
    }
    Ok(Value::str(json::dumps(
        &Value::list(names),
        &json::Options::default(),
    )?))
}

/// A number's bytes, most significant first, in URL-safe base 64 without padding.
fn long_to_base64(number: &Value) -> Result<Value, Error> {
    let number = match number {
        Value::Bool(number) => BigInt::from(i32::from(*number)),
        Value::Int(number) => BigInt::from(*number),
        Value::BigInt(number) => (**number).clone(),
        other => {
            return Err(Error::type_error(format!(
                "unsupported operand type(s) for divmod(): '{}' and 'int'",
                other.type_name()
            )));
        }
    };
    let (sign, bytes) = number.to_bytes_be();
    if sign == Sign::Minus {
        return Err(Error::unsupported(
            "long_to_base64 of a negative number has no end",
        ));
    }
    Ok(Value::Str(Arc::from(crypto::base64_url(&bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_domain_is_the_longest_common_end() {
        assert_eq!(
            common_domain("sub1.domain.com", "sub2.domain.com"),
            "domain.com"
        );
        assert_eq!(common_domain("a.com", "b.org"), "");
        assert_eq!(common_domain("", ""), "");
    }

    #[test]
    fn numbers_are_encoded_without_padding() {
        assert_eq!(
            long_to_base64(&Value::Int(65537)).unwrap(),
            Value::str("AQAB")
        );
        assert_eq!(long_to_base64(&Value::Int(0)).unwrap(), Value::str("AA"));
    }
}
