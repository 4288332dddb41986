//! The six, once they are known: nothing of Python is started for them.

use tests::today::{PLUGINS, Today};

use super::saves::Project;
use crate::house::House;
use crate::python::warm::executed;

fn house() -> House {
    let today = Today::get().unwrap();
    House::new(&format!(
        "{}-- env --\n-TUTOR_IGNORE_ENTRYPOINT_PLUGINS\nTUTOR_PYTHON={}\nTUTOR_TEMPLATES_ROOT={}\n",
        Project::of(&PLUGINS)
            .with("MOUNTS: [/x/frontend-app-learning]\n")
            .config(),
        today.python().display(),
        today.templates().display()
    ))
}

fn executes_nothing(house: &House, args: &[&str]) {
    if let Some(programs) = executed(house, args) {
        assert_eq!(programs.len(), 1, "`{}`: {programs:#?}", args.join(" "));
    }
}

#[test]
fn warm_commands_on_six_real_plugins_execute_no_program() {
    let house = house();
    house.save(&[]);
    for args in [
        &["config", "save"][..],
        &["config", "printvalue", "MFE_HOST"],
        &["config", "patches", "show", "caddyfile"],
        &["plugins", "list"],
        &["plugins", "enable", "mfe"],
        &["plugins", "disable", "nothing-of-this-name"],
        &["--help"],
    ] {
        executes_nothing(&house, args);
    }
    // Templates that no save renders are rendered for it, once.
    house.tutor(&["config", "patches", "list"]);
    executes_nothing(&house, &["config", "patches", "list"]);
    house.save(&["-s", "PLATFORM_NAME=Another"]);
    executes_nothing(&house, &["config", "patches", "list"]);
}

#[test]
fn a_changed_setting_that_no_function_reads_executes_no_program() {
    let house = house();
    house.save(&[]);
    for setting in [
        "PLATFORM_NAME=Another",
        "INDIGO_PRIMARY_COLOR=#123456",
        "DISCOVERY_HOST=d.example",
    ] {
        executes_nothing(&house, &["config", "save", "-s", setting]);
    }
    executes_nothing(&house, &["config", "save", "-U", "DISCOVERY_HOST"]);
}
