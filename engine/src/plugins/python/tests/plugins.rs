//! Which plugins are found.

use std::path::Path;

use super::*;
use crate::cache::{CacheFolder, Context, Store};
use crate::plugins::python::twice;

#[test]
fn a_plugin_is_found_with_all_that_its_metadata_say() {
    let world = World::with_venv().distribution(
        SITE,
        "tutor_minio",
        "13.0.1",
        "[console_scripts]\nx = y\n\n[tutor.plugin.v0]\nminio = tutorminio.plugin : thing [extra]\n",
    );
    let found = world.found();
    assert_eq!(found.problems, []);
    let [plugin] = &found.plugins[..] else {
        panic!("{found:?}")
    };
    let folder = format!("{SITE}/tutor_minio-13.0.1.dist-info");
    let expected = PythonPlugin {
        name: "minio".into(),
        group: Group::V0,
        module: "tutorminio.plugin".into(),
        file: None,
        attribute: Some("thing".into()),
        distribution: "tutor_minio".into(),
        version: Some("13.0.1".into()),
        metadata: folder.clone().into(),
        editable: false,
        line: 5,
    };
    assert_eq!(*plugin, expected);
    assert_eq!(
        plugin.place().to_string(),
        format!("{folder}/entry_points.txt:5")
    );
}

#[test]
fn plugins_are_sorted_by_name() {
    let world = World::with_venv()
        .plugin(SITE, "xqueue", "1.0")
        .plugin("/extra", "android", "2.0")
        .plugin(SITE, "mfe", "3.0")
        .variable("PYTHONPATH", "/nowhere:/extra");
    assert_eq!(world.names(), ["android 2.0", "mfe 3.0", "xqueue 1.0"]);
}

#[test]
fn nothing_is_looked_for_if_the_user_says_so() {
    let world = World::with_venv()
        .plugin(SITE, "mfe", "3.0")
        .variable("TUTOR_IGNORE_ENTRYPOINT_PLUGINS", "");
    assert_eq!(world.found(), PythonPlugins::default());
    assert_eq!(world.system.reads(), 0);
}

#[test]
fn of_two_distributions_with_one_name_the_first_on_the_path_counts() {
    let world = World::with_venv()
        .distribution(
            "/first",
            "Tutor.MFE",
            "2.0",
            "[tutor.plugin.v1]\nmfe = first\n",
        )
        .distribution(
            SITE,
            "tutor_mfe",
            "3.0",
            "[tutor.plugin.v1]\nmfe = second\n",
        )
        .variable("PYTHONPATH", "/first");
    assert_eq!(world.names(), ["mfe 2.0"]);
    assert_eq!(world.found().problems, []);
}

#[test]
fn a_distribution_without_metadata_gives_way_to_one_of_its_name_that_has_some() {
    let world = World::with_venv()
        .file(
            "/first/tutor_mfe-2.0.dist-info/entry_points.txt",
            "[tutor.plugin.v1]\nmfe = first\n",
        )
        .distribution(
            SITE,
            "tutor_mfe",
            "3.0",
            "[tutor.plugin.v1]\nmfe = second\n",
        )
        .variable("PYTHONPATH", "/first");
    assert_eq!(world.names(), ["mfe 3.0"]);
}

#[test]
fn two_versions_of_one_distribution_in_one_folder_are_an_alert() {
    let world = World::with_venv()
        .plugin(SITE, "mfe", "2.0")
        .plugin(SITE, "mfe", "3.0")
        .file(&format!("{SITE}/more.pth"), "/elsewhere\n")
        .plugin("/elsewhere", "mfe", "4.0");
    assert_eq!(world.names(), ["mfe 2.0"]);
    assert_eq!(
        world.problems(),
        [format!(
            "{SITE}/tutor_mfe-2.0.dist-info: there is also {SITE}/tutor_mfe-3.0.dist-info, of the same distribution: \
             which one Python takes for plugin 'mfe' is left to chance, here it is the first in the alphabet (remove \
             the folder whose version is not the one that is installed, or install the package again)"
        )]
    );
    // One that is only half there is no rival.
    world
        .system
        .take(format!("{SITE}/tutor_mfe-2.0.dist-info/METADATA"));
    assert_eq!(world.names(), ["mfe 3.0"]);
    assert_eq!(world.problems(), [""; 0]);
}

