//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `cases`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        CaseStillOpen = "case.still_open",
            "办件还没有结束，现在不能删除个人信息。", "办完以后再删除；不想办了，可以先撤回申请。",
            "The case is not finished, so the personal data cannot be deleted yet.", "Delete it when the case is finished, or withdraw the application first.";
        CaseNoneTicked = "case.none_ticked",
            "没有勾选办件。", "请在待办里勾选要一起办的件，或者点“全选本页”。",
            "No cases are ticked.", "Tick the cases in the list, or tick all on the page, then send again.";
        CaseDayPast = "case.day_past",
            "“{label}”填的日子已经过去了。", "请填今天或者以后的日子。",
            "“{label}” is in the past.", "Choose today or a later day.";
        CaseStepHeld = "case.step_held",
            "这一件刚作出决定，还没有发出。", "等几秒钟再办；是您作的决定，现在还可以撤回。",
            "A decision on this case was just made and has not gone out yet.", "Wait a few seconds; if the decision was yours, you can still undo it.";
        CaseBusy = "case.busy",
            "这件正在处理。", "请过一会儿再试。",
            "This case is being worked on.", "Try again in a moment.";
        CaseUndone = "case.undone",
            "这个决定您已经撤回了，没有发出。", "还要办的，请打开这一件重新办。",
            "You undid this decision, so nothing went out.", "If it should still be made, open the case and decide again.";
        CaseStepDropped = "case.step_dropped",
            "等待发出的几秒里情况变了，这个决定没有发出，什么也没有改。", "请打开这一件，看现在怎么样，再办一次。",
            "Things changed in the seconds before this decision went out, so it was dropped and nothing was changed.", "Open the case, see how things stand now and decide again.";
        CaseWentOn = "case.went_on",
            "您打开这一页以后，这件又办了别的步骤，现在是“{state}”。您刚才点的没有办。", "请先看一看后来办了什么；还要办的，再点一次。填过的字都还在，照片和文件请再选一次。",
            "Other steps were taken since you opened the page, and the case is now “{state}”. What you sent was not done.", "See what was done since, then send it again if it still fits. What you filled in is still there; choose photos and files again.";
        CaseHasLeft = "case.has_left",
            "已经发出了，撤不回来。", "发现办错了，请按规定更正或者另行决定。",
            "It has already gone out and cannot be undone.", "If it was wrong, correct it as the law provides.";
        CaseOthersStep = "case.others_step",
            "这个决定是同事作的，只有本人能撤回。", "请马上告诉这位同事。",
            "A colleague made this decision and is the only one who can undo it.", "Tell your colleague at once.";
        CasePapersNone = "case.papers_none",
            "还没有收到要您补的材料：{papers}。", "请在每一份下面上传；不方便上传的，带到任何一个社区窗口交。",
            "None of the papers you were asked for has arrived yet: {papers}.", "Upload each paper in its own row, or bring it to any community counter.";
        CasePapersPartly = "case.papers_partly",
            "还缺：{papers}。这一次没有交上去。", "请补传；暂时拿不到的，选“先交已有的”。",
            "Still missing: {papers}. Nothing was handed in.", "Upload what is missing, or choose to send what you have for now.";
        CaseNotForColleague = "case.not_for_colleague",
            "这一件不能交给这位同事：不归他办，或者他看不到。", "请打开这一件，看能交给谁。",
            "This case cannot be given to this colleague, who does not work on it or may not see it.", "Open the case to see to whom it can be given.";
        CaseNotNow = "case.not_now",
            "这一件刚才没有办成，别的件不受影响。", "请稍后再办这一件。",
            "This case could not be handled just now; the others are not affected.", "Try this one again in a moment.";
        CaseOfficeEmpty = "case.office_empty",
            "{unit}现在没有人在岗，这件事过去没有人接。", "请改选别的部门，或者换一级；该由它办的，请管理员先给那里安排岗位。",
            "Nobody holds a post at {unit} now, so nobody would take this up.", "Choose another department or level. If it should go there, ask an operator to give somebody a post there first.";
        CaseUnitEmpty = "case.unit_empty",
            "{unit}现在没有人在岗，派过去没有人接。", "请改选列出的单位；该由它办的，请管理员先给那里安排岗位。",
            "Nobody holds a post at {unit} now, so nobody would take the case up.", "Choose one of the units listed. If it should go there, ask an operator to give somebody a post there first.";
        CaseUnitUnmanned = "case.unit_unmanned",
            "负责的单位{unit}现在没有人在岗，派过去没有人接。", "请改派给{instead}，按规定由它兜底；或者选别的单位。",
            "Nobody holds a post now at the responsible unit, {unit}, so nobody would take the case up.", "Send it to {instead}, which stands in by rule, or choose another unit.";
    }
}
