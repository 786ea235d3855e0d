//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `places`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PlaceClosed = "place.closed",
            "这个地方已经撤销或并入其他地方。", "请选择现在的名称。",
            "This place no longer exists or was merged into another.", "Choose the place by its present name.";
        RequestStale = "request.stale",
            "页面停留太久，为安全起见没有提交。", "请再点一次提交；内容还在。",
            "The page was open too long, so to be safe nothing was sent.", "Press send again. Your entries are still there.";
        GridNothing = "grid.nothing",
            "这份方案不能采用了：它之后楼栋数据变了，或者方案没有算完。", "请重新生成方案再采用。",
            "This proposal can no longer be adopted: the buildings have changed since, or it was not finished.", "Make a new proposal and adopt that one.";
    }
}