#[test]
fn a_plugin_whose_distribution_says_no_version_is_found_with_an_alert() {
    let folder = format!("{SITE}/tutor_mfe-2.0.dist-info");
    let world = World::with_venv().file(
        &format!("{folder}/entry_points.txt"),
        "[tutor.plugin.v1]\nmfe = first\n",
    );
    assert_eq!(world.names(), ["mfe ?"]);
    assert_eq!(&*world.found().plugins[0].distribution, "tutor_mfe");
    assert_eq!(
        world.problems(),
        [format!(
            "{folder}: the distribution of plugin 'mfe' does not say its version: a file METADATA (or PKG-INFO) with \
             a line `Version: …` is expected (install the package again)"
        )]
    );
}

#[test]
fn all_plugins_of_one_name_are_found_in_the_order_in_which_tutor_loads_them() {
    let world = World::with_venv()
        .distribution(SITE, "zeta", "1.0", "[tutor.plugin.v1]\ndup = z\n")
        .distribution(SITE, "alpha", "2.0", "[tutor.plugin.v1]\ndup = a\n")
        .distribution(SITE, "old", "3.0", "[tutor.plugin.v0]\ndup = o\n");
    assert_eq!(world.names(), ["dup 3.0", "dup 2.0", "dup 1.0"]);
    let plugins = world.found().plugins;
    let alert = twice(&plugins[1], &plugins[2]);
    assert_eq!(
        (alert.to_string(), alert.hint.unwrap()),
        (
            format!(
                "{SITE}/zeta-1.0.dist-info/entry_points.txt:2: two plugins are called 'dup': that of alpha 2.0, \
                 {SITE}/alpha-2.0.dist-info (tutor.plugin.v1) is used, that of zeta 1.0, {SITE}/zeta-1.0.dist-info \
                 (tutor.plugin.v1) is not"
            ),
            String::from("uninstall one of them: `pip uninstall alpha` or `pip uninstall zeta`")
        )
    );
}

#[test]
fn what_pip_left_behind_is_named() {
    let world = World::with_venv()
        .distribution(SITE, "tutor_mfe", "3.0", "[tutor.plugin.v1]\nmfe = m\n")
        .distribution(SITE, "~utor_mfe", "2.0", "[tutor.plugin.v1]\nmfe = m\n");
    let plugins = world.found().plugins;
    assert_eq!(
        twice(&plugins[0], &plugins[1]).hint,
        Some(format!(
            "remove {SITE}/~utor_mfe-2.0.dist-info, which pip left behind"
        ))
    );
}

#[test]
fn what_is_malformed_is_named_with_its_line_and_hides_nothing_else() {
    let entry_points = "stray\n[tutor.plugin.v1]\n# fine\nnone\nempty =\n= module\nbad = a-b\nattr = a:\ngood = a.b\n\
                        [ tutor.plugin.v0 ]\nx = y\n[tutor.plugin.v0]\n";
    let world = World::with_venv()
        .distribution(SITE, "broken", "1.0", entry_points)
        .plugin(SITE, "fine", "1.0");
    assert_eq!(world.names(), ["fine 1.0", "good 1.0"]);
    let file = format!("{SITE}/broken-1.0.dist-info/entry_points.txt");
    let starts = [
        format!("{file}:1: is in no section"),
        format!(
            "{file}:4: an entry point in group 'tutor.plugin.v1' is `name = package.module`, but this line has no `=`"
        ),
        format!("{file}:5: plugin 'empty' names no module"),
        format!("{file}:6: the plugin of module 'module' has no name"),
        format!("{file}:7: plugin 'bad' names 'a-b', which is no module"),
        format!("{file}:8: plugin 'attr' names 'a:', which is no module"),
        format!("{file}:10: '[ tutor.plugin.v0 ]' is not the group 'tutor.plugin.v0': the blanks"),
        format!("{file}:12: no plugin follows in group 'tutor.plugin.v0'"),
    ];
    let problems = world.problems();
    assert_eq!(problems.len(), starts.len(), "{problems:#?}");
    for (problem, start) in problems.iter().zip(&starts) {
        assert!(problem.starts_with(start), "{problem}\n{start}");
        assert!(!problem.ends_with("(no hint)"), "{problem}");
    }
}

