//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `cases`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        CaseStillOpen = "case.still_open",
            "办件还没有结束，现在不能删除个人信息。", "办结以后再删除；不想办了，可以先撤回申请。",
            "The case is not over, so the personal data cannot be erased yet.", "Erase them when it is over, or withdraw the application first.";
        CaseNoneTicked = "case.none_ticked",
            "没有勾选办件。", "请在待办里勾选要一起办的件，或者点“全选本页”。",
            "No case is ticked.", "Tick the cases in the list, or tick the whole page, then send again.";
        CaseDayPast = "case.day_past",
            "“{label}”填的日子已经过去了。", "请填今天或者以后的日子。",
            "“{label}” lies in the past.", "Choose today or a later day.";
        CaseNotNow = "case.not_now",
            "这一件刚才没有办成，别的件不受影响。", "请稍后再办这一件。",
            "This case could not be done just now; the others are not affected.", "Try this one again in a moment.";
    }
}
