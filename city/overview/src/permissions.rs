//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `overview`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Confirm as a second person that somebody sees more people's data on a day than the measure
        /// (同意超过每天上限的查看).
        PersonConfirm = "person.confirm", "同意超过每天上限的查看", "allow views beyond the daily limit";
        /// Try background work again or drop it (处理后台任务).
        JobManage = "job.manage", "处理后台任务", "manage background work";
    }
}