#[test]
fn what_is_malformed_in_files_without_plugins_is_nobodys_business() {
    let world = World::with_venv()
        .distribution(
            SITE,
            "other",
            "1.0",
            "nonsense\n[console_scripts]\nnonsense\n",
        )
        .distribution(SITE, "empty", "1.0", "\n");
    assert_eq!(world.found().problems, []);
}

#[test]
fn entry_points_that_are_not_text_are_an_alert_with_the_line() {
    let file = format!("{SITE}/latin-1.0.dist-info/entry_points.txt");
    let world = World::with_venv()
        .bytes(&file, b"[tutor.plugin.v1]\nx = y\ncaf\xe9 = z\n")
        .plugin(SITE, "fine", "1.0");
    assert_eq!(world.names(), ["fine 1.0"]);
    assert_eq!(
        world.problems(),
        [format!(
            "{file}:3: cannot be read: it is not UTF-8; if the package has plugins, they are left out (install the \
             package again, or uninstall it)"
        )]
    );
}

#[test]
fn modern_editable_installs_are_known_by_their_origin() {
    let origin = r#"{"dir_info": {"editable": true}, "url": "file:///sources/mfe"}"#;
    let world = World::with_venv()
        .plugin(SITE, "mfe", "3.0")
        .file(
            &format!("{SITE}/tutor_mfe-3.0.dist-info/direct_url.json"),
            origin,
        )
        .file(
            &format!("{SITE}/__editable__.tutor_mfe-3.0.pth"),
            "import __editable___finder; x.install()\n",
        )
        .distribution(SITE, "local", "1.0", "[tutor.plugin.v1]\nlocal = local\n")
        .file(
            &format!("{SITE}/local-1.0.dist-info/direct_url.json"),
            r#"{"url": "file:///a", "dir_info": {}}"#,
        );
    let found = world.found();
    let editable: Vec<_> = found
        .plugins
        .iter()
        .map(|plugin| (&*plugin.name, plugin.editable))
        .collect();
    assert_eq!(editable, [("local", false), ("mfe", true)]);
}

#[test]
fn legacy_editable_installs_are_found_beside_their_sources() {
    let world = World::with_venv()
        .file(&format!("{SITE}/easy-install.pth"), "/sources/mfe\n")
        .file(&format!("{SITE}/tutor-mfe.egg-link"), "/sources/mfe\n.")
        .file(
            "/sources/mfe/tutor_mfe.egg-info/PKG-INFO",
            "Name: tutor-mfe\nVersion: 3.0\n",
        )
        .file(
            "/sources/mfe/tutor_mfe.egg-info/entry_points.txt",
            "[tutor.plugin.v0]\nmfe = tutormfe\n",
        );
    let found = world.found();
    assert_eq!(names(&found), ["mfe 3.0"]);
    assert!(found.plugins[0].editable);
    assert_eq!(&*found.plugins[0].distribution, "tutor-mfe");
}

#[test]
fn egg_info_folders_and_egg_folders_count_and_egg_info_files_do_not() {
    let world = World::with_venv()
        .file(
            &format!("{SITE}/a-1.0-py3.11.egg-info/PKG-INFO"),
            "Name: a\nVersion: 1.0\n",
        )
        .file(
            &format!("{SITE}/a-1.0-py3.11.egg-info/entry_points.txt"),
            "[tutor.plugin.v0]\na = a\n",
        )
        .file(
            &format!("{SITE}/b-1.0-py3.11.egg-info"),
            "Name: b\nVersion: 1.0\n",
        )
        .file(&format!("{SITE}/easy-install.pth"), "./c-2.0-py3.11.egg\n")
        .file(
            &format!("{SITE}/c-2.0-py3.11.egg/EGG-INFO/PKG-INFO"),
            "Name: c\nVersion: 2.0\n",
        )
        .file(
            &format!("{SITE}/c-2.0-py3.11.egg/EGG-INFO/entry_points.txt"),
            "[tutor.plugin.v0]\nc = c\n",
        );
    let found = world.found();
    assert_eq!(names(&found), ["a 1.0", "c 2.0"]);
    assert!(found.plugins.iter().all(|plugin| !plugin.editable));
}

