//! How a test, which is plain code, waits for pages and actions.

use std::future::Future;
use std::sync::LazyLock;

static THREADS: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.unwrap_or_else(|fault| panic!("no threads: {fault}"))
});

/// Waits for a page or an action from a test, which is plain code.
pub fn wait<F: Future>(future: F) -> F::Output {
    THREADS.block_on(future)
}
