//! This file lists the reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `mobilization`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        MobilizationEnded = "mobilization.ended",
            "这次动员已经结束。", "还有需要的话，请另外发起一次。",
            "This call-out is over.", "Start another if people are still needed.";
        MobilizationNothingNeeded = "mobilization.nothing_needed",
            "还没有写明哪个小区、哪一班、要多少人。", "请先填写需求再派人。",
            "Nobody has entered yet which compound needs how many people in which shift.", "Enter the needs first, then plan.";
        MobilizationShift = "mobilization.shift",
            "班次的时间不对：结束要晚于开始，一班最长 {hours} 小时。", "请改正时间后再提交。",
            "The times of the shift are wrong: it must end after it starts and last at most {hours} hours.", "Correct the times and send it again.";
        MobilizationTooEarly = "mobilization.too_early",
            "现在签到还太早，{from}起可以签到。", "请到时候再签到。",
            "It is too early to check in. You can check in from {from}.", "Please check in then.";
        MobilizationNotNow = "mobilization.not_now",
            "现在不能做这一步。", "可能已经签过到、已经请假或者班次已经结束，请刷新页面查看。",
            "This can’t be done now.", "They may already be checked in or excused, or the shift may be over. Reload the page to see.";
    }
}