#[test]
fn path_files_lead_to_more_folders_which_have_none_of_their_own() {
    let lines =
        "\u{feff}# a comment\r\n\r\n../../../shared  \r\nimport os; os.exit()\r\n/absolute\r\n";
    let world = World::with_venv()
        .file(&format!("{SITE}/b.pth"), lines)
        .file(&format!("{SITE}/.hidden.pth"), "/hidden\n")
        .plugin("/venv/shared", "one", "1.0")
        .plugin("/absolute", "two", "2.0")
        .plugin("/hidden", "three", "3.0")
        .file("/absolute/more.pth", "/more\n")
        .plugin("/more", "four", "4.0");
    assert_eq!(world.names(), ["one 1.0", "two 2.0"]);
}

#[test]
fn a_path_file_that_is_no_text_is_an_alert() {
    let world = World::with_venv()
        .bytes(&format!("{SITE}/b.pth"), b"/caf\xe9\n")
        .plugin(SITE, "fine", "1.0");
    assert_eq!(world.names(), ["fine 1.0"]);
    assert!(world.problems()[0].starts_with(&format!("{SITE}/b.pth: cannot be read as UTF-8")));
}

#[test]
fn what_was_not_there_is_found_once_it_is() {
    let world = World::with_venv();
    let mut db = world.graph();
    assert_eq!(names(python_plugins(&db)), [""; 0]);
    let world = world.plugin(SITE, "mfe", "3.0");
    assert!(db.apply(&Changes::Rescan));
    assert_eq!(names(python_plugins(&db)), ["mfe 3.0"]);
    let folder = format!("{SITE}/tutor_mfe-3.0.dist-info");
    let world = world.file(
        &format!("{folder}/METADATA"),
        "Name: tutor-mfe\nVersion: 3.1\n",
    );
    db.apply(&Changes::Paths(vec![format!("{folder}/METADATA").into()]));
    assert_eq!(names(python_plugins(&db)), ["mfe 3.1"]);
    world.system.take(format!("{folder}/entry_points.txt"));
    db.apply(&Changes::Rescan);
    assert_eq!(names(python_plugins(&db)), [""; 0]);
}

#[test]
fn what_an_earlier_process_has_read_in_vain_is_not_read_again() {
    let mut world = World::with_venv().plugin(SITE, "mfe", "3.0");
    for number in 0..20 {
        let entry_points = format!("[console_scripts]\nx{number} = y\n");
        world = world.distribution(SITE, &format!("other{number}"), "1.0", &entry_points);
    }
    let folder = CacheFolder::new(Path::new("/state"));
    let context = Context::new([&b"here"[..]]);
    let in_process = |known: Known| {
        let store = Arc::new(Store::open(&*world.system, &folder, context));
        let db = Database::new(
            world.system.clone(),
            vec![],
            known,
            Some(store.clone()),
            None,
        );
        let before = world.system.reads();
        let found = names(python_plugins(&db));
        let reads = world.system.reads() - before;
        store.save(&*world.system, &folder, false);
        (found, reads)
    };
    let files = world.system.files();
    let known = || {
        let known = files.iter().map(|(path, bytes)| {
            let stamp = world.system.stamp(path).unwrap().unwrap();
            (path.clone().into_os_string(), (stamp, blake3::hash(bytes)))
        });
        known.collect::<Known>()
    };
    let (found, reads) = in_process(Known::default());
    assert_eq!(found, ["mfe 3.0"]);
    assert!(reads > 20, "{reads}");
    let (found, reads) = in_process(known());
    assert_eq!(found, ["mfe 3.0"]);
    // Entry points and metadata of the plugin, pyvenv.cfg, and what is absent.
    assert!(reads <= 5, "{reads}");
}
