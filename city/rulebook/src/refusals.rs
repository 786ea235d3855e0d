//! This file lists the reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `rulebook`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        RuleMissingValue = "rule.missing_value",
            "制度库里没有“{rule}”在 {date}的数值。", "请管理员在制度库中补上数值和依据。",
            "The rulebook has no value for “{rule}” on {date}.", "Ask the operator to add the value and its source to the rulebook.";
    }
}
