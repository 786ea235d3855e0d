//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `places`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PlaceClosed = "place.closed",
            "这个地方已经撤销或并入其他地方。", "请选择现在的名称。",
            "This place no longer exists or was merged into another.", "Choose the place as it is called today.";
        RequestStale = "request.stale",
            "页面停留太久，为安全起见没有提交。", "请再点一次提交；内容还在。",
            "The page was open for too long; to be safe nothing was sent.", "Press send again; your entries are still there.";
        GridNothing = "grid.nothing",
            "这份方案已经不能采用：楼栋数据在它之后变了，或者方案没有算完。", "请重新生成方案再采用。",
            "This proposal can no longer be adopted: the buildings changed after it, or it was not finished.", "Make a new proposal and adopt that.";
    }
}
