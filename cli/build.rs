//! How `tutor` is linked: so that it starts quickly. Medians are of `tutor --version`, where `/bin/true` takes 0.57 ms.
#![allow(
    clippy::disallowed_methods,
    reason = "a build script is told about the target in variables"
)]

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    let is_static = target("FEATURE")
        .split(',')
        .any(|feature| feature == "crt-static");
    if target("OS") != "linux" || target("ENV") != "gnu" || target("ARCH") != "x86_64" || is_static
    {
        return;
    }
    // The unwinder comes from the archive. As a shared library it is one file more to find and map, and when it is
    // loaded it asks the processor for its features, two dozen times: on a virtual machine, each leaves the guest.
    // From 1.14 to 1.01 ms. The archive lies beside `libgcc.a`, which every link needs.
    println!("cargo::rustc-link-lib=static:+verbatim,-bundle=libgcc_eh.a");
}
