//! Whatever is edited under a watch: in the end there is what a clean save gives.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::commands::{Engine, SaveRequest};
use engine::watch::{Watch, WatchRequest};
use tests::random::Rng;

use crate::edits::{self, Memory};
use crate::incremental::Clean;
use crate::world::{TestSystem, World};

/// Set this to run more.
const VARIABLE: &str = "TUTOR_RANDOM_WATCHES";
const USUALLY: u64 = 12;
const STEPS: usize = 12;
/// What does not come in this time does not come.
const PATIENCE: Duration = Duration::from_secs(20);

fn sequence(seed: u64) {
    let mut rng = Rng::new(seed);
    let world = World::new();
    let system = Arc::new(TestSystem::default());
    let watch = Watch::default();
    let stopper = watch.stopper();
    let mut engine = Engine::new(system.clone(), world.options("root", false));
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let watching = scope.spawn(move || {
            let request = WatchRequest {
                poll: seed % 6 == 5,
                ..WatchRequest::default()
            };
            let mut report = |report| tell.send(format!("{report:?}")).unwrap();
            watch.run(&mut engine, &request, &mut |_| (), &mut report)
        });
        while !told.recv_timeout(PATIENCE).unwrap().starts_with("Watching") {}
        let mut memory = Memory::default();
        let mut history = Vec::new();
        for _ in 0..STEPS {
            for _ in 0..=rng.below(3) {
                history.push(edits::edit_under_watch(&mut rng, &world, &mut memory));
            }
            let wrong = wait(&world, &system, &memory);
            if let Some(wrong) = wrong {
                stopper.stop();
                let told: Vec<_> = told.iter().collect();
                panic!(
                    "seed {seed}: {wrong}\n{}\n{}",
                    history.join("\n"),
                    told.join("\n")
                );
            }
        }
        stopper.stop();
        watching.join().unwrap().unwrap();
    });
}

/// Waits until all is as a clean save would have it. Answers what is not, if that never comes.
fn wait(world: &World, system: &Arc<TestSystem>, memory: &Memory) -> Option<String> {
    let started = Instant::now();
    loop {
        let config = world.read("root/config.yml");
        let clean = Clean::save(world, system, config.as_deref(), &SaveRequest::default());
        let wrong = clean.differs(world, memory);
        if wrong.is_none() || started.elapsed() > PATIENCE {
            return wrong;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn random_edits_under_a_watch_give_what_a_clean_save_gives() {
    let count = std::env::var(VARIABLE).map_or(USUALLY, |text| text.parse().unwrap());
    for seed in 0..count {
        sequence(seed);
    }
}
