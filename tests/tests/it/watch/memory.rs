//! A watch runs for days: it does not grow.

use std::fs;
use std::time::Duration;

use super::running::{A, A_TEMPLATE, CORE, WORLD, Watch};
use crate::house::House;

/// Set this to make so many rounds instead: `10000` takes some minutes.
const VARIABLE: &str = "TUTOR_WATCH_ROUNDS";
/// How many are made without being asked.
const USUALLY: usize = 300;
/// Rounds after which memory counts.
const WARM: usize = 50;
/// How much more memory a watch may use in the end, in KiB, however many rounds there were: a new graph is begun when
/// the old one has seen a thousand files come and go, and the first time the allocator keeps room for both.
const MORE: u64 = 14 * 1024;

#[test]
fn memory_stays_flat_while_files_change_come_and_go() {
    let rounds = std::env::var(VARIABLE).map_or(USUALLY, |text| text.parse().unwrap());
    let house = House::new(WORLD);
    let mut watch = Watch::start(&house);
    let mut warm = 0;
    for round in 0..rounds {
        house.write(A_TEMPLATE, &format!("round {round} {{{{ P_GREETING }}}}"));
        watch.until_text(A, &format!("round {round} hello"));
        let name = format!("passing{round}.txt");
        house.write(&format!("host/tpl/p/apps/{name}"), "x");
        watch.until_text(&format!("root/env/plugins/p/apps/{name}"), "x");
        let plugin = format!("plugins/passing{round}.yml");
        house.write(&plugin, &format!("name: passing{round}\n"));
        fs::remove_file(house.path(&format!("host/tpl/p/apps/{name}"))).unwrap();
        watch.until_gone(&format!("root/env/plugins/p/apps/{name}"));
        fs::remove_file(house.path(&plugin)).unwrap();
        watch.said.clear();
        if round == WARM {
            rests(&mut watch);
            warm = memory(watch.id());
        }
    }
    rests(&mut watch);
    let now = memory(watch.id());
    assert!(
        now <= warm + MORE,
        "{warm} KiB after {WARM} rounds, {now} KiB after {rounds}"
    );
    house.write(A_TEMPLATE, "end");
    watch.until_text(A, "end");
    assert!(house.path(CORE).exists());
    watch.ends_well();
}

/// Waits until it is so quiet that the watch remembers things, and cleans up.
fn rests(watch: &mut Watch<'_>) {
    watch.until_quiet();
    watch.is_quiet_for(Duration::from_millis(1200));
}

/// What a process has in memory, in KiB.
fn memory(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .trim()
        .parse()
        .unwrap()
}
