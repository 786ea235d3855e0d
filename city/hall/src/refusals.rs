//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `hall`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        HallLooksMeasure = "hall.looks_measure",
            "您今天已经查看了 {persons} 人的个人信息，到了一天的上限。", "确实要接着看的，请告诉个人信息保护负责人；确认以后，今天可以继续。",
            "You have opened the personal data of {persons} people today, which is the daily limit.", "If you need more, tell the data protection officer; once that is confirmed, you can continue today.";
        HallFiguresMany = "hall.figures_many",
            "这里这个月的数字超过 {rows} 行，无法核对哪些不能公布，所以都不公布。", "请选一个更小的地方。",
            "There are more than {rows} rows of figures here this month, too many to check which must be withheld, so none are shown.", "Choose a smaller place.";
        HallLooksOwn = "hall.looks_own",
            "自己的查看不能由自己确认。", "请另一位个人信息保护负责人确认。",
            "You cannot confirm your own access.", "Ask another data protection officer.";
    }
}
