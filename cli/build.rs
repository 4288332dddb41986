//! How the binary is linked.

use std::env;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script about the target in no other way"
)]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| env::var(key).is_ok_and(|found| found == value);
    // A binary that can be loaded anywhere has 36,000 addresses to fill in at each start: half a millisecond, a fifth of
    // a save that changes nothing.
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
