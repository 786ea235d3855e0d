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
        VaultPurposeWord = "vault.purpose_word",
            "选了“其他”，还没有写明为什么要查看。", "请用一句话写明，对方看得到。",
            "“Other” was chosen, and it was not said what for.", "Say it in a few words; the person can read them.";
        VaultPurposeLong = "vault.purpose_long",
            "查看用途的说明太长了。", "请写在 100 字以内。",
            "The words about the purpose are too long.", "Write at most 100 characters.";
    }
}
