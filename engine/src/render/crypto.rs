//! Passwords, identifiers, hashes. Randomness comes from the render's [`super::draws`].

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jinja::Error;
use sha2::Sha256;
use values::Value;

use super::host::GraphHost;

/// The cost of password hashes, as Tutor's.
const BCRYPT_COST: u32 = 12;

/// Longer ones than anybody needs are an error instead of an out-of-memory.
const MAX_RANDOM_STRING: usize = 1 << 24;

/// A bcrypt hash that `htpasswd` can verify.
pub(super) fn encrypt(host: &GraphHost<'_>, password: &str) -> Result<String, Error> {
    if password.len() > 72 {
        return Err(Error::value_error(
            "The password is too long. It must be 72 bytes at most.",
        ));
    }
    if password.contains('\0') {
        return Err(Error::value_error("The password contains the zero byte"));
    }
    let mut salt = [0; 16];
    // The password takes part in the purpose as a hash only: purposes are no secrets.
    let purpose = blake3::hash(password.as_bytes()).to_hex();
    host.stream("encrypt", &purpose)?.fill(&mut salt);
    let hash = bcrypt::hash_with_salt(password, BCRYPT_COST, salt)
        .map_err(|error| Error::value_error(error.to_string()))?;
    Ok(hash.format_for_version(bcrypt::Version::TwoA))
}

/// ASCII letters and digits.
pub(super) fn random_string(host: &GraphHost<'_>, length: usize) -> Result<String, Error> {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    if length > MAX_RANDOM_STRING {
        return Err(Error::unsupported(format!(
            "random_string of more than {MAX_RANDOM_STRING} characters"
        )));
    }
    let mut stream = host.stream("random_string", &length.to_string())?;
    Ok((0..length)
        .map(|_| char::from(LETTERS[stream.below(62) as usize]))
        .collect())
}

/// A random UUID of version 1 or 4.
pub(super) fn uuid(host: &GraphHost<'_>, size: &Value) -> Result<String, Error> {
    let version = values::repr::to_str(size)?;
    let version: u8 = match version.as_str() {
        "1" => 1,
        "4" => 4,
        "3" | "5" => {
            return Err(Error::type_error(format!(
                "uuid{version}() missing 2 required positional arguments: 'namespace' and 'name'"
            )));
        }
        _ => {
            let message = format!("module 'uuid' has no attribute 'uuid{version}'");
            return Err(values::Error::new(values::ErrorKind::Attribute, message).into());
        }
    };
    // Version 1 is made of the time and the machine's address: as with privacy-minded ones, both are drawn.
    let mut bytes = [0; 16];
    host.stream("uuid", &version.to_string())?.fill(&mut bytes);
    bytes[6] = (bytes[6] & 0x0f) | (version << 4);
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hexadecimal(&bytes);
    Ok(format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    ))
}

/// HMAC-SHA256 in hexadecimal.
pub(super) fn hmac_sha256_hex(key: &str, message: &str) -> String {
    // Keys of any length are allowed, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(message.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

/// URL-safe base 64 without padding.
pub(super) fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
