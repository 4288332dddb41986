//! What a plugin draws at random while it is loaded: one value in one root, another in another.

use std::fs;

use tests::packages::Package;

use super::snake::{CORE, Snake};

const MODULE: &str = "\
import random, secrets, string, uuid, os
PASSWORD = ''.join(random.choice(string.ascii_letters) for _ in range(16))
config = {
    'add': {'PASSWORD': PASSWORD},
    'defaults': {'TOKEN': secrets.token_hex(8), 'ID': str(uuid.uuid4()), 'RAW': os.urandom(8).hex()},
}
def patches():
    return {'spot': secrets.token_hex(8) + ' {{ P_TOKEN }} {{ P_ID }} {{ P_RAW }}'}
";

fn words(snake: &Snake) -> Vec<String> {
    let core = snake.core();
    let words: Vec<String> = core.split(' ').skip(2).map(str::to_owned).collect();
    assert_eq!(words.len(), 4, "{core}");
    words
}

#[test]
fn a_value_drawn_at_import_stays_the_same_in_one_root() {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    let (drawn, config) = (words(&snake), snake.read("root/config.yml"));
    let stays = |what: &str| {
        assert_eq!(words(&snake), drawn, "{what}");
        assert_eq!(snake.read("root/config.yml"), config, "{what}");
        assert_eq!(snake.value("P_TOKEN"), drawn[1], "{what}");
    };
    stays("right after the save");
    snake.saves_well();
    stays("saved again");
    snake.works(&["config", "save", "--no-cache"]);
    stays("without the cache");
    snake.works(&["config", "save", "--clean"]);
    stays("with a clean environment");
    snake.works(&["plugins", "disable", "p"]);
    snake.works(&["plugins", "enable", "p"]);
    assert_eq!(words(&snake), drawn, "disabled and enabled");
}

#[test]
fn a_value_drawn_at_import_stays_the_same_when_the_cache_is_thrown_away() {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    let drawn = words(&snake);
    let cache = snake.path("root/.tutor/cache");
    assert!(cache.is_dir(), "where is the cache?");
    fs::remove_dir_all(cache).unwrap();
    snake.saves_well();
    assert_eq!(words(&snake), drawn);
}

#[test]
fn a_value_drawn_at_import_survives_an_edit_of_something_else_in_the_module() {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    let drawn = words(&snake);
    snake.edit_module("p", &format!("{MODULE}# A comment.\n"));
    snake.saves_well();
    assert_eq!(snake.loads("p"), 2);
    assert_eq!(words(&snake), drawn);
}

#[test]
fn two_roots_get_two_values() {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    let (drawn, password) = (words(&snake), snake.value("P_PASSWORD"));
    let config = snake.read("root/config.yml");
    let without: Vec<&str> = config
        .lines()
        .filter(|line| !line.starts_with("P_PASSWORD"))
        .collect();
    snake.put("second/config.yml", &without.join("\n"));
    let second = snake.path("second");
    let mut command = snake.command(&["config", "save"]);
    command.env("TUTOR_ROOT", &second);
    assert_eq!(snake.finish(command).status, 0);
    let core = snake.read(&CORE.replace("root/", "second/"));
    for word in &drawn {
        assert!(!core.contains(word.as_str()), "{word} leaked:\n{core}");
    }
    let config = fs::read_to_string(second.join("config.yml")).unwrap();
    assert!(!config.contains(&password), "{password} leaked:\n{config}");
    // And the first one is what it was.
    snake.saves_well();
    assert_eq!(words(&snake), drawn);
    assert_eq!(snake.value("P_PASSWORD"), password);
}

#[test]
fn a_copied_project_keeps_what_it_has_saved() {
    let snake = Snake::of("p", MODULE);
    snake.saves_well();
    let password = snake.value("P_PASSWORD");
    snake.put("second/config.yml", &snake.read("root/config.yml"));
    let mut command = snake.command(&["config", "save"]);
    command.env("TUTOR_ROOT", snake.path("second"));
    assert_eq!(snake.finish(command).status, 0);
    let config = snake.read("second/config.yml");
    assert!(
        config.contains(&format!("P_PASSWORD: {password}")),
        "{config}"
    );
}

/// The clock is no secret, but makes saves unstable just as well.
#[test]
fn a_plugin_that_looks_at_the_clock_makes_no_save_unstable() {
    let snake = Snake::of(
        "p",
        "import time, datetime\npatches = {'spot': f'{time.time()} {datetime.datetime.now()}'}\n",
    );
    snake.saves_well();
    let core = snake.core();
    let before = snake.root();
    snake.saves_well();
    crate::house::assert_same(&before, &snake.root());
    assert_eq!(snake.core(), core);
}

#[test]
fn sets_have_the_same_order_each_time() {
    let module = "patches = {'spot': ' '.join({'a', 'b', 'c', 'd', 'e', 'f', 'g'})}\n";
    let snake = Snake::of("p", module);
    snake.saves_well();
    let core = snake.core();
    for _ in 0..3 {
        snake.works(&["config", "save", "--no-cache"]);
        assert_eq!(snake.core(), core);
    }
    // A package of its own changes nothing of it.
    snake.add(&Package::new("q", ""));
    snake.works(&["config", "save", "--no-cache"]);
    assert_eq!(snake.core(), core);
}
