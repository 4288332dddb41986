//! Plugins are found by the metadata of the packages that declare them, and listed with where they come from.

use tests::packages::Package;

use super::snake::{GOOD, Snake, rows};

const FAILS: &str = "raise RuntimeError('nobody asked for this module')\n";

#[test]
fn a_package_is_listed_with_its_version_status_and_origin() {
    let snake = Snake::new(&["used"]);
    let used = Package::new("used", GOOD).version("1.2.3");
    snake.add(&used);
    snake.add(&Package::new("idle", FAILS));
    let listed = rows(&snake.works(&["plugins", "list"]).stdout);
    assert_eq!(listed[0], ["NAME", "STATUS", "VERSION", "ORIGIN"]);
    let [idle, row] = &listed[1..] else {
        panic!("{listed:?}");
    };
    assert_eq!(idle[..3], ["idle", "installed", "1.0"]);
    assert_eq!(row[..3], ["used", "✅ enabled", "1.2.3"]);
    let folder = snake.shown(&snake.in_site(&used.metadata()));
    for told in ["tutor-used", &folder] {
        assert!(row[3].contains(told), "{told}: {row:?}");
    }
    // Whether an enabled one loads has to be known; nobody asks for the others.
    assert_eq!([snake.loads("used"), snake.loads("idle")], [1, 0]);
}

#[test]
fn nothing_is_imported_to_list_what_is_not_enabled() {
    let snake = Snake::new(&[]);
    snake.add(&Package::new("idle", FAILS));
    let listed = rows(&snake.without_python(&["plugins", "list"]).stdout);
    assert_eq!(listed[1][..3], ["idle", "installed", "1.0"]);
}

#[test]
fn without_packages_the_list_has_no_column_more_than_ever() {
    let snake = Snake::with(&["y"], "-- plugins/y.yml --\nname: y\nversion: 2.0.0\n");
    let listed = rows(&snake.without_python(&["plugins", "list"]).stdout);
    assert_eq!(listed[0], ["NAME", "STATUS", "VERSION"]);
    assert_eq!(listed[1], ["y", "✅ enabled", "2.0.0"]);
}

#[test]
fn packages_and_files_are_listed_together_by_name() {
    let snake = Snake::with(
        &["y"],
        "-- plugins/m.yml --\nname: m\nversion: 0.1.0\n-- plugins/y.yml --\nname: y\nversion: 2.0.0\n",
    );
    for name in ["z", "a", "n"] {
        snake.add(&Package::new(name, GOOD));
    }
    let listed = rows(&snake.without_python(&["plugins", "list"]).stdout);
    let names: Vec<&str> = listed.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(names, ["NAME", "a", "m", "n", "y", "z"]);
}

#[test]
fn plugins_of_both_groups_are_found() {
    let snake = Snake::new(&[]);
    snake.add(&Package::new("old", GOOD));
    snake.add(&Package::new("new", "").entry_points("[tutor.plugin.v1]\nnew = new.plugin\n"));
    assert!(snake.row("old").is_some());
    assert!(snake.row("new").is_some());
}

#[test]
fn one_package_can_have_several_plugins() {
    let snake = Snake::new(&["one", "two"]);
    snake.add(
        &Package::new("one", "patches = {'spot': 'one'}\n")
            .file("one/second.py", "patches = {'spot': 'two'}\n")
            .entry_points("[tutor.plugin.v0]\none = one.plugin\ntwo = one.second\n"),
    );
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io one\ntwo");
}

#[test]
fn an_entry_point_can_name_an_object_in_a_module() {
    let snake = Snake::new(&["obj"]);
    let module = "class Plugin:\n    patches = {'spot': 'from a class'}\nclass Outer:\n    inner = Plugin()\n";
    snake.add(
        &Package::new("obj", module)
            .entry_points("[tutor.plugin.v0]\nobj = obj.plugin:Outer.inner\n"),
    );
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io from a class");
}

#[test]
fn a_package_on_pythonpath_is_found() {
    let snake = Snake::with(
        &["far"],
        "-- env --\nPYTHONPATH=@world@/nowhere:@world@/lib\n",
    );
    let far = Package::new("far", "patches = {'spot': 'far'}\n");
    snake.prepared(&far).install(&snake.path("lib")).unwrap();
    let row = snake.row("far").unwrap();
    assert!(row[3].contains(&snake.shown("lib")), "{row:?}");
    snake.saves_well();
    assert_eq!(snake.core(), "core local.openedx.io far");
}

#[test]
fn a_package_in_the_user_site_is_found_by_a_python_that_looks_there() {
    let snake = Snake::with(&["mine"], "-- env --\nPYTHONUSERBASE=@world@/home/base\n");
    let config = snake.read("venv/pyvenv.cfg");
    let mine = Package::new("mine", "patches = {'spot': 'mine'}\n");
    let folder = snake.site().replace("venv/", "home/base/");
    snake.prepared(&mine).install(&snake.path(&folder)).unwrap();
    // A virtual environment does not look there, unless it takes what is outside of it as well.
    assert_eq!(snake.row("mine"), None);
    snake.put("venv/pyvenv.cfg", &config.replace("false", "true"));
    let row = snake.row("mine").unwrap();
    assert!(row[3].contains(&snake.shown(&folder)), "{row:?}");
    snake.save(&[]);
    assert_eq!(snake.core(), "core local.openedx.io mine");
}

#[test]
fn plugins_of_packages_can_be_ignored() {
    let snake = Snake::with(&["p"], "-- env --\nTUTOR_IGNORE_ENTRYPOINT_PLUGINS=1\n");
    snake.add(&Package::new("p", GOOD));
    assert_eq!(snake.row("p"), None);
    let answer = snake.save(&[]);
    assert!(answer.stderr.contains("plugin 'p'"), "{}", answer.stderr);
    assert_eq!(snake.starts(), 0);
}

#[test]
fn a_package_that_comes_or_goes_is_noticed_at_once() {
    let snake = Snake::new(&[]);
    let p = Package::new("p", GOOD);
    assert_eq!(snake.row("p"), None);
    snake.add(&p);
    assert_eq!(snake.row("p").unwrap()[1], "installed");
    snake.works(&["plugins", "enable", "p"]);
    assert_eq!(snake.core(), "core local.openedx.io good");
    assert_eq!(snake.row("p").unwrap()[1], "✅ enabled");
    snake.works(&["plugins", "disable", "p"]);
    assert_eq!(snake.core(), "core local.openedx.io");
    snake.remove(&p);
    assert_eq!(snake.row("p"), None);
}

#[test]
fn two_hundred_packages_are_no_burden() {
    let snake = Snake::new(&[]);
    for index in 0..200 {
        snake.add(&Package::library(&format!("lib{index}"), ""));
    }
    snake.add(&Package::new("p", GOOD));
    snake.without_python(&["plugins", "list"]);
    assert!(snake.row("p").is_some());
}
