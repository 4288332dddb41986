//! Others at work in the same root: commands, a second watch, whoever ends us.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::running::{A, A_TEMPLATE, CONFIG, CORE, WORLD, Watch, is_as_saved_cleanly};
use crate::house::House;

#[test]
fn a_setting_that_another_command_saves_wins_and_the_watch_follows() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    for round in 0..10 {
        // A template changes at the same time.
        let saving = house.start_save(&["--set", &format!("LMS_HOST=r{round}.example")]);
        house.write(A_TEMPLATE, &format!("round {round}"));
        let output = saving.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(
            house
                .read(CONFIG)
                .contains(&format!("LMS_HOST: r{round}.example\n"))
        );
        let core = format!("core r{round}.example patched");
        let (core, a) = (core.as_str(), format!("round {round}"));
        assert_eq!(house.read(CORE).trim_end(), core);
        watch.until_text(A, &a);
    }
    assert!(watch.until_quiet() <= 20);
    assert!(house.read(CONFIG).contains("LMS_HOST: r9.example\n"));
    watch.ends_well();
}

#[test]
fn a_plugin_that_another_command_enables_is_followed() {
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    house.write(
        "plugins/q.yml",
        "name: q\nconfig: {defaults: {X: 1}}\npatches: {spot: 'q{{ Q_X }}'}\n",
    );
    assert_eq!(house.tutor(&["plugins", "enable", "q"]).status, 0);
    watch.until_text(CORE, "core local.openedx.io patched\nq1");
    assert_eq!(house.tutor(&["plugins", "disable", "q", "p"]).status, 0);
    watch.until_texts(&[(CORE, Some("core local.openedx.io")), (A, None)]);
    watch.until_quiet();
    watch.ends_well();
}

#[test]
fn two_watches_do_not_fight() {
    let house = House::new(WORLD);
    let mut one = Watch::start(&house);
    let mut two = Watch::start(&house);
    one.until_quiet();
    two.until_quiet();
    for round in 0..10 {
        let text = format!("round {round}");
        house.write(A_TEMPLATE, &text);
        one.until_text(A, &text);
        two.next_is("saved");
    }
    house.write(
        CONFIG,
        &format!("{}LMS_HOST: two.example\n", house.read(CONFIG)),
    );
    one.until_text(CORE, "core two.example patched");
    two.until_text(CORE, "core two.example patched");
    one.until_quiet();
    two.until_quiet();
    // A save by one of them, and a look by the other at what was written.
    for watch in [&one, &two] {
        assert!(watch.said.len() <= 2 + 11 * 3, "{} lines", watch.said.len());
    }
    two.stop();
    one.ends_well();
}

#[test]
fn being_told_to_end_in_the_middle_of_changes_leaves_nothing_half_done() {
    for signal in ["TERM", "HUP", "INT"] {
        let house = House::new(WORLD);
        let mut watch = Watch::start(&house);
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // So many that it ends in any case, should the test fail.
                for round in 0..5000 {
                    house.write(A_TEMPLATE, &format!("round {round}"));
                    house.write(
                        &format!("host/tpl/p/apps/b{}.txt", round % 50),
                        &format!("{round}"),
                    );
                    thread::sleep(Duration::from_millis(1));
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
            for _ in 0..5 {
                watch.next_is("saved");
            }
            watch.signal(signal);
            let status = watch.ended();
            over.store(true, Ordering::Relaxed);
            assert_eq!(status, Some(0), "SIG{signal}");
        });
        house.save(&[]);
        is_as_saved_cleanly(&house);
    }
}
