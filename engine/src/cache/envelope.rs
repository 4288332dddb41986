//! What is around everything that we keep: who wrote it, for whom, and a checksum.

use super::folder::Context;

const MAGIC: &[u8; 8] = b"tutor\0c1";
const HEADER: usize = MAGIC.len() + 32 + 32;

/// `payload` with its header.
pub(super) fn seal(context: &Context, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(context.bytes());
    bytes.extend_from_slice(blake3::hash(payload).as_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// The place of the payload in `bytes`; `None` if it is not ours, not of this context, or not as it was written.
pub(super) fn open(context: &Context, bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..HEADER)?;
    let payload = bytes.get(HEADER..)?;
    let (magic, rest) = header.split_at(MAGIC.len());
    let (for_whom, checksum) = rest.split_at(32);
    (magic == MAGIC && for_whom == context.bytes() && checksum == blake3::hash(payload).as_bytes())
        .then_some(HEADER)
}
