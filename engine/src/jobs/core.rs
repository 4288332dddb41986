//! The jobs of Tutor's core, by name.

/// None of them is built yet; plugins may have jobs of the same names.
pub const CORE: [&str; 10] = [
    "convert-mysql-utf8mb4-charset",
    "createuser",
    "importdemocourse",
    "importdemolibraries",
    "init",
    "print-edx-platform-setting",
    "settheme",
    "sqlshell",
    "tests",
    "update-mysql-authentication-plugin",
];
