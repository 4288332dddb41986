//! The lab of engines and registries, as far as it can be tested without a second one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use tests::lab::{BASE, Lab};
use tests::paths;

#[test]
fn every_engine_of_the_lab_has_the_base_image_and_buildx() {
    let Some(lab) = Lab::get("every_engine_of_the_lab") else {
        return;
    };
    let engines = lab.engines();
    assert!(!engines.is_empty());
    for engine in &engines {
        assert_eq!(
            engine.run(&["run", "--rm", "--network=none", BASE, "echo", "hi"]),
            "hi"
        );
        assert!(engine.run(&["buildx", "version"]).contains("buildx"));
        let image = format!("{}/lab-check:1", lab.open_registry());
        engine.run(&["tag", BASE, &image]);
        engine.run(&["push", "--quiet", &image]);
        engine.run(&["image", "rm", &image]);
    }
    // What one pushed, the other sees.
    let image = format!("{}/lab-check:1", lab.open_registry());
    lab.newest().run(&["pull", "--quiet", &image]);
    lab.newest().run(&["image", "rm", &image]);
}

#[test]
fn only_root_can_start_a_lab_and_it_says_so() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let script = folder.path().join("lab");
    fs::copy(paths::crate_dir().join("lab/lab"), &script).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups", "bash"])
        .arg(&script)
        .arg("up")
        .arg(folder.path().join("lab-folder"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("only root"));
    assert!(!folder.path().join("lab-folder").exists());
}
