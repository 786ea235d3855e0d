//! This file notices when somebody presses Ctrl+C during work that can be stopped and taken up again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::AppError;

/// Returns a value that becomes true when somebody presses Ctrl+C.
pub(super) fn pressed() -> Result<Arc<AtomicBool>, AppError> {
    let pressed = Arc::new(AtomicBool::new(false));
    let seen = pressed.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(AppError::outside("listening for Ctrl+C"))?;
    let listen = move || {
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                seen.store(true, Ordering::Relaxed);
            }
        });
    };
    std::thread::Builder::new()
        .name("interrupt".into())
        .spawn(listen)
        .map_err(AppError::outside("listening for Ctrl+C"))?;
    Ok(pressed)
}
