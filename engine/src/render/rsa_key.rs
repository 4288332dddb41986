//! RSA keys: new ones, and the numbers of existing ones.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use jinja::Error;
use num_bigint::{BigInt, BigUint, Sign};
use pkcs1::der::pem::decode_vec;
use pkcs1::der::{Decode, asn1::UintRef};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use values::{Object, Value};

use super::host::GraphHost;
use crate::inputs::Db;

/// Larger keys take minutes.
const MAX_BITS: usize = 16_384;

/// A new private key in PEM format (PKCS#1).
pub(super) fn generate(host: &GraphHost<'_>, bits: &Value) -> Result<String, Error> {
    let Some(bits) = bits.as_i64() else {
        return Err(Error::type_error(format!(
            "the size of an RSA key must be int, not {}",
            bits.type_name()
        )));
    };
    if bits < 1024 {
        return Err(Error::value_error("RSA modulus length must be >= 1024"));
    }
    let bits = usize::try_from(bits).unwrap_or(usize::MAX);
    if bits > MAX_BITS {
        return Err(Error::unsupported(format!(
            "RSA keys of more than {MAX_BITS} bits"
        )));
    }
    let mut stream = host.stream("rsa_private_key", &bits.to_string())?;
    let key = rsa::PrivateKey::new(&mut stream, bits)
        .map_err(|error| Error::value_error(error.to_string()))?;
    let pem = key
        .to_pkcs1_pem(LineEnding::LF)
        .map_err(|error| Error::value_error(error.to_string()))?;
    Ok(pem.trim_end().to_owned())
}

/// A key whose numbers templates can read. Not checked for being a sound one: that costs more than all the rest
/// of a render.
#[derive(Debug)]
struct Key {
    n: BigUint,
    e: BigUint,
    private: Option<Private>,
}

#[derive(Debug)]
struct Private {
    d: BigUint,
    p: BigUint,
    q: BigUint,
    /// The inverse of `p` modulo `q`, which costs as much as rendering a file.
    u: OnceLock<Option<BigUint>>,
}

/// A key in PEM format.
#[salsa::interned]
struct Pem<'db> {
    text: Arc<str>,
}

/// The key in a text. Several templates ask for the same one.
#[salsa::tracked(no_eq)]
fn key<'db>(db: &'db dyn Db, pem: Pem<'db>) -> Option<Arc<Key>> {
    parse(pem.text(db)).map(Arc::new)
}

/// The key in a PEM text: PKCS#1, PKCS#8 or a public key.
pub(super) fn import(db: &dyn Db, text: &Value) -> Result<Value, Error> {
    if let Value::Undefined(undefined) = text {
        return Err(Error::undefined(undefined));
    }
    let Some(text) = text.as_str() else {
        let message = format!("'{}' object has no attribute 'encode'", text.type_name());
        return Err(values::Error::new(values::ErrorKind::Attribute, message).into());
    };
    match key(db, Pem::new(db, Arc::from(text))) {
        Some(key) => Ok(Value::Object(key.clone())),
        None => Err(Error::value_error("RSA key format is not supported")),
    }
}

fn parse(text: &str) -> Option<Key> {
    let begin = text.find("-----BEGIN")?;
    let mut pem = text[begin..].trim_end().to_owned();
    pem.push('\n');
    let (label, der) = decode_vec(pem.as_bytes()).ok()?;
    match label {
        "RSA PRIVATE KEY" => private(&der),
        "PRIVATE KEY" => private(
            rsa::pkcs8::PrivateKeyInfoRef::from_der(&der)
                .ok()?
                .private_key
                .as_bytes(),
        ),
        "RSA PUBLIC KEY" => public(&der),
        "PUBLIC KEY" => public(
            rsa::pkcs8::SubjectPublicKeyInfoRef::from_der(&der)
                .ok()?
                .subject_public_key
                .as_bytes()?,
        ),
        _ => None,
    }
}

fn number(number: UintRef<'_>) -> BigUint {
    BigUint::from_bytes_be(number.as_bytes())
}

fn private(der: &[u8]) -> Option<Key> {
    let key = pkcs1::RsaPrivateKey::from_der(der).ok()?;
    Some(Key {
        n: number(key.modulus),
        e: number(key.public_exponent),
        private: Some(Private {
            d: number(key.private_exponent),
            p: number(key.prime1),
            q: number(key.prime2),
            u: OnceLock::new(),
        }),
    })
}

fn public(der: &[u8]) -> Option<Key> {
    let key = pkcs1::RsaPublicKey::from_der(der).ok()?;
    Some(Key {
        n: number(key.modulus),
        e: number(key.public_exponent),
        private: None,
    })
}

impl Object for Key {
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn type_name(&self) -> &'static str {
        "RsaKey"
    }
    /// Never the numbers: a key that is printed by mistake must not end up in a file.
    fn repr(&self) -> String {
        format!(
            "{} RSA key",
            if self.private.is_some() {
                "Private"
            } else {
                "Public"
            }
        )
    }
    fn get_attr(&self, name: &str) -> Option<Value> {
        let number = match (name, &self.private) {
            ("n", _) => self.n.clone(),
            ("e", _) => self.e.clone(),
            ("d", Some(private)) => private.d.clone(),
            ("p", Some(private)) => private.p.clone(),
            ("q", Some(private)) => private.q.clone(),
            ("u" | "invp", Some(private)) => {
                let inverse = || private.p.modinv(&private.q);
                private.u.get_or_init(inverse).clone()?
            }
            ("invq", Some(private)) => private.q.modinv(&private.p)?,
            ("dp", Some(private)) => &private.d % (&private.p - 1u8),
            ("dq", Some(private)) => &private.d % (&private.q - 1u8),
            _ => return None,
        };
        Some(Value::big(BigInt::from_biguint(Sign::Plus, number)))
    }
}
