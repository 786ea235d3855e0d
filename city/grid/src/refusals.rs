//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `grid`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        GridKindMissing = "grid.kind_missing",
            "还没有选是哪一种情况。", "请从列出的情况里选一种；都不像的，从目录里选。",
            "What is wrong was not chosen.", "Choose one from the list. If none fits, choose from all kinds.";
        GridPlaceMissing = "grid.place_missing",
            "还没有选在哪里。", "请写小区、社区或街道的名字，再从列出的地方里选一个。",
            "The place was not chosen.", "Write the name of the compound, community or street, then choose one from the list.";
        GridCallFirst = "grid.call_first",
            "这种情况可能有危险，请先打电话。", "打过电话以后，勾选“已经打过电话”，再送出。",
            "This may be dangerous: call first.", "After the call, tick “I have called” and send the report.";
        GridReportGone = "grid.report_gone",
            "这一件已经办完，不能再算上您。", "还有同样的情况，请另外反映一件。",
            "This report is finished and cannot be joined.", "If it is there again, send a new report.";
        GridTooMany = "grid.too_many",
            "从这里反映得太多了，这一件没有送出。", "请过 {minutes} 分钟再试；急的打 12345。",
            "Too many reports were sent from here. This one was not.", "Try again in {minutes} minutes. If it is urgent, call 12345.";
    }
}
