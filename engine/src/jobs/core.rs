//! The jobs of Tutor's core, by name, and what it does when the platform is initialised.

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

/// A task of the core when the platform is initialised (CLI_DO_INIT_TASKS).
#[derive(Clone, Copy, Debug)]
pub struct InitTask {
    /// For which application it is, as the context in which Tutor adds it.
    pub app: &'static str,
    /// The service that its script runs in.
    pub service: &'static str,
    /// The script, a template of the core.
    pub template: &'static str,
    /// Whether it is there before others: what is mounted has to be set up first.
    pub is_first: bool,
}

/// Those tasks, in the order in which Tutor 22 adds them (`tutor/commands/jobs.py`).
pub const INIT_TASKS: [InitTask; 5] = [
    task("mysql", "mysql", "jobs/init/mysql.sh"),
    task("meilisearch", "lms", "jobs/init/meilisearch.sh"),
    InitTask {
        is_first: true,
        ..task("lms", "lms", "jobs/init/mounted-directories.sh")
    },
    task("lms", "lms", "jobs/init/lms.sh"),
    task("cms", "cms", "jobs/init/cms.sh"),
];

const fn task(app: &'static str, service: &'static str, template: &'static str) -> InitTask {
    InitTask {
        app,
        service,
        template,
        is_first: false,
    }
}
