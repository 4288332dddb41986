//! The asynchronous runtime, which nobody outside gets to see.

use std::future::Future;
use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::Error;
use crate::event::Cancel;

/// The runtime of this process: two threads for the connections.
fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<io::Result<Runtime>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| {
            Builder::new_multi_thread()
                .worker_threads(2)
                .thread_name("docker")
                .enable_all()
                .build()
        })
        .as_ref()
        .map_err(|error| Error::failed("start threads for connections", error))
}

/// Waits for `work` on the caller's thread.
pub(crate) fn wait<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    runtime()?.block_on(work)
}

/// Waits for `work`, unless `cancel` is used first: then it is dropped, and with it its connections.
pub(crate) fn wait_unless<T>(
    cancel: &Cancel,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    if cancel.is_cancelled() {
        return Err(Error::Cancelled);
    }
    wait(async {
        tokio::select! {
            result = work => result,
            () = cancel.cancelled() => Err(Error::Cancelled),
        }
    })
}
