//! Which interpreter it is, and where its packages are.

use super::*;

#[test]
fn the_users_choice_comes_before_the_active_environment_and_that_before_the_path() {
    let world = World::with_venv()
        .file("/opt/bin/python3", "ELF")
        .file("/opt/bin/python3.12", "ELF")
        .variable("PATH", "/usr/bin:/opt/bin");
    let path = |world: &World| {
        let choice = python_interpreter(&world.graph()).clone();
        assert!(choice.problems.is_empty(), "{choice:?}");
        choice.interpreter.unwrap().path.display().to_string()
    };
    assert_eq!(path(&world), "/venv/bin/python");
    let world = world.variable("VIRTUAL_ENV", "");
    assert_eq!(path(&world), "/opt/bin/python3");
    let world = world.variable("TUTOR_PYTHON", "python3.12");
    assert_eq!(path(&world), "/opt/bin/python3.12");
    let world = world.variable("TUTOR_PYTHON", "/venv/lib/../bin/python");
    assert_eq!(path(&world), "/venv/bin/python");
}

#[test]
fn without_any_python_there_is_no_interpreter_and_no_problem() {
    let world = World::new().variable("PATH", "/usr/bin:/bin");
    let found = world.found();
    assert_eq!(found, PythonPlugins::default());
}

#[test]
fn a_choice_that_is_not_there_is_an_alert_and_nothing_else_is_taken() {
    let world = World::with_venv().variable("PATH", "/venv/bin");
    let world = world.variable("TUTOR_PYTHON", "/opt/python");
    assert_eq!(world.found().interpreter, None);
    assert_eq!(
        world.problems(),
        [
            "TUTOR_PYTHON is /opt/python, and there is no such file (give the path of a Python interpreter, or unset \
             TUTOR_PYTHON to use the active virtual environment or `python3`)"
        ]
    );
    let world = world.variable("TUTOR_PYTHON", "python4");
    assert!(
        world.problems()[0]
            .starts_with("TUTOR_PYTHON is 'python4', and there is no such program on PATH")
    );
    let world = world.variable("TUTOR_PYTHON", "/venv");
    assert_eq!(
        world.problems(),
        ["TUTOR_PYTHON is /venv, which is a folder (did you mean /venv/bin/python?)"]
    );
}

#[test]
fn an_active_environment_that_is_gone_gives_way_to_the_path_with_a_warning() {
    let world = World::new()
        .python(
            "/usr",
            "python3.11",
            "3.11",
            &["/usr/lib/python3/dist-packages"],
        )
        .file("/usr/bin/python3", "ELF")
        .variable("VIRTUAL_ENV", "/gone")
        .variable("PATH", "/usr/bin");
    assert_eq!(
        world.problems(),
        [
            "the active virtual environment /gone is not there: the `python3` on PATH is used (make it anew with \
             `python3 -m venv --clear /gone`, or run `deactivate`)"
        ]
    );
    assert_eq!(world.sites(), ["/usr/lib/python3/dist-packages"]);
}

#[test]
fn a_virtual_environment_has_its_own_packages_only() {
    let world = World::with_venv().file("/home/user/.local/lib/python3.11/site-packages/x", "");
    assert_eq!(world.sites(), [SITE]);
}

#[test]
fn a_virtual_environment_may_have_packages_in_lib64_which_come_first() {
    let world = World::with_venv().file("/venv/lib64/python3.11/site-packages/x", "");
    assert_eq!(
        world.sites(),
        ["/venv/lib64/python3.11/site-packages", SITE]
    );
}

#[test]
fn a_virtual_environment_with_system_packages_has_the_users_and_then_the_systems() {
    let user = "/home/user/.local/lib/python3.11/site-packages";
    let local = "/usr/local/lib/python3.11/dist-packages";
    let debian = "/usr/lib/python3/dist-packages";
    let world = World::with_venv()
        .python("/usr", "python3.11", "3.11", &[local, debian, user])
        .file(
            "/venv/pyvenv.cfg",
            "home = /usr/bin\ninclude-system-site-packages = True\nversion_info = 3.11.7\n",
        );
    assert_eq!(world.sites(), [SITE, user, local, debian]);
    let world = world.variable("PYTHONNOUSERSITE", "1");
    assert_eq!(world.sites(), [SITE, local, debian]);
}

#[test]
fn a_virtual_environment_that_does_not_say_its_version_has_the_one_that_is_there() {
    let world = World::with_venv().file("/venv/pyvenv.cfg", "home = /usr/bin\n");
    assert_eq!(world.sites(), [SITE]);
    let world = world.file("/venv/lib/python3.12/site-packages/x", "");
    assert!(matches!(world.environment(), Environment::Broken(_)));
}

#[test]
fn a_virtual_environment_without_its_folder_of_packages_is_empty() {
    let world = World::with_venv();
    world.system.take(format!("{SITE}/pip.py"));
    world.system.remove_folder(SITE.as_ref()).unwrap();
    assert_eq!(world.sites(), [SITE]);
    assert_eq!(world.problems(), [""; 0]);
}

