//! What Linux knows of a running process: `/proc/PID`.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

/// How often to look whether a process still does something.
const LOOK: Duration = Duration::from_millis(10);
/// So many looks without any processor time: it waits.
const LOOKS: usize = 15;

/// Most memory that it had at a time until it did nothing any more but wait, in MiB.
pub(crate) fn peak_memory_at_rest(process: u32) -> Option<f64> {
    let mut ticks = processor_ticks(process)?;
    let mut calm = 0;
    while calm < LOOKS {
        sleep(LOOK);
        let now = processor_ticks(process)?;
        calm = if now == ticks { calm + 1 } else { 0 };
        ticks = now;
    }
    memory(process, "VmHWM:")
}

/// Memory that it has now, in MiB.
pub(crate) fn resident_memory(process: u32) -> Option<f64> {
    memory(process, "VmRSS:")
}

/// Memory that the processes have now which a process has started, and those that these have started, in MiB, and how
/// many they are. What they share counts for each of them.
pub(crate) fn memory_of_descendants(process: u32) -> (f64, usize) {
    let mut family = vec![process];
    let mut memory = 0.0;
    let processes = processes();
    let mut at = 0;
    while let Some(&parent) = family.get(at) {
        let children = processes.iter().filter(|(_, of)| *of == parent);
        family.extend(children.map(|(child, _)| *child));
        at += 1;
    }
    for &child in &family[1..] {
        memory += resident_memory(child).unwrap_or_default();
    }
    (memory, family.len() - 1)
}

/// All processes, each with what started it.
fn processes() -> Vec<(u32, u32)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parent = |process: u32| {
        let mut fields = stat(process)?;
        fields.nth(1)?.parse().ok()
    };
    numbers
        .filter_map(|process| Some((process, parent(process)?)))
        .collect()
}

fn memory(process: u32, field: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Processor time that all its threads have had, in ticks of the kernel's clock (mostly 10 ms).
pub(crate) fn processor_ticks(process: u32) -> Option<u64> {
    let mut times = stat(process)?.skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

/// What the kernel says of a process in one line, from its state on.
fn stat(process: u32) -> Option<impl Iterator<Item = String>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<String> = rest.split_whitespace().map(String::from).collect();
    Some(fields.into_iter())
}
