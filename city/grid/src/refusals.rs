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
        GridFieldGone = "grid.field_gone",
            "没有这一件，或者不归您办。", "请看一下编号和地点；该由您办的，请上级调整您的岗位。",
            "There is no such matter, or it is not yours.", "Check its number and place. If it should be yours, ask for your post to be changed.";
        GridPhotosMany = "grid.photos_many",
            "照片太多，最多 {limit} 张。", "请去掉几张再送。",
            "Too many photos: at most {limit}.", "Take some away and send again.";
        GridPhotoLarge = "grid.photo_large",
            "有一张照片太大，最大 {limit} MB。", "请把相机的尺寸调小，再拍一张。",
            "A photo is too large: at most {limit} MB.", "Choose a smaller size in the camera and take it again.";
        GridEntryElse = "grid.entry_else",
            "这一条现在不是这个样子了。", "请看一看最新的，再决定。",
            "This entry stands otherwise by now.", "Look at how it stands, then decide.";
        GridUndoElsewhere = "grid.undo_elsewhere",
            "办件的步骤不在这里撤回。", "请打开这一件的页面，在还能撤回的时间内撤回。",
            "A step of a case is not taken back here.", "Open the page of the case and take it back while that is possible.";
        GridChangedSince = "grid.changed_since",
            "后来有人又改过，不能直接撤回。", "请打开这一户，把不对的那一项改过来。",
            "Somebody changed the same since, so it cannot simply be taken back.", "Open the dwelling and correct what is not right.";
    }
}
