//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `visits`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        VisitNotFound = "visit.not_found",
            "没有找到这个预约。", "请核对预约编号和预约码；没有码的，用预约时留的电话能看到时间和地点。",
            "No such appointment was found.", "Check the number and the code; without a code, the phone number you gave when booking shows time and place.";
        VisitProofMissing = "visit.proof_missing",
            "还没有填预约码，也没有填电话。", "填预约码，或者填电话。",
            "Neither the code nor the phone number is filled in.", "Enter the code or the phone number.";
        VisitSlotClosed = "visit.slot_closed",
            "这个时间不能预约。", "请从列出的时间里选一个。",
            "This time cannot be booked.", "Choose one of the times listed.";
        VisitSlotFull = "visit.slot_full",
            "这个时间约满了。", "请另选一个时间；窗口留有网上约不到的名额，可以到社区窗口或打社区电话预约。",
            "This time is fully booked.", "Choose another time. Counters keep some places that cannot be booked online: visit or phone your community counter.";
        VisitDayFull = "visit.day_full",
            "这一天的上门约满了。", "请另选一天；窗口留有网上约不到的名额，可以到社区窗口或打社区电话预约。",
            "Home visits on this day are fully booked.", "Choose another day. Counters keep some places that cannot be booked online: visit or phone your community counter.";
        VisitTwice = "visit.twice",
            "这个电话在这个时间已经有预约了。", "请另选一个时间，或用编号查看原来的预约。",
            "This phone number already has an appointment at this time.", "Choose another time, or look up the first appointment by its number.";
        VisitTelephoneMany = "visit.telephone_many",
            "这个电话已经有 {limit} 个没办的预约。", "请先取消不需要的预约，或者到社区窗口、打社区电话预约。",
            "This phone number already has {limit} appointments ahead.", "Cancel one you do not need, or visit or phone a community counter.";
        VisitTooMany = "visit.too_many",
            "从这里预约得太多了，这一次没有约上。", "请到社区窗口、打社区电话预约，或者过 {minutes} 分钟再试。",
            "Too many appointments were booked from here, so this one was not.", "Visit or phone a community counter, or try again in {minutes} minutes.";
        VisitEnded = "visit.ended",
            "这个预约已经办过、取消或者正在办，不能再改。", "还有需要的话，请重新预约。",
            "This appointment is over, cancelled or being served and cannot be changed.", "If you still need one, book again.";
        VisitNotAgreed = "visit.not_agreed",
            "这次上门还没有确认日期。", "请先确认哪一天上门。",
            "The day of this home visit is not confirmed yet.", "Confirm the day first.";
        VisitNotToday = "visit.not_today",
            "这个编号不是今天到这个窗口的预约，或者已经报到过。", "请核对编号；没有预约的请取号。",
            "This is not an appointment at this counter today, or it has already been checked in.", "Check the number; without an appointment, give a queue number.";
        QueueEmpty = "queue.empty",
            "现在没有人在等。", "来了人先取号，有预约的报编号。",
            "Nobody is waiting.", "Give arrivals a number first; anyone with an appointment gives its number.";
        QueueStillServing = "queue.still_serving",
            "您叫的上一位还没有办完。", "请先点“办好了”或者“没人应”。",
            "The last one you called is not finished.", "First mark them as served or as not answering.";
        QueueNotCalled = "queue.not_called",
            "这个号现在没有在叫。", "可能同事刚处理过，请刷新页面。",
            "This number is not being called now.", "A colleague may have just handled it: reload the page.";
    }
}
