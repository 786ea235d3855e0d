//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `identity`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// See accounts and posts (查看账号).
        AccountRead = "account.read", "查看账号", "see accounts";
        /// Open and close accounts, give and end posts (管理账号).
        AccountManage = "account.manage", "管理账号", "manage accounts";
    }
}
