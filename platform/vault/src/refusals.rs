//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `vault`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        VaultRecordUnknown = "vault.record_unknown",
            "没有找到这份个人信息。", "请核对办件编号。",
            "We couldn’t find this personal record.", "Check the case number.";
        VaultPurposeWord = "vault.purpose_word",
            "选了“其他”，还没有写为什么要看。", "请用一句话写明，对方看得到。",
            "You chose “Other” but didn’t say why.", "Give the reason in a few words. The person can read it.";
        VaultPurposeLong = "vault.purpose_long",
            "查看的用途写得太长了。", "请写在 100 字以内。",
            "The reason is too long.", "Keep it within 100 characters.";
    }
}
