//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `overview`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Try background work again or drop it (处理后台任务).
        JobManage = "job.manage", "处理后台任务", "look after background work";
    }
}
