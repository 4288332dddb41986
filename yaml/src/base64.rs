//! Base 64 as Python's `base64.encodebytes` and `decodebytes` have it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How many bytes one line stands for.
const LINE: usize = 57;

/// Lines of 76 characters, each with a line break behind it.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / LINE + 8);
    for line in bytes.chunks(LINE) {
        for group in line.chunks(3) {
            let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for place in 0..4 {
                let index = bits >> (18 - 6 * place) & 63;
                text.push(if place <= group.len() {
                    char::from(ALPHABET[index as usize])
                } else {
                    '='
                });
            }
        }
        text.push('\n');
    }
    text
}

/// Skips what is not in the alphabet, and stops at the padding that completes a group.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    let mut in_group = 0;
    let mut padding = 0;
    let mut count = 0;
    for c in text.bytes() {
        if c == b'=' {
            if in_group >= 2 {
                padding += 1;
                if in_group + padding >= 4 {
                    return Ok(bytes);
                }
            }
            continue;
        }
        let Some(value) = ALPHABET.iter().position(|digit| *digit == c) else {
            continue;
        };
        padding = 0;
        count += 1;
        bits = bits << 6 | value as u32;
        if in_group > 0 {
            bytes.push((bits >> (6 - 2 * in_group)) as u8);
        }
        in_group = (in_group + 1) % 4;
    }
    match in_group {
        0 => Ok(bytes),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
        )),
        _ => Err("Incorrect padding".to_owned()),
    }
}
