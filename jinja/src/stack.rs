//! Room on the stack for what recurses: a thread's own stack may be small, and half used by whoever renders.

/// What one parse, or one call inside of a render, needs at most; debug builds need most.
const ROOM: usize = 1 << 20;
/// How much is added when there is less.
const ADDED: usize = 4 << 20;

/// Runs `work` with enough stack.
pub(crate) fn with_room<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(ROOM, ADDED, work)
}