#[test]
fn a_virtual_environment_of_a_free_threaded_python_has_a_folder_of_its_own() {
    let world = World::new()
        .file("/venv/bin/python", "ELF")
        .file("/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.13.0\n")
        .file("/venv/lib/python3.13t/site-packages/x", "")
        .variable("VIRTUAL_ENV", "/venv");
    assert_eq!(world.sites(), ["/venv/lib/python3.13t/site-packages"]);
}

#[test]
fn a_virtual_environment_whose_python_was_upgraded_is_broken_and_says_how_to_mend_it() {
    let world = World::with_venv().file("/venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n");
    assert_eq!(
        world.problems(),
        [
            "the virtual environment /venv was made for Python 3.11, but its interpreter /venv/bin/python is now 3.12 \
             (make it anew with `python3 -m venv --clear /venv`, and install the plugins again)"
        ]
    );
}

#[test]
fn a_plain_installation_has_its_site_packages_and_the_users() {
    let site = "/opt/python/lib/python3.12/site-packages";
    let user = "/home/user/.local/lib/python3.12/site-packages";
    let world = World::new()
        .python("/opt/python", "python3", "3.12", &[site, user])
        .variable("PATH", "/opt/python/bin");
    assert_eq!(world.sites(), [user, site]);
    let world = world
        .variable("PYTHONUSERBASE", "/base")
        .file("/base/lib/python3.12/site-packages/x", "");
    assert_eq!(world.sites(), ["/base/lib/python3.12/site-packages", site]);
}

#[test]
fn debians_python_has_dist_packages() {
    let world = World::new()
        .python(
            "/usr",
            "python3.11",
            "3.11",
            &[
                "/usr/local/lib/python3.11/dist-packages",
                "/usr/lib/python3/dist-packages",
                "/usr/lib/python3.11/site-packages",
            ],
        )
        .variable("TUTOR_PYTHON", "/usr/bin/python3.11");
    assert_eq!(
        world.sites(),
        [
            "/usr/local/lib/python3.11/dist-packages",
            "/usr/lib/python3/dist-packages"
        ]
    );
}

#[test]
fn a_python_beside_debians_own_does_not_see_its_packages() {
    let world = World::new()
        .python(
            "/usr/local",
            "python3.11",
            "3.11",
            &["/usr/local/lib/python3.11/site-packages"],
        )
        .file("/usr/local/lib/python3.11/dist-packages/x", "")
        .file("/usr/lib/python3/dist-packages/x", "")
        .variable("TUTOR_PYTHON", "/usr/local/bin/python3.11");
    assert_eq!(world.sites(), ["/usr/local/lib/python3.11/site-packages"]);
}

#[test]
fn fedoras_python_has_packages_in_lib64_and_lib() {
    let world = World::new()
        .file("/usr/bin/python3.12", "ELF")
        .file("/usr/lib64/python3.12/os.py", "")
        .file("/usr/lib64/python3.12/site-packages/x", "")
        .file("/usr/lib/python3.12/site-packages/x", "")
        .variable("TUTOR_PYTHON", "/usr/bin/python3.12");
    assert_eq!(
        world.sites(),
        [
            "/usr/lib64/python3.12/site-packages",
            "/usr/lib/python3.12/site-packages"
        ]
    );
}

#[test]
fn what_the_files_do_not_tell_has_to_be_asked() {
    let why = |world: &World| match world.environment() {
        Environment::NeedsProbe { why } => why.to_string(),
        other => panic!("{other:?}"),
    };
    let shims = World::new()
        .file(
            "/home/user/.pyenv/shims/python3",
            "#!/usr/bin/env bash\nexec pyenv exec python3\n",
        )
        .variable("PATH", "/home/user/.pyenv/shims:/usr/bin");
    assert_eq!(why(&shims), "is a script that starts another Python");
    let several = World::new()
        .python("/opt", "python3", "3.11", &[])
        .python("/opt", "python3", "3.12", &[])
        .variable("PATH", "/opt/bin");
    assert_eq!(why(&several), "could be one of several versions");
    let bare = World::new()
        .file("/opt/bin/python3", "ELF")
        .variable("PATH", "/opt/bin");
    assert_eq!(why(&bare), "has no library beside it");
    let told = World::with_venv().variable("PYTHONHOME", "/opt");
    assert_eq!(why(&told), "is told by PYTHONHOME where its library is");
    let other = World::new()
        .file("/opt/bin/pypy3", "ELF")
        .variable("TUTOR_PYTHON", "/opt/bin/pypy3");
    assert_eq!(
        why(&other),
        "leads to /opt/bin/pypy3, which is another program"
    );
}

#[test]
fn versions_are_read_as_installers_write_them() {
    let shown = |text: &str| Version::parse(text).map(|version| version.to_string());
    assert_eq!(shown("3.11"), Some("3.11".into()));
    assert_eq!(shown("3.11.7.final.0"), Some("3.11".into()));
    assert_eq!(shown("3.13t"), Some("3.13t".into()));
    assert_eq!(shown("3"), None);
    assert_eq!(shown("3.x"), None);
}
