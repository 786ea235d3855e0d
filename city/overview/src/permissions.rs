//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `overview`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Confirm as a second person that somebody sees more people's data on a day than the measure
        /// (确认超过限度的查看).
        PersonConfirm = "person.confirm", "确认超过限度的查看", "confirm looks beyond the measure";
        /// Try background work again or drop it (处理后台任务).
        JobManage = "job.manage", "处理后台任务", "look after background work";
    }
}
