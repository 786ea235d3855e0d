//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `vault`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        VaultRecordUnknown = "vault.record_unknown",
            "没有找到这份个人信息。", "请核对办件编号。",
            "No such personal record was found.", "Check the case number.";
    }
}
