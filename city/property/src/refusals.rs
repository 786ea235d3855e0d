//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `property`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PropertyKnown = "property.known",
            "“{name}”在这个社区已经登记过。", "请换一个名称，或者不用再登记。",
            "“{name}” is entered in this community already.", "Give it another name, or leave it as it is.";
    }
}
