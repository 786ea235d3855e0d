//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `property`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PropertyBuildingUnknown = "property.building_unknown",
            "这个小区没有叫“{building}”的楼栋。", "请按“本小区的楼栋”里的名称填写。",
            "This compound has no building called “{building}”.", "Use the names under “Buildings of this compound”.";
        PropertyArea = "property.area",
            "面积“{area}”看不懂。", "请填平方米，最多两位小数，例如 89.50。",
            "The area “{area}” cannot be read.", "Enter square metres with at most two decimals, for example 89.50.";
        PropertyOwnerMissing = "property.owner_missing",
            "没有写权利人。", "请填业主姓名；开发商还没有卖出的，请填“未售”。",
            "No owner is named.", "Enter the name of the owner, or “unsold” if the developer still holds the unit.";
        PropertyShareForm = "property.share_form",
            "份额“{share}”看不懂。", "请写成“1/2”这样的分数；一人独有的可以不填。",
            "The share “{share}” cannot be read.", "Write it as 1/2; leave it empty for a single owner.";
        PropertyShareParts = "property.share_parts",
            "“{unit}”的几个份额分母不一样。", "请把同一套房的份额写成同样的分母，例如 1/4 和 3/4。",
            "The shares of “{unit}” are of different wholes.", "Write all shares of a unit with the same whole, as in 1/4 and 3/4.";
        PropertySharesMore = "property.shares_more",
            "“{unit}”有几个人都说是自己的：份额加起来是 {parts}/{whole}，超过了整套。", "请对照不动产登记簿，改正每个人的份额。",
            "Several people claim “{unit}”: their shares are {parts}/{whole}, more than the whole.", "Compare the register of real estate and correct the shares.";
        PropertySharesLess = "property.shares_less",
            "“{unit}”的份额加起来只有 {parts}/{whole}。", "请补上其他共有人，或者改正份额。",
            "The shares of “{unit}” are only {parts}/{whole}.", "Add the other owners, or correct the shares.";
        PropertyUnitDiffers = "property.unit_differs",
            "“{unit}”在几行里的面积或用途不一样。", "同一套房的每一行请填同样的面积和用途。",
            "“{unit}” has different areas or uses in its rows.", "Enter the same area and use in every row of a unit.";
        PropertyUnitTwice = "property.unit_twice",
            "“{unit}”写了两次，其中有一次是“未售”。", "请只留一次；卖出了的，去掉“未售”那一行。",
            "“{unit}” stands twice, once as unsold.", "Keep one of the rows; if it was sold, drop the row “unsold”.";
        PropertyOwnerTwice = "property.owner_twice",
            "“{unit}”的同一个业主写了两次。", "请只留一行，份额写全。",
            "The same owner of “{unit}” stands twice.", "Keep one row with the whole share.";
        PropertyStatedTwice = "property.stated_twice",
            "“{building}”写了两个不同的总面积。", "每个楼栋只写一个总面积，按测绘报告或者规划许可。",
            "“{building}” has two different total areas.", "State one total for each building, as the survey has it.";
        PropertyAreasDiffer = "property.areas_differ",
            "“{building}”各户面积加起来是 {sum} 平方米，所报总面积是 {stated} 平方米，对不上。", "请核对有没有漏户、重户或者填错的面积。",
            "The units of “{building}” add up to {sum} square metres, but its stated total is {stated}.", "Check for units that are missing, double or wrong.";
        PropertyCodeUnknown = "property.code_unknown",
            "没有这个业主码。", "请照着纸上的业主码再输一遍；还是不行，请向社区要一张新的。",
            "This owner code does not exist.", "Enter the code again as it stands on the letter, or ask your community for a new letter.";
        PropertyCodeTaken = "property.code_taken",
            "这个业主码已经由另一个账号用了。", "请由那个账号表决；不是您家人的账号，请告诉社区，社区可以解除。",
            "Another account uses this owner code already.", "Vote with that account; if nobody in your family has it, tell your community, which can release it.";
    }
}
