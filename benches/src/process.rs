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

fn memory(process: u32, field: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Processor time that all its threads have had, in ticks of the kernel's clock (mostly 10 ms).
pub(crate) fn processor_ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut times = rest.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}
