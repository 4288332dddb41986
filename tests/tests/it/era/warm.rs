//! The ten, once they are known: nothing of Python is started for them.

use tests::era::{Era, PLUGINS};

use crate::house::House;
use crate::python::warm::executed;

#[test]
fn warm_commands_on_ten_real_plugins_execute_no_program() {
    let era = Era::get().unwrap();
    let names: Vec<&str> = PLUGINS.iter().map(|(name, _)| *name).collect();
    let house = House::new(&format!(
        "-- config.yml --\nTUTOR_VERSION: 13.3.1\n@secrets@\nPLUGINS: [{}]\n-- env --\n\
         -TUTOR_IGNORE_ENTRYPOINT_PLUGINS\nTUTOR_PYTHON={}\nTUTOR_TEMPLATES_ROOT={}\n",
        names.join(", "),
        era.python().display(),
        era.templates().display()
    ));
    house.save(&[]);
    for args in [
        &["config", "save"][..],
        &["config", "save", "-s", "PLATFORM_NAME=Another"],
        &["config", "printvalue", "XQUEUE_HOST"],
        &["config", "patches", "list"],
        &["plugins", "list"],
        &["--help"],
    ] {
        let Some(programs) = executed(&house, args) else {
            return;
        };
        assert_eq!(programs.len(), 1, "`{}`: {programs:#?}", args.join(" "));
    }
}
